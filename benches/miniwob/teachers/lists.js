// Lists, trees, pages of results, mail, posts and orders.
globalThis.teachers ??= {};
{
  const { all, one, words, seen, saying, free, over, steady, quoted, bold, nth, write, submit } = teaching;

  teachers['choose-list'] = async (t) => {
    await t.select(one('#options'), t.goal.match(/^Select (.*) from the list/)[1]);
    await submit(t);
  };
  teachers['form-sequence-3'] = async (t) => {
    const [, height] = t.goal.match(/^Choose (.*) from the dropdown/);
    await t.click(one('.selectric'));
    await t.click(await steady(t, () => saying('.selectric-items li', height)));
    await t.click(saying('#buttons button', quoted(t)[0]));
  };

  // Pages in order until the thing is there.
  const turn = async (t, find) => {
    for (let page = 0; page < 10 && !find(); page++) {
      const shown = words(one('#pagination'));
      const before = one('#area').textContent;
      await t.click(saying('#pagination a', '>'));
      await t.wait(() => one('#area').textContent !== before || words(one('#pagination')) !== shown);
    }
    return find();
  };
  teachers['search-engine'] = async (t) => {
    const place = nth(t.goal.slice(t.goal.indexOf('find and click')));
    await write(t, one('#search-text'), quoted(t)[0]);
    await t.click(one('#search'));
    await t.wait(() => one('#page-content a'));
    await t.click(await turn(t, () => one(`#page-content a[data-result="${place}"]`)));
  };
  teachers['phone-book'] = async (t) => {
    const [, person, what] = t.goal.match(/^Find (.*) in the contact book and click on their (\w+)/);
    await turn(t, () => words(one('#contact .name')) === person);
    await t.click(free(one('#contact .' + what))); // an address may go over two lines
  };

  // Folders in order, until the name shows.
  teachers['navigate-tree'] = async (t) => {
    const [name] = quoted(t);
    const opened = new Set();
    for (;;) {
      const there = saying('#tree span', name);
      if (there) return t.click(there);
      const folder = all('#tree span.folder').find((e) => seen(e) && !opened.has(e));
      opened.add(folder);
      await t.click(folder);
      await settle(t);
    }
  };
  const settle = (t) => steady(t, () => one('#tree'));

  // Mail. Some pages say what they want in free words and keep the parts apart.
  const wanted = (t) => {
    const kept = core.currentFields;
    const [by, rest] = bold();
    const task = kept?.task
      ?? (kept || /forward/.test(t.goal) ? 'forward' : /reply/.test(t.goal) ? 'reply' : /trash/.test(t.goal) ? 'delete' : 'star');
    return { task, by: kept?.by ?? by, message: kept?.message ?? rest, to: kept?.to ?? rest };
  };
  const mail = async (t) => {
    const { task, by, message, to } = wanted(t);
    const rows = all('#main .email-thread').filter((e) => words(one('.email-sender', e)) === by);
    // Two people may share a name: the page knows whom it means.
    const row = rows.find((e) => {
      const { emails, expectedDetails } = jQuery._data(e, 'events').click[0].data;
      return emails[e.dataset.index] === expectedDetails.email;
    }) ?? rows[0];
    await steady(t, () => one('.star', row)); // the icons have come
    if (task === 'delete') return t.click(one('.trash', row));
    if (task === 'star') return t.click(one('.star', row));
    await t.click(one('.email-sender', row));
    if (task === 'reply') {
      await t.click(one('#email .email-reply .icon'));
      await write(t, one('#reply-text'), message);
      return t.click(one('#send-reply'));
    }
    await t.click(one('#email .email-forward .icon'));
    await write(t, one('#forward .forward-sender'), to);
    return t.click(one('#send-forward'));
  };
  teachers['email-inbox'] = mail;
  teachers['email-inbox-delete'] = mail;
  teachers['email-inbox-forward'] = mail;
  teachers['email-inbox-forward-nl'] = mail;
  teachers['email-inbox-forward-nl-turk'] = mail;
  teachers['email-inbox-important'] = mail;
  teachers['email-inbox-nl-turk'] = mail;
  teachers['email-inbox-noscroll'] = mail;
  teachers['email-inbox-reply'] = mail;
  teachers['email-inbox-star-reply'] = mail;

  // Posts.
  const posts = (user) => all('#area .media').filter((e) => words(one('.username', e)) === user);
  teachers['social-media'] = async (t) => {
    const [user, action] = bold();
    const [post] = posts(user);
    // An icon changes its picture under the pointer, which takes a moment to come.
    const icon = async (kind) => {
      await t.hover(one('.' + kind, post));
      await t.click(await steady(t, () => one('.' + kind, post)));
    };
    if (['Reply', 'Retweet', 'Like'].includes(action)) return icon(action.toLowerCase());
    await icon('more');
    await t.click(await steady(t, () => all('li', post).find((e) => words(e).startsWith(action))));
  };
  const press = async (t, action, chosen) => {
    for (const post of chosen) await t.click(one('.' + action.toLowerCase(), post));
    await submit(t);
  };
  teachers['social-media-all'] = (t) => press(t, bold()[0], posts(bold()[1]));
  teachers['social-media-some'] = (t) => {
    const [action, count, user] = bold();
    return press(t, action, posts(user).slice(0, Number(count)));
  };

  // A menu card.
  teachers['order-food'] = async (t) => {
    const items = all('.food-item');
    const named = t.goal.match(/^Order one of each item: (.*)$/);
    const [, count, type] = t.goal.match(/^Order (\d+) items that are (.*)$/) ?? [];
    const chosen = named
      ? named[1].split(',').map((name) => items.find((e) => words(one('.item-name', e)) === name.trim()))
      : items.filter((e) => one(`img[alt="${type}"]`, e));
    const orders = named ? chosen : Array.from({ length: Number(count) }, (_, i) => chosen[Math.min(i, chosen.length - 1)]);
    for (const item of orders) await t.click(one('.add', item));
    await t.click(one('#submit-order button'));
  };
}
