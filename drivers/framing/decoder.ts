/** Splits a byte stream into frames, which it hands to the function it was made with. Never throws; its memory is bounded. */
export interface Decoder {
  push(bytes: Uint8Array): void;
  /** Throws away a half frame: the rest of it will not come any more. */
  dropPartial(): void;
}
