// The page of a cell: builds what it pretends, and sends by its channels when that fires. `cells`, `pretence` and `far` come
// from the server, as data in the document.

const terms = { amount: '12.00', to: 'Green Shop' };
const query = () => new URLSearchParams(terms).toString();

function places(token) {
  const effect = origin => `${origin}/effect/${token}/delete?${query()}`;
  const on = (origin, path) => `${origin}${path}?` + new URLSearchParams({ effect: effect(origin), body: query() });
  return {
    token, body: query(), url: effect(location.origin), far: effect(far),
    at: path => on(location.origin, path), away: path => on(far, path),
  };
}

// ---- what the channels' scripts use ----

const json = p => JSON.stringify({ ...terms, token: p.token });
const multipart = p => { const fields = new FormData(); for (const name in terms) fields.append(name, terms[name]); return fields; };
const blob = (text, type) => URL.createObjectURL(new Blob([text], { type }));
const document_that = source => `<!doctype html><script>${source}<\/script>`;
const posting = p => `fetch(${JSON.stringify(p.url)}, { method: 'POST', mode: 'no-cors', body: ${JSON.stringify(p.body)} })`;
const hop = (p, status, to = p.url) => `${location.origin}/hop/${status}?` + new URLSearchParams({ to });
const add = (tag, properties) => {
  const made = document.createElement(tag);
  for (const name in properties) {
    if (name in made && name !== 'style') made[name] = properties[name]; else made.setAttribute(name, properties[name]);
  }
  document.body.append(made);
  return made;
};
const inside = markup => { const made = add('div', {}); made.innerHTML = markup; return made; };
const frame = (src, more = {}) => { const made = document.createElement('iframe'); for (const n in more) made.setAttribute(n, more[n]); made.src = src; document.body.append(made); return made; };
const form = (p, more = {}) => {
  const made = add('form', { method: 'post', action: p.url, ...more });
  for (const name in terms) { const field = document.createElement('input'); field.name = name; field.value = terms[name]; made.append(field); }
  return made;
};
const request = (method, to, body) => { const x = new XMLHttpRequest(); x.open(method, to); x.send(body); };
const heard = worker => new Promise((yes, no) => { worker.onmessage = yes; worker.onerror = no; });
const told = token => new Promise(yes => addEventListener('message', event => event.data === token && yes()));
const serviceWorker = async p => {
  const registration = await navigator.serviceWorker.register(`/sw/${p.token}/worker?` + new URLSearchParams({ effect: p.url, body: p.body }));
  const worker = registration.installing || registration.waiting || registration.active;
  if (worker.state !== 'activated') await new Promise(yes => worker.addEventListener('statechange', () => worker.state === 'activated' && yes()));
  worker.registration ??= registration;
  return worker;
};
function socket(to) {
  return new Promise(yes => { const made = new WebSocket(to.replace('http', 'ws')); made.onerror = made.onclose = made.onopen = yes; });
}
const speculate = (kind, to) => {
  const rules = document.createElement('script');
  rules.type = 'speculationrules';
  rules.textContent = JSON.stringify({ [kind]: [{ source: 'list', urls: [to], eagerness: 'immediate' }] });
  document.head.append(rules);
};
// Some round trips to the server: what was going to be sent by then has had its time.
const turns = async (p, count = 5) => { for (let i = 0; i < count; i++) await fetch(p.at('/elsewhere')); };
const port = async (p, kind) => (await fetch(`/port/${kind}/${p.token}`)).text();
// Looks for ways to a peer until there are no more, and to one at a given port of this machine.
const gather = async (p, server, peer) => {
  const here = new RTCPeerConnection({ iceServers: server.urls ? [server] : [] });
  here.createDataChannel('channel');
  await here.setLocalDescription(await here.createOffer());
  if (peer) {
    const there = new RTCPeerConnection();
    await there.setRemoteDescription(here.localDescription);
    await there.setLocalDescription(await there.createAnswer());
    await here.setRemoteDescription(there.localDescription);
    await here.addIceCandidate({ candidate: `candidate:1 1 udp 2122260223 127.0.0.1 ${peer.to} typ host`, sdpMid: '0' });
  }
  const done = () => here.iceGatheringState === 'complete' && (!peer || ['checking', 'failed', 'disconnected'].includes(here.iceConnectionState));
  // A server that never answers is asked for long: what matters is sent by then.
  await Promise.race([turns(p, 30), new Promise(yes => {
    const look = () => done() && yes();
    here.onicegatheringstatechange = here.oniceconnectionstatechange = look;
    look();
  })]);
};

// ---- the page ----

const fill = (template, p) => template
  .replaceAll('{url}', p.url.replaceAll('&', '&amp;')).replaceAll('{far}', p.far.replaceAll('&', '&amp;')).replaceAll('{body}', p.body.replaceAll('&', '&amp;'))
  .replaceAll('{inputs}', Object.keys(terms).map(name => `<input type=hidden name=${name} value="${terms[name]}">`).join(''));

// The terms are others from now on, also in what stands in the document already.
function change(name, value) {
  const before = query();
  terms[name] = value;
  for (const element of [...document.querySelectorAll('form, a, #trigger'), ...(document.querySelector('div:has(> #trigger)')?.shadowRoot?.querySelectorAll('form') ?? [])]) {
    for (const attribute of element.attributes) attribute.value = attribute.value.replaceAll(before, query());
    const field = element.elements?.namedItem(name);
    if (field) field.value = value;
  }
}

const AsyncFunction = (async () => {}).constructor;
async function run(cell) {
  let why = 'tried';
  try { await new AsyncFunction('p', cell.script)(places(cell.token)); } catch (error) { why = String(error); }
  fetch(`/tried/${cell.token}?why=${encodeURIComponent(why)}`);
}

const [first] = cells;
const scripted = cells.some(cell => cell.script);
const markup = first.tag ?? 'button';
const type = markup === 'button' && scripted ? 'type=button' : '';
const label = markup === 'input' ? '' : `${pretence.label}</${markup}>`;
const p = places(first.token);
document.body.setHTMLUnsafe(`<style>
  #trigger { position: fixed; left: 20px; top: 20px; width: 160px; height: 48px; display: block }
  #field { position: fixed; left: 300px; top: 20px; width: 100px; height: 30px }
  ${pretence.style ?? ''}</style>${fill(first.open ?? '', p)}${pretence.fires === 'enter' ? '<input id=field type=text>' : ''}
  <${markup} id=trigger ${type} ${fill(first.attributes ?? '', p)}>${label}${first.close ?? ''}${pretence.after ?? ''}`);
const trigger = document.querySelector('#trigger');
if (scripted) trigger.addEventListener('click', () => cells.forEach(run));
if (pretence.script) new Function(pretence.script)();
const field = document.querySelector('#field');
field?.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || (field.form && !scripted)) return;
  event.preventDefault();
  trigger.click();
});
if (pretence.fires === 'hover') trigger.addEventListener('mouseenter', () => trigger.click(), { once: true });
if (pretence.fires === 'load') addEventListener('load', () => trigger.click());
if (pretence.fires === 'timer') setTimeout(() => trigger.click(), 30);
requestAnimationFrame(() => fetch(`/ready/${first.token}`));
