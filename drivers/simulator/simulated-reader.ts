import { COMMAND, ERROR_CODE, POLL_ON_DEMAND, STATUS, SUB, TAG } from '../card-reader/codes.ts';
import type { Clock } from '../clock.ts';
import { decodeTlv, encodeTlv, findTag, toHex } from '../framing/tlv.ts';
import { encodeVivotech2, type Vivotech2Frame, vivotech2Decoder } from '../framing/vivotech2.ts';
import type { Transport } from '../transport/transport.ts';
import { type Behaviour, BehaviourStack } from './behaviours.ts';
import type { Simulator } from './simulated-port.ts';
import { type Activation, contactlessAnswer, swipeAnswer, type TestCard } from './test-card.ts';

export interface SimulatedReader extends Simulator {
  /** Holds a card to the reader until it has been read, or `takeAway`. With a fault the reader sees that instead of a good card. */
  present(card: TestCard, fault?: CardFault): void;
  /** Draws a card through the slot; with `track` the stripe is damaged. */
  swipe(card: TestCard, fault?: 'track'): void;
  takeAway(): void;
  /** Called when the reader begins to wait for a card. Returns the way to stop listening. */
  onActivate(listener: (amountFen: number) => void): () => void;
  isWaiting(): boolean;
  /** The commands received, as `02-40`, since the last `reset`: the last thousand. */
  readonly commands: readonly string[];
  /** What a driver must not do, such as a ping while the reader waits for a card. */
  readonly violations: readonly string[];
  use(behaviour: Behaviour<Vivotech2Frame>, times?: number): void;
  /** Sends any frame, asked for or not. */
  send(frame: Vivotech2Frame): void;
  /** Restarts: forgets mode and activation, and announces itself. */
  restart(): void;
  /** A good reader again, without card, behaviours and records. */
  reset(): void;
}

const KEPT_COMMANDS = 1_000;

/** What the reader can see instead of a good contactless card. */
export type CardFault = keyof typeof ERROR_CODE;

/** An ID TECH reader at the other end of the wire. */
export function simulatedReader(options: { readonly clock: Clock }): SimulatedReader {
  return new Reader(options.clock);
}

interface Running {
  readonly activation: Activation;
  readonly stopTimer: () => void;
}

type Medium =
  | { readonly by: 'contactless'; readonly card: TestCard; readonly fault: CardFault | undefined }
  | { readonly by: 'swipe'; readonly card: TestCard; readonly fault: 'track' | undefined };

const NO_DATA = new Uint8Array(0);
const name = (frame: Vivotech2Frame): string =>
  `${toHex(Uint8Array.of(frame.command))}-${toHex(Uint8Array.of(frame.sub))}`;

class Reader implements SimulatedReader {
  commands: string[] = [];
  violations: string[] = [];
  readonly #clock: Clock;
  readonly #behaviours = new BehaviourStack<Vivotech2Frame>();
  readonly #listeners = new Set<(amountFen: number) => void>();
  #transport: Transport | undefined;
  #onDemand = false;
  #running: Running | undefined;
  #medium: Medium | undefined;
  #counter = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  attach(transport: Transport): void {
    const decoder = vivotech2Decoder('command', (frame) => this.#receive(frame));
    this.#transport = transport;
    transport.onData((bytes) => decoder.push(bytes));
    transport.onClose(() => {
      if (this.#transport === transport) this.#transport = undefined;
    });
  }

  present(card: TestCard, fault?: CardFault): void {
    this.#offer({ card, by: 'contactless', fault });
  }

  swipe(card: TestCard, fault?: 'track'): void {
    this.#offer({ card, by: 'swipe', fault });
  }

  takeAway(): void {
    this.#medium = undefined;
  }

  onActivate(listener: (amountFen: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  isWaiting(): boolean {
    return this.#running !== undefined;
  }

  use(behaviour: Behaviour<Vivotech2Frame>, times?: number): void {
    this.#behaviours.use(behaviour, times);
  }

  send(frame: Vivotech2Frame): void {
    const to = this.#transport;
    this.#behaviours.send(encodeVivotech2('answer', frame), (bytes) => {
      to?.write(bytes).catch(() => undefined);
    });
  }

  restart(): void {
    this.#end();
    this.#onDemand = false;
    this.send({ command: COMMAND.boot, sub: 0x01, data: Buffer.from('NEO 2.0 v1.00\0', 'latin1') });
  }

  reset(): void {
    this.#end();
    this.#behaviours.reset();
    this.#medium = undefined;
    this.commands = [];
    this.violations = [];
  }

  #offer(medium: Medium): void {
    this.#medium = medium;
    if (this.#running) this.#read(this.#running.activation, medium);
  }

  #receive(frame: Vivotech2Frame): void {
    this.commands.push(name(frame));
    if (this.commands.length > KEPT_COMMANDS) this.commands.shift();
    if (this.#running && frame.command !== COMMAND.cancel) {
      // Whatever comes while it waits for a card, the reader takes for a cancel.
      this.violations.push(`${name(frame)} while waiting for a card`);
      this.#end();
    }
    if (this.#behaviours.handles(frame)) return;
    switch (frame.command) {
      case COMMAND.activate:
        this.#activate(frame);
        return;
      case COMMAND.cancel:
        this.#end();
        this.#answer(frame, STATUS.ok);
        return;
      case COMMAND.pollMode:
        this.#onDemand = frame.data[0] === POLL_ON_DEMAND;
        this.#answer(frame, STATUS.ok);
        return;
      case COMMAND.ping:
        this.#answer(frame, STATUS.ok);
        return;
      default:
        this.violations.push(`unknown command ${name(frame)}`);
        this.#answer(frame, STATUS.unknownCommand);
        return;
    }
  }

  #answer(frame: Vivotech2Frame, status: number, data: Uint8Array = NO_DATA): void {
    this.send({ command: frame.command, sub: status, data });
  }

  #activate(frame: Vivotech2Frame): void {
    if (!this.#onDemand) {
      this.#answer(frame, STATUS.notAllowed);
      return;
    }
    const tags = decodeTlv(frame.data.subarray(1));
    const value = (tag: string): string => toHex((tags.ok && findTag(tags.objects, tag)) || NO_DATA);
    const activation = { amount: value(TAG.amount), type: value(TAG.transactionType), currency: value(TAG.currency) };
    const complete = activation.amount.length === 12 && activation.type.length === 2 && activation.currency === '0156';
    if (frame.sub !== SUB.activate || !complete) {
      this.#answer(frame, STATUS.badParameter);
      return;
    }
    const stopTimer = this.#clock.after((frame.data[0] ?? 0) * 1000, () => this.#finish(STATUS.timeout));
    this.#running = { activation, stopTimer };
    for (const listener of [...this.#listeners]) listener(Number(activation.amount));
    if (this.#medium && this.#running) this.#read(activation, this.#medium);
  }

  #read(activation: Activation, medium: Medium): void {
    this.#medium = undefined;
    this.#counter += 1;
    if (medium.by === 'swipe') {
      const { pan } = medium.card;
      const damaged = pan.slice(0, -1) + ((Number(pan.slice(-1)) + 1) % 10);
      this.#finish(STATUS.ok, swipeAnswer(medium.fault ? { ...medium.card, pan: damaged } : medium.card));
      return;
    }
    this.send({ command: COMMAND.activate, sub: STATUS.userInterfaceEvent, data: Uint8Array.of(0x01) });
    if (!medium.fault) {
      this.#finish(STATUS.onlineRequest, contactlessAnswer(medium.card, activation, this.#counter));
      return;
    }
    const failure = Uint8Array.of(ERROR_CODE[medium.fault], 0, 0, 0);
    this.#finish(STATUS.failed, encodeTlv([[TAG.failure, failure]]));
  }

  #finish(status: number, data: Uint8Array = NO_DATA): void {
    if (!this.#running) return;
    this.#end();
    this.send({ command: COMMAND.activate, sub: status, data });
  }

  #end(): void {
    this.#running?.stopTimer();
    this.#running = undefined;
  }
}
