// What acting needs from a document: whether an element can be acted on and where, what has the focus, what a field holds.
// Nothing here clicks or types; that is the browser's real input. The one exception is `assign`, and it says why.
(() => {
  if (globalThis.hands) return;

  const fold = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
  const elementOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
  const up = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host ?? null;

  function describe(element) {
    const role = element.computedRole || element.getAttribute('role') || element.localName;
    const name = fold(element.computedName || element.getAttribute('aria-label') || element.innerText).slice(0, 80);
    return name ? `${role} "${name}"` : `${role} <${element.localName}${element.id ? `#${element.id}` : ''}>`;
  }

  // A cover is best named by the first thing around the hit that has a name.
  function describeCover(element) {
    for (let at = element; at && at !== document.body && at !== document.documentElement; at = up(at)) {
      if (at.computedName) return describe(at);
    }
    return describe(element);
  }

  const frame = () =>
    new Promise((done) => {
      // Frames that are not painted get no animation frames; the timer keeps the wait bounded.
      const timer = setTimeout(done, 100);
      requestAnimationFrame(() => {
        clearTimeout(timer);
        done();
      });
    });

  // Resolves when the document may look different, or after some milliseconds.
  function change(limit) {
    return new Promise((done) => {
      const events = ['transitionend', 'animationend', 'load', 'input', 'scroll', 'toggle'];
      const end = () => {
        clearTimeout(timer);
        observing.disconnect();
        for (const name of events) removeEventListener(name, end, true);
        done();
      };
      const timer = setTimeout(end, limit);
      const observing = new MutationObserver(end);
      const seen = { subtree: true, childList: true, attributes: true, characterData: true };
      observing.observe(document, seen);
      for (const name of events) addEventListener(name, end, true);
    });
  }

  function rectsOf(node) {
    if (node.nodeType !== Node.ELEMENT_NODE || getComputedStyle(node).display === 'contents') {
      const range = document.createRange();
      range.selectNodeContents(node);
      return [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
    }
    return [...node.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
  }

  function visible(node) {
    const element = elementOf(node);
    return !!element && element.checkVisibility({ visibilityProperty: true }) && rectsOf(node).length > 0;
  }

  function disabled(node) {
    for (let at = elementOf(node); at; at = up(at)) {
      if (/^(button|input|select|textarea|option|optgroup)$/.test(at.localName) && at.matches(':disabled')) return true;
      if (at.getAttribute('aria-disabled') === 'true') return true;
    }
    return false;
  }

  // The element that a point hits, as seen in the tree that `element` belongs to (closed shadow roots included).
  function hitIn(element, x, y) {
    const roots = [];
    for (let at = element; at; ) {
      const root = at.getRootNode();
      roots.unshift(root);
      at = root.host;
    }
    let hit = null;
    for (const root of roots) {
      const found = root.elementFromPoint?.(x, y);
      if (!found) break;
      hit = found;
      // Where this level already goes elsewhere, the inner levels have nothing to say.
      const inner = roots[roots.indexOf(root) + 1];
      if (inner && inner.host !== found) break;
    }
    return hit;
  }

  // The deepest element at a point, through open shadow roots.
  function deepest(x, y) {
    let hit = document.elementFromPoint(x, y);
    while (hit?.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    return hit;
  }

  function within(hit, element) {
    for (let at = hit; at; at = up(at)) {
      if (at === element) return true;
      if (at.localName === 'label' && at.control === element) return true;
    }
    return false;
  }

  function* candidates(rects) {
    for (const [fx, fy] of [[0.5, 0.5], [0.5, 0.25], [0.5, 0.75], [0.25, 0.5], [0.75, 0.5], [0.1, 0.5], [0.9, 0.5], [0.1, 0.1], [0.9, 0.9]]) {
      for (const box of rects.slice(0, 6)) {
        const left = Math.max(box.left, 0);
        const top = Math.max(box.top, 0);
        const right = Math.min(box.right, innerWidth);
        const bottom = Math.min(box.bottom, innerHeight);
        if (right - left <= 0 || bottom - top <= 0) continue;
        yield { x: left + (right - left) * fx, y: top + (bottom - top) * fy };
      }
    }
  }

  const CONTROLS = 'a[href],button,input,select,textarea,summary,[role=button],[role=link],[role=checkbox],[role=tab],[contenteditable]';
  // Whether something that is in the element, and not what is meant by it, would get the click: a control of its own, or what
  // lies over it out of its flow.
  function liesOver(found, element) {
    for (let up = found; up && up !== element; up = up.parentElement) {
      if (up.matches(CONTROLS) || /^(absolute|fixed)$/.test(getComputedStyle(up).position)) return true;
    }
    return false;
  }

  // A point of the node that a click would reach, or what is in the way. Its own parts are hit before what lies over it.
  function aim(node, rects, hit) {
    const element = elementOf(node);
    let cover = null;
    let over = null;
    for (const point of candidates(rects)) {
      if (!hit) return { point };
      const found = hitIn(element, point.x, point.y);
      if (found && within(found, element)) {
        if (!liesOver(found, element)) return { point };
        over ??= point;
      } else if (found && !cover) cover = found;
    }
    return over ? { point: over } : { cover };
  }

  // How long a frame takes at 60 Hz, in milliseconds.
  const FRAME_MS = 16.7;
  const rounded = (box) => [box.x, box.y, box.width, box.height].map((n) => Math.round(n * 4) / 4).join();
  const boxOf = (node) => {
    const box = rectsOf(node)[0];
    return box ? rounded(box) : '';
  };

  // A checkbox or file input that is itself not to be seen is worked by its label.
  function stand(node) {
    if (visible(node) || node.localName !== 'input') return node;
    return [...(node.labels ?? [])].find(visible) ?? node;
  }

  async function look(number, wants) {
    const node = observer.nodeOf(number);
    if (!node) return { trouble: 'vanished' };
    const title = describe(elementOf(node));
    const at = stand(node);
    const answer = (rest) => ({ title, origin: location.origin, ...rest });
    if (!visible(at)) return answer({ trouble: 'invisible' });
    if (wants.enabled && disabled(node)) return answer({ trouble: 'disabled' });
    // An animated box is already read at the time of the coming frame, so it takes one frame more to see it move; and one
    // that swings to and fro is twice at the same place around its turning point, so it is looked at once more.
    // What a script moves is not known to be animated.
    const animated = observer.isRestless() || document.getAnimations().some((animation) => animation.playState === 'running');
    if (animated) await frame();
    const before = boxOf(at);
    // At the same place as a frame or more ago, when it was listed: it was seen to be still already.
    const seen = observer.seenBox(elementOf(at));
    const wasStill = !animated && seen && performance.now() - seen.at >= FRAME_MS && rounded(seen.box) === before;
    for (let frames = animated ? 2 : wasStill ? 0 : 1; frames > 0; frames--) {
      await frame();
      if (!at.isConnected) return { title, trouble: 'vanished' };
      if (boxOf(at) !== before) return answer({ trouble: 'moving' });
    }
    const ways = wants.scroll === 'always' ? ['center'] : [null, 'center', 'end', 'start'];
    let found = {};
    for (const way of wants.scroll === 'never' ? [null] : ways) {
      if (way) {
        elementOf(at).scrollIntoView({ block: way, inline: way === 'center' ? 'center' : 'nearest', behavior: 'instant' });
        // What a scroll listener moves (a sticky header) moves before the next frame.
        await frame();
      }
      found = aim(at, rectsOf(at), wants.hit);
      if (found.point) return answer({ point: found.point });
    }
    return answer(found.cover ? { trouble: 'covered', cover: describeCover(found.cover) } : { trouble: 'outside' });
  }

  function activeNode() {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active;
  }

  const focusedIs = (element) => {
    const root = element.getRootNode();
    return document.hasFocus() && (root.activeElement === element || element.contains(root.activeElement) || (element.isContentEditable && root.activeElement?.contains(element)));
  };

  const typed = /^(text|search|url|tel|email|password|number)$/;
  const fixed = /^(date|time|month|week|datetime-local|color|range)$/;

  function fillable(element) {
    if (element.localName === 'textarea') return 'text';
    if (element.localName === 'input') {
      if (typed.test(element.type)) return 'text';
      return fixed.test(element.type) ? element.type : null;
    }
    return element.isContentEditable ? 'editable' : null;
  }

  // The field that a label, or a wrapper around a single field, stands for.
  function field(node) {
    const element = elementOf(node);
    if (fillable(element)) return element;
    if (element.localName === 'label' && element.control) return element.control;
    const inner = element.querySelectorAll('input:not([type=hidden]), textarea, [contenteditable]:not([contenteditable=false])');
    return inner.length === 1 && !/^(button|select|form|body|html)$/.test(element.localName) ? inner[0] : element;
  }

  function holds(element) {
    if ('value' in element && typeof element.value === 'string') return element.value;
    return element.innerText.replace(/\n$/, '');
  }

  function parts(options) {
    return new Intl.DateTimeFormat(navigator.language, options)
      .formatToParts(new Date(2000, 0, 2, 13, 4, 5))
      .map((part) => part.type)
      .filter((type) => type !== 'literal');
  }

  function* everyElement(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT);
    for (let element = walker.currentNode; element; element = walker.nextNode()) {
      if (element.nodeType !== Node.ELEMENT_NODE) continue;
      yield element;
      if (element.shadowRoot) yield* everyElement(element.shadowRoot);
    }
  }

  function pageText() {
    let text = document.body?.innerText ?? '';
    for (const element of everyElement(document)) {
      if (element.shadowRoot) {
        for (const child of element.shadowRoot.children) {
          if (child.localName !== 'style') text += `\n${child.innerText ?? ''}`;
        }
      } else if (element.localName === 'input' && /^(button|submit|reset)$/.test(element.type)) {
        text += `\n${element.value}`;
      }
    }
    return text;
  }

  const cellText = (cell) => fold(cell.innerText);
  function rowsOf(table) {
    const rows = table.localName === 'table' ? [...table.rows] : [...table.querySelectorAll('[role=row]')];
    const cells = (row) => (row.localName === 'tr' ? [...row.cells] : [...row.querySelectorAll('[role=cell],[role=gridcell],[role=columnheader],[role=rowheader]')]);
    return rows.filter((row) => row.checkVisibility()).map((row) => cells(row).map(cellText).join('\t')).join('\n');
  }
  const tables = 'table, [role=table], [role=grid], [role=treegrid]';

  const sameText = (a, b) => fold(a).toLowerCase() === fold(b).toLowerCase();
  const secret = (element) => element.type === 'password' || !!observer.isSecret?.(observer.numberOf(element)) || element.style?.getPropertyValue('-webkit-text-security') === 'disc';

  const isInput = (element) => /^(input|textarea)$/.test(element.localName);
  const blockOf = (node) => {
    let at = elementOf(node);
    while (at.parentElement && /^(inline|contents)/.test(getComputedStyle(at).display)) at = at.parentElement;
    return at;
  };

  // The text of an element as it is read, spaces folded, and where each of its characters stands: [text node, offset].
  function flat(element) {
    if (isInput(element)) return folding([[element.value, null, null]]);
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    const pieces = [];
    let block = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.ELEMENT_NODE) {
        if (node.localName === 'br' || !/^(inline|contents|none)/.test(getComputedStyle(node).display)) block = null;
      } else if (visible(node)) {
        pieces.push([node.data, node, blockOf(node) !== block]);
        block = blockOf(node);
      }
    }
    return folding(pieces);
  }

  function folding(pieces) {
    let text = '';
    const places = [];
    const add = (character, place) => {
      if (character === ' ' && (text === '' || text.endsWith(' '))) return;
      text += character;
      places.push(place);
    };
    for (const [data, node, begins] of pieces) {
      if (begins) add(' ', [node, 0]);
      for (let at = 0; at < data.length; at++) add(/\s/.test(data[at]) ? ' ' : data[at], [node, at]);
    }
    if (text.endsWith(' ')) {
      text = text.slice(0, -1);
      places.pop();
    }
    return { text, places };
  }

  // Where a text stands in an element: its ends, for all times that it does. In the middle of a word it counts only where it
  // is no word of its own anywhere. Without a text, all that is in the element.
  function passages(element, wanted) {
    const { text, places } = flat(element);
    const between = (from, to) => ({ start: places[from], end: [places[to - 1][0], places[to - 1][1] + 1] });
    if (wanted === null) return text === '' ? [] : [between(0, text.length)];
    const word = fold(wanted);
    const isOfWord = (character) => /[\p{L}\p{N}]/u.test(character ?? ' ');
    const bounded = (at) =>
      !(isOfWord(text[at - 1]) && isOfWord(word[0])) && !(isOfWord(text[at + word.length]) && isOfWord(word.at(-1)));
    const found = [];
    for (let at = word ? text.indexOf(word) : -1; at >= 0; at = text.indexOf(word, at + word.length)) found.push(at);
    const words = found.filter(bounded);
    return (words.length > 0 ? words : found).map((at) => between(at, at + word.length));
  }

  // What a stroke of an arrow key goes over at once.
  const strokesIn = (text) => [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].length;

  function selectionNear(element) {
    return element.getRootNode().getSelection?.() ?? getSelection();
  }

  function rangeOf({ start, end }) {
    const range = document.createRange();
    range.setStart(...start);
    range.setEnd(...end);
    return range;
  }

  // A point in the box of a text's first or last line where a press puts the cursor at that end of it.
  function pointAt(box, [node, offset], first) {
    const y = box.top + box.height / 2;
    const inset = Math.min(0.4, box.width / 8);
    const sides = [box.left + inset, box.right - inset];
    if (!first) sides.reverse();
    const puts = (x) => {
      const caret = document.caretRangeFromPoint(x, y);
      return caret?.startContainer === node && caret.startOffset === offset;
    };
    return { x: sides.find(puts) ?? sides[0], y };
  }

  let dragging = null;

  globalThis.hands = {
    async ready(number, wants) {
      const end = performance.now() + wants.limit;
      for (;;) {
        const found = await look(number, wants);
        const left = end - performance.now();
        if (!found.trouble || found.trouble === 'vanished' || left <= 0) return found;
        await change(Math.min(left, 200));
      }
    },

    // Where a point of a child frame lies here, with the frame scrolled so that it can be reached.
    async hold(number, x, y, hit) {
      const owner = observer.nodeOf(number);
      if (!owner) return { trouble: 'vanished' };
      const place = () => {
        const box = observer.frameBox(owner);
        return { x: box.x + x, y: box.y + y };
      };
      const outside = (point) => point.x < 0 || point.y < 0 || point.x >= innerWidth || point.y >= innerHeight || !within(hitIn(owner, point.x, point.y), owner);
      let point = place();
      if (outside(point)) {
        owner.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
        await frame();
        point = place();
      }
      if (point.x < 0 || point.y < 0 || point.x >= innerWidth || point.y >= innerHeight) {
        scrollBy({ left: point.x - innerWidth / 2, top: point.y - innerHeight / 2, behavior: 'instant' });
        await frame();
        point = place();
      }
      if (point.x < 0 || point.y < 0 || point.x >= innerWidth || point.y >= innerHeight) return { trouble: 'outside' };
      const found = hitIn(owner, point.x, point.y);
      if (hit && !within(found, owner)) return { trouble: 'covered', cover: found ? describeCover(found) : 'nothing' };
      return { point };
    },

    at(x, y) {
      const hit = deepest(x, y);
      return hit ? { number: observer.numberOf(hit), frame: /^i?frame$/.test(hit.localName) } : null;
    },

    // What has the focus here, where it is in this very document.
    focused() {
      const active = activeNode();
      if (!document.hasFocus() || !active || /^i?frame$/.test(active.localName)) return null;
      return { number: observer.numberOf(active), origin: location.origin, editable: !!fillable(active) && !active.readOnly, title: describe(active) };
    },

    fieldOf(number) {
      const node = observer.nodeOf(number);
      if (!node) return null;
      const element = field(node);
      const form = fillable(element);
      return {
        number: observer.numberOf(element),
        form,
        title: describe(element),
        kind: element.localName === 'input' ? element.type : element.localName,
        readonly: !!element.readOnly,
        limit: form === 'text' && element.maxLength >= 0 ? element.maxLength : null,
        lines: element.localName === 'textarea' || form === 'editable',
        origin: location.origin,
      };
    },

    // Puts the focus where a click did not, and selects what is there so that typing replaces it.
    take(number, select) {
      const element = observer.nodeOf(number);
      if (!element) return false;
      if (!focusedIs(element)) element.focus();
      if (select && element.isContentEditable) {
        const range = document.createRange();
        range.selectNodeContents(element);
        const selection = getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
      } else if (select && typeof element.select === 'function') {
        element.select();
      }
      return focusedIs(element);
    },

    hide(number) {
      const element = observer.nodeOf(number);
      if (!element) return false;
      element.style?.setProperty('-webkit-text-security', 'disc', 'important');
      observer.markSecret?.(number);
      return true;
    },

    // Asked right before a secret is typed: the same document, the same field, the same origin.
    keeps(number, origin) {
      const element = observer.nodeOf(number);
      return !!element && location.origin === origin && focusedIs(element);
    },

    // What a field holds; a secret is only compared here and never leaves the page.
    compare(number, wanted) {
      const element = observer.nodeOf(number);
      if (!element) return null;
      const held = holds(element);
      const bare = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
      const lines = (text) => text.replace(/\r\n?/g, '\n').replace(/\u00a0/g, ' ');
      const same =
        lines(held) === lines(wanted) ||
        (bare(wanted) !== '' && bare(held) === bare(wanted)) ||
        (element.type === 'number' && wanted !== '' && Number(held) === Number(wanted)) ||
        (element.isContentEditable && fold(held) === fold(wanted));
      return { same, exact: lines(held) === lines(wanted), held: secret(element) ? null : held.slice(0, 80) };
    },

    // Order of a date or time field's parts in the browser's language.
    segments(kind) {
      const day = { year: 'numeric', month: '2-digit', day: '2-digit' };
      const time = { hour: '2-digit', minute: '2-digit' };
      return parts(kind === 'date' ? day : kind === 'time' ? time : { ...day, ...time });
    },

    range(number) {
      const element = observer.nodeOf(number);
      const least = element.min === '' ? 0 : Number(element.min);
      const most = element.max === '' ? 100 : Number(element.max);
      const step = element.step === 'any' ? null : Number(element.step) || 1;
      return { value: Number(element.value), least, most, step };
    },

    // The last resort for fields that no keyboard reaches in every language (colours, weeks): the native setter, then the
    // events a person's change would give. They are not trusted events, which is why real input is tried first.
    assign(number, value) {
      const element = observer.nodeOf(number);
      if (!element) return false;
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(element, value);
      element.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
      element.dispatchEvent(new Event('change', { bubbles: true }));
      return true;
    },

    // Choices of a select or an ARIA list box, with numbers to click on.
    choices(number) {
      const node = observer.nodeOf(number);
      if (!node) return null;
      let element = elementOf(node);
      if (element.localName === 'label' && element.control) element = element.control;
      const listed = (options) =>
        options.map((option) => ({
          number: observer.numberOf(option),
          label: fold(option.label || option.computedName || option.innerText),
          value: option.localName === 'option' ? option.value : option.getAttribute('data-value') ?? '',
          selected: option.selected ?? option.getAttribute('aria-selected') === 'true',
          disabled: disabled(option),
        }));
      const title = describe(element);
      if (element.localName === 'select') {
        return {
          number: observer.numberOf(element),
          title,
          kind: element.multiple || element.size > 1 ? 'list' : 'menu',
          multiple: element.multiple,
          options: listed([...element.options]),
        };
      }
      const role = element.getAttribute('role') || element.computedRole;
      if (!/^(listbox|combobox)$/.test(role.toLowerCase()) && element.getAttribute('aria-haspopup') !== 'listbox') return { title, kind: null, options: [] };
      const root = element.getRootNode();
      const ids = `${element.getAttribute('aria-controls') ?? ''} ${element.getAttribute('aria-owns') ?? ''}`.split(/\s+/).filter(Boolean);
      const holders = [element, ...ids.map((id) => root.getElementById?.(id)).filter(Boolean)];
      let options = holders.flatMap((holder) => [...holder.querySelectorAll('[role=option]')]);
      if (!options.length && role !== 'listbox') {
        options = [...root.querySelectorAll('[role=listbox] [role=option]')];
      }
      options = options.filter(visible);
      return { number: observer.numberOf(element), title, kind: role === 'listbox' ? 'aria-list' : 'aria-menu', multiple: element.getAttribute('aria-multiselectable') === 'true', options: listed(options) };
    },

    awaitOptions(number, limit) {
      const end = performance.now() + limit;
      const step = async () => {
        for (;;) {
          const found = hands.choices(number);
          if (!found || found.options.length || performance.now() >= end) return found;
          await change(Math.min(100, end - performance.now()));
        }
      };
      return step();
    },

    // The same last resort for a select, with the same untrusted events.
    select(number, chosen) {
      const element = observer.nodeOf(number);
      if (!element) return false;
      for (const option of element.options) option.selected = chosen.includes(observer.numberOf(option));
      element.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
      element.dispatchEvent(new Event('change', { bubbles: true }));
      return true;
    },

    fileInput(number) {
      const node = observer.nodeOf(number);
      if (!node) return null;
      let element = elementOf(node);
      element = element.closest('label')?.control ?? element;
      const is = element.localName === 'input' && element.type === 'file';
      return { number: observer.numberOf(element), is, multiple: !!element.multiple, disabled: disabled(element), title: describe(element) };
    },

    // How often a text stands in an element, and how its keys reach it.
    passage(number, text) {
      const node = observer.nodeOf(number);
      if (!node) return null;
      const element = elementOf(node);
      const found = passages(element, text);
      const field = isInput(element);
      const [one] = found;
      return {
        title: describe(element),
        times: found.length,
        field,
        editor: element.isContentEditable && !element.parentElement?.isContentEditable,
        focused: focusedIs(element),
        secret: secret(element),
        strokes: field && one ? [strokesIn(element.value.slice(0, one.start[1])), strokesIn(element.value.slice(one.start[1], one.end[1]))] : [0, 0],
      };
    },

    // Where a text that is in no field begins and ends, the end that is named scrolled into view.
    async ends(number, text, show) {
      const node = observer.nodeOf(number);
      const [one] = node ? passages(elementOf(node), text) : [];
      if (!one) return null;
      const range = rangeOf(one);
      const boxes = () => [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
      const inView = ({ x, y }) => {
        if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return false;
        const hit = hitIn(elementOf(node), x, y);
        return !!hit && (within(hit, elementOf(node)) || hit.contains(elementOf(node)));
      };
      const points = () => {
        const all = boxes();
        return all.length ? { start: pointAt(all[0], one.start, true), end: pointAt(all.at(-1), one.end, false) } : null;
      };
      let found = points();
      if (!found) return null;
      if (!inView(found.start) || !inView(found.end)) {
        elementOf((show === 'end' ? one.end : one.start)[0]).scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
        await frame();
        found = points();
        // What holds the text may itself be longer than the view.
        const there = found?.[show];
        if (there && !inView(there)) {
          scrollBy({ top: there.y - innerHeight / 2, behavior: 'instant' });
          await frame();
          found = points();
        }
        if (!found || !inView(found[show])) return null;
      }
      const selection = selectionNear(elementOf(node));
      const held = selection?.rangeCount > 0 && !selection.isCollapsed && selection.getRangeAt(0).isPointInRange(...one.start);
      const presses = !!elementOf(one.start[0]).closest('a[href],button,select,summary,label,[role=button],[role=link],[role=checkbox],[role=tab],[draggable=true]');
      return { ...found, both: inView(found.start) && inView(found.end), held, presses };
    },

    // Whether just this is selected there.
    isSelected(number, text) {
      const node = observer.nodeOf(number);
      if (!node) return false;
      const element = elementOf(node);
      if (isInput(element)) {
        const { selectionStart: from, selectionEnd: to, value } = element;
        // Some kinds of fields do not say what is selected in them.
        if (from === null) return text === null;
        const [one] = passages(element, text);
        return text === null ? from === 0 && to === value.length : from === one?.start[1] && to === one?.end[1];
      }
      const selection = selectionNear(element);
      if (!selection?.rangeCount || selection.isCollapsed) return false;
      const wanted = text === null ? flat(element).text : text;
      // Blocks have lines between them that the text of one range may lack.
      const bare = (words) => words.replace(/\s+/g, '');
      return fold(String(selection)) === fold(wanted) || (text === null && bare(String(selection)) === bare(wanted));
    },

    // The last resort: selected by script, with the focus where it belongs.
    mark(number, text) {
      const node = observer.nodeOf(number);
      if (!node) return false;
      const element = elementOf(node);
      const [one] = passages(element, text);
      if (!one) return false;
      if (isInput(element)) {
        element.focus();
        if (text === null) element.select();
        else element.setSelectionRange(one.start[1], one.end[1]);
        return true;
      }
      let host = element;
      while (host.parentElement?.isContentEditable) host = host.parentElement;
      if (host.isContentEditable && !focusedIs(host)) host.focus();
      const selection = selectionNear(element);
      selection.removeAllRanges();
      selection.addRange(rangeOf(one));
      return true;
    },

    watchDrag() {
      dragging = null;
      const start = (event) => (dragging = event);
      addEventListener('dragstart', start, { capture: true, once: true });
    },

    dragStarted() {
      const started = !!dragging && !dragging.defaultPrevented;
      dragging = null;
      return started;
    },

    meets(condition) {
      if (condition.text !== undefined) return fold(pageText()).toLowerCase().includes(fold(condition.text).toLowerCase());
      for (const element of everyElement(document)) {
        if (element.computedRole === condition.role && (condition.name === undefined || sameText(element.computedName, condition.name)) && visible(element)) return true;
      }
      return false;
    },

    changed: change,

    read(number, what, area) {
      // As it is written, as it is listed, and not in the capitals that it is drawn in.
      const textOf = (element) => {
        const [drawn, written] = [element.innerText ?? element.textContent, element.textContent];
        const same = fold(drawn).toLowerCase() === fold(written).toLowerCase();
        return same && getComputedStyle(element).textTransform !== 'none' ? written : drawn;
      };
      if (area) {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const pieces = [];
        while (walker.nextNode()) {
          const node = walker.currentNode;
          if (!fold(node.data) || !visible(node)) continue;
          const inside = rectsOf(node).some((box) => box.right > area.x && box.left < area.x + area.width && box.bottom > area.y && box.top < area.y + area.height);
          if (inside) pieces.push(fold(node.data));
        }
        return { text: pieces.join('\n') };
      }
      const node = number === null ? document.body : observer.nodeOf(number);
      if (!node) return null;
      const element = elementOf(node);
      const title = describe(element);
      if (what === 'table') {
        const table = element.closest(tables);
        const all = table ? [table] : [...element.querySelectorAll(tables)].filter((one) => !one.parentElement.closest(tables) && one.checkVisibility());
        return all.length ? { title, text: all.map(rowsOf).join('\n\n') } : { title, text: null };
      }
      if (node.nodeType === Node.TEXT_NODE) return { title, text: fold(node.data) };
      if (element.localName === 'select') return { title, text: [...element.selectedOptions].map((option) => option.label).join('\n') };
      if (/^(input|textarea)$/.test(element.localName)) return { title, text: secret(element) ? '•'.repeat(8) : element.value };
      return { title, text: number === null ? pageText() : textOf(element) };
    },
  };
})();
