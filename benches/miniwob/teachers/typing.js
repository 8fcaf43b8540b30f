// Text into fields.
globalThis.teachers ??= {};
{
  const { all, one, words, seen, saying, steady, quoted, bold, nth, write, submit } = teaching;

  const enter = async (t, text) => {
    await write(t, one('#tt'), text);
    await submit(t);
  };
  teachers['enter-text'] = (t) => enter(t, quoted(t)[0]);
  teachers['enter-text-dynamic'] = (t) => enter(t, quoted(t)[0]);
  teachers['enter-text-2'] = (t) => {
    const [text] = quoted(t);
    return enter(t, /upper case/.test(t.goal) ? text.toUpperCase() : text.toLowerCase());
  };
  teachers['text-transform'] = (t) => enter(t, words(one('#captcha')));

  teachers['enter-password'] = async (t) => {
    const [password] = quoted(t);
    await write(t, one('#password'), password);
    await write(t, one('#verify'), password);
    await submit(t);
  };
  teachers['login-user'] = async (t) => {
    const [user, password] = quoted(t);
    await write(t, one('#username'), user);
    await write(t, one('#password'), password);
    await submit(t);
  };
  teachers['login-user-popup'] = async (t) => {
    const [user, password] = quoted(t);
    for (const [field, text] of [['#username', user], ['#password', password]]) {
      await t.click(one(field));
      if (one('#popup')) {
        await t.click(one('#popup-cancel'));
        await t.click(one(field));
      }
      await t.type(text);
    }
    await submit(t);
  };

  // Fields with parts: a click at the start, then the parts one after the other.
  const parts = async (t, text) => {
    const box = one('#tt').getBoundingClientRect();
    await t.click({ x: box.left + 12, y: box.top + box.height / 2 });
    await t.type(text);
    await submit(t);
  };
  teachers['enter-date'] = (t) => parts(t, t.goal.match(/\d+\/\d+\/\d+/)[0].replaceAll('/', ''));
  teachers['enter-time'] = (t) => {
    const [, hour, minute, half = ''] = t.goal.match(/(\d+):(\d+)\s*([AP]M)?/);
    return parts(t, hour.padStart(2, '0') + minute + half);
  };

  // A search form whose labels move.
  const search = async (t) => {
    const [genre, director, year] = bold();
    const fields = all('#area input');
    const field = (label) => fields.find((e) => {
      let row = e.parentElement;
      while (!words(row)) row = row.parentElement;
      if (all('input', row).length > 1) return false;
      if (row.tagName === 'TD') row = row.parentElement;
      return label.test(words(row));
    });
    await write(t, field(/genre/i), genre);
    await write(t, field(/director/i), director);
    await write(t, field(/year|date/i), year);
    await t.click(['Submit', 'Search', 'Go!'].map((s) => saying('#area button, #area .final, #area .ui-submit', s)).find(Boolean));
  };
  teachers['multi-layouts'] = search;
  teachers['multi-orderings'] = search;

  teachers['form-sequence-2'] = async (t) => {
    const [, radio, box] = t.goal.match(/the (\S+) radio button.* into the (\S+) textbox/);
    await t.click(all('#area input[type=radio]')[nth(radio)]);
    await write(t, all('#area input[type=text]')[nth(box)], quoted(t)[0]);
    await submit(t);
  };

  // Copying with the keyboard.
  const copy = async (t, from, into) => {
    await t.click(from);
    await t.press('Control+A');
    await t.press('Control+C');
    await t.click(into);
    await t.press('Control+V');
    await submit(t);
  };
  teachers['copy-paste'] = (t) => copy(t, one('#to-copy'), one('#answer-input'));
  teachers['copy-paste-2'] = (t) => copy(t, all('#area textarea')[nth(t.goal)], one('#answer-input'));

  // Suggestions under a field.
  const suggested = async (t) => {
    const [start, end = ''] = quoted(t);
    const find = () => all('.ui-autocomplete .ui-menu-item')
      .find((e) => seen(e) && words(e).startsWith(start.trim()) && e.textContent.endsWith(end));
    await write(t, one('#tags'), start);
    await t.click(await steady(t, find));
    await submit(t);
  };
  teachers['use-autocomplete'] = suggested;
  teachers['use-autocomplete-nodelay'] = suggested;

  // The colour as six digits, into the field of the colour picker. The picker lies
  // over the button until a click beside it closes it.
  const colour = async (t, digits) => {
    await t.fill(one('#col'), digits);
    const area = one('#area').getBoundingClientRect();
    await t.click({ x: area.right - 8, y: area.top + 8 });
    await submit(t);
  };
  teachers['use-colorwheel'] = (t) =>
    colour(t, ui_utils.colorNameToHex(t.goal.match(/^Select (\w+) with/)[1]).slice(1));
  teachers['use-colorwheel-2'] = (t) => colour(t, t.goal.match(/#(\w{6})/)[1]);

  teachers['terminal'] = async (t) => {
    const ending = bold()[0];
    await t.click(one('#terminal'));
    await t.type('ls');
    await t.press('Enter');
    const listed = await t.wait(() => all('.terminal-output').at(-1).textContent.trim());
    const fits = (file) => (ending.startsWith('.') ? file.endsWith(ending) : !file.includes('.'));
    await t.type('rm ' + listed.split(/\s+/).find(fits));
    await t.press('Enter');
  };
}
