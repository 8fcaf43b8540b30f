// The recorder: lives beside the observer in the isolated world of every frame while somebody shows a job, and tells what
// the person does. Only real input counts (isTrusted). Each deed is told with the page as it was before it, so that a target
// is described by what the person saw. The values of secret fields are never read here, and so are told to nobody.
(() => {
  if (globalThis.recorder || !globalThis.observer) return;
  const now = () => performance.timeOrigin + performance.now();
  const tell = (message) => {
    try {
      heardByApprentice(JSON.stringify(message));
    } catch {
      // Nobody listens any more.
    }
  };

  // ---- The page as it is, before it reacts. ----
  function take(used) {
    return { seen: observer.observe({ whole: false, used }), at: now() };
  }
  function flatParent(node) {
    return node.assignedSlot ?? node.parentElement ?? node.getRootNode()?.host ?? null;
  }
  /// The element and all around it, nearest first, by number.
  function chainOf(element) {
    const chain = [];
    for (let up = element; up && chain.length < 40; up = flatParent(up)) chain.push(observer.numberOf(up));
    return chain;
  }
  function report(deed, element, before, more = {}) {
    before ??= take();
    if (USES.test(deed) && !(deed === 'click' && picked?.element && picked.element === fieldOf(element))) tellPicked();
    const { seen, at } = before;
    // What the person had to do for it to be there at all, once.
    const { needed = [] } = before;
    before.needed = [];
    for (const one of needed) tell({ deed: one.deed, numbers: chainOf(one.element), seen: one.seen ?? seen, at: one.at ?? at });
    tell({ deed, numbers: element ? chainOf(element) : [], seen, at, ...more });
  }

  // ---- What the page showed only because the pointer rested somewhere, or because somebody scrolled. ----
  /// Whether each element could be seen when the page was looked through last, and when it was first there.
  let visibleThen = new WeakMap();
  const bornAt = new WeakMap();
  /// What showed an element: where the pointer rested.
  let shownBy = new WeakMap();
  let surveyedAt = 0;
  /// Whether something was put into the page since its elements were gone through last.
  let grown = true;
  let actedAt = 0;
  /// Where the pointer has been since the last deed: { element, at }.
  let trail = [];
  /// The ends of what was scrolled since the last deed: { element, scroller, seen, at }.
  let ends = [];
  /// The parts of the page that were scrolled since the last deed: { scroller, from, disabled, seen, at }, with how far they were
  /// scrolled and what could not be used before.
  let scrolled = [];
  let surveying = null;
  /// Larger pages are not looked through.
  const MOST_ELEMENTS = 20000;
  /// How near, in CSS pixels, what opens over the page lies to what opened it.
  const NEAR = 60;
  /// How long the pointer rests at most until what it opens is there and seen, in milliseconds.
  const OPENS_WITHIN = 1500;

  const canBeSeen = (element) => element.checkVisibility({ contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true });
  function survey() {
    clearTimeout(surveying);
    surveying = null;
    const all = document.querySelectorAll('*');
    if (all.length > MOST_ELEMENTS) return;
    const at = now();
    const since = surveyedAt;
    // What came between a deed and the first look afterwards came by the deed.
    const byPointer = since > actedAt && trail.length > 0;
    const fresh = new Set();
    for (const element of all) {
      const visible = canBeSeen(element);
      if (!bornAt.has(element)) bornAt.set(element, at);
      if (visible && byPointer && visibleThen.get(element) !== true) fresh.add(element);
      visibleThen.set(element, visible);
    }
    surveyedAt = at;
    grown = false;
    if (fresh.size > 0) attribute(fresh, at);
    if (ends.length > 0) addEnd(ends.at(-1).scroller);
  }
  /// Whether the page was through with being loaded: what it builds on the way comes by itself.
  let loaded = document.readyState === 'complete';
  addEventListener('load', () => setTimeout(() => { loaded = true; }, 0), { once: true });
  /// Notes what was put into the page before the pointer came to rest here. What only its style shows now may be shown by that.
  function noteGrown() {
    if (!grown) return;
    grown = false;
    const all = document.querySelectorAll('*');
    if (all.length > MOST_ELEMENTS) return;
    const at = now();
    for (const element of all) {
      if (bornAt.has(element)) continue;
      bornAt.set(element, at);
      visibleThen.set(element, canBeSeen(element));
    }
  }
  function surveySoon(delay) {
    // A large page is looked through less often.
    surveying ??= setTimeout(survey, delay);
  }
  /// Says of what has just come into sight where the pointer rested that showed it.
  function attribute(fresh, at) {
    const isFresh = (element) => {
      for (let up = element; up; up = flatParent(up)) if (fresh.has(up)) return true;
      return false;
    };
    const rest = trail.findLast(({ element }) => element.isConnected && !isFresh(element));
    const cause = rest?.element;
    // What comes later comes by itself.
    if (!cause || at - rest.at > OPENS_WITHIN || cause === document.body || cause === document.documentElement) return;
    for (const element of fresh) {
      if (!fresh.has(element.parentElement) && opensFrom(cause, element, bornAt.get(element) === at)) shownBy.set(element, cause);
    }
  }
  /// Whether something that came into sight belongs to where the pointer was: it was hidden in the same thing, or is laid over the
  /// page beside it. What is new in the page's flow was loaded.
  function opensFrom(cause, root, isNew) {
    let around = cause;
    for (let up = 0; !isNew && up < 3 && around && around !== document.body; up++, around = flatParent(around)) if (observer.within(root, around)) return true;
    if (!/^(absolute|fixed)$/.test(getComputedStyle(root).position)) return false;
    const a = cause.getBoundingClientRect();
    const b = root.getBoundingClientRect();
    return b.left < a.right + NEAR && b.right > a.left - NEAR && b.top < a.bottom + NEAR && b.bottom > a.top - NEAR;
  }
  function hoversFor(target) {
    const hovers = [];
    for (let from = target; hovers.length < 5; from = hovers[0]) {
      let cause = null;
      for (let up = from; up && !cause; up = flatParent(up)) cause = shownBy.get(up);
      if (!cause || hovers.includes(cause)) break;
      hovers.unshift(cause);
    }
    return hovers;
  }
  /// What has to be done before something can be done to the target: the pointer's rests, and scrolling that brought it about.
  function neededFor(target) {
    if (trail.length > 0 || ends.length > 0) survey();
    const needed = hoversFor(target).map((element) => ({ deed: 'hover', element }));
    for (const end of ends) {
      if (end.element.isConnected && end.at < (bornAt.get(target) ?? 0) && observer.within(target, end.scroller)) needed.push({ ...end, deed: 'scroll-to' });
    }
    const control = fieldOf(target) ?? target.closest?.('button,input,select,textarea') ?? target;
    for (const part of scrolled) {
      const { scroller } = part;
      const atEnd = scroller.scrollTop > 0 && scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 2;
      const atStart = scroller.scrollTop <= 0 && part.from > 0;
      // It made something usable, or the person says that it belongs to the job.
      if (scroller.isConnected && (atEnd || atStart) && (part.disabled.has(control) || SAYS_SCROLL.test(goal))) needed.push({ ...part, deed: atEnd ? 'scroll-end' : 'scroll-start', element: scroller });
    }
    return needed;
  }
  const SAYS_SCROLL = /\bscroll/i;
  /// Something was done: what comes into sight now comes by it.
  function acted() {
    actedAt = now();
    trail = [];
    ends = [];
    scrolled = [];
    shownBy = new WeakMap();
    clearTimeout(surveying);
    surveying = setTimeout(survey, 150);
  }
  function onPointerOver(event) {
    if (!event.isTrusted || event.buttons !== 0) return;
    const element = targetOf(event);
    if (!element || trail.at(-1)?.element === element) return;
    // What the rest before this one brought about is found by looking, not noted as having been there.
    if (surveying && trail.length > 0) survey();
    else noteGrown();
    if (!loaded) return;
    trail.push({ element, at: now() });
    if (trail.length > 30) trail.shift();
    surveySoon(80);
  }
  function onWheel(event) {
    if (event.isTrusted) scrolling(scrollerOf(targetOf(event)));
  }
  function scrolling(scroller) {
    if (ends.length === 0) addEnd(scroller);
    if (scroller === document.documentElement || scrolled.some((part) => part.scroller === scroller)) return;
    scrolled.push({ scroller, from: scroller.scrollTop, disabled: new Set(document.querySelectorAll(':disabled')), seen: observer.observe({ whole: true, used: scroller }), at: now() });
  }
  function scrollerOf(element) {
    for (let up = element; up && up !== document.body && up !== document.documentElement; up = flatParent(up)) {
      if (up.scrollHeight > up.clientHeight + 1 && /^(auto|scroll)$/.test(getComputedStyle(up).overflowY)) return up;
    }
    return document.documentElement;
  }
  /// Notes the last thing that a scroller holds now: scrolled to again, it brings more about.
  function addEnd(scroller) {
    if (ends.length >= 10) return;
    const last = (inside) => {
      const children = [...(observer.rootOf(inside) ?? inside).children];
      const child = children.findLast((one) => !/^(SCRIPT|STYLE|TEMPLATE)$/.test(one.tagName) && one.getClientRects().length > 0 && one.getBoundingClientRect().height > 0);
      return child ? last(child) : inside;
    };
    const element = last(scroller);
    if (element === scroller || ends.at(-1)?.element === element) return;
    ends.push({ element, scroller, seen: observer.observe({ whole: true }), at: now() });
  }

  /// What an event is really about, through open and adopted closed shadow roots.
  function targetOf(event) {
    let target = event.composedPath()[0];
    if (target?.nodeType === 9) target = target.documentElement;
    if (target?.nodeType !== 1) return null;
    if (event.clientX || event.clientY) {
      if (observer.rootOf(target)) {
        const deeper = observer.elementAt(event.clientX, event.clientY);
        if (deeper && observer.within(deeper, target)) return deeper;
      }
      return target;
    }
    for (let root = observer.rootOf(target); root?.activeElement; root = observer.rootOf(target)) target = root.activeElement;
    return target;
  }

  // ---- What kind of thing it is. ----
  const TEXT_TYPES = /^(text|search|email|url|tel|password|number|date|time|datetime-local|month|week)$/;
  const hostOf = (element) => {
    if (!element.isContentEditable) return null;
    let host = element;
    while (host.parentElement?.isContentEditable) host = host.parentElement;
    return host;
  };
  /// The field that typing into this element changes.
  function fieldOf(element) {
    if (!element) return null;
    if (element.tagName === 'TEXTAREA' || element.tagName === 'SELECT') return element;
    if (element.tagName === 'OPTION') return element.closest('select');
    if (element.tagName === 'INPUT' && (TEXT_TYPES.test(element.type) || element.type === 'range' || element.type === 'color')) return element;
    return hostOf(element);
  }
  /// Digits may become a card's number or a code; what they are is known only once they are all there.
  const isFigures = (text) => /^[\d\s.-]*$/.test(text);
  const isSingleLine = (field) => field.tagName === 'INPUT';
  const isTyped = (field) => field.tagName !== 'SELECT' && field.type !== 'range' && field.type !== 'color';
  /// Does by itself what a click does when Enter or Space is pressed on it.
  const isNative = (element) => element.matches('button,a[href],area[href],summary,input,select,option');

  /// A payment card's number, by its length and its check digit.
  function isCard(text) {
    const digits = text.replace(/[ -]/g, '');
    if (!/^[3-6]\d{12,18}$/.test(digits)) return false;
    let sum = 0;
    for (let index = 0; index < digits.length; index++) {
      let digit = Number(digits[digits.length - 1 - index]);
      if (index % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
      sum += digit;
    }
    return sum % 10 === 0;
  }

  // ---- Typing: one deed for each field, told when something else is used; the last value counts. ----
  /// Whatever the page does with the field later (a button that shows the password), it stays hidden. Marking changes the field's
  /// style, which the page could notice; a password field is marked only when it is about to show what it holds, before it is painted.
  function hide(element) {
    const mark = () => observer.markSecret(observer.numberOf(element));
    if (element.type !== 'password') mark();
    else new MutationObserver(() => { if (element.type !== 'password') mark(); }).observe(element, { attributeFilter: ['type'] });
  }
  let field = null;
  function open(element, before) {
    if (field?.element === element) return field;
    commit();
    if (observer.isSecret(element)) hide(element);
    field = { element, before: before ?? take(), changed: false, value: null, secret: observer.isSecret(element) };
    return field;
  }
  function read(element) {
    if (element.tagName === 'SELECT') return Array.from(element.selectedOptions, (option) => (option.label || option.text).replace(/\s+/g, ' ').trim());
    if (element.isContentEditable) return (element.innerText ?? '').replace(/\n$/, '');
    return element.value;
  }
  const goal = globalThis.goalOfRecording ?? '';
  /// Where the goal says word for word what the field holds; then it is no secret to anybody who reads the goal.
  function saidAt(element) {
    const { value } = element;
    if (typeof value !== 'string' || value === '' || isCard(value)) return null;
    const inWord = (at) => /[\p{L}\p{N}]/u.test(goal[at] ?? ' ');
    for (let at = goal.indexOf(value); at >= 0; at = goal.indexOf(value, at + 1)) {
      if (!inWord(at - 1) && !inWord(at + value.length)) return [at, at + value.length];
    }
    return null;
  }
  function note(element) {
    const open_ = open(element, lastPress?.before);
    open_.changed = true;
    open_.secret ||= observer.isSecret(element);
    open_.said = open_.secret ? saidAt(element) : null;
    if (open_.secret) return;
    open_.value = read(element);
    if (typeof open_.value === 'string' && isCard(open_.value)) {
      open_.secret = true;
      open_.value = null;
      observer.markSecret(observer.numberOf(element));
    }
    if (isTyped(element)) draftSoon();
  }
  // What a field holds is told while it is typed as well, so that it is not lost with the page or the browser.
  const DRAFT_EVERY = 300;
  let drafting = null;
  let draftedAt = 0;
  function draftSoon() {
    const left = draftedAt + DRAFT_EVERY - now();
    if (left <= 0) draft();
    else drafting ??= setTimeout(draft, left);
  }
  function draft() {
    clearTimeout(drafting);
    drafting = null;
    if (!field?.changed || !isTyped(field.element)) return;
    draftedAt = now();
    const { element, before, secret, value, said } = field;
    if (secret) report('fill', element, before, { secret: true, said, unfinished: true });
    else if (!isFigures(value)) report('fill', element, before, { value, unfinished: true });
  }
  function commit() {
    const done = field;
    field = null;
    clearTimeout(drafting);
    drafting = null;
    if (!done?.changed) return;
    const { element, before, secret, value, said } = done;
    if (element.tagName === 'SELECT') report('choose', element, before, { labels: value });
    else if (secret) report('fill', element, before, { secret: true, said });
    else report('fill', element, before, { value });
  }

  // ---- Text that is selected: told once something is done with it. ----
  /// Where text is selected, by keys or the mouse: { element, before }, without an element where it is no field's. What a field
  /// selects by itself, when it gets the focus, is none.
  let picked = null;
  /// The field whose selected text something is done with.
  let usedIn = null;
  /// What is pressed while the page reacts to that.
  let acting = null;
  let pickedLater = null;
  const USES = /^(click|press|choose|upload|drag)$/;
  const SELECTING = /^(Arrow.*|Home|End|PageUp|PageDown)$/;
  /// Longer texts are told only as all that there is.
  const MOST_SELECTED = 10000;
  /// How far the mouse is moved at least while a field's text is selected with it, in CSS pixels.
  const SELECTS_FROM = 4;
  /// How long nothing more is selected in a frame until it is told, in milliseconds: what is done with it may be done in another frame.
  const TOLD_AFTER = 150;
  const folded = (text) => text.replace(/\s+/g, ' ').trim();
  function pick(element, before) {
    if (!picked || picked.element !== element) picked = { element, before: before ?? take(element ?? undefined) };
    if (window === window.top) return;
    clearTimeout(pickedLater);
    pickedLater = setTimeout(tellPicked, TOLD_AFTER);
  }
  function selectionNear(element) {
    return element?.getRootNode().getSelection?.() ?? getSelection();
  }
  /// The text that is selected now, and in what.
  function selectedNow() {
    let { element } = picked;
    if (element?.tagName === 'INPUT' || element?.tagName === 'TEXTAREA') {
      // Some kinds of fields do not say it.
      if (element.selectionStart === null) return null;
      return { element, text: element.value.slice(element.selectionStart, element.selectionEnd), all: element.value };
    }
    const selection = selectionNear(element);
    if (!selection?.rangeCount || selection.isCollapsed) return null;
    const text = String(selection);
    if (element && !element.contains(selection.getRangeAt(0).commonAncestorContainer)) return null;
    element ??= pickedIn(selection, text.trim());
    return element && { element, text, all: element.innerText ?? element.textContent };
  }
  function tellPicked() {
    clearTimeout(pickedLater);
    if (!picked) return;
    const selected = selectedNow();
    const { before } = picked;
    picked = null;
    if (!selected?.element.isConnected || observer.isSecret(selected.element)) return;
    const text = selected.text.trim();
    if (text === '' || isCard(text)) return;
    const whole = folded(text) === folded(selected.all);
    if (text.length > MOST_SELECTED && !whole) return;
    usedIn = selected.element;
    report('select', selected.element, before, { value: text.length > MOST_SELECTED ? '' : text, whole });
  }
  /// Whether this is text to be read and selected, and nothing that is pressed, moved or opened.
  function isReading(target) {
    const style = getComputedStyle(target);
    return /^(auto|text)$/.test(style.cursor) && style.userSelect !== 'none' && !target.closest(`${PRESSED},[draggable=true],${WIDGET}`) && target.namespaceURI !== 'http://www.w3.org/2000/svg' && target.tagName !== 'CANVAS';
  }
  /// Before a press changes what is selected: what is pressed may be for that text.
  function pickedBefore(event, target, into) {
    if (!picked || event.button === 2) return;
    if (into && isTyped(into)) {
      picked = null;
    } else if (target.closest(`${PRESSED},${WIDGET}`) || getComputedStyle(target).cursor === 'pointer') {
      tellPicked();
    }
  }
  /// Whether the page itself changes a field's text, as it does when a button for what is selected is pressed.
  const isByPage = (into) => acting !== null && into === usedIn && fieldOf(acting) !== into;
  const isFormatting = (event) => /^format/.test(event.inputType);
  function actingOn(target) {
    acting = target;
    setTimeout(() => { if (acting === target) acting = null; }, 0);
  }

  // ---- Mouse ----
  /// The press of the mouse or key that a click comes from: { target, before, x, y, told }.
  let press = null;
  let lastPress = null;
  /// Enter in a field has the browser click the form's button by itself.
  let implied = false;
  /// The control that the browser clicks by itself after its label.
  let labelled = null;
  let dragged = null;
  let chosenByScript = null;

  function onPointerDown(event) {
    if (!event.isTrusted || event.isPrimary === false) return;
    tellHandled();
    finishPress();
    const target = targetOf(event);
    if (!target) return;
    const into = fieldOf(target);
    if (field && into !== field.element) commit();
    pickedBefore(event, target, into);
    actingOn(target);
    implied = false;
    labelled = null;
    const needed = neededFor(target);
    press = { target, before: { ...take(target), needed, way: [event.clientX, event.clientY, event.clientX, event.clientY] }, x: event.clientX, y: event.clientY, button: event.button, told: false, moved: false, box: target.getBoundingClientRect() };
    lastPress = press;
    acted();
  }
  function onPointerMove(event) {
    if (!event.isTrusted || !press || press.told) return;
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > 10) press.moved = true;
  }
  const PRESSED = 'button,a[href],input,select,label,summary,[role=button],[role=link],[role=tab],[role=checkbox],[role=radio],[role=option],[role=menuitem]';
  function onPointerUp(event) {
    if (!event.isTrusted || !press || press.told) return;
    const pressed = press;
    const into = pressed.button === 0 && fieldOf(pressed.target);
    if (into && isTyped(into) && (event.shiftKey || Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > SELECTS_FROM)) pick(into, pressed.before);
    actingOn(pressed.target);
    if (pressed.moved && pressed.button === 0 && !fieldOf(pressed.target)) {
      const under = observer.elementAt(event.clientX, event.clientY);
      const box = pressed.target.getBoundingClientRect();
      const stayed = Math.hypot(box.x - pressed.box.x, box.y - pressed.box.y) < 5;
      // A hand that shook over a button still clicked it; over a drawing or bare text it drew or selected something.
      const shaken = stayed && under && observer.within(under, pressed.target) && pressed.target.closest(PRESSED);
      if (!shaken) {
        tellDrag(pressed, event);
        pressed.told = true;
        if (stayed && isReading(pressed.target)) pick(null, pressed.before);
        return;
      }
    }
    // The page may have removed what was pressed, and then there is no click.
    setTimeout(() => { if (press === pressed) finishPress(); }, 0);
    pressed.up = true;
  }
  function onPointerCancel() {
    // The browser's own dragging took over.
    if (press && !dragged) press = null;
  }
  function finishPress() {
    const pressed = press;
    press = null;
    if (pressed?.up && !pressed.told && pressed.button === 0) tellClick(pressed.target, pressed.before, 'left', 1);
    if (pressed) pressed.told = true;
  }
  function tellClick(target, before, button, count) {
    const into = fieldOf(target);
    // What a click on these changes is told as their new value.
    if (button === 'left' && into && (into.tagName === 'SELECT' || into.type === 'range' || into.type === 'color')) return;
    if (target.tagName === 'INPUT' && target.type === 'file') return;
    let element = target;
    const label = target.closest?.('label');
    if (label?.control && !observer.within(target, label.control) && !target.closest('a[href],button')) {
      if (label.control.tagName === 'INPUT' && label.control.type === 'file') return;
      labelled = label.control;
      const box = label.control.getBoundingClientRect();
      // A control that is hidden behind its drawn label cannot be found again; the label can.
      if (box.width > 1 && box.height > 1 && getComputedStyle(label.control).opacity !== '0') element = label.control;
    }
    report('click', element, before, { button, count, way: before?.way });
  }
  function onClick(event) {
    const target = targetOf(event);
    if (!event.isTrusted) {
      if (target?.tagName === 'INPUT' && target.type === 'file') chosenByScript = target;
      return;
    }
    if (!target) return;
    if (labelled === target) {
      labelled = null;
      return;
    }
    const pressed = press;
    if (!pressed || pressed.told) {
      press = null;
      // By keyboard: the browser's own click.
      if (pressed?.told || implied) return;
      if (event.detail > 0 && !keyPress) return;
      commit();
      tellClick(target, keyPress?.before, 'left', 1);
      return;
    }
    pressed.told = true;
    press = null;
    actingOn(pressed.target);
    // The second of a double click comes as `dblclick`.
    if (event.detail === 2) {
      doubled = pressed;
      return;
    }
    tellClick(pressed.target, pressed.before, 'left', event.detail === 3 ? 3 : 1);
    const into = fieldOf(pressed.target);
    if (event.detail === 3 && into && isTyped(into)) pick(into, pressed.before);
  }
  let doubled = null;
  function onDoubleClick(event) {
    if (!event.isTrusted || !doubled) return;
    const { target, before } = doubled;
    doubled = null;
    tellClick(target, before, 'left', 2);
    const into = fieldOf(target);
    if (into && isTyped(into)) {
      pick(into, before);
    } else if (!into && isReading(target) && folded(String(selectionNear(target))) !== folded(target.textContent)) {
      // Which of its words it was is not said by a double click on the whole.
      pick(null, before);
    }
  }
  function onAuxClick(event) {
    if (!event.isTrusted || event.button !== 1 || !press) return;
    tellClick(press.target, press.before, 'middle', 1);
    press = null;
  }
  function onContextMenu(event) {
    if (!event.isTrusted) return;
    const target = press?.target ?? targetOf(event);
    if (target) tellClick(target, press?.before, 'right', 1);
    press = null;
  }

  // ---- Dragging ----
  function tellDrag(pressed, event) {
    let to = observer.elementAt(event.clientX, event.clientY);
    if (to && observer.within(to, pressed.target)) {
      // What is dragged lies under the mouse: the place is what lies under it.
      const under = document.elementsFromPoint(event.clientX, event.clientY).find((one) => !observer.within(one, pressed.target));
      const box = pressed.target.getBoundingClientRect();
      // What did not move was drawn on, or had its text selected.
      if (under && Math.hypot(box.x - pressed.box.x, box.y - pressed.box.y) >= 5) to = under;
    }
    if (!to) return;
    const way = [pressed.x, pressed.y, event.clientX, event.clientY];
    report('drag', pressed.target, pressed.before, { to: chainOf(to), way });
  }
  function onDragStart(event) {
    if (event.isTrusted) dragged = lastPress;
  }
  function onDrop(event) {
    if (event.isTrusted && dragged) tellDrag(dragged, event);
    if (dragged) dragged.told = true;
    dragged = null;
  }
  function onDragEnd() {
    dragged = null;
    press = null;
  }

  // ---- Keys ----
  let keyPress = null;
  const WIDGET_KEYS = /^(Arrow(Up|Down|Left|Right)|Home|End|PageUp|PageDown|Delete)$/;
  const EDITING = /^([acvxyz]|Arrow.*|Home|End|Backspace|Delete)$/i;
  const WIDGET = '[role=combobox],[role=listbox],[role=slider],[role=spinbutton],[role=tab],[role=menuitem],[role=menuitemcheckbox],[role=menuitemradio],[role=menu],[role=option],[role=treeitem],[role=tree],[role=gridcell],[role=grid],[role=button],[role=link],[role=checkbox],[role=radio],[role=switch]';

  function chordOf(event) {
    const parts = [];
    if (event.ctrlKey) parts.push('Control');
    if (event.altKey) parts.push('Alt');
    if (event.metaKey) parts.push('Meta');
    const key = event.key === ' ' ? 'Space' : event.key;
    if (event.shiftKey && (parts.length > 0 || key.length > 1)) parts.push('Shift');
    parts.push(key.length === 1 && parts.length > 0 ? key.toUpperCase() : key);
    return parts.join('+');
  }
  function tellKey(event, target, before) {
    commit();
    report('press', target, before, { keys: chordOf(event) });
  }
  function onKeyDown(event) {
    if (!event.isTrusted || event.isComposing || /^(Control|Shift|Alt|AltGraph|Meta|CapsLock|Tab|Dead|Process|Unidentified)$/.test(event.key)) return;
    const target = targetOf(event);
    if (!target) return;
    tellHandled();
    finishPress();
    if (/^(PageDown|PageUp|End|ArrowDown| )$/.test(event.key) && !fieldOf(target)) {
      scrolling(scrollerOf(target));
    } else {
      acted();
    }
    implied = false;
    labelled = null;
    const into = fieldOf(target);
    const typed = into && isTyped(into);
    if (field && into !== field.element) commit();
    const before = field?.element === into && into ? field.before : take();
    keyPress = { target, before };
    lastPress = keyPress;
    acting = null;
    const selectsAll = typed && /^a$/i.test(event.key) && (event.ctrlKey || event.metaKey) && !event.altKey;
    if (selectsAll || (event.shiftKey && SELECTING.test(event.key))) {
      if (typed) pick(into, field ? undefined : before);
      else if (!into && getSelection()?.isCollapsed === false) pick(null, before);
    }
    const chord = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState('AltGraph');
    if (event.key === 'Enter' && typed && isSingleLine(into)) {
      tellKey(event, into, field ? undefined : before);
      implied = true;
    } else if (chord) {
      if (!(typed && EDITING.test(event.key)) && !/^[c]$/i.test(event.key)) tellKey(event, target, undefined);
    } else if (event.key === 'Enter' && typed) {
      // A new line, unless the page takes it for "send": then it is told with what was typed until now.
      const written = field?.changed ? { ...field } : null;
      tellOnceHandled(() => {
        if (!event.defaultPrevented) return;
        if (written) field = written;
        tellKey(event, into, written ? undefined : before);
      });
    } else if (event.key === 'Escape') {
      tellKey(event, target, undefined);
    } else if (into) {
      if (typed && /^Arrow(Up|Down)$/.test(event.key) && into.matches('[role=combobox],[aria-autocomplete],[aria-controls],[list]')) tellKey(event, into, undefined);
    } else if (isNative(target)) {
      // Told as the click or the value that comes of it.
    } else if (WIDGET_KEYS.test(event.key) || event.key === 'Enter' || event.key === ' ') {
      if (target.closest(WIDGET)) tellKey(event, target, before);
      else tellIfTaken(event, target, before);
    } else {
      tellIfTaken(event, target, before);
    }
  }
  /// Keys outside of fields matter where the page takes them.
  function tellIfTaken(event, target, before) {
    tellOnceHandled(() => { if (event.defaultPrevented) tellKey(event, target, before); });
  }
  /// What depends on what the page does with a key is told when the page is through with it, and before anything else
  /// that the person does: a timer alone can come after the next key.
  let unhandled = null;
  function tellOnceHandled(telling) {
    unhandled = telling;
    setTimeout(() => { if (unhandled === telling) tellHandled(); }, 0);
  }
  function tellHandled() {
    const telling = unhandled;
    unhandled = null;
    telling?.();
  }
  function onKeyUp() {
    tellHandled();
    keyPress = null;
    setTimeout(() => { implied = false; }, 0);
  }

  // ---- What was taken to be put in elsewhere. ----
  /// What a picked text lies in. A paragraph that was picked as a whole reaches to where the next one begins.
  function pickedIn(picked, text) {
    if (!picked?.rangeCount) return null;
    const range = picked.getRangeAt(0);
    const elementOf = (node) => (node.nodeType === 1 ? node : node.parentElement);
    const first = elementOf(range.startContainer);
    return first?.textContent.includes(text) ? first : elementOf(range.commonAncestorContainer);
  }
  function onCopy(event) {
    if (!event.isTrusted) return;
    // What is done with it is told as this.
    picked = null;
    const target = targetOf(event);
    const into = fieldOf(target);
    if (field && into !== field.element) commit();
    const selection = getSelection();
    const inField = into && isTyped(into) && !into.isContentEditable;
    const text = inField ? into.value.slice(into.selectionStart, into.selectionEnd) : String(selection);
    const element = inField ? into : pickedIn(selection, text.trim());
    if (!element || observer.isSecret(element)) return;
    if (text.trim() && !isCard(text)) report('copy', element, undefined, { value: text });
  }

  // ---- Values ----
  function onBeforeInput(event) {
    const into = event.isTrusted && !isFormatting(event) ? fieldOf(targetOf(event)) : null;
    if (into && !isByPage(into)) open(into, keyPress?.before);
  }
  function onInput(event) {
    const into = event.isTrusted && !isFormatting(event) ? fieldOf(targetOf(event)) : null;
    if (!into || isByPage(into)) return;
    // What was selected there is typed over, or is no longer selected.
    if (picked?.element === into) picked = null;
    if (usedIn === into) usedIn = null;
    note(into);
  }
  function onChange(event) {
    if (!event.isTrusted) return;
    const target = targetOf(event);
    if (target?.tagName === 'INPUT' && target.type === 'file') {
      commit();
      report('upload', target, undefined, { files: Array.from(target.files, (file) => file.name), by_script: chosenByScript === target });
      chosenByScript = null;
      return;
    }
    const into = fieldOf(target);
    if (!into) return;
    if (!field || field.element !== into) {
      if (into.tagName !== 'SELECT' && isTyped(into)) return;
      note(into);
    }
    if (field.changed) commit();
  }
  function onFocusOut(event) {
    if (field && event.isTrusted) commit();
  }
  /// The page is about to be left: what its fields hold is told while there is somebody to tell, and what it shows, since
  /// an address that is typed tells nothing of the page before.
  function onLeave() {
    commit();
    tellLeft();
  }
  function onVisibilityChange() {
    if (document.visibilityState !== 'hidden') return;
    commit();
    tellLeft();
  }
  function tellLeft() {
    if (window === window.top) report('left', null, undefined);
  }
  function onPageHide() {
    tellHandled();
    if (press && !press.told && !press.moved) press.up = true;
    finishPress();
    commit();
  }

  const listeners = {
    pointerover: onPointerOver, wheel: onWheel, beforeunload: onLeave, visibilitychange: onVisibilityChange,
    pointerdown: onPointerDown, pointermove: onPointerMove, pointerup: onPointerUp, pointercancel: onPointerCancel,
    click: onClick, dblclick: onDoubleClick, auxclick: onAuxClick, contextmenu: onContextMenu,
    dragstart: onDragStart, drop: onDrop, dragend: onDragEnd,
    copy: onCopy, cut: onCopy,
    keydown: onKeyDown, keyup: onKeyUp, beforeinput: onBeforeInput, input: onInput, change: onChange, focusout: onFocusOut,
  };
  function listen() {
    for (const [type, listener] of Object.entries(listeners)) addEventListener(type, listener, { capture: true, passive: true });
    addEventListener('pagehide', onPageHide, { capture: true });
  }
  listen();
  // A page that writes its document anew (`document.open`) takes all listeners away, and the document stays the same one.
  new MutationObserver(listen).observe(document, { childList: true });

  // ---- Closed shadow roots have to be handed over before something in them is used. ----
  let askedAt = 0;
  let asking = false;
  function askForRoots() {
    asking = false;
    askedAt = now();
    survey();
    const { closedHosts } = JSON.parse(observer.observe({ whole: false }));
    if (closedHosts.length > 0) tell({ deed: 'roots', hosts: closedHosts });
  }
  function askSoon() {
    if (asking) return;
    asking = true;
    setTimeout(() => requestIdleCallback(askForRoots, { timeout: 200 }), Math.max(0, askedAt + 1000 - now()));
  }
  new MutationObserver(() => {
    grown = true;
    askSoon();
  }).observe(document, { subtree: true, childList: true });
  addEventListener('load', askSoon, { once: true });
  askSoon();

  globalThis.recorder = {
    /// Tells what is still being typed; with `last`, also the page as it is at the end.
    flush(last) {
      tellHandled();
      finishPress();
      commit();
      if (last) report('end', null, undefined);
    },
  };
})();
