import type { Seeded } from '../storm/seeded.ts';

const LONGEST_RANDOM = 4_000;
const MOST_CHANGES = 8;

/** One input of a fuzz case, from the corpus and chance: random bytes, or good ones that were changed, joined and cut. */
export function makeInput(random: Seeded, corpus: readonly Uint8Array[]): Uint8Array {
  if (corpus.length === 0 || random.below(4) === 0) return randomBytes(random, lengthOf(random));
  let bytes: Uint8Array = random.pick(corpus);
  while (random.below(3) === 0) bytes = Uint8Array.from([...bytes, ...random.pick(corpus)]);
  for (let left = random.below(MOST_CHANGES); left > 0; left--) bytes = change(random, bytes, corpus);
  return bytes.slice(0, LONGEST_RANDOM);
}

/** The same bytes as they may come over a line: whole, in pieces, one by one; or in reports of `reportBytes`. */
export function split(random: Seeded, bytes: Uint8Array, reportBytes: number | undefined): Uint8Array[] {
  if (reportBytes !== undefined && random.below(2) === 0) {
    const count = Math.ceil(bytes.length / reportBytes);
    return Array.from({ length: count }, (_, n) => bytes.slice(n * reportBytes, (n + 1) * reportBytes));
  }
  const most = random.pick([1, 2, 7, 63, 64, 512, LONGEST_RANDOM]);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + random.below(most);
    chunks.push(bytes.slice(at, end));
    at = end;
  }
  return chunks;
}

/** Short ones far more often than long ones. */
const lengthOf = (random: Seeded): number => random.below(random.pick([4, 16, 64, 256, LONGEST_RANDOM]));

const randomBytes = (random: Seeded, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random.below(256));

function change(random: Seeded, bytes: Uint8Array, corpus: readonly Uint8Array[]): Uint8Array {
  const at = random.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random.below(16));
  const [head, part, tail] = [bytes.slice(0, at), bytes.slice(at, end), bytes.slice(end)];
  switch (random.below(7)) {
    case 0: // flipped bit
      return join(
        head,
        part.map((byte, i) => (i === 0 ? byte ^ (1 << random.below(8)) : byte)),
        tail,
      );
    case 1: // another byte, often one that means much
      return join(
        head,
        part.map((byte, i) => (i === 0 ? random.pick([0, 1, 0x7f, 0x80, 0x81, 0xff, byte + 1]) : byte)),
        tail,
      );
    case 2: // lost
      return join(head, tail);
    case 3: // doubled
      return join(head, part, part, tail);
    case 4: // junk between
      return join(head, randomBytes(random, 1 + random.below(20)), part, tail);
    case 5: // cut off
      return head;
    default: // a piece of something else
      return join(head, random.pick(corpus).slice(0, 1 + random.below(40)), tail);
  }
}

const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
