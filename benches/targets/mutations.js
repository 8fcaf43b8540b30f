// What happens to pages between a recording and a run, done in the page by one seeded script. Nodes are kept wherever a person
// would say that it is the same thing, so that whoever holds a node knows where it went.
(() => {
  /// Numbers from 0 to 1 that follow from the seed (mulberry32).
  function dice(seed) {
    return () => {
      seed = (seed + 0x6d2b79f5) | 0;
      let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }
  const shuffled = (list, roll) => {
    const all = [...list];
    for (let at = all.length - 1; at > 0; at--) {
      const other = Math.floor(roll() * (at + 1));
      [all[at], all[other]] = [all[other], all[at]];
    }
    return all;
  };
  const hash = (text) => {
    let sum = 2166136261;
    for (const c of text) sum = Math.imul(sum ^ c.codePointAt(0), 16777619) >>> 0;
    return sum;
  };
  const all = (selector) => Array.from(document.body.querySelectorAll(selector));
  const is = (node, tags) => tags.includes(node.tagName);
  const isShown = (node) => node.checkVisibility() && node.getBoundingClientRect().height > 0;

  // ---- Attributes ----
  const REFERENCES = ['for', 'list', 'form', 'headers', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-owns', 'aria-activedescendant'];
  /// Gives each id another one and keeps what refers to it right, styles included.
  function renameIds(to) {
    const ids = new Map();
    for (const node of all('[id]')) {
      // A form's own property may be hidden by a field that is called `id`.
      const id = node.getAttribute('id');
      if (!ids.has(id)) ids.set(id, to(id, ids.size));
      node.setAttribute('id', ids.get(id));
    }
    for (const name of REFERENCES) {
      for (const node of all(`[${name}]`)) {
        node.setAttribute(name, node.getAttribute(name).split(/\s+/).map((id) => ids.get(id) ?? id).join(' '));
      }
    }
    for (const node of all('[href^="#"]')) {
      const id = ids.get(node.getAttribute('href').slice(1));
      if (id) node.setAttribute('href', `#${id}`);
    }
    restyle(/#([\w-]+)/g, (whole, id) => (ids.has(id) ? `#${CSS.escape(ids.get(id))}` : whole));
    return ids.size > 0;
  }
  function renameClasses(to) {
    const found = all('[class]').filter((node) => node.classList.length > 0);
    for (const node of found) node.setAttribute('class', Array.from(node.classList, to).join(' '));
    restyle(/\.([a-zA-Z_][\w-]*)/g, (whole, name) => `.${to(name)}`);
    return found.length > 0;
  }
  function restyle(pattern, change) {
    const walk = (rules) => {
      for (const rule of rules) {
        if (rule.selectorText) rule.selectorText = rule.selectorText.replace(pattern, change);
        if (rule.cssRules) walk(rule.cssRules);
      }
    };
    for (const sheet of document.styleSheets) {
      try {
        walk(sheet.cssRules);
      } catch {
        // Styles of another origin stay as they are.
      }
    }
  }
  function reorderAttributes() {
    for (const node of all('*')) {
      if (node.attributes.length < 2 || node.namespaceURI !== document.documentElement.namespaceURI) continue;
      // A field would lose what it is while it has no type.
      const kept = Array.from(node.attributes).filter((one) => !/^(type|value|on|src|checked|selected)/.test(one.name));
      for (const one of kept) node.removeAttribute(one.name);
      for (const one of kept.reverse()) node.setAttribute(one.name, one.value);
    }
  }

  // ---- Containers ----
  const SWAPPED = { DIV: 'section', SECTION: 'div', ARTICLE: 'div', MAIN: 'div', ASIDE: 'section' };
  function retag(node) {
    const other = document.createElement(SWAPPED[node.tagName]);
    for (const one of node.attributes) other.setAttribute(one.name, one.value);
    other.append(...node.childNodes);
    node.replaceWith(other);
  }
  function wrap(roll, targets) {
    let done = 0;
    for (const node of all('div,section,article,main,aside,form,ul,table,p,h1,h2,h3')) {
      if (targets.has(node) || !node.isConnected || node.closest('svg,select,[contenteditable]')) continue;
      const parent = node.parentElement;
      if (roll() < 0.3 && !/^(flex|grid)/.test(getComputedStyle(parent).display) && getComputedStyle(node).position === 'static' && !is(parent, ['UL', 'OL', 'TR', 'TABLE', 'P', 'BUTTON', 'A', 'LABEL', 'DL'])) {
        const around = document.createElement('div');
        node.replaceWith(around);
        around.append(node);
        done++;
      }
      if (SWAPPED[node.tagName] && roll() < 0.5) {
        retag(node);
        done++;
      }
    }
    return done > 0;
  }
  /// The parts that a person would call sections: the first split of the page into several, and the split of its largest part.
  function sections(root) {
    for (let node = root; node; ) {
      const parts = Array.from(node.children).filter((part) => !is(part, ['SCRIPT', 'STYLE', 'LINK']) && isShown(part));
      if (parts.length > 1) return parts;
      node = parts[0];
    }
    return [];
  }
  function move(roll) {
    let done = 0;
    const first = sections(document.body);
    const largest = first.toSorted((one, other) => other.querySelectorAll('*').length - one.querySelectorAll('*').length)[0];
    for (const parts of [first, largest ? sections(largest) : []]) {
      const movable = parts.filter((part) => !is(part, ['TR', 'TD', 'TH', 'TBODY', 'THEAD', 'LI', 'OPTION', 'SPAN', 'B', 'LABEL']) && part.namespaceURI === document.documentElement.namespaceURI);
      if (movable.length < 2) continue;
      const order = shuffled(movable, roll);
      if (order.every((part, at) => part === movable[at])) order.push(order.shift());
      const marks = movable.map((part) => {
        const mark = document.createComment('');
        part.replaceWith(mark);
        return mark;
      });
      marks.forEach((mark, at) => mark.replaceWith(order[at]));
      done++;
    }
    return done > 0;
  }
  function addBanners() {
    const banner = document.createElement('div');
    banner.setAttribute('role', 'region');
    banner.setAttribute('style', 'padding:16px;background:#ffd;border-bottom:1px solid #aa8;font:14px sans-serif');
    banner.innerHTML = '<p>We are moving to a new look. <a href="/whats-new">See what is new</a></p><button type="button" aria-label="Dismiss">×</button>';
    document.body.prepend(banner);
    const cookies = document.createElement('div');
    cookies.setAttribute('style', 'position:fixed;left:0;right:0;bottom:0;padding:8px;background:#eee;font:14px sans-serif;z-index:999');
    cookies.innerHTML = '<p>We use cookies. <a href="/privacy">Read more</a></p><button>Accept all</button> <button>Only what is needed</button> <button>Settings</button>';
    document.body.append(cookies);
    return true;
  }

  // ---- Lists ----
  /// Groups of siblings that repeat: rows of a table, items, cards.
  function lists() {
    const groups = [];
    for (const parent of [document.body, ...all('*')]) {
      if (parent.closest('svg,select,[contenteditable]')) continue;
      const kinds = new Map();
      for (const child of parent.children) {
        if (!is(child, ['TR', 'LI', 'ARTICLE', 'DIV', 'SECTION', 'A', 'LABEL'])) continue;
        if (is(child, ['TR']) && child.querySelector('th') && !child.querySelector('td')) continue;
        const isItem = is(child, ['TR', 'LI', 'ARTICLE']);
        if (!isItem && child.classList.length === 0) continue;
        const kind = isItem ? child.tagName : `${child.tagName}.${child.classList[0]}`;
        kinds.set(kind, [...(kinds.get(kind) ?? []), child]);
      }
      for (const rows of kinds.values()) if (rows.length >= 3 && rows.some(isShown)) groups.push(rows);
    }
    return groups;
  }
  function shuffleRows(roll) {
    const groups = lists();
    for (const rows of groups) {
      const order = shuffled(rows, roll);
      const marks = rows.map((row) => {
        const mark = document.createComment('');
        row.replaceWith(mark);
        return mark;
      });
      marks.forEach((mark, at) => mark.replaceWith(order[at]));
    }
    return groups.length > 0;
  }
  /// Texts that every row says are the list's; the others are the row's own.
  function lengthen(roll) {
    const groups = lists();
    for (const rows of groups) {
      const said = rows.map((row) => new Set(texts(row).map((text) => text.data.trim())));
      for (let more = 0; more < 2; more++) {
        const row = rows[Math.floor(roll() * rows.length)];
        const fresh = row.cloneNode(true);
        for (const text of texts(fresh)) {
          const own = !said.every((one) => one.has(text.data.trim()));
          if (own || rows.length < 2) text.data = foreign(text.data, `more${more}`);
        }
        for (const node of [fresh, ...fresh.querySelectorAll('*')]) {
          for (const name of ['id', 'name', 'value', 'href', 'for', 'data-id', 'data-testid', 'aria-label', 'title', 'alt']) {
            const value = node.getAttribute(name);
            const shared = name !== 'id' && name !== 'for' && rows.every((one) => [one, ...one.querySelectorAll('*')].some((other) => other.getAttribute(name) === value));
            if (value && !shared) node.setAttribute(name, /\d/.test(value) ? value.replace(/\d+/g, (digits) => String(Number(digits) + 700 + more)) : `${value}-${700 + more}`);
          }
        }
        rows[Math.floor(roll() * rows.length)].before(fresh);
      }
    }
    return groups.length > 0;
  }
  function shorten(roll) {
    const groups = lists();
    for (const rows of groups) {
      for (const row of shuffled(rows, roll).slice(0, Math.ceil(rows.length / 3))) row.remove();
    }
    return groups.length > 0;
  }

  // ---- Words ----
  const SYLLABLES = ['ba', 'del', 'fi', 'gor', 'hu', 'jal', 'kem', 'lo', 'mir', 'nus', 'pra', 'quo', 'ros', 'ti', 'vel', 'zun'];
  /// A word of a language that nobody speaks, the same one each time; figures stay.
  function foreignWord(word, language) {
    let left = hash(word.toLowerCase() + language);
    let other = '';
    for (let part = 0; part < 1 + Math.min(3, Math.floor(word.length / 3)); part++) {
      other += SYLLABLES[left % SYLLABLES.length];
      left = (left >>> 4) ^ hash(other);
    }
    return /^\p{Lu}/u.test(word) ? other[0].toUpperCase() + other.slice(1) : other;
  }
  const foreign = (text, language) => text.replace(/\p{L}+/gu, (word) => foreignWord(word, language));
  function texts(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (text) =>
      text.data.trim() === '' || text.parentElement?.closest('script,style') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    return found;
  }
  const SAYING = ['placeholder', 'aria-label', 'title', 'alt'];
  const isPush = (node) => node.tagName === 'INPUT' && /^(submit|button|reset)$/.test(node.type);
  function reword(change) {
    for (const text of texts(document.body)) text.data = change(text.data);
    for (const node of all('*')) {
      for (const name of SAYING) if (node.getAttribute(name)) node.setAttribute(name, change(node.getAttribute(name)));
      if (isPush(node) && node.value) node.value = change(node.value);
    }
    return true;
  }
  const MORE = { button: ['changes', 'now', 'and go on'], other: ['(new)', 'here', 'details'] };
  /// Small changes to what things are called: a word more, capitals, an ellipsis.
  function renameALittle(targets, roll) {
    let done = 0;
    for (const node of targets) {
      const words = MORE[is(node, ['BUTTON', 'INPUT']) ? 'button' : 'other'];
      const word = words[Math.floor(roll() * words.length)];
      const choice = roll();
      const change = (text) => {
        const [, before, own, after] = /^(\s*)([^]*?)(\s*)$/.exec(text);
        const other = choice < 0.6 ? `${own} ${word}` : choice < 0.8 ? own.toUpperCase() : `${own}…`;
        return before + other + after;
      };
      const label = node.labels?.[0] ?? node;
      const text = texts(label)[0];
      if (isPush(node)) node.value = change(node.value);
      else if (node.getAttribute('aria-label')) node.setAttribute('aria-label', change(node.getAttribute('aria-label')));
      else if (text) text.data = change(text.data);
      else if (node.placeholder) node.placeholder = change(node.placeholder);
      else continue;
      done++;
    }
    return done > 0;
  }

  // ---- Single things ----
  function duplicate(targets, roll) {
    const places = [];
    for (const title of ['Recommended for you', 'Recently used']) {
      const place = document.createElement('div');
      place.setAttribute('style', 'padding:12px;font:14px sans-serif');
      const heading = document.createElement('h2');
      heading.textContent = title;
      place.append(heading);
      places.push(place);
    }
    for (const node of targets) {
      const twin = node.cloneNode(true);
      for (const part of [twin, ...twin.querySelectorAll('[id]')]) part.removeAttribute('id');
      const label = node.labels?.[0];
      if (label && !label.contains(node) && label.textContent) twin.setAttribute('aria-label', label.textContent.trim());
      places[roll() < 0.5 ? 0 : 1].append(twin);
    }
    document.body.prepend(places[0]);
    document.body.append(places[1]);
    return targets.length > 0;
  }
  /// A third of the targets, at least one; none that another one holds.
  function some(targets, roll) {
    const alone = targets.filter((node) => !targets.some((other) => other !== node && other.contains(node)));
    return shuffled(alone, roll).slice(0, Math.max(1, Math.floor(targets.length / 3)));
  }

  const token = (text) => `_${hash(text).toString(36)}`;
  const MUTATIONS = {
    nothing: () => true,
    rebuilt: () => {
      reorderAttributes();
      const ids = renameIds(token);
      return renameClasses(token) || ids;
    },
    'framework ids': () => renameIds((id, at) => `:r${(at + 40).toString(32)}:`),
    'no test ids': () => {
      const found = all('[data-testid],[data-test],[data-cy]');
      for (const node of found) for (const name of ['data-testid', 'data-test', 'data-cy']) node.removeAttribute(name);
      return found.length > 0;
    },
    wrapped: (roll, targets) => wrap(roll, new Set(targets)),
    'sections moved': (roll) => move(roll),
    banners: () => addBanners(),
    'longer lists': (roll) => lengthen(roll),
    'shorter lists': (roll) => shorten(roll),
    'rows shuffled': (roll) => shuffleRows(roll),
    'small words': (roll, targets) => renameALittle(targets, roll),
    'other language': () => reword((text) => foreign(text, '')),
    duplicates: (roll, targets) => {
      const chosen = some(targets, roll);
      return duplicate(chosen, roll) && chosen;
    },
    removed: (roll, targets) => {
      const chosen = some(targets, roll);
      for (const node of chosen) node.remove();
      return chosen.length > 0 && chosen;
    },
    redesigned: (roll, targets) => {
      renameIds(token);
      renameClasses(token);
      shuffleRows(roll);
      wrap(roll, new Set(targets));
      move(roll);
      return addBanners();
    },
  };

  /// Does it; null where the page has nothing that it would change, else the numbers of the targets that it is about.
  globalThis.mutate = (name, seed, numbers) => {
    const targets = numbers.map((number) => observer.nodeOf(number));
    const done = MUTATIONS[name](dice(seed), targets);
    if (!done) return null;
    return done === true ? numbers : done.map((node) => observer.numberOf(node));
  };
})();
