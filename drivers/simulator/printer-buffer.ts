import { nextToken, type TokenAt } from './escpos-tokens.ts';

const XON = 0x11;
const XOFF = 0x13;
const LARGE = 65_536;
/** Free when it asks for a pause. */
const BUSY_BYTES = 256;
const nothing = new Uint8Array(0);

export interface BufferEvents {
  /** XOFF when it is nearly full, XON when half of it is free. */
  readonly onFlow: (byte: number) => void;
  readonly onOverflow: () => void;
}

/** What a printer has received and not yet done. */
export class PrinterBuffer {
  limitBytes = LARGE;
  readonly #events: BufferEvents;
  #bytes: Uint8Array = nothing;
  #isBusy = false;

  constructor(events: BufferEvents) {
    this.#events = events;
  }

  push(bytes: Uint8Array): void {
    const length = this.#bytes.length + bytes.length;
    if (length > this.limitBytes) {
      this.#events.onOverflow();
      return;
    }
    const joined = new Uint8Array(length);
    joined.set(this.#bytes);
    joined.set(bytes, this.#bytes.length);
    this.#bytes = joined;
    this.#setBusy(this.#isBusy || length > this.limitBytes - BUSY_BYTES);
  }

  /** undefined: nothing complete has come. */
  first(): TokenAt | undefined {
    return nextToken(this.#bytes, 0);
  }

  drop(length: number): void {
    this.#bytes = this.#bytes.subarray(length);
    if (this.#bytes.length < this.limitBytes / 2) this.#setBusy(false);
  }

  /** Power off: everything is lost. */
  clear(): void {
    this.#bytes = nothing;
    this.#isBusy = false;
  }

  reset(): void {
    this.clear();
    this.limitBytes = LARGE;
  }

  /** Whether the last thing that has come is the beginning of a picture. */
  isInPicture(): boolean {
    let at = 0;
    for (let next = nextToken(this.#bytes, at); next; next = nextToken(this.#bytes, at)) at += next.length;
    return this.#bytes[at] === 0x1d && this.#bytes[at + 1] === 0x76;
  }

  #setBusy(isBusy: boolean): void {
    if (isBusy === this.#isBusy) return;
    this.#isBusy = isBusy;
    this.#events.onFlow(isBusy ? XOFF : XON);
  }
}
