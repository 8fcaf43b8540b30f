// What a teacher works with: `t`. It says where on the page something is to be done; the bench does it with real input.
globalThis.teachers ??= {};
globalThis.hand = (() => {
  const orders = [];
  const answers = new Map();
  let wake = () => {};
  let last = 0;
  const order = (what) => new Promise((done) => {
    last += 1;
    answers.set(last, done);
    orders.push({ id: last, ...what });
    wake();
  });
  const frame = () => new Promise((done) => {
    // A page that is not drawn has no frames.
    setTimeout(done, 100);
    requestAnimationFrame(() => setTimeout(done));
  });
  /// Has input events sent one after the other, and the page react to them.
  const input = async (events) => {
    if (events.length > 0) await order({ events });
    await frame();
  };

  /// The place of a target, brought into view.
  const place = async (target) => {
    if (!(target instanceof Element)) {
      if (target?.x === undefined || target?.y === undefined) throw new Error(`this is no target: ${target}`);
      return { x: target.x, y: target.y };
    }
    target.scrollIntoViewIfNeeded(true);
    await frame();
    const box = target.getBoundingClientRect();
    if (!box.width && !box.height) throw new Error(`this is not to be seen: ${target.outerHTML.slice(0, 80)}`);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };

  let held = false;
  const mouse = (kind, at, more = {}) => ({ kind, x: at.x, y: at.y, held, button: 'left', count: 1, modifiers: [], ...more });
  const move = (at) => mouse('move', at);
  const down = (at, more) => { const event = mouse('down', at, more); held = true; return event; };
  const up = (at, more) => { held = false; return mouse('up', at, more); };
  const keys = (chord) => ({ kind: 'keys', chord });
  const letters = (text) => [...String(text)].map((letter) => ({ kind: 'letter', letter }));
  const between = (from, to, part) => ({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part });

  const hands = (goal) => {
    const t = {
      goal,
      async click(target, { button = 'left', count = 1, modifiers = [] } = {}) {
        const at = await place(target);
        const events = [move(at)];
        for (let nth = 1; nth <= count; nth++) {
          const more = { button, count: nth, modifiers };
          events.push(down(at, more), up(at, more));
        }
        await input(events);
      },
      type: (text) => input(letters(text)),
      press: (chord) => input([keys(chord)]),
      async fill(target, text) {
        await t.click(target);
        await t.press('Control+A');
        await (text === '' ? t.press('Backspace') : t.type(text));
      },
      async select(select, label) {
        const options = [...select.options];
        const plain = (option) => option.label.replace(/\s+/g, ' ').trim();
        const wanted = options.findIndex((option) => plain(option) === label.replace(/\s+/g, ' ').trim());
        if (wanted < 0) throw new Error(`there is no option ${label}`);
        if (select.multiple || select.size > 1) return t.click(options[wanted]);
        await place(select);
        select.focus();
        if (select.selectedIndex === wanted) return;
        const usable = options.filter((option) => !option.disabled);
        const way = usable.indexOf(options[wanted]) - usable.indexOf(options[select.selectedIndex]);
        const steps = Array(Math.abs(way)).fill(keys(way > 0 ? 'ArrowDown' : 'ArrowUp'));
        await input([keys('Space'), ...steps, keys('Enter')]);
        if (select.selectedIndex !== wanted) throw new Error(`${label} could not be chosen`);
      },
      async drag(from, to, { steps = 10 } = {}) {
        const start = await place(from);
        // The way's end as it is before anything moves.
        const end = to instanceof Element ? await place(to) : to;
        const events = [move(start), down(start)];
        for (let step = 1; step <= steps; step++) events.push(move(between(start, end, step / steps)));
        events.push(up(end));
        await input(events);
      },
      hover: async (target) => input([move(await place(target))]),
      move: async (target) => input([move(await place(target))]),
      down: async (target) => input([down(await place(target))]),
      up: async (target) => input([up(await place(target))]),
      async scroll(target, dy) {
        await input([mouse('wheel', await place(target), { dy })]);
        // The view glides for some frames.
        let still = performance.now();
        const moved = () => { still = performance.now(); };
        addEventListener('scroll', moved, { capture: true });
        while (performance.now() - still < 120) await frame();
        removeEventListener('scroll', moved, { capture: true });
      },
      async wait(condition, ms = 3000) {
        const end = performance.now() + ms;
        for (;;) {
          const met = condition();
          if (met) return met;
          if (performance.now() > end) throw new Error(`waited in vain for ${condition}`);
          await new Promise((done) => setTimeout(done, 20));
        }
      },
    };
    return t;
  };

  return {
    /// Lets the teacher of a task begin.
    teach(task, goal) {
      (async () => teachers[task](hands(goal)))().then(
        () => order({ ended: null }),
        (error) => order({ ended: String(error?.stack ?? error) }),
      );
    },
    /// The next order, once there is one; `done` is the last one's number.
    async next(done) {
      answers.get(done)?.();
      answers.delete(done);
      while (orders.length === 0) await new Promise((go) => { wake = go; });
      return orders.shift();
    },
  };
})();
