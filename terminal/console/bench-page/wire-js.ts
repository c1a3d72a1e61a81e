/** What passes on the wires, a row each, as it comes. */
export const wireJs = `'use strict';
const SHOWN_WIRES = 400;
const LONGEST_HEX = 600;
let lastWire = 0;
let isPaused = false;
// What the stream brings while the earlier ones are being fetched waits, so that all come in order, and each once.
let heldWires = [];
let wireQuestion = 0;

const arrows = { in: '◀', out: '▶', note: '·' };
// Of Shanghai, where the terminal stands.
const timeOf = (ms) => new Date(ms + 8 * 3600_000).toISOString().slice(11, 23);
const spaced = (hex) => hex.slice(0, 2 * LONGEST_HEX).replace(/..(?=.)/g, '$& ') + (hex.length > 2 * LONGEST_HEX ? ' …' : '');

function wireRow(event) {
  const row = element('tr', event.dir);
  for (const [name, text] of [
    ['time', timeOf(event.t)], ['device', event.device], ['dir', arrows[event.dir]], ['words', event.words], ['hex', spaced(event.hex)],
  ]) row.append(element('td', name, text));
  return row;
}

function showWires(events) {
  const only = byId('wire-device').value;
  const fresh = events.filter((event) => event.n > lastWire && (!only || event.device === only));
  lastWire = Math.max(lastWire, ...events.map((event) => event.n));
  const rows = byId('wire-rows');
  rows.append(...fresh.map(wireRow));
  while (rows.childElementCount > SHOWN_WIRES) rows.firstChild.remove();
}

function takeWire(event) {
  if (isPaused) return;
  if (heldWires) heldWires.push(event);
  else showWires([event]);
}

async function showEarlierWires() {
  const question = ++wireQuestion;
  heldWires = [];
  const only = byId('wire-device').value;
  const answer = await fetch('../sim/wire?last=' + SHOWN_WIRES + '&after=' + lastWire + (only && '&device=' + only));
  const { events } = await answer.json();
  if (question !== wireQuestion) return; // asked again meanwhile
  showWires(events);
  showWires(heldWires);
  heldWires = undefined;
}

byId('wire-pause').addEventListener('click', (event) => {
  isPaused = !isPaused;
  event.currentTarget.setAttribute('aria-pressed', String(isPaused));
  if (!isPaused) showEarlierWires();
});
byId('wire-clear').addEventListener('click', () => byId('wire-rows').replaceChildren());
byId('wire-device').addEventListener('change', () => {
  byId('wire-rows').replaceChildren();
  lastWire = 0;
  showEarlierWires();
});
`;
