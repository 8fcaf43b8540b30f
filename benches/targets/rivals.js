// Other ways to find a thing again, each as its tool writes it down, and which nodes count as the same thing. Lives in the
// observer's world, so that a node's number there is its name in every answer.
(() => {
  const fold = (text) => text.replace(/\s+/g, ' ').trim();
  const everything = () => Array.from(document.querySelectorAll('*'));
  // A form's own property may be hidden by a field that is called `id`.
  const idOf = (node) => node.getAttribute('id') ?? '';
  const isOne = (selector, node) => {
    const found = document.querySelectorAll(selector);
    return found.length === 1 && found[0] === node;
  };
  const placeOf = (node, siblings) => siblings.indexOf(node) + 1;
  const sameTag = (node) => Array.from(node.parentElement?.children ?? [node]).filter((other) => other.tagName === node.tagName);

  // ---- Absolute CSS path ----
  function cssPath(node) {
    const parts = [];
    for (let up = node; up !== document.documentElement; up = up.parentElement) {
      parts.unshift(`${CSS.escape(up.localName)}:nth-child(${placeOf(up, Array.from(up.parentElement.children))})`);
    }
    return ['html', ...parts].join(' > ');
  }
  // ---- XPath, from the root and from the nearest id ----
  function xpath(node, stops = () => null) {
    const parts = [];
    for (let up = node; up; up = up.parentElement) {
      const stop = stops(up);
      if (stop) return [stop, ...parts].join('/');
      parts.unshift(`*[name()='${up.nodeName.toLowerCase()}'][${placeOf(up, sameTag(up))}]`);
    }
    return `/${parts.join('/')}`;
  }
  const byId = (up) => (idOf(up) && !idOf(up).includes("'") ? `//*[@id='${idOf(up)}']` : null);
  const plainXPath = (path) => path.replaceAll(/\*\[name\(\)='([^']*)'\]/g, '$1');
  // ---- As the DevTools Recorder writes CSS: the nearest id, then the shortest end of the path that is unique ----
  function shortCss(node) {
    let tail = '';
    for (let up = node; up && up !== document.documentElement; up = up.parentElement) {
      const own = idOf(up) ? `#${CSS.escape(idOf(up))}` : null;
      if (own && isOne(own + tail, node)) return own + tail;
      const twins = sameTag(up);
      const step = CSS.escape(up.localName) + (twins.length > 1 ? `:nth-of-type(${placeOf(up, twins)})` : '');
      tail = ` > ${step}${tail}`;
      if (isOne(tail.slice(3), node)) return tail.slice(3);
    }
    return `html${tail}`;
  }
  // ---- A test id, else XPath ----
  function testId(node) {
    for (const name of ['data-testid', 'data-test', 'data-cy']) {
      const value = node.getAttribute(name);
      if (value && isOne(`[${name}="${CSS.escape(value)}"]`, node)) return { css: `[${name}="${CSS.escape(value)}"]` };
    }
    return { xpath: xpath(node) };
  }

  // ---- Role and name, as Playwright's getByRole with exact names ----
  const roleAndName = (node) => `${node.computedRole ?? ''} ${fold(node.computedName ?? '')}`;

  // ---- Similo (Nass, Alégroth, Feldt, Leotta, Ricca 2023): properties, comparisons and weights as published ----
  const CANDIDATES = 'input,textarea,button,select,a,h1,h2,h3,h4,h5,li,span,div,p,th,tr,td,label,svg';
  const PROPERTIES = [
    ['tag', 1.5, equal], ['class', 0.5, byLetter], ['name', 1.5, equal], ['id', 1.5, equal], ['href', 0.5, byLetter], ['alt', 0.5, byLetter],
    ['xpath', 0.5, byLetter], ['idxpath', 0.5, byLetter], ['isButton', 0.5, equal], ['location', 0.5, byDistance], ['area', 0.5, bySize], ['shape', 0.5, bySize],
    ['text', 1.5, byLetter], ['neighbours', 1.5, byWords],
  ];
  function equal(one, other) {
    return one === other ? 1 : 0;
  }
  function byLetter(one, other) {
    if (one === other) return 1;
    const longest = Math.max(one.length, other.length);
    let row = Array.from({ length: other.length + 1 }, (_, at) => at);
    for (let i = 1; i <= one.length; i++) {
      const next = [i];
      for (let j = 1; j <= other.length; j++) {
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      }
      row = next;
    }
    return (longest - row[other.length]) / longest;
  }
  function bySize(one, other) {
    return Math.min(one, other) / Math.max(one, other);
  }
  function byDistance(one, other) {
    return Math.max(0, 100 - Math.hypot(one[0] - other[0], one[1] - other[1])) / 100;
  }
  function byWords(one, other) {
    const alike = (word, found) => word.startsWith(found) || word.endsWith(found) || found.startsWith(word) || found.endsWith(word);
    const letters = (words) => words.reduce((sum, word) => sum + word.length, 0);
    const shared = one.filter((word) => other.some((found) => alike(word, found)));
    return Math.min(1, letters(shared) / Math.max(letters(one), letters(other), 1));
  }
  function isButton(node) {
    return node.tagName === 'BUTTON' || (node.tagName === 'INPUT' && /^(button|submit|reset)$/.test(node.type)) || (node.tagName === 'A' && /(btn|button)/.test(node.className));
  }
  const nothing = (value) => value === '' || value === undefined || value === null || value.length === 0;
  function similoOf(nodes) {
    const known = [];
    for (const node of nodes) {
      const box = node.getBoundingClientRect();
      if (box.width < 1 || box.height < 1) continue;
      const text = fold(node.textContent || node.value || node.placeholder || '').toLowerCase();
      known.push({
        node,
        box,
        tag: node.localName,
        class: node.getAttribute('class')?.toLowerCase(),
        name: node.getAttribute('name')?.toLowerCase(),
        id: idOf(node).toLowerCase(),
        href: node.getAttribute('href')?.toLowerCase(),
        alt: node.getAttribute('alt')?.toLowerCase(),
        xpath: plainXPath(xpath(node)),
        idxpath: plainXPath(xpath(node, byId)),
        isButton: isButton(node) ? 'yes' : 'no',
        location: [box.x, box.y],
        area: box.width * box.height,
        shape: (box.width * 100) / box.height,
        // Whole sections are not what something says.
        text: text.length > 50 ? '' : text,
      });
    }
    for (const one of known) {
      if (one.box.height > 100 || one.box.width > 600) continue;
      const words = new Set();
      for (const other of known) {
        const near = other.box.x < one.box.right + 50 && other.box.right > one.box.x - 50 && other.box.y < one.box.bottom + 50 && other.box.bottom > one.box.y - 50;
        if (other !== one && other.box.height <= 100 && near) for (const word of other.text.split(' ')) if (word) words.add(word);
      }
      one.neighbours = [...words];
    }
    return known;
  }
  function similo(wanted, known) {
    let best = null;
    let most = -1;
    for (const one of known) {
      let score = 0;
      for (const [name, weight, compare] of PROPERTIES) {
        if (!nothing(wanted[name]) && !nothing(one[name])) score += weight * compare(wanted[name], one[name]);
      }
      if (score > most) [best, most] = [one.node, score];
    }
    return best;
  }

  // ---- The same thing ----
  const CONTROL = 'a[href],button,input,select,textarea,summary,[role],[tabindex],[onclick],[contenteditable]';
  /// Where a link leads; null for what is no link, or leads nowhere else.
  const leads = (node) => (node.tagName === 'A' && !/^(#|$|javascript:)/.test(node.getAttribute('href') ?? '') ? node.href : null);
  /// Whether a click on either does the same because one is all that is in the other.
  function isSame(one, other) {
    if (one === other) return true;
    const [outer, inner] = one.contains(other) ? [one, other] : [other, one];
    if (!outer.contains(inner)) return false;
    for (let up = inner; up !== outer; up = up.parentElement) if (up.matches(CONTROL) && (up !== inner || outer.matches(CONTROL))) return false;
    return fold(outer.textContent) === fold(inner.textContent) && outer.querySelectorAll('input,select,textarea').length === inner.querySelectorAll('input,select,textarea').length;
  }

  const kept = new Map();
  globalThis.rivals = {
    /// Writes each thing down in every tool's way.
    record(numbers) {
      const known = similoOf([...document.querySelectorAll(CANDIDATES), ...numbers.map((number) => observer.nodeOf(number)).filter((node) => !node.matches(CANDIDATES))]);
      for (const number of numbers) {
        const node = observer.nodeOf(number);
        kept.set(number, {
          leads: leads(node),
          css: cssPath(node),
          xpath: xpath(node),
          short: shortCss(node),
          test: testId(node),
          role: roleAndName(node),
          similo: known.find((one) => one.node === node),
        });
      }
    },
    /// For each thing: which nodes are it now, and what every tool says: the number of a node, 0 for none, -1 for several.
    answers(numbers) {
      const nodes = everything().filter((node) => node.checkVisibility({ visibilityProperty: true }));
      const called = Map.groupBy(nodes, roleAndName);
      const known = similoOf(nodes.filter((node) => node.matches(CANDIDATES)));
      const number = (node) => (node ? observer.numberOf(node) : 0);
      const css = (selector) => number(document.querySelector(selector));
      const path = (expression) => number(document.evaluate(expression, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE, null).singleNodeValue);
      return numbers.map((target) => {
        const node = observer.nodeOf(target);
        const was = kept.get(target);
        const named = called.get(was.role) ?? [];
        return {
          target,
          // Another link to the same address is as good.
          is: nodes.filter((other) => (node && isSame(node, other)) || (was.leads && leads(other) === was.leads)).map((other) => observer.numberOf(other)),
          says: {
            'CSS path': css(was.css),
            XPath: path(was.xpath),
            'short CSS': css(was.short),
            'test id or XPath': was.test.css ? css(was.test.css) : path(was.test.xpath),
            'role and name': named.length > 1 ? -1 : number(named[0]),
            Similo: was.similo ? number(similo(was.similo, known)) : 0,
          },
        };
      });
    },
  };
})();
