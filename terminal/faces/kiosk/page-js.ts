/** What the page does: draws the screens that arrive, sends keys, shows that a key was pressed, sounds the tones. */
export const kioskJs = String.raw`'use strict';
const screenBox = document.getElementById('screen');
const qrBox = document.createElement('img');
qrBox.id = 'qr';
const slipBox = document.getElementById('slip');
const noSlip = document.getElementById('no-slip');
const root = document.documentElement;
// In the tester's bench the keys go over the wire of the simulated keypad, where there is one, so that its faults can be seen.
const inBench = root.dataset.part === 'device';
let stream;

function language() { return root.dataset.language; }

function drawRow(text, kind) {
  const row = document.createElement('div');
  row.className = 'row ' + kind;
  for (const char of text) {
    const cell = document.createElement('i');
    cell.textContent = char;
    if (char.codePointAt(0) > 0x2e7f) cell.className = 'wide';
    row.append(cell);
  }
  return row;
}

function drawScreen(screen) {
  const last = screen.rows.length - 1;
  screenBox.replaceChildren(...screen.rows.map((text, index) => {
    if (index === 0) return drawRow(text, 'title');
    if (index === last) return drawRow(text, 'keys');
    return screen.big && index === last - 1 ? drawRow(text.trim(), 'amount') : drawRow(text, '');
  }));
  if (screen.qr !== undefined) drawQr(screen.qr);
  if (screen.beep) sound(screen.beep);
}

// What the customer scans, over the rows that the screen leaves empty for it.
function drawQr(text) {
  const source = 'qr.svg?text=' + encodeURIComponent(text);
  if (qrBox.getAttribute('src') !== source) qrBox.src = source;
  screenBox.append(qrBox);
}

function drawSlip(lines) {
  slipBox.textContent = lines.join('\n').trimEnd();
  slipBox.hidden = false;
  noSlip.hidden = true;
  slipBox.classList.remove('fresh');
  void slipBox.offsetWidth;
  slipBox.classList.add('fresh');
}

// Tones as faces.md has them: [frequency in Hz, length in ms, times].
const tones = { key: [1800, 30, 1], ok: [2200, 100, 3], error: [2800, 700, 1], wrong: [500, 60, 1] };
let audio;
function sound(tone) {
  if (!audio || audio.state !== 'running') return;
  const [frequency, lengthMs, times] = tones[tone];
  for (let n = 0; n < times; n++) {
    const begin = audio.currentTime + n * (lengthMs + 60) / 1000;
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    gain.gain.value = 0.08;
    oscillator.type = 'square';
    oscillator.frequency.value = frequency;
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(begin);
    oscillator.stop(begin + lengthMs / 1000);
  }
}
// A browser allows sound only after a gesture.
function allowSound() {
  audio ??= new AudioContext();
  if (audio.state === 'suspended') audio.resume();
}

// One after the other: requests that run side by side may arrive in another order than the keys were pressed. What is pressed while nobody
// listens is forgotten, not sent later.
let sent = Promise.resolve();
function post(path, body) {
  if (!document.body.classList.contains('connected')) return;
  sent = sent
    .then(() => fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }))
    .catch(() => document.body.classList.remove('connected'));
}

function flash(button) {
  if (!button) return;
  button.classList.remove('pressed');
  void button.offsetWidth; // restarts the animation
  button.classList.add('pressed');
}

function press(key) {
  allowSound();
  flash(document.querySelector('[data-key="' + key + '"]'));
  post(inBench ? 'sim/key' : 'key', { key });
}

function presentCard(card) {
  allowSound();
  flash(document.querySelector('[data-card="' + card + '"]'));
  post('present', { card });
}

const pinButton = document.getElementById('pin');
function enterPin(pin) {
  if (!pinButton) return;
  allowSound();
  flash(pinButton);
  post('pin', { pin });
}

for (const button of document.querySelectorAll('[data-key]')) {
  // pointerdown, not click: a key answers when it goes down, and a fast second press is not lost.
  button.addEventListener('pointerdown', (event) => { event.preventDefault(); press(button.dataset.key); });
}
for (const button of document.querySelectorAll('[data-card]')) {
  button.addEventListener('pointerdown', (event) => { event.preventDefault(); presentCard(button.dataset.card); });
}
pinButton?.addEventListener('pointerdown', (event) => { event.preventDefault(); enterPin('123456'); });

const keyboard = {
  Enter: 'enter', Escape: 'cancel', Backspace: 'clear', ArrowUp: 'up', ArrowDown: 'down', '.': 'dot', z: 'doubleZero', f: 'function',
};
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const key = /^[0-9]$/.test(event.key) ? event.key : keyboard[event.key];
  if (key) { event.preventDefault(); press(key); }
  else if (event.key === 'c') presentCard('contactless');
  else if (event.key === 's') presentCard('swipe');
  else if (event.key === 'i') presentCard('insert');
  else if (event.key === 'p') enterPin('123456');
  else if (event.key === 'w') enterPin('000000');
});

document.getElementById('language').addEventListener('click', (event) => {
  root.dataset.language = root.lang = language() === 'zh' ? 'en' : 'zh';
  event.currentTarget.blur();
  follow();
});

function follow() {
  if (stream) stream.close();
  stream = new EventSource('events?lang=' + language());
  stream.addEventListener('open', () => document.body.classList.add('connected'));
  stream.addEventListener('error', () => document.body.classList.remove('connected'));
  stream.addEventListener('screen', (event) => drawScreen(JSON.parse(event.data)));
  stream.addEventListener('slip', (event) => drawSlip(JSON.parse(event.data)));
}
follow();
// A browser keeps six connections to a server; the bench alone has two of them, so it holds none while nobody looks at it.
if (inBench) {
  document.addEventListener('visibilitychange', () => {
    stream.close();
    if (!document.hidden) follow();
  });
}
`;
