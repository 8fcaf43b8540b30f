// Things to read or to work out first.
globalThis.teachers ??= {};
{
  const { all, one, words, seen, saying, bold, nth, write, submit, settled } = teaching;

  const cell = (key) => all('#tab tr').map((row) => all('td', row)).find(([k]) => words(k) === key)[1];
  teachers['read-table'] = async (t) => {
    await write(t, one('#tt'), words(cell(bold()[0])));
    await submit(t);
  };
  teachers['read-table-2'] = async (t) => {
    for (const row of all('#form > div')) {
      await write(t, one('input', row), words(cell(words(one('label', row)).replace(/:$/, ''))));
    }
    await submit(t);
  };
  teachers['find-word'] = async (t) => {
    const word = words(one('#area p')).split(' ')[nth(t.goal)];
    await write(t, one('#answer-input'), word.replace(/[^a-zA-Z]+/g, ''));
    await submit(t);
  };

  teachers['buy-ticket'] = (t) => {
    const tickets = all('.flight').map((e) => ({
      button: one('.buy-ticket', e),
      cost: Number(one('.buy-ticket', e).dataset.price),
      duration: Number(one('.time-duration', e).dataset.duration),
    }));
    const [, most, what] = t.goal.match(/the (cheapest|shortest|longest|most expensive) (cost|duration)/);
    const sign = /cheapest|shortest/.test(most) ? 1 : -1;
    tickets.sort((a, b) => sign * (a[what] - b[what]));
    return t.click(tickets[0].button);
  };

  teachers['find-greatest'] = async (t) => {
    const cards = all('#cardholder .card');
    for (const card of cards) await t.click(card);
    const values = cards.map((e) => Number(words(e)));
    await t.click(cards[values.indexOf(Math.max(...values))]);
    await t.click(one('#submit'));
  };
  teachers['odd-or-even'] = async (t) => {
    for (const row of all('#numbers .row')) {
      await t.click(one(Number(words(one('.display-number', row))) % 2 ? '.odd' : '.even', row));
    }
    await t.click(one('#submit'));
  };
  teachers['generate-number'] = async (t) => {
    const [, limit] = t.goal.match(/than (\d+)/) ?? [];
    const fits = (n) => (/less/.test(t.goal) ? n < limit : /greater/.test(t.goal) ? n > limit : n % 2 === (/odd/.test(t.goal) ? 1 : 0));
    do await t.click(one('#generate')); while (!fits(Number(words(one('#display-number')))));
    await t.click(one('#submit'));
  };
  teachers['guess-number'] = async (t) => {
    let [low, high] = [0, 9];
    while (!teaching.over()) {
      const guess = Math.ceil((low + high) / 2);
      await t.fill(one('#tt'), guess);
      await submit(t);
      if (seen(one('#lower'))) high = guess - 1;
      if (seen(one('#higher'))) low = guess + 1;
    }
  };

  const answer = async (t, number) => {
    await write(t, one('#math-answer'), number);
    await submit(t);
  };
  teachers['simple-arithmetic'] = (t) => {
    const [, a, sign, b] = words(one('#math-problem')).match(/(\d+) ([-+x]) (\d+)/);
    return answer(t, { '+': +a + +b, '-': a - b, x: a * b }[sign]);
  };
  teachers['simple-algebra'] = (t) => {
    const [, a, sign, b, sum] = words(one('#math-problem')).match(/(\w+) ([-+]) (\w+) = (\d+)/);
    return answer(t, sign === '+' ? sum - (a === 'x' ? b : a) : a === 'x' ? +sum + +b : a - sum);
  };
  teachers['visual-addition'] = (t) => answer(t, all('.addition-block').length);

  // Long texts.
  const toTheEnd = async (t, box, down = true) => {
    for (let turn = 0; turn < 60; turn++) {
      const before = box.scrollTop;
      const left = down ? box.scrollHeight - box.clientHeight - before : before;
      if (left < 1) return;
      await t.scroll(box, down ? 100 : -100);
      await t.wait(() => box.scrollTop !== before);
      await settled(t, box);
    }
  };
  teachers['scroll-text'] = async (t) => {
    const box = one('#text-area');
    await toTheEnd(t, box);
    await write(t, one('#answer-input'), words(box).split(' ').at(-1).replace(/[^a-zA-Z0-9]/g, ''));
    await submit(t);
  };
  teachers['scroll-text-2'] = async (t) => {
    await toTheEnd(t, one('#text-area'), /to the bottom/.test(t.goal));
    await submit(t);
  };
  teachers['sign-agreement'] = async (t) => {
    const [, name, button] = t.goal.match(/enter the name "(.*)" then press "(.*)"/) ?? [];
    if (!name) return t.click(one('#cancel'));
    await toTheEnd(t, one('#text-area'));
    await write(t, one('#name'), name);
    await t.click(saying('#area button', button));
  };

  // Waiting for a price.
  teachers['stock-market'] = async (t) => {
    const limit = Number(t.goal.match(/less than \$([\d.]+?)\.?$/)[1]);
    const price = () => Number(words(one('#stock-price')).slice(1) || Infinity);
    // With the pointer there already; a price stays for a tenth of a second.
    await t.hover(one('#buy'));
    await t.wait(() => price() < limit, 15000);
    await t.click(one('#buy'));
  };
}
