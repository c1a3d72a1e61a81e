import { DeviceError } from '../errors.ts';

/** What leaves, sealed, inside the authorisation request: upper-case hex. */
export interface PinSecrets {
  /** ISO 9564-1 format 0, enciphered with the key that `ksn` names: 16 digits. */
  readonly block: string;
  /** Key serial number (ANSI X9.24 DUKPT): 20 digits. */
  readonly ksn: string;
}

/** A PIN as the PIN pad gave it away. Like CardData it cannot be printed, inspected or written as JSON; `erase` it when it was used. */
export class PinBlock {
  readonly #block: Uint8Array;
  readonly #ksn: Uint8Array;
  #erased = false;

  constructor(secrets: PinSecrets) {
    this.#block = Buffer.from(secrets.block, 'hex');
    this.#ksn = Buffer.from(secrets.ksn, 'hex');
  }

  /** Throws DeviceError DEVICE_FAULT (reason `erased`) after `erase`. */
  reveal(): PinSecrets {
    if (this.#erased) throw new DeviceError('DEVICE_FAULT', 'pin-pad', 'the PIN was erased', { reason: 'erased' });
    return { block: hex(this.#block), ksn: hex(this.#ksn) };
  }

  erase(): void {
    this.#erased = true;
    this.#block.fill(0);
    this.#ksn.fill(0);
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();
