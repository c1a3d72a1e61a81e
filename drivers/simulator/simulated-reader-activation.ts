import { COMMAND, ERROR, ERROR_CODE, STATUS, TAG } from '../card-reader/codes.ts';
import type { Clock } from '../clock.ts';
import { decodeTlv, findTag, toHex } from '../framing/tlv.ts';
import type { Vivotech2Frame } from '../framing/vivotech2.ts';
import { type Activation, contactlessAnswer, failureData, swipeAnswer } from './simulated-reader-answers.ts';
import type { CardFault, TestCard } from './test-card.ts';

export interface ActivationParts {
  readonly clock: Clock;
  readonly send: (frame: Vivotech2Frame) => void;
  readonly isSlotFull: () => boolean;
  readonly nextCounter: () => number;
  /** It waits for a card with this amount. */
  readonly began: (amountFen: number) => void;
}

/** A card at the outside of the reader. */
export type Medium =
  | { readonly by: 'contactless'; readonly card: TestCard; readonly fault: CardFault | undefined }
  | { readonly by: 'swipe'; readonly card: TestCard; readonly isDamaged: boolean };

const NO_DATA = new Uint8Array(0);
const NO_AMOUNT = '000000000000';

/** The wait for a card at all three interfaces: 02-40. */
export class CardWait {
  readonly #parts: ActivationParts;
  #running: { readonly activation: Activation; readonly stopTimer: () => void } | undefined;
  #last: Activation = { amount: NO_AMOUNT, type: '00', currency: '0156' };
  #medium: Medium | undefined;

  constructor(parts: ActivationParts) {
    this.#parts = parts;
  }

  isOpen(): boolean {
    return this.#running !== undefined;
  }

  begin(data: Uint8Array): void {
    const activation = activationOf(data.subarray(1));
    if (!activation) {
      this.#parts.send({ command: COMMAND.activate, sub: STATUS.badParameter, data: NO_DATA });
      return;
    }
    const stopTimer = this.#parts.clock.after((data[0] ?? 0) * 1000, () => this.#finish(STATUS.timeout));
    this.#running = { activation, stopTimer };
    this.#last = activation;
    if (activation.amount !== NO_AMOUNT) this.#parts.began(Number(activation.amount));
    if (this.#parts.isSlotFull()) this.inserted();
    else this.#read();
  }

  offer(medium: Medium): void {
    this.#medium = medium;
    this.#read();
  }

  takeAway(): void {
    this.#medium = undefined;
  }

  /** The chip is another transaction's. */
  inserted(): void {
    this.#finish(STATUS.failed, failureData(ERROR.goToContact));
  }

  resultFor(card: TestCard): Vivotech2Frame {
    const presented = { card, activation: this.#last, counter: this.#parts.nextCounter() };
    return { command: COMMAND.activate, sub: STATUS.onlineRequest, data: contactlessAnswer(presented) };
  }

  end(): void {
    this.#running?.stopTimer();
    this.#running = undefined;
  }

  #read(): void {
    const medium = this.#medium;
    if (!medium || !this.#running) return;
    if (medium.by === 'contactless' && this.#running.activation.amount === NO_AMOUNT) {
      // The card is still there when an amount comes.
      this.#finish(STATUS.failed, failureData(ERROR.amountZero));
      return;
    }
    this.#medium = undefined;
    if (medium.by === 'swipe') {
      this.#finish(STATUS.ok, swipeAnswer(medium.card, medium.isDamaged));
      return;
    }
    this.#parts.send({ command: COMMAND.activate, sub: STATUS.userInterfaceEvent, data: Uint8Array.of(0x01) });
    if (medium.fault) this.#finish(STATUS.failed, failureData(ERROR_CODE[medium.fault]));
    else this.#finish(STATUS.onlineRequest, this.resultFor(medium.card).data);
  }

  #finish(status: number, data: Uint8Array = NO_DATA): void {
    if (!this.#running) return;
    this.end();
    this.#parts.send({ command: COMMAND.activate, sub: status, data });
  }
}

/** What the tags of a command say of the transaction; undefined when one of them is not as it must be. */
export function activationOf(data: Uint8Array): Activation | undefined {
  const tags = decodeTlv(data);
  const value = (tag: string): string => toHex((tags.ok && findTag(tags.objects, tag)) || NO_DATA);
  const activation = { amount: value(TAG.amount), type: value(TAG.transactionType), currency: value(TAG.currency) };
  const isComplete = activation.amount.length === 12 && activation.type.length === 2 && activation.currency === '0156';
  return isComplete ? activation : undefined;
}
