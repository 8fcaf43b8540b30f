// Things to drag and to draw.
globalThis.teachers ??= {};
{
  const { all, one, words, saying, steady, reveal, quoted, bold, write, submit, shape } = teaching;

  const middle = (element) => {
    const box = element.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const by = (point, dx, dy) => ({ x: point.x + dx, y: point.y + dy });
  const ways = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };

  teachers['drag-box'] = async (t) => {
    await t.drag(one('#draggableSmall'), one('#draggableLarge'));
    await submit(t);
  };
  const push = async (t) => {
    const [dx, dy] = ways[t.goal.match(/ (left|right|up|down) /)[1]];
    const from = middle(one('#area svg').firstElementChild);
    await t.drag(from, by(from, dx * 30, dy * 30));
    await submit(t);
  };
  teachers['drag-circle'] = push;
  teachers['drag-single-shape'] = push;

  // Shapes into boxes, side by side.
  const pieces = () => all('#area_svg > *:not(#shape-container)');
  const put = async (t, piece, box, place) => {
    const { x, y } = box.getBoundingClientRect();
    await t.drag(middle(piece), { x: x + 14 + (place % 3) * 19, y: y + 14 + Math.floor(place / 3) * 19 });
  };
  teachers['drag-shapes'] = async (t) => {
    const kind = t.goal.match(/Drag all (\w+)s into/)[1];
    const chosen = pieces().filter((e) => shape(e).includes(kind));
    for (const [place, piece] of chosen.entries()) await put(t, piece, one('#shape-container'), place);
    await submit(t);
  };
  teachers['drag-shapes-2'] = async (t) => {
    const kind = t.goal.match(/Drag all (\w+?)s? (?:shapes )?into/)[1];
    const [left, right] = all('#shape-container');
    const fits = (e) => shape(e).includes(kind);
    const all5 = pieces();
    for (const [place, piece] of all5.filter(fits).entries()) await put(t, piece, left, place);
    for (const [place, piece] of all5.filter((e) => !fits(e)).entries()) await put(t, piece, right, place);
    await submit(t);
  };

  // Lists that are sorted by dragging: onto the place, and on around its middle until
  // the gap is there.
  const sort = async (t, items, from, to) => {
    const [a, b] = [middle(items[from]), middle(items[to])];
    const gap = () => all('#sortable li:not(.ui-sortable-helper)').findIndex((e) => e.matches('.ui-sortable-placeholder'));
    const [x, y] = [Math.sign(b.x - a.x), Math.sign(b.y - a.y)];
    await t.move(a);
    await t.down(a);
    const steps = 8;
    for (let i = 1; i <= steps; i++) await t.move(by(a, ((b.x - a.x) * i) / steps, ((b.y - a.y) * i) / steps));
    let end = b;
    for (const [dx, dy] of [[x, y], [-x, -y], [x, 0], [0, y], [-x, 0], [0, -y], [1, 0], [0, 1]].flatMap((d) => [6, 12].map((k) => d.map((v) => v * k)))) {
      if (gap() === to) break;
      end = by(b, dx, dy);
      await t.move(end);
    }
    await t.up(end);
  };
  const items = () => all('#sortable li:not(.ui-sortable-placeholder)');
  teachers['drag-items'] = (t) => {
    const [, name, where] = t.goal.match(/^Drag (\S+) (.*)$/);
    const from = items().findIndex((e) => words(e) === name);
    const to = /top/.test(where) ? 0 : /bottom/.test(where) ? items().length - 1
      : /down/.test(where) ? from + 1 : /up/.test(where) ? from - 1 : parseInt(where.match(/\d+/)[0], 10) - 1;
    return sort(t, items(), from, to);
  };
  teachers['drag-items-grid'] = (t) => {
    const [, name, where] = t.goal.match(/^Drag (\S+) (.*)$/);
    const from = items().findIndex((e) => words(e) === name);
    const one = where.match(/^(\w+) by one/);
    const row = /top/.test(where) ? 0 : /bottom/.test(where) ? 2 : 1;
    const column = /left/.test(where) ? 0 : /right/.test(where) ? 2 : 1;
    return sort(t, items(), from, one ? from + ways[one[1]][0] + 3 * ways[one[1]][1] : row * 3 + column);
  };
  teachers['drag-sort-numbers'] = async (t) => {
    for (let place = 0; place < items().length; place++) {
      const numbers = items().map((e) => Number(words(e)));
      const from = numbers.indexOf(Math.min(...numbers.slice(place)), place);
      if (from === place) continue;
      await sort(t, items(), from, place);
      await steady(t, () => items()[place], 250);
    }
    await submit(t);
  };

  teachers['resize-textarea'] = async (t) => {
    const [dimension, direction] = bold();
    const step = direction === 'larger' ? 20 : -20;
    const from = middle(one('.ui-resizable-se'));
    await t.drag(from, dimension === 'width' ? by(from, step, 0) : by(from, 0, step));
    await submit(t);
  };

  // Half-hours of a day, dragged over; the first free ones in the time asked for.
  teachers['daily-calendar'] = async (t) => {
    const [, number, unit, name, from, fromHalf, to, toHalf] =
      t.goal.match(/Create a ([\d.]+) (\w+) event named "(.*)", between (\d+)(AM|PM) and (\d+)(AM|PM)/);
    const count = unit === 'mins' ? number / 30 : number * 2;
    const index = (hour, half) => ((hour % 12) + (half === 'PM' ? 12 : 0)) * 2;
    const slot = (i) => one(`#hh-${i}`);
    const taken = (i) => all('#area .event').some((e) => {
      const [a, b] = [e, slot(i)].map((x) => x.getBoundingClientRect());
      return a.top < b.bottom - 2 && a.bottom > b.top + 2;
    });
    const run = (i) => Array.from({ length: count }, (_, k) => i + k);
    let start = index(from, fromHalf);
    while (run(start).some(taken)) start++;
    if (start + count > index(to, toHalf)) throw new Error('no free time');
    for (const i of [start + count - 1, start]) await reveal(t, one('#area'), slot(i));
    const [a, b] = [middle(slot(start)), middle(slot(start + count - 1))];
    await t.drag(by(a, -15, 0), by(b, 15, 0), { steps: 12 });
    await write(t, one('#event-name'), name);
    await t.click(one('#create-event .create'));
  };

  // Marks over text.
  teachers['highlight-text'] = async (t) => {
    await t.click(one('#randomText'), { count: 3 });
    await submit(t);
  };
  teachers['highlight-text-2'] = async (t) => {
    await t.click(all('#randomText p')[teaching.nth(t.goal)], { count: 3 });
    await submit(t);
  };
  teachers['text-editor'] = async (t) => {
    const marks = bold();
    const look = marks.at(-1);
    const text = one('.ql-editor').textContent;
    await t.click(one('.ql-editor'));
    if (marks[0] === 'everything') {
      await t.press('Control+A');
    } else {
      await t.press('Control+Home');
      const at = ` ${text} `.indexOf(` ${marks[0]} `);
      for (let i = 0; i < at; i++) await t.press('ArrowRight');
      for (let i = 0; i < marks[0].length; i++) await t.press('Shift+ArrowRight');
    }
    // The editor takes notice of a selection a moment later.
    await t.wait(() => editor.selection.savedRange?.length >= (marks[0] === 'everything' ? text : marks[0]).length);
    const style = { bold: '.ql-bold', italics: '.ql-italic', underlined: '.ql-underline' }[look];
    if (style) {
      await t.click(one(style));
    } else {
      await t.click(one('.ql-color .ql-picker-label'));
      await t.click(await steady(t, () => one(`.ql-color .ql-picker-item[data-value="${COLOR_MAP[look][0]}"]`)));
    }
    await submit(t);
  };

  // Lines with the mouse held down.
  const draw = async (t, [first, ...rest]) => {
    await t.down(first);
    for (const point of rest) await t.move(point);
    await t.up(rest.at(-1));
    await submit(t);
  };
  teachers['draw-line'] = (t) => {
    const dot = middle(one('#circ'));
    const box = one('#area svg').getBoundingClientRect();
    const flat = /horizontal/.test(t.goal);
    const at = (share) => (flat
      ? { x: box.left + box.width * share, y: dot.y }
      : { x: dot.x, y: box.top + box.height * share });
    return draw(t, [at(0.06), dot, at(0.94)]);
  };
  teachers['draw-circle'] = (t) => {
    const dot = middle(one('#circ'));
    const points = Array.from({ length: 25 }, (_, i) => {
      const angle = (i / 24) * 2 * Math.PI;
      return by(dot, 17 * Math.cos(angle), 17 * Math.sin(angle));
    });
    return draw(t, points);
  };

  // A cube that turns with the pointer while the mouse is held down: across for the
  // faces around it, up for the one below; the sixth is in front at the start.
  teachers['drag-cube'] = async (t) => {
    const [side] = bold();
    const active = () => words(one('.cube-image.active'));
    const box = one('.viewport').getBoundingClientRect();
    const at = (share) => (side === '1'
      ? { x: box.x + box.width / 2, y: box.y + box.height / 2 + box.width * (0.5 - share) }
      : { x: box.x + box.width * share, y: box.y + box.height / 2 });
    const rest = () => steady(t, () => one('.cube-image.active'), 300);
    for (let stroke = 0; stroke < 12 && active() !== side; stroke++) {
      await t.move(at(0.1));
      await rest();
      await t.down(at(0.1));
      let share = 0.1;
      while (share < 0.9 && active() !== side) {
        share += 0.2;
        await t.move(at(share));
        await rest();
      }
      await t.up(at(share));
    }
    // The cube would follow the way to the button if the press came with it.
    await t.hover(one('#subbtn'));
    await rest();
    await submit(t);
  };
}
