import { DeviceError } from '../errors.ts';

/** How the card was read. */
export type CardEntry = 'MAG' | 'CONTACTLESS' | 'CHIP';

/** What the card asks for to know its holder (DF52 and the service code); `online-pin` and `cdcvm` were decided by card or telephone. */
export type CardVerification = 'none' | 'signature' | 'online-pin' | 'cdcvm';

/** What may stand on a slip, in upper-case hex; undefined where the card did not give it. */
export interface EmvForSlip {
  readonly aid: string | undefined;
  readonly tvr: string | undefined;
  readonly atc: string | undefined;
  readonly arqc: string | undefined;
}

/** The secret part of a card. It may be sealed for the host and must never be stored or logged. */
export interface CardSecrets {
  /** 12 to 19 digits. */
  readonly pan: string;
  /** `PAN=YYMMsss…` without sentinels; undefined when the card has none. */
  readonly track2: string | undefined;
  /** YYMM. */
  readonly expiry: string;
  /** Value by tag, both upper-case hex, without the tags that repeat the fields above. Empty for a swipe. */
  readonly emvTags: Readonly<Record<string, string>>;
}

/**
 * One card as it was read. The secrets are in private fields, so that no log, inspection, JSON or clone of it can show them; only
 * `reveal` does. They are kept as bytes, which `erase` overwrites: call it as soon as the card has been used.
 */
export class CardData {
  readonly entry: CardEntry;
  /** First six and last four digits with `*` between, e.g. `622202******1234`. */
  readonly masked: string;
  readonly emvForSlip: EmvForSlip | undefined;
  /** Undefined where the card does not say. */
  readonly verification: CardVerification | undefined;
  readonly #pan: Uint8Array;
  readonly #track2: Uint8Array | undefined;
  readonly #expiry: Uint8Array;
  readonly #tags: ReadonlyMap<string, Uint8Array>;
  #erased = false;

  constructor(entry: CardEntry, secrets: CardSecrets, emvForSlip?: EmvForSlip, verification?: CardVerification) {
    this.entry = entry;
    this.verification = verification;
    this.masked = mask(secrets.pan);
    this.emvForSlip = emvForSlip;
    this.#pan = Buffer.from(secrets.pan, 'latin1');
    this.#track2 = secrets.track2 === undefined ? undefined : Buffer.from(secrets.track2, 'latin1');
    this.#expiry = Buffer.from(secrets.expiry, 'latin1');
    this.#tags = new Map(Object.entries(secrets.emvTags).map(([tag, value]) => [tag, Buffer.from(value, 'hex')]));
  }

  /** The secrets. Throws DeviceError CARD_UNREADABLE (reason `erased`) after `erase`. */
  reveal(): CardSecrets {
    if (this.#erased)
      throw new DeviceError('CARD_UNREADABLE', 'card', 'the card data was erased', { reason: 'erased' });
    return {
      pan: text(this.#pan),
      track2: this.#track2 && text(this.#track2),
      expiry: text(this.#expiry),
      emvTags: Object.fromEntries(
        [...this.#tags].map(([tag, value]) => [tag, Buffer.from(value).toString('hex').toUpperCase()]),
      ),
    };
  }

  /** Overwrites the secrets. `masked` and `emvForSlip` stay. */
  erase(): void {
    this.#erased = true;
    for (const secret of [this.#pan, this.#track2, this.#expiry, ...this.#tags.values()]) secret?.fill(0);
  }
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function mask(pan: string): string {
  return pan.slice(0, 6) + '*'.repeat(Math.max(0, pan.length - 10)) + pan.slice(-4);
}
