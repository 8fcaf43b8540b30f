// The observer: lives in the isolated world of every frame, where the page cannot see or change it, and lists what is on
// the page with the browser's own computed roles and names. It reads; it never writes to the page, but for hiding secrets.
(() => {
  if (globalThis.observer) return;

  // ---- Numbers for nodes: given once, never reused while the document lives. ----
  const numbers = new WeakMap();
  const nodes = new Map();
  let last = 0;
  function numberOf(node) {
    let number = numbers.get(node);
    if (number === undefined) {
      number = ++last;
      numbers.set(node, number);
      nodes.set(number, new WeakRef(node));
    }
    return number;
  }
  function nodeOf(number) {
    const node = nodes.get(number)?.deref();
    return node?.isConnected ? node : null;
  }

  // ---- Shadow roots: open ones are found, closed ones are handed over by `adopt`. ----
  const closedRoots = new WeakMap();
  const askedForRoot = new WeakSet();
  const rootOf = (element) => element.shadowRoot ?? closedRoots.get(element) ?? null;

  // ---- Secrets: fields that were typed into from a named secret. ----
  const secretFields = new WeakSet();
  const SECRET_HINT = /(^|\s)(cc-number|cc-csc|cc-exp|cc-exp-month|cc-exp-year|one-time-code|current-password|new-password)(\s|$)/;
  // Fields for the short codes that people read from a card or a phone, by what they are called in several languages.
  const CODE_HINT = /(^|[^\p{L}])(cvc2?|cvv2?|cvn|csc|otp|totp|2fa|mfa|tan|pin|one[-_ ]?time[-_ ]?(code|password)|passcode|(sms|verification|security|auth|access|confirmation)[-_ ]?code|(prüf|sicherheits|bestätigungs)(nummer|ziffer|code)|code de (sécurité|vérification)|código de (seguridad|verificación)|codice di (sicurezza|verifica))([^\p{L}]|$)/iu;
  const CODE = /^[\d\s-]{3,10}$/;
  // A card's security code where the page does not say so by `autocomplete`: what such fields are called, in several languages.
  const CODE_NAME = new RegExp(
    `(?<!\\p{L})(cvv2?|cvc2?|csc|ccv|cvn|(card )?(security|verification) (code|number|value)|sicherheitscode|kartenpr(ü|ue)f\\p{L}*|pr(ü|ue)f(nummer|ziffer)|code de s[ée]curit[ée]|cryptogramme( visuel)?|c[óo]digo de seguri?dad|c[óo]digo de segurança|codice di sicurezza|beveiligingscode|kod (cvv|bezpieczeństwa))(?!\\p{L})`,
    'iu',
  );
  const spaced = (text) => text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').replace(/[\s_\-.:[\]]+/g, ' ');
  function isSecurityCode(element) {
    if (!/^(text|tel|number)$/.test(element.type)) return false;
    const attributes = ['name', 'id', 'placeholder', 'aria-label'].map((name) => element.getAttribute(name) ?? '');
    const labels = Array.from(element.labels ?? [], (label) => label.textContent ?? '');
    return [...attributes, ...labels].some((text) => text !== '' && CODE_NAME.test(spaced(text.slice(0, 100))));
  }
  function isSecret(element) {
    if (secretFields.has(element)) return true;
    if (element.tagName !== 'INPUT' && element.tagName !== 'TEXTAREA') return false;
    if (element.type === 'password') {
      // Also once the page shows it as text.
      if (element.value !== '') secretFields.add(element);
      return true;
    }
    if (SECRET_HINT.test(element.getAttribute('autocomplete') ?? '')) return true;
    if (isSecurityCode(element)) return true;
    if (!/^(text|tel|number)$/.test(element.type) || !CODE.test(element.value)) return false;
    const called = [element.name, element.id, element.placeholder, element.getAttribute('aria-label') ?? '', labelOf(element)];
    return called.some((words) => CODE_HINT.test(words));
  }
  const MASK = '••••••••';

  // ---- Words ----
  const TEXT_LIMIT = 400;
  const fold = (text) => text.replace(/\s+/g, ' ').trim();
  const cut = (text, limit = TEXT_LIMIT) => (text.length > limit ? text.slice(0, limit) : text);

  const INTERACTIVE_TAGS = new Set(['A', 'AREA', 'BUTTON', 'INPUT', 'SELECT', 'TEXTAREA', 'SUMMARY', 'OPTION', 'LABEL', 'VIDEO', 'AUDIO']);
  const INTERACTIVE_ROLES = new Set([
    'button', 'link', 'checkbox', 'radio', 'switch', 'tab', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'option',
    'combobox', 'listbox', 'textbox', 'searchbox', 'slider', 'spinbutton', 'treeitem', 'gridcell', 'scrollbar',
  ]);
  // What is inside these is their name, and is not listed again.
  const WHOLE_ROLES = new Set([
    'button', 'link', 'checkbox', 'radio', 'switch', 'tab', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'option',
  ]);
  const SHOWN_TAGS = new Set(['IMG', 'CANVAS', 'VIDEO', 'AUDIO', 'IFRAME', 'FRAME', 'OBJECT', 'EMBED', 'PROGRESS', 'METER', 'DIALOG', 'HR']);
  const SKIPPED_TAGS = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD', 'META', 'LINK', 'TITLE', 'BASE', 'OPTION', 'OPTGROUP', 'DATALIST', 'PARAM', 'SOURCE', 'TRACK']);
  const SVG_SHAPES = new Set(['circle', 'ellipse', 'rect', 'polygon', 'polyline', 'path', 'line', 'image', 'use']);
  const LANDMARK_TAGS = new Set(['FORM', 'DIALOG', 'NAV', 'MAIN', 'ASIDE', 'HEADER', 'FOOTER', 'SECTION', 'FIELDSET']);
  const LANDMARK_ROLES = new Set(['form', 'dialog', 'alertdialog', 'navigation', 'main', 'complementary', 'banner', 'contentinfo', 'region', 'search', 'group', 'radiogroup', 'tabpanel', 'toolbar', 'menu']);
  const ROW_TAGS = new Set(['TR', 'LI', 'ARTICLE', 'DT', 'DD']);
  const ROW_ROLES = new Set(['row', 'listitem', 'option', 'article', 'treeitem', 'menuitem']);
  // Inputs that ARIA has no role for, in the words of the browser's accessibility tree.
  const NATIVE_ROLES = { date: 'Date', 'datetime-local': 'DateTime', month: 'Date', week: 'Date', time: 'InputTime', color: 'ColorWell' };
  const HEADING_TAG = /^H[1-6]$/;
  const ATTRIBUTES = [
    'id', 'name', 'type', 'class', 'alt', 'title', 'autocomplete', 'min', 'max', 'step', 'accept', 'maxlength', 'download', 'target',
    'data-testid', 'data-test', 'data-cy', 'data-id', 'aria-label', 'aria-haspopup', 'aria-controls', 'role', 'inputmode', 'pattern', 'for',
    // What happens on them besides what their tags say.
    'onclick', 'onchange', 'oninput', 'data-method', 'data-turbo-method', 'hx-post', 'hx-put', 'hx-delete', 'hx-patch',
  ];
  const TEXT_INPUTS = new Set(['text', 'search', 'email', 'url', 'tel', 'password', 'number', 'date', 'time', 'datetime-local', 'month', 'week']);

  const isText = (element) =>
    (element.tagName === 'INPUT' && TEXT_INPUTS.has(element.type)) || element.tagName === 'TEXTAREA' || element.isContentEditable;

  function attributesOf(element) {
    const found = {};
    for (const name of ATTRIBUTES) {
      const value = element.getAttribute(name);
      if (value !== null && value !== '') found[name] = cut(value, 200);
    }
    if (element.tagName === 'INPUT' && !found.type) found.type = element.type;
    if (element.tagName === 'INPUT' && /^(submit|button|reset|radio|checkbox)$/.test(element.type) && element.value) found.value = cut(element.value, 200);
    const link = element.getAttribute('href') ?? (element.tagName === 'IMG' ? element.getAttribute('src') : null);
    if (link) {
      try {
        const url = new URL(link, document.baseURI);
        found.href = cut(url.protocol === 'data:' ? 'data:' : url.origin === location.origin ? url.pathname + url.search + url.hash : url.href, 300);
      } catch {
        found.href = cut(link, 300);
      }
    }
    return found;
  }

  const flag = (element, name) => element.getAttribute(name) === 'true';
  function tri(value) {
    return value === 'true' ? 'on' : value === 'mixed' ? 'mixed' : value === 'false' ? 'off' : undefined;
  }

  function statesOf(element, role, active) {
    const states = {};
    if (element.matches(':disabled') || element.closest('[aria-disabled="true"]')) states.disabled = true;
    if (element === active) states.focused = true;
    if (element.required || flag(element, 'aria-required')) states.required = true;
    if ((element.readOnly && isText(element)) || flag(element, 'aria-readonly')) states.readonly = true;
    if (element.matches(':user-invalid') || flag(element, 'aria-invalid')) states.invalid = true;
    if (isText(element) || role === 'textbox' || role === 'searchbox') states.editable = true;
    if (element.multiple || flag(element, 'aria-multiselectable')) states.multiple = true;
    if (element.tagName === 'INPUT' && (element.type === 'checkbox' || element.type === 'radio')) {
      states.checked = element.indeterminate ? 'mixed' : element.checked ? 'on' : 'off';
    } else {
      const checked = tri(element.getAttribute('aria-checked'));
      if (checked) states.checked = checked;
    }
    const pressed = tri(element.getAttribute('aria-pressed'));
    if (pressed) states.pressed = pressed;
    const selected = element.getAttribute('aria-selected');
    if (selected !== null) states.selected = selected === 'true';
    else if (element.tagName === 'OPTION') states.selected = element.selected;
    const expanded = element.getAttribute('aria-expanded');
    if (expanded !== null) states.expanded = expanded === 'true';
    else if (element.tagName === 'SUMMARY' && element.parentElement?.tagName === 'DETAILS') states.expanded = element.parentElement.open;
    return states;
  }

  function rawValueOf(element, role) {
    switch (element.tagName) {
      case 'INPUT':
        if (/^(checkbox|radio|button|submit|reset|image|hidden)$/.test(element.type)) return null;
        if (element.type === 'file') return Array.from(element.files, (file) => file.name).join(', ');
        return element.value;
      case 'TEXTAREA':
        return element.value;
      case 'SELECT':
        return Array.from(element.selectedOptions, (option) => fold(option.label || option.text)).join(', ');
      case 'PROGRESS':
      case 'METER':
        return String(element.value);
    }
    if (element.isContentEditable) return fold(element.innerText ?? '');
    const now = element.getAttribute('aria-valuetext') ?? element.getAttribute('aria-valuenow');
    if (now !== null) return now;
    return role === 'combobox' || role === 'textbox' || role === 'searchbox' ? fold(element.textContent ?? '') : null;
  }
  function valueOf(element, role) {
    const value = rawValueOf(element, role);
    if (value === null) return null;
    return isSecret(element) ? (value === '' ? '' : MASK) : cut(value, 10000);
  }

  const CHOICES_LIMIT = 300;
  function choicesOf(element) {
    const options = element.tagName === 'SELECT' ? element.options : element.list?.options;
    if (!options || options.length === 0) return undefined;
    return Array.from(options)
      .slice(0, CHOICES_LIMIT)
      .map((option) => {
        const choice = { label: fold(option.label || option.text), value: option.value };
        if (option.selected && element.tagName === 'SELECT') choice.selected = true;
        if (option.disabled || option.parentElement?.disabled) choice.disabled = true;
        return choice;
      });
  }

  function labelOf(element) {
    const labels = element.labels;
    if (labels && labels.length > 0) {
      return cut(fold(Array.from(labels, (label) => {
        // A select inside its label would bring all its options along.
        if (!label.querySelector('select,textarea')) return label.textContent ?? '';
        return Array.from(label.childNodes, (child) => (child.nodeType === 3 ? child.data : '')).join(' ');
      }).join(' ')), 200);
    }
    return '';
  }

  // ---- Forms: what submitting would send. ----
  function isSubmitter(element) {
    if (element.tagName === 'BUTTON') return element.type === 'submit' && !!element.form;
    return element.tagName === 'INPUT' && (element.type === 'submit' || element.type === 'image') && !!element.form;
  }
  const FIELD_SELECTOR = 'input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=reset]):not([type=image]),select,textarea,[contenteditable=""],[contenteditable=true]';
  function fieldsOf(controls) {
    const fields = [];
    for (const control of controls) {
      if (fields.length >= 60) break;
      if (!control.matches?.(FIELD_SELECTOR)) continue;
      if (control.type === 'radio' && !control.checked) continue;
      let value = valueOf(control, '');
      if (control.type === 'checkbox') value = control.checked ? 'yes' : 'no';
      if (control.type === 'radio') value = labelOf(control) || control.value;
      if (value === null || value === '') continue;
      // A file field's name holds the file's name, which is its value.
      const name = control.type === 'radio' ? control.name : (control.type === 'file' && labelOf(control)) || fold(control.computedName || '') || labelOf(control) || control.placeholder || control.name || control.id;
      fields.push([cut(name, 100), cut(value, 300)]);
    }
    return fields;
  }
  const CARD_HINT = /(^|[^a-z])(cc-?(num|number|csc|exp)|card-?_?number|cardnumber|cvc|cvv|cvv2|csc)([^a-z]|$)/i;
  function factsOf(controls, method, action) {
    const list = Array.from(controls);
    return {
      method,
      action,
      fields: fieldsOf(list),
      // What the page sends along unseen.
      hidden: list.filter((control) => control.type === 'hidden' && control.name && control.value).slice(0, 40).map((control) => [cut(control.name, 100), cut(control.value, 300)]),
      has_password: list.some((control) => control.type === 'password'),
      has_card: list.some((control) => CARD_HINT.test(`${control.getAttribute?.('autocomplete') ?? ''} ${control.name ?? ''} ${control.id ?? ''}`)),
      has_file: list.some((control) => control.type === 'file'),
    };
  }
  const GROUP_SELECTOR = '[role=form],[role=dialog],dialog,fieldset,section,article,main';
  /// `fieldsWithin` remembers, for one walk, which groups hold fields: asking a long list for each of its buttons is slow.
  function formRoot(element, fieldsWithin) {
    if (element.form) return element.form;
    const around = element.closest('form');
    if (around) return around;
    // Fields without a form element: the nearest group around that holds some.
    let group = element.closest(GROUP_SELECTOR);
    for (let up = 0; group && up < 3; up++) {
      let holds = fieldsWithin.get(group);
      if (holds === undefined) fieldsWithin.set(group, (holds = !!group.querySelector(FIELD_SELECTOR)));
      if (holds) return group;
      group = group.parentElement?.closest(GROUP_SELECTOR) ?? null;
    }
    return null;
  }
  function formFacts(root) {
    if (root.tagName === 'FORM') {
      return factsOf(root.elements, root.getAttribute('method')?.toLowerCase() || 'get', String(new URL(root.getAttribute('action') || '', document.baseURI)));
    }
    return factsOf(root.querySelectorAll(FIELD_SELECTOR), '', '');
  }

  // ---- Geometry ----
  const overlap = (a, b) => {
    const x = Math.max(a.x, b.x);
    const y = Math.max(a.y, b.y);
    const right = Math.min(a.x + a.width, b.x + b.width);
    const bottom = Math.min(a.y + a.height, b.y + b.height);
    return right > x && bottom > y ? { x, y, width: right - x, height: bottom - y } : null;
  };
  const round = (box) => ({ x: Math.round(box.x * 10) / 10, y: Math.round(box.y * 10) / 10, width: Math.round(box.width * 10) / 10, height: Math.round(box.height * 10) / 10 });

  function frameBox(element) {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return {
      x: box.x + element.clientLeft + parseFloat(style.paddingLeft),
      y: box.y + element.clientTop + parseFloat(style.paddingTop),
      width: element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight),
      height: element.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom),
    };
  }

  /// The deepest element at a point, through all shadow roots.
  function elementAt(x, y) {
    let root = document;
    for (;;) {
      const found = root.elementFromPoint(x, y);
      if (!found) return root === document ? null : root.host;
      const inner = rootOf(found);
      if (!inner || inner === root) return found;
      const deeper = inner.elementFromPoint(x, y);
      if (!deeper || deeper === found || deeper.getRootNode() !== inner) return found;
      root = inner;
    }
  }
  function flatParent(node) {
    return node.assignedSlot ?? node.parentElement ?? node.getRootNode()?.host ?? null;
  }
  function within(node, ancestor) {
    for (let up = node; up; up = flatParent(up)) if (up === ancestor) return true;
    return false;
  }
  function describe(element) {
    const name = fold(element.computedName ?? '') || cut(fold(element.textContent ?? ''), 60);
    const role = element.computedRole && element.computedRole !== 'generic' ? element.computedRole : element.tagName.toLowerCase();
    return name ? `${role} "${name}"` : `${role} <${element.tagName.toLowerCase()}>`;
  }
  /// In words, what would get a click on this box's middle instead of the element; null where the element gets it.
  function coverOf(element, box) {
    const hit = elementAt(box.x + box.width / 2, box.y + box.height / 2);
    if (!hit || within(hit, element) || within(element, hit)) return null;
    const label = hit.closest?.('label');
    if (label && label.control === element) return null;
    if (element.labels && Array.from(element.labels).some((own) => within(hit, own))) return null;
    return describe(hit);
  }

  // ---- What a person sees although it says nothing: icons and coloured boxes. ----
  const COLOURS = [
    ['black', 0, 0, 0], ['white', 255, 255, 255], ['gray', 128, 128, 128], ['silver', 192, 192, 192], ['red', 255, 0, 0], ['maroon', 128, 0, 0],
    ['yellow', 255, 255, 0], ['olive', 128, 128, 0], ['lime', 0, 255, 0], ['green', 0, 128, 0], ['aqua', 0, 255, 255], ['teal', 0, 128, 128],
    ['blue', 0, 0, 255], ['navy', 0, 0, 128], ['fuchsia', 255, 0, 255], ['purple', 128, 0, 128], ['orange', 255, 165, 0], ['pink', 255, 192, 203],
    ['brown', 165, 42, 42],
  ];
  // Names of the same colour.
  const SAME_COLOUR = { aqua: 'cyan', fuchsia: 'magenta', gray: 'grey' };
  /// The nearest common name of a computed colour, with its other name; null for what is not seen.
  function colourName(text) {
    const parts = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(text);
    if (!parts || (parts[4] !== undefined && Number(parts[4]) < 0.2)) return null;
    const [red, green, blue] = parts.slice(1, 4).map(Number);
    let best = null;
    let least = Infinity;
    for (const [name, r, g, b] of COLOURS) {
      const distance = (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2;
      if (distance < least) [best, least] = [name, distance];
    }
    return best;
  }
  const CORNERS = { 3: 'triangle', 5: 'pentagon', 6: 'hexagon', 7: 'heptagon', 8: 'octagon' };
  /// The names of what a box as wide and as high as this looks like, round or not.
  function boxName(width, height, round) {
    const even = Math.abs(width - height) <= 0.1 * Math.max(width, height);
    if (round) return even ? 'circle' : 'ellipse oval';
    return even ? 'square rectangle' : 'rectangle';
  }
  /// The names of a drawn shape, read off its geometry; null for what has no common name.
  function shapeName(element, box) {
    switch (element.tagName) {
      case 'circle':
        return 'circle';
      case 'ellipse':
        return boxName(element.rx.baseVal.value, element.ry.baseVal.value, true);
      case 'rect':
        return boxName(element.width.baseVal.value, element.height.baseVal.value, false);
      case 'line':
        return 'line';
      case 'polygon': {
        const points = Array.from(element.points).slice(0, 20);
        if (points.length !== 4) return CORNERS[points.length] ?? null;
        const level = points.filter((point, at) => {
          const next = points[(at + 1) % 4];
          return Math.abs(point.x - next.x) < 1 || Math.abs(point.y - next.y) < 1;
        });
        return level.length === 4 ? boxName(box.width, box.height, false) : 'diamond';
      }
      default:
        return null;
    }
  }
  const HUES = [
    ['red', 15], ['orange', 45], ['yellow', 70], ['green', 165], ['cyan', 195], ['blue', 255], ['purple', 290], ['pink', 345], ['red', 361],
  ];
  /// Which colour a computed colour is a shade of; null for greys and for what is not seen.
  function hueName(text) {
    const parts = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(text);
    if (!parts || (parts[4] !== undefined && Number(parts[4]) < 0.2)) return null;
    const [red, green, blue] = parts.slice(1, 4).map(Number);
    const most = Math.max(red, green, blue);
    const range = most - Math.min(red, green, blue);
    if (range < 20) return null;
    const sixth = most === red ? ((green - blue) / range + 6) % 6 : most === green ? (blue - red) / range + 2 : (red - green) / range + 4;
    return HUES.find(([, until]) => sixth * 60 < until)[0];
  }
  const MOST_BOXES = 200;
  /// What takes more of a control than this is an inner part of it, and not one of several things in it.
  const INNER_PART = 0.2;
  /// How a box without text and children is drawn; null where nothing of it is to be seen.
  function drawnAs(element, box) {
    if (box.width < 5 || box.height < 5 || box.width * box.height > 0.4 * innerWidth * innerHeight) return null;
    const style = getComputedStyle(element);
    const colour = colourName(style.backgroundColor);
    const before = getComputedStyle(element, '::before').content;
    const icon = style.backgroundImage !== 'none' || style.content.startsWith('url(') || !/^(none|normal|"")$/.test(before);
    if (!colour && !icon && !(parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== 'none')) return null;
    const isRound = style.borderTopLeftRadius.endsWith('%')
      ? parseFloat(style.borderTopLeftRadius) >= 50
      : parseFloat(style.borderTopLeftRadius) >= Math.min(box.width, box.height) / 2;
    return { colour, hue: hueName(style.backgroundColor), shape: icon ? null : boxName(box.width, box.height, isRound), pointer: style.cursor === 'pointer' };
  }

  // ---- Rows: the smallest repeated ancestor. ----
  function isRow(element) {
    if (ROW_TAGS.has(element.tagName)) return true;
    const role = element.getAttribute('role');
    if (role && ROW_ROLES.has(role)) return true;
    if (!/^(DIV|SECTION|A|BUTTON|LABEL)$/.test(element.tagName)) return false;
    // Cards: siblings of the same tag and the same first class.
    const parent = element.parentElement;
    if (!parent || !element.className || typeof element.className !== 'string' || element.childElementCount < 2) return false;
    const first = element.classList[0];
    let twins = 0;
    for (const sibling of [element.previousElementSibling, element.nextElementSibling]) {
      if (sibling && sibling.tagName === element.tagName && sibling.classList[0] === first) twins++;
    }
    return twins > 0;
  }
  function columnOf(element) {
    const cell = element.closest('td,th,[role=cell],[role=gridcell]');
    const table = cell?.closest('table');
    if (!cell || !table || cell.cellIndex === undefined) return undefined;
    const head = table.tHead?.rows[0] ?? table.rows[0];
    const heading = head?.cells[cell.cellIndex];
    if (!heading || heading === cell || heading.tagName !== 'TH') return undefined;
    return cut(fold(heading.textContent ?? ''), 80) || undefined;
  }

  // ---- What shows secrets: the kinds of readable parts, in the words of whoever searches them. ----
  const TEXT = 0;
  const SHOWN = 1;
  const ATTRIBUTE = 2;
  const LONGEST_TEXT = 20000;
  const SHOWN_ATTRIBUTE = /^(data-|alt$|title$|aria-label$)/;
  /// What a page draws by itself; its text cannot be read.
  const isDrawn = (element, tag) => tag === 'CANVAS' || (tag === 'IMG' && /^(blob|data):/i.test(element.currentSrc || element.src));

  // ---- The walk ----
  // Where each element was when it was last listed, so that what has not moved since needs no second look.
  const seenBoxes = new WeakMap();
  function observe(options) {
    const began = performance.now();
    const width = innerWidth;
    const height = innerHeight;
    // What is in view and a quarter of the viewport around it.
    const near = options.whole ? null : { x: -width / 4, y: -height / 4, width: 1.5 * width, height: 1.5 * height };
    const view = { x: 0, y: 0, width, height };
    let active = document.activeElement;
    while (active && rootOf(active)?.activeElement) active = rootOf(active).activeElement;

    const elements = [];
    const frames = [];
    const closedHosts = [];
    let boxes = 0;
    const forms = [];
    const formIndex = new Map();
    const fieldsWithin = new Map();
    const rows = new Map();
    const rowGroups = new Map();
    let unlisted = 0;
    let heading = '';
    const collecting = [];
    const landmarks = [];
    // What stands in secret fields, what else can be read, and what cannot; for whoever paints secrets over.
    const held = [];
    const texts = [];
    const veils = [];
    function tell(node, kind, text) {
      if (text) texts.push([numberOf(node), kind, cut(text, LONGEST_TEXT)]);
    }
    function tellOf(element, tag) {
      if (tag === 'INPUT' || tag === 'TEXTAREA') {
        if (!/^(checkbox|radio|hidden|file|image|password)$/.test(element.type) && !isSecret(element)) tell(element, SHOWN, element.value || element.placeholder);
      } else if (tag === 'SELECT') {
        for (const option of element.selectedOptions) tell(element, SHOWN, option.label || option.text);
      } else if (tag === 'IMG' || tag === 'OBJECT' || tag === 'EMBED') {
        const source = element.currentSrc || element.src || element.data || '';
        if (/^data:image\/svg/i.test(source)) tell(element, SHOWN, source);
      }
      for (const attribute of element.attributes) {
        if (attribute.value.length >= 3 && SHOWN_ATTRIBUTE.test(attribute.name)) tell(element, ATTRIBUTE, attribute.value);
      }
    }

    function formOf(element) {
      const root = formRoot(element, fieldsWithin);
      if (!root) return undefined;
      let index = formIndex.get(root);
      if (index === undefined) {
        index = forms.length;
        formIndex.set(root, index);
        forms.push(formFacts(root));
      }
      return index;
    }

    /// Tags with positions from the root, through shadow roots; worked out only for what is listed.
    const paths = new Map([[document.documentElement, 'html']]);
    const positions = new Map();
    function pathOf(element) {
      let path = paths.get(element);
      if (path !== undefined) return path;
      const parent = element.parentNode;
      let counted = positions.get(parent);
      if (!counted) {
        counted = new Map();
        const counts = new Map();
        for (let child = parent?.firstElementChild; child; child = child.nextElementSibling) {
          const name = child.tagName.toLowerCase();
          const count = (counts.get(name) ?? 0) + 1;
          counts.set(name, count);
          counted.set(child, `${name}[${count}]`);
        }
        positions.set(parent, counted);
      }
      const above = parent?.nodeType === 11 ? (parent.host ? `${pathOf(parent.host)}/#shadow` : '') : parent?.nodeType === 1 ? pathOf(parent) : '';
      path = `${above}/${counted.get(element) ?? element.tagName.toLowerCase()}`;
      paths.set(element, path);
      return path;
    }

    function rowOf(element) {
      let known = rows.get(element);
      if (!known) {
        const parent = element.parentElement;
        let group = rowGroups.get(parent);
        if (!group) {
          const order = new Map();
          let index = 0;
          for (const sibling of parent ? parent.children : []) {
            if (sibling.tagName === element.tagName) order.set(sibling, index++);
          }
          group = { order, count: index, seen: [] };
          rowGroups.set(parent, group);
        }
        known = { texts: [], index: group.order.get(element) ?? 0, count: group.count };
        group.seen.push(known);
        rows.set(element, known);
      }
      return known;
    }

    function landmarkOf(element) {
      const role = element.getAttribute('role');
      if (!(role ? LANDMARK_ROLES.has(role) : LANDMARK_TAGS.has(element.tagName))) return null;
      const name = fold(element.computedName ?? '');
      if (name) return cut(name, 80);
      if (element.tagName === 'FIELDSET') return cut(fold(element.querySelector('legend')?.textContent ?? ''), 80) || null;
      return role ?? (element.tagName === 'SECTION' ? null : element.tagName.toLowerCase());
    }

    function list(element, box, visible, kind, context) {
      const number = numberOf(element);
      seenBoxes.set(element, { box, at: began });
      let role = element.computedRole || '';
      if (!role || role === 'generic' || role === 'none' || role === 'presentation') {
        const native = element.tagName === 'INPUT' ? NATIVE_ROLES[element.type] : undefined;
        role = native ? native : kind === 'text' ? 'StaticText' : kind === 'shape' ? 'graphics-symbol' : element.tagName === 'CANVAS' ? 'Canvas' : role || 'generic';
      }
      const clipped = visible ? overlap(box, context.clip) : null;
      const shown = clipped ? overlap(clipped, view) : null;
      const entry = {
        number,
        role,
        tag: element.tagName.toLowerCase(),
        bounds: round(shown ?? box),
        in_view: !!shown,
        path: pathOf(element),
      };
      // A file field that is hidden behind a button has no name for those who see, but one for whoever fills it.
      const hidden = visible ? '' : element.getAttribute('aria-label') || labelOf(element);
      const name = cut(fold(hidden || element.computedName || ''));
      if (name) entry.name = name;
      entry.interactive = kind === 'control';
      if (kind === 'control') {
        const value = valueOf(element, role);
        if (value !== null) {
          entry.value = value;
          if (isSecret(element)) entry.masked = true;
        }
        const label = labelOf(element);
        if (label) entry.label = label;
        if (element.placeholder) entry.placeholder = cut(element.placeholder, 200);
        const choices = choicesOf(element);
        if (choices) entry.choices = choices;
        const form = formOf(element);
        if (form !== undefined) {
          entry.form = form;
          if (isSubmitter(element)) entry.submits = true;
          // A button may send its form elsewhere or otherwise than the form says.
          if (element.hasAttribute?.('formaction')) entry.form_action = String(new URL(element.getAttribute('formaction'), document.baseURI));
          if (element.hasAttribute?.('formmethod')) entry.form_method = element.getAttribute('formmethod').toLowerCase();
        }
        if (shown) {
          const cover = coverOf(element, shown);
          if (cover) entry.covered_by = cover;
        }
      }
      if (element.tagName === 'PROGRESS' || element.tagName === 'METER') entry.value = valueOf(element, role);
      const states = statesOf(element, role, active);
      if (Object.keys(states).length > 0) entry.states = states;
      const attributes = attributesOf(element);
      if (Object.keys(attributes).length > 0) entry.attributes = attributes;
      if (heading) entry.heading = heading;
      if (landmarks.length > 0) entry.landmark = landmarks[landmarks.length - 1];
      if (context.row) {
        entry.rowRef = rowOf(context.row);
        const column = columnOf(element);
        if (column) entry.column = column;
      }
      if (HEADING_TAG.test(element.tagName) || role === 'heading') {
        heading = cut(fold(element.textContent ?? ''), 120);
      }
      elements.push(entry);
      return entry;
    }

    function say(text) {
      for (const entry of collecting) {
        if (entry.said.length < TEXT_LIMIT) entry.said += entry.said ? ` ${text}` : text;
      }
    }

    function walk(node, context) {
      if (SKIPPED_TAGS.has(node.tagName) && !(node.tagName === 'OPTION' && context.listbox)) return;
      const element = node;
      const isFile = element.tagName === 'INPUT' && element.type === 'file';
      const display = element.checkVisibility({ contentVisibilityAuto: true });
      if (!display && !isFile) return;
      const svg = element.namespaceURI === 'http://www.w3.org/2000/svg';
      const tag = element.tagName;
      const box = element.getBoundingClientRect();
      const sized = box.width > 0 && box.height > 0;
      const inNear = !near || (sized && overlap(box, near) !== null);

      const attributeRole = element.getAttribute('role');
      let kind = null;
      let pointer = context.pointer;
      if (!context.whole) {
        if (
          (INTERACTIVE_TAGS.has(tag) && !(tag === 'A' && !element.hasAttribute('href') && !attributeRole) && !(tag === 'LABEL') && !(tag === 'INPUT' && element.type === 'hidden')) ||
          (attributeRole && INTERACTIVE_ROLES.has(attributeRole)) ||
          (element.hasAttribute('contenteditable') && element.isContentEditable && !element.parentElement?.isContentEditable) ||
          element.hasAttribute('onclick') ||
          (element.hasAttribute('tabindex') && element.tabIndex >= 0)
        ) {
          kind = 'control';
        } else if (SHOWN_TAGS.has(tag)) {
          kind = 'shown';
        } else if (svg && SVG_SHAPES.has(tag) && context.svgShapes) {
          kind = 'shape';
        }
      }
      let own = '';
      if (!svg || tag === 'text' || tag === 'tspan') {
        for (let child = element.firstChild; child; child = child.nextSibling) {
          if (child.nodeType === 3 && child.data.trim() !== '') {
            own = child.data;
            break;
          }
        }
      }
      if (!kind && !context.whole && own !== '') kind = 'text';
      let drawn = null;
      if (kind === null && !context.whole && !svg && element.childElementCount === 0 && sized && inNear && boxes < MOST_BOXES) {
        drawn = drawnAs(element, box);
        if (drawn) {
          boxes++;
          kind = drawn.pointer ? 'control' : 'shown';
        }
      }
      // What somebody uses is there, whatever it looks like; but for the inner part of a control, which is not listed at other
      // times either.
      const around = context.control;
      const isInner = around && box.width * box.height > around.width * around.height * INNER_PART;
      if (!kind && element === options.used && !isInner) kind = 'shown';
      if (sized && inNear && !isFile && (kind === 'text' || kind === null || kind === 'shape' || kind === 'shown') && !context.whole && !context.pointer) {
        // A hand over something that is not a link or button: somebody listens there.
        if (getComputedStyle(element).cursor === 'pointer') {
          pointer = true;
          if (tag !== 'LABEL' && tag !== 'BODY' && tag !== 'HTML') kind = 'control';
        }
      }
      const visible = display && sized && (own === '' && kind === null ? true : element.checkVisibility({ visibilityProperty: true }));

      if ((tag === 'INPUT' || tag === 'TEXTAREA') && element.value.length >= 3 && isSecret(element)) held.push(cut(element.value));
      if (options.texts && visible && inNear) tellOf(element, tag);
      if (options.veil && visible && inNear && isDrawn(element, tag)) veils.push(round(box));

      let row = context.row;
      if (kind !== null || element.firstChild) if (isRow(element)) row = element;
      const inner = { clip: context.clip, row, whole: context.whole, pointer, control: kind === 'control' ? box : context.control, svgShapes: context.svgShapes, listbox: false };

      let entry = null;
      if (kind && ((visible && inNear) || (isFile && kind === 'control'))) {
        entry = list(element, box, visible, kind, inner);
        const fill = svg ? getComputedStyle(element).fill : '';
        const colour = drawn ? drawn.colour : colourName(fill);
        const hue = drawn ? drawn.hue : hueName(fill);
        const shape = drawn ? drawn.shape : svg ? shapeName(element, box) : null;
        if (colour || shape) entry.attributes ??= {};
        if (hue) entry.attributes.hue = hue;
        if (colour) entry.attributes.colour = SAME_COLOUR[colour] ? `${colour} ${SAME_COLOUR[colour]}` : colour;
        if (shape) entry.attributes.shape = shape;
        if (isFile && !visible) entry.in_view = false;
      } else if (kind && visible) {
        unlisted++;
        if (HEADING_TAG.test(tag)) heading = cut(fold(element.textContent ?? ''), 120);
      } else if (HEADING_TAG.test(tag) && visible) {
        heading = cut(fold(element.textContent ?? ''), 120);
      }
      if (tag === 'IFRAME' || tag === 'FRAME') {
        const content = frameBox(element);
        const shown = visible ? overlap(content, inner.clip) : null;
        const inView = shown ? overlap(shown, view) : null;
        const cover = inView ? coverOf(element, inView) : null;
        frames.push({ number: numberOf(element), box: round(content), shown: shown ? round(shown) : null, covered_by: cover });
        return;
      }
      const role = entry?.role;
      if (entry && kind === 'control' && WHOLE_ROLES.has(role) && !element.querySelector('a[href],button,input,select,textarea,[tabindex]')) inner.whole = true;
      if (tag === 'svg') inner.svgShapes = element.querySelectorAll('circle,ellipse,rect,polygon,polyline,path,line,image,use').length <= 100 && sized && box.width >= 100;
      // Only what overflows can clip what is inside it.
      if (sized && element.firstElementChild && tag !== 'HTML' && tag !== 'BODY' && (element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1) && element.clientHeight > 0) {
        const style = getComputedStyle(element);
        if (style.overflowX !== 'visible' || style.overflowY !== 'visible') {
          inner.clip = overlap(box, context.clip) ?? { x: box.x, y: box.y, width: 0, height: 0 };
        }
      }
      const landmark = landmarkOf(element);
      if (landmark) landmarks.push(landmark);
      if (entry) {
        entry.said = '';
        collecting.push(entry);
      }
      let rowEntry = row ? rows.get(row) : undefined;

      const shadow = rootOf(element);
      if (shadow) watch(shadow);
      if (!shadow && !askedForRoot.has(element) && closedHosts.length < 50 && sized) {
        if (tag.includes('-') || (element.childNodes.length === 0 && /^(DIV|SPAN|SECTION|ARTICLE|MAIN|ASIDE)$/.test(tag) && box.width >= 8 && box.height >= 8)) {
          closedHosts.push(numberOf(element));
          askedForRoot.add(element);
        }
      }
      const assigned = tag === 'SLOT' && !shadow ? element.assignedNodes() : [];
      let index = 0;
      let next = assigned.length > 0 ? assigned[0] : (shadow ?? element).firstChild;
      while (next) {
        const child = next;
        next = assigned.length > 0 ? assigned[++index] : child.nextSibling;
        if (child.nodeType === 3) {
          const text = fold(child.data);
          if (text !== '' && options.texts && (inNear || !sized)) tell(child, TEXT, child.data);
          if (text !== '' && visible) {
            if (collecting.length > 0) say(text);
            if (row && inNear) {
              rowEntry ??= rowOf(row);
              if (rowEntry.texts.length < 24) rowEntry.texts.push(cut(text, 120));
            }
          }
        } else if (child.nodeType === 1) {
          walk(child, inner);
        }
      }
      if (entry) collecting.pop();
      if (landmark) landmarks.pop();
    }

    if (document.documentElement) {
      walk(document.documentElement, { clip: { x: -1e7, y: -1e7, width: 2e7, height: 2e7 }, row: null, whole: false, pointer: false, control: null, svgShapes: false });
    }

    // What every row of a group says tells none of them apart.
    for (const group of rowGroups.values()) {
      if (group.seen.length < 2) continue;
      const counts = new Map();
      for (const row of group.seen) for (const text of new Set(row.texts)) counts.set(text, (counts.get(text) ?? 0) + 1);
      for (const row of group.seen) row.texts = row.texts.filter((text) => counts.get(text) < group.seen.length);
    }
    for (const entry of elements) {
      if (entry.said) entry.text = cut(entry.said);
      delete entry.said;
      if (entry.rowRef) {
        entry.row = { texts: entry.rowRef.texts, index: entry.rowRef.index, count: entry.rowRef.count };
        if (entry.column) entry.row.column = entry.column;
        delete entry.rowRef;
        delete entry.column;
      }
    }
    const scroller = document.scrollingElement ?? document.documentElement;
    return JSON.stringify({
      url: location.href,
      title: document.title,
      focused: active && active !== document.body && document.hasFocus() ? numberOf(active) : null,
      focusedFrame: active?.tagName === 'IFRAME',
      width,
      height,
      scroll: { x: scrollX, y: scrollY, width: scroller?.scrollWidth ?? 0, height: scroller?.scrollHeight ?? 0 },
      elements,
      frames,
      forms,
      unlisted,
      closedHosts,
      held,
      texts,
      veils,
    });
  }

  // ---- Rest: what the page is still doing. ----
  let changes = 0;
  let changedAt = performance.timeOrigin + performance.now();
  /// Changes further apart than this are not one movement, and what moves for longer than that is no answer to a click.
  const PAUSE_MS = 100;
  const MOVES_MS = 300;
  let restlessSince = changedAt;
  const watched = new WeakSet();
  const watcher = new MutationObserver((records) => {
    changes += records.length;
    const at = performance.timeOrigin + performance.now();
    if (at - changedAt > PAUSE_MS) restlessSince = at;
    changedAt = at;
  });
  function watch(root) {
    if (watched.has(root)) return;
    watched.add(root);
    watcher.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
  }
  watch(document);

  const now = () => performance.timeOrigin + performance.now();
  /// Resolves at the beginning of the next frame, which will show everything that was done until then: how many changes
  /// there were before and meanwhile, when the last one was, and when that frame began (ms since the epoch).
  function rest() {
    const before = changes;
    return new Promise((resolve) => requestAnimationFrame(() => resolve({ during: changes - before, changedAt, frameAt: now() })));
  }

  globalThis.observer = {
    numberOf,
    nodeOf,
    frameBox,
    seenBox: (element) => seenBoxes.get(element),
    rootOf,
    elementAt,
    within,
    observe,
    /// Where parts of the page lie that `observe` told, from one character to another; of an attribute, where it is shown.
    boxes(spots) {
      const found = [];
      for (const [number, kind, start, end] of spots) {
        const node = nodeOf(number);
        if (!node) continue;
        if (kind === TEXT) {
          const range = document.createRange();
          range.setStart(node, Math.min(start, node.length));
          range.setEnd(node, Math.min(end, node.length));
          for (const box of range.getClientRects()) found.push(round(box));
          continue;
        }
        const drawn = (pseudo) => !/^(none|normal)$/.test(getComputedStyle(node, pseudo).content);
        if (kind === SHOWN || node.tagName === 'IMG' || drawn('::before') || drawn('::after')) found.push(round(node.getBoundingClientRect()));
      }
      return found;
    },
    rest,
    /// Whether scripts keep changing the page, as those do that move things.
    isRestless: () => now() - changedAt < PAUSE_MS && changedAt - restlessSince > MOVES_MS,
    isSecret,
    markSecret(number) {
      const element = nodeOf(number);
      if (!element) return;
      secretFields.add(element);
      // Pictures show dots instead of the secret, whatever the page does with the field's look.
      element.style.setProperty('-webkit-text-security', 'disc', 'important');
    },
    adopt(host, root) {
      closedRoots.set(host, root);
      watch(root);
    },
  };
})();
