// Values that go up and down step by step.
globalThis.teachers ??= {};
{
  const { all, one, words, nth, submit } = teaching;

  // The handle takes the arrow keys once it has been clicked.
  const slide = async (t, slider, shown, value) => {
    await t.click(one('.ui-slider-handle', slider));
    for (let steps = 0; steps < 250; steps++) {
      const now = Number(words(shown));
      if (now === value) return;
      await t.press(now < value ? 'ArrowRight' : 'ArrowLeft');
    }
  };
  const asked = (t) => Number(t.goal.match(/Select (-?\d+) with/)[1]);
  teachers['use-slider'] = async (t) => {
    await slide(t, one('#slider'), one('#val'), asked(t));
    await submit(t);
  };
  teachers['use-slider-2'] = async (t) => {
    const values = JSON.parse(t.goal.match(/\[.*\]/)[0]);
    for (const [i, value] of values.entries()) await slide(t, one(`#slider-${i + 1}`), one(`#val-${i + 1}`), value);
    await submit(t);
  };
  teachers['form-sequence'] = async (t) => {
    await slide(t, one('#slider'), one('#val'), asked(t));
    await t.click(all('#area input[type=checkbox]')[nth(t.goal)]);
    await submit(t);
  };
  teachers['use-spinner'] = async (t) => {
    const value = asked(t);
    const now = () => Number(one('#spinner').value);
    while (now() !== value) await t.click(one(now() < value ? '.ui-spinner-up' : '.ui-spinner-down'));
    await submit(t);
  };
}
