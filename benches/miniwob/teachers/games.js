// Places to find, and games.
globalThis.teachers ??= {};
{
  const { all, one, words, saying, submit } = teaching;

  teachers['ascending-numbers'] = async (t) => {
    await t.click(saying('#area_svg text', '1'));
    for (let i = 2; i <= 5; i++) await t.click(one(`#area_svg rect[data-index="${i}"]`));
  };
  teachers['grid-coordinate'] = (t) =>
    t.click(document.getElementById(t.goal.match(/\(.*\)/)[0].replace(/\s/g, '')));
  teachers['number-checkboxes'] = async (t) => {
    const boxes = all('#checkboxes input');
    for (const [i, on] of PATTERNS[teaching.quoted(t)[0]].flat().entries()) if (on) await t.click(boxes[i]);
    await submit(t);
  };

  // How many sides: the corners that the outline has around its middle.
  teachers['count-sides'] = (t) => {
    const canvas = one('#c');
    const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const reach = (angle) => {
      for (let r = 45; r > 5; r -= 0.25) {
        const x = Math.round(width / 2 + r * Math.cos(angle));
        const y = Math.round(height / 2 + r * Math.sin(angle));
        if (data[(y * width + x) * 4 + 3] > 100) return r;
      }
      return 0;
    };
    const outline = Array.from({ length: 360 }, (_, i) => reach((i * Math.PI) / 180));
    const strength = (n) => {
      const part = (f) => outline.reduce((sum, r, i) => sum + r * f((n * i * Math.PI) / 180), 0);
      return Math.hypot(part(Math.cos), part(Math.sin));
    };
    const sides = [3, 4, 5, 6, 7].sort((a, b) => strength(b) - strength(a))[0];
    return t.click(one(`#form button[data-sides="${sides}"]`));
  };

  // Over the plane in wide steps, then in smaller ones where it gets warmer.
  const far = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
  teachers['hot-cold'] = async (t) => {
    const box = one('#touch-area').getBoundingClientRect();
    const order = ['ICE COLD', 'COLD', 'WARM', 'HOT'];
    let here = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    for (const [step, reach, wish] of [[35, 200, 1], [12, 40, 2], [4, 12, 3]]) {
      const spots = [];
      for (let y = here.y - reach; y <= here.y + reach; y += step) {
        for (let x = here.x - reach; x <= here.x + reach; x += step) {
          if (x > box.left + 1 && x < box.right - 1 && y > box.top + 1 && y < box.bottom - 1) spots.push({ x: Math.round(x), y: Math.round(y) });
        }
      }
      spots.sort((a, b) => far(a, here) - far(b, here));
      for (const spot of spots) {
        await t.move(spot);
        here = spot;
        if (order.indexOf(words(one('#display'))) >= wish) break;
      }
    }
    await t.click(here);
  };

  // The move that most often wins against this opponent, which plays at random a
  // little more than every other time.
  const lines = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 3, 6], [1, 4, 7], [2, 5, 8], [0, 4, 8], [2, 4, 6]];
  const won = (board, who) => lines.some((line) => line.every((i) => board[i] === who));
  const free = (board) => [...board.keys()].filter((i) => !board[i]);
  const place = (board, i, who) => board.map((v, k) => (k === i ? who : v));
  const known = new Map();
  const chance = (board) => {
    const key = board.join();
    if (!known.has(key)) known.set(key, Math.max(0, ...free(board).map((i) => after(place(board, i, 1)))));
    return known.get(key);
  };
  const after = (board) => {
    if (won(board, 1)) return 1;
    const spots = free(board);
    if (!spots.length) return 0;
    const reply = (i) => {
      const next = place(board, i, -1);
      return won(next, -1) ? 0 : chance(next);
    };
    const any = spots.reduce((sum, i) => sum + reply(i), 0) / spots.length;
    const wise = spots.find((i) => won(place(board, i, -1), -1)) ?? spots.find((i) => won(place(board, i, 1), 1));
    return 0.55 * any + 0.45 * (wise === undefined ? any : reply(wise));
  };
  teachers['tic-tac-toe'] = async (t) => {
    while (!teaching.over()) {
      const board = all('.ttt-row span').map((e) => ({ 'mark-x': 1, 'mark-o': -1 }[e.className] ?? 0));
      const move = free(board)
        .map((i) => [after(place(board, i, 1)), i])
        .sort((a, b) => b[0] - a[0])[0][1];
      await t.click(one(`#ttt-${move}`));
    }
  };
}
