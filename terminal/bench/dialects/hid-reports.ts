import type { Dialect, Way } from './dialect.ts';

const REPORT = 64;
const PER_REPORT = REPORT - 1;
const [WHOLE, FIRST, MIDDLE, LAST] = [1, 2, 3, 4];

/** The same language in 64-byte HID reports (devices.md §2.1): report 1 is a whole message, 2 its first part, 3 more, 4 the last. */
export function inHidReports(inner: Dialect): Dialect {
  return {
    cut(_way, bytes) {
      for (let at = 0; at + REPORT <= bytes.length; at += REPORT) {
        const id = bytes[at];
        const isEnd = id === WHOLE || id === LAST;
        const isLost = (at > 0 && (id === WHOLE || id === FIRST)) || (at === 0 && (id === MIDDLE || id === LAST));
        if (isLost) return Math.max(at, REPORT);
        if (isEnd) return at + REPORT;
        if (id !== FIRST && id !== MIDDLE) return at + REPORT;
      }
      return undefined;
    },
    read(way, piece) {
      const message = messageOf(way, piece, inner);
      const { words, secrets } = inner.read(way, message);
      return {
        words,
        secrets: secrets.flatMap(({ from, to, as }) => spread(from, to).map((part) => ({ ...part, as }))),
      };
    },
    disguise(way, piece) {
      const message = messageOf(way, piece, inner);
      inner.disguise(way, message);
      message.forEach((byte, at) => {
        piece[placeOf(at)] = byte;
      });
    },
  };
}

/** Without report numbers and padding. */
function messageOf(way: Way, piece: Uint8Array, inner: Dialect): Uint8Array {
  const padded = piece.filter((_, at) => at % REPORT !== 0);
  return padded.slice(0, inner.cut(way, padded) ?? padded.length);
}

const placeOf = (at: number): number => Math.floor(at / PER_REPORT) * REPORT + 1 + (at % PER_REPORT);

/** A part of the message, as the parts of the reports that it stands in. */
function spread(from: number, to: number): { from: number; to: number }[] {
  const parts: { from: number; to: number }[] = [];
  for (let at = from; at < to; ) {
    const end = Math.min(to, (Math.floor(at / PER_REPORT) + 1) * PER_REPORT);
    parts.push({ from: placeOf(at), to: placeOf(end - 1) + 1 });
    at = end;
  }
  return parts;
}
