/** Chance as this folder sees it. The real one is made by the program that starts everything; a storm passes one that replays from its seed. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  bytes(length: number): Uint8Array;
}

/** A random name of 16 hex digits. */
export const randomName = (random: Random): string => Buffer.from(random.bytes(8)).toString('hex');
