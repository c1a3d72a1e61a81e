/** Draws a slip from what came out of the printer's bytes: cells of the right width, sizes, bold, QR codes, pictures, cuts. */
export const paperJs = `'use strict';
const isWideChar = (char) => char.codePointAt(0) > 0x2e7f;

// Drawn in normal size, then stretched like a printer does it; the box around takes the room of the stretched text.
function drawSpan({ text, wide, tall, bold }) {
  const ink = element(bold ? 'b' : 'span', 'ink');
  let cells = 0;
  for (const char of text) {
    ink.append(element('i', isWideChar(char) ? 'cjk' : '', char));
    cells += isWideChar(char) ? 2 : 1;
  }
  const box = element('span', [wide && 'wide', tall && 'tall'].filter(Boolean).join(' '), ink);
  box.style.setProperty('--cells', cells);
  return box;
}

function drawQr({ data }) {
  const image = element('img');
  image.src = 'qr.svg?data=' + encodeURIComponent(data);
  image.alt = 'QR: ' + data;
  image.title = data;
  return image;
}

function drawImage({ widthDots, heightDots, rows }) {
  const canvas = element('canvas');
  canvas.width = widthDots;
  canvas.height = heightDots;
  canvas.style.setProperty('--dots', widthDots);
  const bytes = Uint8Array.from(atob(rows), (char) => char.charCodeAt(0));
  const perRow = Math.ceil(widthDots / 8);
  const context = canvas.getContext('2d');
  context.fillStyle = '#1d1d1b';
  for (let y = 0; y < heightDots; y++)
    for (let x = 0; x < widthDots; x++)
      if (bytes[y * perRow + (x >> 3)] & (0x80 >> (x & 7))) context.fillRect(x, y, 1, 1);
  return canvas;
}

function drawSlipRow(row) {
  const box = element('div', 'row ' + row.align);
  if (row.kind === 'text') box.append(...row.spans.map(drawSpan));
  else box.append(row.kind === 'qr' ? drawQr(row) : drawImage(row));
  return box;
}

function drawSlip(slip, ...foot) {
  const paper = element('div', slip.cut ? 'slip cut' : 'slip', ...slip.rows.filter((row) => row.kind !== 'cut').map(drawSlipRow));
  paper.style.setProperty('--columns', slip.columns);
  const box = element('div', 'piece', paper, element('p', 'hint', ...foot));
  box.dataset.no = slip.no;
  return box;
}

const footOf = ({ no, at, cut }) => ['#' + no + ' · ' + timeOf(at).slice(0, 8) + ' · ', cut ? say('✂ 已切纸', '✂ cut') : say('未切纸', 'not cut')];

// The newest on top, under what still hangs out of the slot.
const KEPT_SLIPS = 12;
let lastSlip = 0;
let heldSlips = [];

function showSlip(slip, isFresh) {
  if (slip.no <= lastSlip) return;
  lastSlip = slip.no;
  const drawn = drawSlip(slip, ...footOf(slip));
  drawn.classList.toggle('fresh', isFresh);
  byId('hanging').after(drawn);
  while (byId('paper').childElementCount > KEPT_SLIPS + 1) byId('paper').lastChild.remove();
  byId('no-slip').hidden = true;
}

function takeSlip(slip) {
  if (heldSlips) heldSlips.push(slip);
  else showSlip(slip, true);
}

async function showEarlierSlips() {
  heldSlips = [];
  const { slips } = await (await fetch('../sim/slips')).json();
  for (const slip of slips) showSlip(slip, false);
  for (const slip of heldSlips) showSlip(slip, true);
  heldSlips = undefined;
}

async function showHanging() {
  const { slip } = await (await fetch('../sim/paper')).json();
  redraw(byId('hanging'), slip?.lines, () => slip ? [drawSlip(slip, say('还在打印机里', 'still in the printer'))] : []);
  if (slip) byId('no-slip').hidden = true;
}

// Soon, once, however much goes over the printer's wire meanwhile.
let hangingSoon;
function takePrinterWire() {
  hangingSoon ??= setTimeout(() => { hangingSoon = undefined; showHanging(); }, 150);
}
`;
