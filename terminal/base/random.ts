import { randomBytes } from 'node:crypto';

/** Chance as the terminal sees it; a storm passes one that replays from its seed. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  bytes(length: number): Uint8Array;
}

/** The real source; made here and nowhere else in `terminal` (design.md, rule 7). */
export const systemRandom: Random = {
  next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  bytes: (length) => randomBytes(length),
};
