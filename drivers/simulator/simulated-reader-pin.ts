import { COMMAND, PIN_KEY_TYPE, PIN_PAN_DIGITS, PIN_STATE, STATUS } from '../card-reader/codes.ts';
import type { Clock } from '../clock.ts';
import type { Vivotech2Frame } from '../framing/vivotech2.ts';
import { encipheredPin } from './dukpt.ts';

export interface PinParts {
  readonly clock: Clock;
  readonly send: (frame: Vivotech2Frame) => void;
  readonly began: () => void;
}

interface Entry {
  readonly pan: string;
  readonly min: number;
  readonly max: number;
  readonly stopTimer: () => void;
}

const NO_DATA = new Uint8Array(0);
const LONGEST_ENTRY_MS = 180_000;
const PIN_LENGTHS = { shortest: 4, longest: 12 } as const;

/** PIN entry at the reader's own keys: 62-01, answered twice, and 62-00. Loaded with the published test key. */
export class PinEntry {
  readonly #parts: PinParts;
  #entry: Entry | undefined;
  #keysUsed = 0;

  constructor(parts: PinParts) {
    this.#parts = parts;
  }

  isOpen(): boolean {
    return this.#entry !== undefined;
  }

  read({ data }: Vivotech2Frame): void {
    this.#answer(STATUS.ok);
    const [keyType, length = 0] = data;
    const pan = Buffer.from(data.subarray(2, 2 + length)).toString('latin1');
    const [max = 0, min = 0] = data.subarray(2 + length);
    const { shortest, longest } = PIN_LENGTHS;
    const isGood =
      keyType === PIN_KEY_TYPE &&
      /^\d+$/.test(pan) &&
      pan.length === PIN_PAN_DIGITS &&
      shortest <= min &&
      max <= longest;
    if (!isGood) {
      this.#answer(STATUS.failed, Uint8Array.of(PIN_STATE.parameters));
      return;
    }
    const stopTimer = this.#parts.clock.after(LONGEST_ENTRY_MS, () => this.#finish(STATUS.timeout));
    this.#entry = { pan, min, max, stopTimer };
    this.#parts.began();
  }

  /** False: nobody asked, or the reader does not take it. */
  enter(digits: string): boolean {
    const entry = this.#entry;
    if (!entry) return false;
    if (digits === 'cancel') {
      this.#finish(STATUS.failed, Uint8Array.of(PIN_STATE.keypadCancel));
      return true;
    }
    if (!/^\d+$/.test(digits) || digits.length < entry.min || digits.length > entry.max) return false;
    this.#keysUsed += 1;
    const { ksn, block } = encipheredPin(digits, entry.pan, this.#keysUsed);
    this.#finish(STATUS.ok, Uint8Array.from([PIN_STATE.ok, ...Buffer.from(ksn + block, 'latin1')]));
    return true;
  }

  /** 62-00. */
  cancel(): void {
    const wasOpen = this.isOpen();
    this.end();
    this.#answer(STATUS.ok);
    if (wasOpen) this.#answer(STATUS.failed, Uint8Array.of(PIN_STATE.externalCancel));
  }

  end(): void {
    this.#entry?.stopTimer();
    this.#entry = undefined;
  }

  #finish(status: number, data: Uint8Array = NO_DATA): void {
    this.end();
    this.#answer(status, data);
  }

  #answer(status: number, data: Uint8Array = NO_DATA): void {
    this.#parts.send({ command: COMMAND.pin, sub: status, data });
  }
}
