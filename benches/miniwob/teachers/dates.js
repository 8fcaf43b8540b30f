// Calendars: the field, month by month, then the day.
globalThis.teachers ??= {};
{
  const { all, one, words, seen, saying, steady, bold, write, submit } = teaching;

  const pick = async (t, date) => {
    const [month, day, year] = date.split('/').map(Number);
    await t.click(one('#datepicker'));
    for (;;) {
      await steady(t, () => one('#ui-datepicker-div'));
      const cell = one('#ui-datepicker-div td[data-month]');
      const away = (year - cell.dataset.year) * 12 + month - 1 - cell.dataset.month;
      if (!away) break;
      await t.click(one(away < 0 ? '.ui-datepicker-prev' : '.ui-datepicker-next'));
    }
    await t.click(saying('#ui-datepicker-div td[data-month] a', String(day)));
    await t.wait(() => !seen(one('#ui-datepicker-div')));
  };
  const choose = async (t) => {
    await pick(t, t.goal.match(/\d+\/\d+\/\d+/)[0]);
    await submit(t);
  };
  teachers['choose-date'] = choose;
  teachers['choose-date-easy'] = choose;
  teachers['choose-date-medium'] = choose;
  teachers['choose-date-nodelay'] = choose;

  const city = async (t, field, name) => {
    await write(t, field, name);
    const code = /^[A-Z]{3}$/.test(name);
    const find = () => all('.ui-autocomplete .ui-menu-item')
      .find((e) => seen(e) && (code ? words(e).includes(`(${name})`) : words(e).startsWith(name)));
    await t.click(await steady(t, find));
  };
  const book = async (t) => {
    const [which, from, to, date] = bold();
    await city(t, one('#flight-from'), from);
    await city(t, one('#flight-to'), to);
    await pick(t, date);
    await t.click(one('#search'));
    const value = (flight) => (which === 'cheapest'
      ? Number(one('.flight-price', flight).dataset.price)
      : Number(one('.time-duration', flight).dataset.duration));
    const [best] = all('.flight').sort((a, b) => value(a) - value(b));
    await t.click(one('.flight-price', best));
  };
  teachers['book-flight'] = book;
  teachers['book-flight-nodelay'] = book;
}
