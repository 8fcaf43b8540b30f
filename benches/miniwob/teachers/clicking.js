// One or several clicks on things that the sentence names.
globalThis.teachers ??= {};
{
  const { all, one, words, seen, saying, free, over, steady, reveal, quoted, nth, shape, fitting, submit } = teaching;

  const button = (t, text) => t.click(free(saying('#area button', text)));

  teachers['click-test'] = (t) => t.click(one('#subbtn'));
  teachers['click-test-2'] = (t) => button(t, 'ONE');
  teachers['click-test-transfer'] = (t) => button(t, t.goal.match(/button (\w+)/)[1]);
  teachers['click-button'] = (t) => button(t, quoted(t)[0]);
  teachers['unicode-test'] = (t) => button(t, quoted(t)[0]);
  teachers['click-button-sequence'] = async (t) => {
    await button(t, 'ONE');
    await button(t, 'TWO');
  };

  teachers['click-link'] = (t) => t.click(saying('.alink', quoted(t)[0]));

  teachers['click-dialog'] = async (t) => t.click(await steady(t, () => one('.ui-dialog-titlebar-close')));
  teachers['click-dialog-2'] = async (t) => {
    const [label] = quoted(t);
    await t.click(await steady(t, () =>
      label === 'x' ? one('.ui-dialog-titlebar-close') : saying('.ui-dialog-buttonset button', label)));
  };

  // Boxes and radio buttons inside their labels.
  const boxed = (text) => one('input', all('#area label').find((e) => words(e) === text));
  const listed = (t, before) => {
    const names = t.goal.slice(before.length).replace(/ and click Submit\.$/, '');
    return names === 'nothing' ? [] : names.split(', ');
  };
  const tick = async (t) => {
    for (const name of listed(t, 'Select ')) await t.click(boxed(name));
    await submit(t);
  };
  teachers['click-option'] = tick;
  teachers['click-checkboxes'] = tick;
  teachers['click-checkboxes-large'] = tick;
  teachers['click-checkboxes-transfer'] = tick;
  teachers['click-checkboxes-soft'] = async (t) => {
    for (const name of listed(t, 'Select words similar to ')) {
      const alike = SYNONYMS.filter((group) => group.includes(name)).flat();
      await t.click(one('input', all('#area label').find((e) => alike.includes(words(e)))));
    }
    await submit(t);
  };

  // Sections that open and close.
  teachers['click-collapsible'] = async (t) => {
    await t.click(one('#area h3'));
    await steady(t, () => one('#area .ui-accordion-content'));
    await t.click(one('#subbtn'));
  };
  const sections = async (t) => {
    const [link] = quoted(t);
    for (const heading of all('#area h3')) {
      await t.click(heading);
      const inside = await steady(t, () => heading.nextElementSibling);
      const there = saying('.alink', link, inside);
      if (there) return t.click(there);
    }
  };
  teachers['click-collapsible-nodelay'] = teachers['click-collapsible'];
  teachers['click-collapsible-2'] = sections;
  teachers['click-collapsible-2-nodelay'] = sections;

  teachers['click-tab'] = (t) => t.click(saying('#area ul a', t.goal.match(/Tab #\d/)[0]));
  const tabs = async (t) => {
    const [link] = quoted(t);
    for (const [place, tab] of all('#area ul a').entries()) {
      if (place > 0) await t.click(tab); // the first is open already
      const there = !over() && saying('.alink', link);
      if (there) return t.click(there);
    }
  };
  teachers['click-tab-2'] = tabs;
  teachers['click-tab-2-easy'] = tabs;
  teachers['click-tab-2-medium'] = tabs;
  teachers['click-tab-2-hard'] = tabs;

  // A menu whose sub-menus open under the pointer: a click would choose.
  teachers['click-menu'] = async (t) => {
    const path = t.goal.replace(/^Select /, '').split('>');
    let list = one('#menu');
    for (const [depth, name] of path.entries()) {
      const find = () => [...list.children].map((li) => one(':scope > div', li)).find((e) => words(e) === name);
      const item = await steady(t, find);
      if (depth === path.length - 1) return t.click(item);
      await t.hover(item);
      list = item.nextElementSibling;
      await steady(t, () => list);
    }
  };
  teachers['click-menu-2'] = async (t) => {
    const item = quoted(t)[1];
    const icon = item.startsWith('ui-icon-');
    const find = () => all('#menu .ui-menu-item > div')
      .find((e) => seen(e) && (icon ? one('.' + item, e) : words(e) === item));
    await t.click(one('#open-menu'));
    await steady(t, () => one('#menu'));
    if (!find()) {
      await t.click(saying('#menu .ui-menu-item > div', 'Playback'));
      await steady(t, find);
    }
    await t.click(find());
  };

  teachers['click-scroll-list'] = async (t) => {
    const names = t.goal.match(/^Select (.*) from the scroll list/)[1];
    const options = all('#options option').filter((e) => names.split(', ').includes(words(e)));
    options.sort((a, b) => names.indexOf(words(a)) - names.indexOf(words(b)));
    for (const [place, option] of options.entries()) {
      await reveal(t, one('#options'), option);
      await t.click(option, place ? { modifiers: ['Control'] } : {});
    }
    await submit(t);
  };

  // A pie that opens around its middle. Its first item takes no click any more once
  // the pie has stopped, so the click comes while it still moves a little.
  const pie = async (t) => {
    const [label] = quoted(t);
    const middle = one('[id$="-spreadertitle"]');
    const item = saying('[id^="wheelnav-divWheel-title-"]', label);
    const out = () => {
      const [a, b] = [middle, item].map((e) => e.getBoundingClientRect());
      return Math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2);
    };
    await t.click(middle);
    await t.wait(() => out() > 40);
    await t.click(item);
  };
  teachers['click-pie'] = pie;
  teachers['click-pie-nodelay'] = pie;

  teachers['click-widget'] = (t) => t.click(one(`#area [data-type="${quoted(t)[0]}"]`));

  teachers['focus-text'] = (t) => t.click(one('#tt'));
  teachers['focus-text-2'] = (t) => t.click(all('#area input')[nth(t.goal)]);

  // Colours and shapes.
  teachers['click-color'] = (t) => t.click(one(`#area .color[data-color="${t.goal.match(/the (\w+) colored/)[1]}"]`));
  teachers['click-shades'] = async (t) => {
    const colour = t.goal.match(/shades of (\w+)/)[1];
    for (const box of all(`#area span[data-color="${colour}"]`)) await t.click(box);
    await submit(t);
  };

  teachers['click-shape'] = (t) => t.click(fitting(t.goal.replace(/^Click on an? /, ''))[0]);
  teachers['count-shape'] = (t) => {
    const asked = t.goal.match(/How many (.*)s are there/)[1];
    return t.click(saying('#count-buttons button', String(fitting(asked).length)));
  };
  teachers['identify-shape'] = (t) => {
    const [, , ...kinds] = shape(one('#area_svg > *'));
    return t.click(all('#area-buttons button').find((e) => kinds.includes(e.dataset.type)));
  };
}
