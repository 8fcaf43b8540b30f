// What the teachers share. A person looks before acting, so everything here is
// about what can be seen on the page.
globalThis.teachers ??= {};
globalThis.teaching = (() => {
  // The sentence as the page draws it is kept apart from the page while an episode runs.
  const home = (selector) => (selector.startsWith('#query') && core.query) || document;
  const all = (selector, under = home(selector)) => [...under.querySelectorAll(selector)];
  const one = (selector, under = home(selector)) => under.querySelector(selector);
  const words = (element) => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();

  const seen = (element) => {
    if (!element?.isConnected) return false;
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility === 'visible';
  };

  // The first visible element that says exactly this.
  const saying = (selector, text, under) =>
    all(selector, under).find((e) => seen(e) && words(e) === text.trim());

  // The element, or a free spot of it where something else covers its middle.
  const free = (element) => {
    const box = element.getBoundingClientRect();
    const spot = (across, down) => ({ x: box.x + box.width * across, y: box.y + box.height * down });
    const hit = ({ x, y }) => element.contains(document.elementFromPoint(x, y));
    if (hit(spot(0.5, 0.5))) return element;
    const places = [0.5, 0.3, 0.7, 0.15, 0.85, 0.05, 0.95];
    return places.flatMap((down) => places.map((across) => spot(across, down))).find(hit) ?? element;
  };

  const over = () => WOB_DONE_GLOBAL;

  // Waits until the element that `find` gives is there and has stopped moving.
  const steady = async (t, find, still = 150) => {
    let place = '';
    let since = 0;
    await t.wait(() => {
      const element = find();
      if (!seen(element)) return (place = '') || false;
      const box = element.getBoundingClientRect();
      const now = [box.x, box.y, box.width, box.height].join();
      if (now !== place) since = performance.now();
      place = now;
      return performance.now() - since >= still;
    }, 6000);
    return find();
  };

  // Turns the wheel over a scrolling box until the whole of `element` shows in it.
  const reveal = async (t, box, element) => {
    for (let turn = 0; turn < 60; turn++) {
      const [outer, inner] = [box.getBoundingClientRect(), element.getBoundingClientRect()];
      const below = inner.bottom - (outer.top + box.clientTop + box.clientHeight);
      const above = outer.top + box.clientTop - inner.top;
      if (below <= 0 && above <= 0) return;
      const before = box.scrollTop;
      await t.scroll(box, below > 0 ? Math.max(below, 30) : -Math.max(above, 30));
      await t.wait(() => box.scrollTop !== before);
      await settled(t, box);
    }
  };
  const settled = async (t, box) => {
    let [top, since] = [NaN, 0];
    await t.wait(() => {
      if (box.scrollTop !== top) [top, since] = [box.scrollTop, performance.now()];
      return performance.now() - since >= 150;
    });
  };

  // What the sentence puts in quotes, in its order.
  const quoted = (t) => [...t.goal.matchAll(/"([^"]*)"/g)].map((m) => m[1]);
  // What the sentence shows in bold, in its order.
  const bold = () => all('#query .bold, #query b').map((e) => e.textContent.trim());
  // The place that a sentence names: "3rd" is 2.
  const nth = (text) => parseInt(text.match(/(\d+)(?:st|nd|rd|th)\b/)[1], 10) - 1;

  // Writes into a field that is still empty.
  const write = async (t, field, text) => {
    await t.click(field);
    await t.type(text);
  };

  // What can be said of a shape in a grid of shapes.
  const shape = (e) => {
    const size = e.tagName === 'text' ? parseFloat(e.getAttribute('font-size')) : e.getBBox().width;
    const kinds = { rect: ['rectangle', 'shape'], circle: ['circle', 'shape'], polygon: ['triangle', 'shape'] };
    const text = e.textContent;
    return [
      size > 15 ? 'large' : 'small',
      e.getAttribute('fill'),
      ...(kinds[e.tagName] ?? [text, /\d/.test(text) ? 'digit' : 'letter']),
      'item',
    ];
  };
  // Shapes that fit every word of a description such as "small red circle".
  const fitting = (text) => all('#area_svg > *').filter((e) => text.split(' ').every((w) => shape(e).includes(w)));

  const submit = (t) => t.click(
    all('#area button, #area [type=submit]').find((e) => seen(e) && /^(submit|login|ok|search|go!)$/i.test(words(e))),
  );

  return { all, one, words, seen, saying, free, over, steady, reveal, settled, quoted, bold, nth, write, shape, fitting, submit };
})();
