import { COMMAND, POLL_ON_DEMAND, STATUS, SUB } from '../card-reader/codes.ts';
import type { Clock } from '../clock.ts';
import { encodeVivotech2, type Vivotech2Frame, vivotech2Decoder } from '../framing/vivotech2.ts';
import type { Transport } from '../transport/transport.ts';
import { type Behaviour, BehaviourStack } from './behaviours.ts';
import type { Simulator } from './simulated-port.ts';
import { CardWait } from './simulated-reader-activation.ts';
import { ChipTransaction, type InsertedCard } from './simulated-reader-chip.ts';
import { PinEntry } from './simulated-reader-pin.ts';
import { reportsOver } from './simulated-reader-reports.ts';
import { isCancel, isPinCancel, nameOf, violationOf } from './simulated-reader-rules.ts';
import type { CardFault, TestCard } from './test-card.ts';

export interface SimulatedReader extends Simulator {
  readonly clock: Clock;
  /** Holds a card to the reader until it has been read, or `takeAway`. With a fault the reader sees that instead of a good card. */
  present(card: TestCard, fault?: CardFault): void;
  /** Draws a card through the slot; with `track` the stripe is damaged. */
  swipe(card: TestCard, fault?: 'track'): void;
  /** Puts a card into the chip slot, where it stays until `takeAway`. */
  insert(card: TestCard, fault?: CardFault): void;
  /** No card is at the reader or in it any more. */
  takeAway(): void;
  /** The customer types these digits, or `cancel`, at the reader's own keys. False: nobody asked, or the reader does not take it. */
  enterPin(digits: string): boolean;
  /** Called when the reader begins to wait for a card with an amount. Returns the way to stop listening. */
  onActivate(listener: (amountFen: number) => void): () => void;
  /** Called when the reader begins to wait for a PIN. Returns the way to stop listening. */
  onPinEntry(listener: () => void): () => void;
  /** For a card, also without an amount. */
  isWaiting(): boolean;
  isPinOpen(): boolean;
  /** The commands received, as `02-40`, since the last `reset`: the last thousand. */
  readonly commands: readonly string[];
  /** What a driver must not do, such as a ping while the reader waits for a card. Never anything of a card. */
  readonly violations: readonly string[];
  /** `onSend` gets whole frames. A cancel ends what is under way, also when a behaviour deals with it. */
  use(behaviour: Behaviour<Vivotech2Frame>, times?: number, chance?: () => boolean): void;
  /** `onSend` gets the reports in which a reader at HID sends; at any other wire there are none. */
  useReports(behaviour: Pick<Behaviour<never>, 'onSend'>, times?: number, chance?: () => boolean): void;
  /** Sends any frame, asked for or not. */
  send(frame: Vivotech2Frame): void;
  /** What it would answer to the last activation for this card, held to it. */
  resultFor(card: TestCard): Vivotech2Frame;
  /** Restarts: forgets mode and activation, and announces itself. */
  restart(): void;
  /** A good reader again, without card, behaviours and records. Its PIN keys stay used: none is ever used twice. */
  reset(): void;
}

export interface SimulatedReaderOptions {
  readonly clock: Clock;
  /** Speaks in HID reports: one write is one report. */
  readonly hid?: boolean;
}

const KEPT_COMMANDS = 1_000;

/** An ID TECH reader at the other end of the wire. */
export function simulatedReader(options: SimulatedReaderOptions): SimulatedReader {
  return new Reader(options);
}

const NO_DATA = new Uint8Array(0);

class Reader implements SimulatedReader {
  readonly clock: Clock;
  commands: string[] = [];
  violations: string[] = [];
  readonly #isHid: boolean;
  readonly #behaviours = new BehaviourStack<Vivotech2Frame>();
  readonly #reports = new BehaviourStack<never>();
  readonly #activateListeners = new Set<(amountFen: number) => void>();
  readonly #pinListeners = new Set<() => void>();
  readonly #wait: CardWait;
  readonly #chip: ChipTransaction;
  readonly #pin: PinEntry;
  #transport: Transport | undefined;
  #onDemand = false;
  #inserted: InsertedCard | undefined;
  #counter = 0;
  #commandsOnThisWire = 0;
  #unanswered: { readonly frame: Vivotech2Frame; readonly atMs: number } | undefined;

  constructor({ clock, hid = false }: SimulatedReaderOptions) {
    this.clock = clock;
    this.#isHid = hid;
    const send = (frame: Vivotech2Frame): void => this.send(frame);
    const nextCounter = (): number => {
      this.#counter += 1;
      return this.#counter;
    };
    this.#wait = new CardWait({
      clock,
      send,
      isSlotFull: () => this.#inserted !== undefined,
      nextCounter,
      began: (amountFen) => {
        for (const listener of [...this.#activateListeners]) listener(amountFen);
      },
    });
    this.#chip = new ChipTransaction({
      clock,
      send,
      askHost: (sub, data) => this.#write(encodeVivotech2('command', { command: COMMAND.askHost, sub, data })),
      slot: () => this.#inserted,
      nextCounter,
    });
    this.#pin = new PinEntry({
      clock,
      send,
      began: () => {
        for (const listener of [...this.#pinListeners]) listener();
      },
    });
  }

  attach(transport: Transport): void {
    const wire = this.#isHid ? reportsOver(transport, this.#reports) : transport;
    const decoder = vivotech2Decoder('command', (frame) => this.#receive(frame));
    this.#transport = wire;
    this.#commandsOnThisWire = 0;
    this.#unanswered = undefined;
    wire.onData((bytes) => decoder.push(bytes));
    wire.onClose(() => {
      if (this.#transport === wire) this.#transport = undefined;
    });
  }

  present(card: TestCard, fault?: CardFault): void {
    const ofCard = card.fault ?? (card.chip === false ? 'unsupported' : undefined);
    this.#wait.offer({ by: 'contactless', card, fault: fault ?? ofCard });
  }

  swipe(card: TestCard, fault?: 'track'): void {
    this.#wait.offer({ by: 'swipe', card, isDamaged: fault !== undefined || card.isStripeBroken === true });
  }

  insert(card: TestCard, fault?: CardFault): void {
    this.#inserted = { card, fault };
    this.#wait.inserted();
    this.#chip.inserted();
  }

  takeAway(): void {
    this.#inserted = undefined;
    this.#wait.takeAway();
    this.#chip.removed();
  }

  enterPin(digits: string): boolean {
    return this.#pin.enter(digits);
  }

  onActivate(listener: (amountFen: number) => void): () => void {
    this.#activateListeners.add(listener);
    return () => this.#activateListeners.delete(listener);
  }

  onPinEntry(listener: () => void): () => void {
    this.#pinListeners.add(listener);
    return () => this.#pinListeners.delete(listener);
  }

  isWaiting(): boolean {
    return this.#wait.isOpen() || this.#chip.state() === 'busy';
  }

  isPinOpen(): boolean {
    return this.#pin.isOpen();
  }

  use(behaviour: Behaviour<Vivotech2Frame>, times?: number, chance?: () => boolean): void {
    this.#behaviours.use(behaviour, times, chance);
  }

  useReports(behaviour: Pick<Behaviour<never>, 'onSend'>, times?: number, chance?: () => boolean): void {
    this.#reports.use(behaviour, times, chance);
  }

  send(frame: Vivotech2Frame): void {
    this.#write(encodeVivotech2('answer', frame), () => {
      if (frame.command === this.#unanswered?.frame.command) this.#unanswered = undefined;
    });
  }

  resultFor(card: TestCard): Vivotech2Frame {
    return this.#wait.resultFor(card);
  }

  restart(): void {
    this.#end();
    this.#onDemand = false;
    this.send({ command: COMMAND.boot, sub: 0x01, data: Buffer.from('NEO 2.0 v1.00\0', 'latin1') });
  }

  reset(): void {
    this.#end();
    this.#behaviours.reset();
    this.#reports.reset();
    this.takeAway();
    this.#unanswered = undefined;
    this.commands = [];
    this.violations = [];
  }

  #write(bytes: Uint8Array, delivered: () => void = () => undefined): void {
    const to = this.#transport;
    this.#behaviours.send(bytes, (out) => {
      delivered();
      to?.write(out).catch(() => undefined);
    });
  }

  #receive(frame: Vivotech2Frame): void {
    if (frame.command === COMMAND.askHost) {
      this.#chip.hostAnswered();
      return;
    }
    this.commands.push(nameOf(frame));
    if (this.commands.length > KEPT_COMMANDS) this.commands.shift();
    if (this.#isRefused(frame)) return;
    this.#unanswered = { frame, atMs: this.clock.now() };
    const isDealtWith = this.#behaviours.handles(frame);
    if (isCancel(frame)) this.#end();
    if (!isDealtWith) this.#obey(frame);
  }

  /** While a PIN is entered, everything else is; what a violation interrupts, ends. */
  #isRefused(frame: Vivotech2Frame): boolean {
    const unanswered = this.#unanswered;
    this.#commandsOnThisWire += 1;
    const violation = violationOf(frame, {
      isWaiting: this.#wait.isOpen(),
      isPinOpen: this.#pin.isOpen(),
      chip: this.#chip.state(),
      isFirstCommand: this.#commandsOnThisWire === 1,
      unanswered: unanswered && { frame: unanswered.frame, sinceMs: this.clock.now() - unanswered.atMs },
    });
    if (violation !== undefined) this.violations.push(violation);
    if (this.#pin.isOpen() && !isPinCancel(frame)) {
      this.#answer(frame, STATUS.failed);
      return true;
    }
    // Whatever comes while it waits for a card, the reader takes for a cancel.
    if (violation !== undefined) this.#end();
    return false;
  }

  #obey(frame: Vivotech2Frame): void {
    switch (frame.command) {
      case COMMAND.activate:
        if (frame.sub !== SUB.activate) this.#unknown(frame);
        else if (this.#onDemand) this.#wait.begin(frame.data);
        else this.#answer(frame, STATUS.notAllowed);
        return;
      case COMMAND.contact:
        this.#chip.receive(frame);
        return;
      case COMMAND.pin:
        this.#askPin(frame);
        return;
      case COMMAND.pollMode:
        this.#onDemand = frame.data[0] === POLL_ON_DEMAND;
        this.#answer(frame, STATUS.ok);
        return;
      case COMMAND.cancel:
      case COMMAND.ping:
        this.#answer(frame, STATUS.ok);
        return;
      default:
        this.#unknown(frame);
    }
  }

  #askPin(frame: Vivotech2Frame): void {
    if (frame.sub === SUB.pinCancel) this.#pin.cancel();
    else if (frame.sub === SUB.pinRead) this.#pin.read(frame);
    else this.#unknown(frame);
  }

  #unknown(frame: Vivotech2Frame): void {
    this.violations.push(`unknown command ${nameOf(frame)}`);
    this.#answer(frame, STATUS.unknownCommand);
  }

  #answer(frame: Vivotech2Frame, status: number, data: Uint8Array = NO_DATA): void {
    this.send({ command: frame.command, sub: status, data });
  }

  #end(): void {
    this.#wait.end();
    this.#chip.end();
    this.#pin.end();
  }
}
