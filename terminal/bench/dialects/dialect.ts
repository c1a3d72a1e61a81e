import type { Secret } from './secrets.ts';

export type Way = 'out' | 'in';

/** What a piece of a wire says to whoever knows its language. */
export interface Reading {
  /** In the words of the manuals. */
  readonly words: string;
  /** Where in it something stands that nobody may see. */
  readonly secrets: readonly Secret[];
}

/** The language of one device. It may remember what was asked, so each wire has one of its own. */
export interface Dialect {
  /** How many bytes from the start belong together: a frame, a line, or junk; undefined: not all of it is there yet. `bytes` is not empty. */
  cut(way: Way, bytes: Uint8Array): number | undefined;
  /** A piece that `cut` cut off, or the beginning of one whose rest never came. */
  read(way: Way, piece: Uint8Array): Reading;
  /** Replaces what is secret by something of the same length and form, with right checksums where they were right. In place. */
  disguise(way: Way, piece: Uint8Array): void;
}

export const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');

/** The bytes of a device in no language that we know: nothing is shown of them but how many there are. */
export const allSecret = (piece: Uint8Array, words: string): Reading => ({
  words,
  secrets: [{ from: 0, to: piece.length, as: 'bytes' }],
});
