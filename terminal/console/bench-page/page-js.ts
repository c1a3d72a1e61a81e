/** What the customer does, the header, and the stream of what happens. Uses all the other files. */
export const benchJs = String.raw`'use strict';
let state;

function tell([zh, en], bad) {
  byId('said').replaceChildren(say(zh, en));
  byId('said').classList.toggle('bad', Boolean(bad));
}

// One after the other, so that they arrive in the order in which they were asked for. 'done': what to say when it was taken.
let sent = Promise.resolve();
function post(path, body, done) {
  sent = sent.then(() => send(path, body, done)).catch(() => tell(['没有送达', 'not delivered'], true));
  return sent;
}

async function send(path, body, done) {
  const answer = await fetch('../sim/' + path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) tell([said.zh, said.en], true);
  else if (done) tell(done);
  return answer.ok;
}

// One request at a time; what happens meanwhile asks for one more.
let isAsking = false;
let isStale = false;
async function refresh() {
  isStale = true;
  if (isAsking) return;
  isAsking = true;
  while (isStale) {
    isStale = false;
    const answer = await fetch('../sim/state').catch(() => undefined);
    if (answer?.ok) draw(await answer.json());
  }
  isAsking = false;
}

const links = { online: ['已联机', 'Online', 'good'], connecting: ['连接中', 'Connecting', 'warn'], offline: ['未联机', 'Offline', 'bad'] };

function draw(answer) {
  const isFirst = state === undefined;
  state = answer;
  if (isFirst) drawOnce();
  byId('terminal-no').textContent = state.terminal;
  const [zh, en, look] = links[state.link.state];
  byId('link-state').className = 'pill ' + look;
  byId('link-state').replaceChildren(say(zh, en));
  byId('record').setAttribute('aria-pressed', String(state.recording));
  drawFaults();
}

function drawOnce() {
  byId('cards').append(...state.cards.map(cardRow));
  byId('cards').querySelector('input').checked = true;
  drawWays();
  const other = { name: '', zh: '其他内容…', en: 'something else…' };
  byId('codes').append(...[...state.codes, other].map((code) => option(code.name, code)));
  byId('wire-device').append(...state.devices.map((device) => option(device.name, device)));
  drawOptions();
}

function cardRow(card) {
  const choice = element('input');
  Object.assign(choice, { type: 'radio', name: 'card', value: card.name });
  return element('label', 'card', choice, say(card.zh, card.en), element('small', '', card.masked));
}

function option(value, { zh, en }) {
  const made = new Option(zh, value);
  Object.assign(made.dataset, { zh, en });
  return made;
}

function drawOptions() {
  for (const one of document.querySelectorAll('option')) one.textContent = one.dataset[root.dataset.language];
}

const chosenCard = () => {
  const name = document.querySelector('#cards input:checked')?.value;
  return state?.cards.find((card) => card.name === name);
};

function drawWays() {
  for (const way of document.querySelectorAll('[data-by]')) way.disabled = !chosenCard()?.by.includes(way.dataset.by);
}

const ways = { contactless: ['已挥卡', 'tapped'], swipe: ['已刷卡', 'swiped'], insert: ['已插卡', 'inserted'] };
function present(by) {
  const card = chosenCard();
  if (card?.by.includes(by)) post('card', { name: card.name, by }, [ways[by][0] + ': ' + card.zh, ways[by][1] + ': ' + card.en]);
}

byId('cards').addEventListener('change', drawWays);
for (const way of document.querySelectorAll('[data-by]')) way.addEventListener('click', () => present(way.dataset.by));
byId('take-away').addEventListener('click', () => post('card/remove', {}, ['卡已拿走', 'the card is gone']));
byId('pin').addEventListener('submit', (event) => {
  event.preventDefault();
  post('pin', { digits: byId('digits').value }, ['已输密码', 'a PIN was entered']);
});
byId('pin-cancel').addEventListener('click', () => post('pin', { cancel: true }, ['顾客已取消', 'the customer cancelled']));
byId('codes').addEventListener('change', () => { byId('code-text').hidden = byId('codes').value !== ''; });
byId('code').addEventListener('submit', (event) => {
  event.preventDefault();
  const name = byId('codes').value;
  post('code', name ? { name } : { text: byId('code-text').value }, ['已扫码', 'a code was scanned']);
});

// Before our code on the screen; else he pays by himself after a few seconds.
const customers = { pays: ['客户已付款', 'the customer paid'], leaves: ['客户走了', 'the customer left'] };
for (const one of document.querySelectorAll('[data-customer]')) {
  const customer = one.dataset.customer;
  one.addEventListener('click', () => post('link', { customer }, customers[customer]));
}

byId('reset').addEventListener('click', () => post('reset', {}, ['一切恢复正常', 'everything is well again']));
byId('record').addEventListener('click', async () => {
  const isStop = state?.recording;
  const action = isStop ? 'stop' : 'start';
  const done = isStop ? ['录制已停止', 'the recording ended'] : ['正在录制', 'recording'];
  if (await post('record', { action }, done)) byId('recording').hidden = !isStop;
});
// One line of JSON each, as 'pos sim replay' takes it.
byId('recording').addEventListener('click', async () => {
  const { lines } = await (await fetch('../sim/recording')).json();
  const file = element('a');
  file.href = URL.createObjectURL(new Blob(lines.map((line) => JSON.stringify(line) + '\n')));
  file.download = 'recording.ndjson';
  file.click();
  URL.revokeObjectURL(file.href);
});

byId('language').addEventListener('click', () => {
  root.dataset.language = root.lang = root.dataset.language === 'zh' ? 'en' : 'zh';
  drawOptions();
  byId('face').contentWindow.location.replace('../?part=device&lang=' + root.dataset.language);
});

// The keypad also where the frame has not got the focus, but never what is typed into a field.
const keyboard = {
  Enter: 'enter', Escape: 'cancel', Backspace: 'clear', ArrowUp: 'up', ArrowDown: 'down', '.': 'dot', z: 'doubleZero', f: 'function',
};
const cardKeys = { c: 'contactless', s: 'swipe', i: 'insert' };
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest('input, select, button, a, #wire-box')) return;
  const key = /^[0-9]$/.test(event.key) ? event.key : keyboard[event.key];
  if (key) { event.preventDefault(); post('key', { key }); }
  else if (cardKeys[event.key]) present(cardKeys[event.key]);
});
// A button that was clicked with the mouse gives the keyboard back to the keypad.
addEventListener('click', (event) => { if (event.detail > 0) event.target.closest('button')?.blur(); });

let stream;
function follow() {
  stream = new EventSource('../sim/events');
  const on = (name, act) => stream.addEventListener(name, (event) => act(JSON.parse(event.data)));
  stream.addEventListener('open', () => {
    byId('lost').hidden = true;
    refresh();
    showEarlierSlips();
    showHanging();
    showEarlierWires();
  });
  stream.addEventListener('error', () => { byId('lost').hidden = false; });
  on('display', ({ upper, lower }) => {
    byId('upper').textContent = upper ?? '';
    byId('lower').textContent = lower ?? '';
  });
  on('slip', (slip) => {
    takeSlip(slip);
    showHanging();
  });
  on('wire', (event) => {
    takeWire(event);
    if (event.device === 'printer') takePrinterWire();
  });
  on('device', refresh);
  on('state', refresh);
}
// A browser keeps six connections to a server: pages that nobody looks at must not hold theirs.
document.addEventListener('visibilitychange', () => {
  stream.close();
  if (!document.hidden) follow();
});
follow();
`;
