import { HID_POS_REPORT_LENGTH, type HidPosLayout } from '../../../drivers/framing/hid-pos.ts';
import { SSI } from '../../../drivers/framing/ssi.ts';
import type { Dialect, Reading, Way } from './dialect.ts';
import { disguise as replace } from './secrets.ts';

/** Code scanners (devices.md §3): text with any ending or none, SSI packets among it, or HID POS reports. */

const isLineEnd = (byte: number | undefined): boolean => byte === 0x0d || byte === 0x0a;
/** The third byte of a packet says who sent it; no text has such a byte. */
const isPacket = (bytes: Uint8Array): boolean => (bytes[2] === 0x00 || bytes[2] === 0x04) && (bytes[1] ?? 0) >= 0x80;
const packets: ReadonlyMap<number, string> = new Map([
  [SSI.startDecode, 'start decode'],
  [SSI.stopDecode, 'stop decode'],
  [SSI.ack, 'ACK'],
  [SSI.nak, 'NAK'],
]);

export const textScannerDialect = (): Dialect => ({
  cut: cutText,
  read: readText,
  disguise: (way, piece) => replace(piece, readText(way, piece).secrets),
});

/** Without an ending a code is a piece when the wire was quiet behind it; then it is not cut here. */
function cutText(way: Way, bytes: Uint8Array): number | undefined {
  if (way === 'out' && bytes[0] === 0x00) return 1;
  if (bytes.length >= 3 && isPacket(bytes)) {
    const whole = (bytes[0] ?? 0) + 2;
    return bytes.length < whole ? undefined : whole;
  }
  const end = bytes.findIndex(isLineEnd);
  if (end < 0) return undefined;
  let next = end;
  while (isLineEnd(bytes[next])) next += 1;
  return next;
}

function readText(way: Way, piece: Uint8Array): Reading {
  if (way === 'out' && piece[0] === 0x00) return { words: 'wake', secrets: [] };
  if (isPacket(piece)) {
    const known = packets.get(piece[1] ?? 0);
    const words = known ?? 'packet';
    return known ? { words, secrets: [] } : { words, secrets: [{ from: 4, to: piece.length - 2, as: 'typed-text' }] };
  }
  let end = piece.length;
  while (isLineEnd(piece[end - 1])) end -= 1;
  const ending = piece.length - end;
  const words = `code ${end} B${['', ' CR', ' CR LF'][ending] ?? ` and ${ending} B`}`;
  return end === 0 ? { words: 'line end', secrets: [] } : { words, secrets: [{ from: 0, to: end, as: 'code-text' }] };
}

export const hidScannerDialect = (layout: HidPosLayout): Dialect => ({
  cut: (_way, bytes) => (bytes.length < HID_POS_REPORT_LENGTH ? undefined : HID_POS_REPORT_LENGTH),
  read: (way, piece) => readReport(way, piece, layout),
  disguise: (way, piece) => replace(piece, readReport(way, piece, layout).secrets),
});

function readReport(way: Way, piece: Uint8Array, layout: HidPosLayout): Reading {
  if (way === 'out') return { words: 'feature report', secrets: [] };
  if (piece[0] !== layout.reportId || piece.length !== HID_POS_REPORT_LENGTH)
    return { words: 'report', secrets: [{ from: 1, to: piece.length, as: 'typed-text' }] };
  const length = Math.min(piece[1] ?? 0, layout.longestPart);
  const aimAt = layout.aimAt.find((at) => piece[at] === 0x5d);
  const from = aimAt === undefined ? layout.dataAt : aimAt + 3;
  const goesOn = layout.moreAt === undefined ? length === layout.longestPart : ((piece[layout.moreAt] ?? 0) & 1) === 1;
  const aim = aimAt === undefined ? '' : ` ${Buffer.from(piece.subarray(aimAt, from)).toString('latin1')}`;
  const secret = { from, to: Math.min(from + length, piece.length) };
  return {
    words: `code${aim} ${length} B${goesOn ? ' and more' : ''}`,
    secrets: [{ ...secret, as: goesOn ? 'typed-text' : 'code-text' }],
  };
}
