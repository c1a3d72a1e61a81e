/** How noisy a line is. */
export interface Noise {
  /** Bytes that belonged to no frame. */
  readonly junkBytes: number;
  /** Frames with a wrong checksum or length. */
  readonly badCrcs?: number;
}

/** Splits a byte stream into frames, which it hands to the function it was made with. Never throws; its memory is bounded. */
export interface Decoder {
  push(bytes: Uint8Array): void;
  /** Throws away a half frame: the rest of it will not come any more. */
  dropPartial(): void;
  /** How many bytes it keeps of a frame that is not complete yet: at most the longest frame of its protocol (`npm run fuzz` checks it). */
  held(): number;
  /** Counted since it was made, by decoders that can tell. */
  readonly noise?: Noise;
}
