import { COMMAND, ERROR, ERROR_CODE, STATUS, SUB, TAG } from '../card-reader/codes.ts';
import type { Clock } from '../clock.ts';
import { decodeTlv, findTag } from '../framing/tlv.ts';
import type { Vivotech2Frame } from '../framing/vivotech2.ts';
import { activationOf } from './simulated-reader-activation.ts';
import {
  type Activation,
  chipAuthenticateAnswer,
  chipDeclineAnswer,
  chipFinishAnswer,
  chipStartAnswer,
  failureData,
  type Presentation,
} from './simulated-reader-answers.ts';
import type { CardFault, TestCard } from './test-card.ts';

export interface InsertedCard {
  readonly card: TestCard;
  readonly fault: CardFault | undefined;
}

export interface ChipParts {
  readonly clock: Clock;
  readonly send: (frame: Vivotech2Frame) => void;
  /** Asks the terminal, which answers with the same command. */
  readonly askHost: (sub: number, data: Uint8Array) => void;
  readonly slot: () => InsertedCard | undefined;
  readonly nextCounter: () => number;
}

type Stage =
  | { readonly at: 'none' }
  | { readonly at: 'waiting' | 'asking'; readonly activation: Activation; readonly stopTimer: () => void }
  | { readonly at: 'started' | 'authenticated'; readonly presented: Presentation };

const NO_DATA = new Uint8Array(0);
/** Fallback byte and two times, before the tags of 60-10. */
const START_HEAD = 5;
const SHOW_ONLY = 0x03;

/** A contact transaction: 60-10, 60-11, 60-12, each answered twice. */
export class ChipTransaction {
  readonly #parts: ChipParts;
  #stage: Stage = { at: 'none' };

  constructor(parts: ChipParts) {
    this.#parts = parts;
  }

  /** `busy`: nothing but a cancel may come. `open`: between two steps. */
  state(): 'none' | 'busy' | 'open' {
    switch (this.#stage.at) {
      case 'none':
        return 'none';
      case 'waiting':
      case 'asking':
        return 'busy';
      case 'started':
      case 'authenticated':
        return 'open';
    }
  }

  receive(frame: Vivotech2Frame): void {
    switch (frame.sub) {
      case SUB.contactStart:
        this.#start(frame.data);
        return;
      case SUB.contactAuthenticate:
        this.#authenticate();
        return;
      case SUB.contactFinish:
        this.#finish(frame.data);
        return;
      default:
        this.#answer(STATUS.notAllowed);
    }
  }

  /** A card is in the slot now. */
  inserted(): void {
    if (this.#stage.at !== 'waiting') return;
    this.#stage = { ...this.#stage, at: 'asking' };
    this.#parts.askHost(SUB.askDisplay, Uint8Array.of(SHOW_ONLY, 0, 0));
  }

  removed(): void {
    if (this.#stage.at === 'asking') this.#fail(ERROR_CODE.removed);
  }

  /** The terminal has shown what it was asked to show; the reader goes on. */
  hostAnswered(): void {
    const stage = this.#stage;
    if (stage.at !== 'asking') return;
    const inserted = this.#readable();
    if (!inserted) return;
    stage.stopTimer();
    const presented = { card: inserted.card, activation: stage.activation, counter: this.#parts.nextCounter() };
    this.#stage = { at: 'started', presented };
    this.#answer(STATUS.ok, chipStartAnswer(presented));
  }

  end(): void {
    if ('stopTimer' in this.#stage) this.#stage.stopTimer();
    this.#stage = { at: 'none' };
  }

  #start(data: Uint8Array): void {
    const activation = activationOf(data.subarray(START_HEAD));
    if (!activation) {
      this.#answer(STATUS.badParameter);
      return;
    }
    this.#answer(STATUS.accepted);
    const seconds = (data[1] ?? 0) * 256 + (data[2] ?? 0);
    const stopTimer = this.#parts.clock.after(seconds * 1000, () => {
      this.end();
      this.#answer(STATUS.timeout);
    });
    this.#stage = { at: 'waiting', activation, stopTimer };
    if (this.#parts.slot()) this.inserted();
  }

  #authenticate(): void {
    const stage = this.#stage;
    if (stage.at !== 'started') {
      this.#answer(STATUS.notAllowed);
      return;
    }
    this.#answer(STATUS.accepted);
    const inserted = this.#readable();
    if (!inserted) return;
    if (faultOf(inserted) === 'declined') {
      this.end();
      this.#answer(STATUS.ok, chipDeclineAnswer(stage.presented));
      return;
    }
    this.#stage = { at: 'authenticated', presented: stage.presented };
    this.#answer(STATUS.ok, chipAuthenticateAnswer(stage.presented));
  }

  #finish(data: Uint8Array): void {
    const stage = this.#stage;
    if (stage.at !== 'authenticated') {
      this.#answer(STATUS.notAllowed);
      return;
    }
    const tags = decodeTlv(data);
    const code = tags.ok ? findTag(tags.objects, TAG.responseCode) : undefined;
    if (code?.length !== 2) {
      this.#answer(STATUS.badParameter);
      return;
    }
    this.#answer(STATUS.accepted);
    if (!this.#readable()) return;
    this.end();
    const isApproved = Buffer.from(code).toString('latin1') === '00';
    this.#answer(STATUS.ok, chipFinishAnswer(stage.presented, isApproved));
  }

  /** The card in the slot; without one that can be read the transaction has failed. */
  #readable(): InsertedCard | undefined {
    const inserted = this.#parts.slot();
    if (!inserted) return this.#fail(ERROR.noResponse);
    const fault = faultOf(inserted);
    return fault && fault !== 'declined' ? this.#fail(ERROR_CODE[fault]) : inserted;
  }

  #fail(errorCode: number): undefined {
    this.end();
    this.#answer(STATUS.failed, failureData(errorCode));
  }

  #answer(status: number, data: Uint8Array = NO_DATA): void {
    this.#parts.send({ command: COMMAND.contact, sub: status, data });
  }
}

const faultOf = ({ card, fault }: InsertedCard): CardFault | undefined =>
  fault ?? card.fault ?? (card.chip === false ? 'chip' : undefined);
