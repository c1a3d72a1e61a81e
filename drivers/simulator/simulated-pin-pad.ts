import type { Clock } from '../clock.ts';
import { encodeK100, type K100Decoder, k100Decoder } from '../framing/k100.ts';
import { ACK, COMMAND, KEY_NOTICE, NAK, NAK_CODE } from '../pin-pad/k100-codes.ts';
import type { Transport } from '../transport/transport.ts';
import { type Behaviour, BehaviourStack } from './behaviours.ts';
import { encipheredPin } from './dukpt.ts';
import type { Simulator } from './simulated-port.ts';

export interface SimulatedPinPad extends Simulator {
  readonly clock: Clock;
  /**
   * The customer types these digits and presses Enter. False: nobody asked, or it is too short and the pad waits for more; digits above
   * twelve are not taken.
   */
  enterPin(digits: string): boolean;
  /** The customer types without Enter. False when nobody asked. */
  typeDigits(digits: string): boolean;
  /** The pad clears what was typed so far, as it does 20 s after a key. */
  clearDigits(): void;
  /** The customer presses Cancel. False when nobody asked. */
  pressCancel(): boolean;
  isWaiting(): boolean;
  /** Called when the pad begins to wait for a PIN. Returns the way to stop listening. */
  onAsk(listener: () => void): () => void;
  /** The commands received, as `75-46-07`, since the last `reset`: the last thousand. */
  readonly commands: readonly string[];
  /** What a driver must not do, such as a command other than cancel while a PIN is entered. Never anything of a card. */
  readonly violations: readonly string[];
  /** `onCommand` gets the bodies of commands, `onSend` whole frames. */
  use(behaviour: Behaviour<Uint8Array>, times?: number, chance?: () => boolean): void;
  /** Begins to wait as the command asks for, for at most `limitMs`. */
  begin(command: Uint8Array, limitMs?: number): void;
  /** Sends any body, asked for or not. */
  send(body: Uint8Array): void;
  refuse(code: number): void;
  /** Off and on: an entry is forgotten, and nothing is said about it. */
  restart(): void;
  /** A good pad again, without an entry, behaviours and records. Its keys stay used: none is ever used twice. */
  reset(): void;
}

const KEPT_COMMANDS = 1_000;
const LONGEST_ENTRY_MS = 180_000;
const SHORTEST_PIN = 4;
const LONGEST_PIN = 12;

/** A SmartPIN K100 at the other end of the wire, loaded with the published test key. */
export function simulatedPinPad(options: { readonly clock: Clock }): SimulatedPinPad {
  return new Pad(options.clock);
}

interface Entry {
  readonly pan: string;
  readonly stopTimer: () => void;
  digits: string;
}

const name = (body: Uint8Array): string =>
  Buffer.from(body.subarray(0, 3))
    .toString('hex')
    .replace(/..(?=.)/g, '$&-');

const isCommand = (body: Uint8Array, command: Uint8Array): boolean => command.every((byte, at) => body[at] === byte);

export const isPinCommand = (body: Uint8Array): boolean => isCommand(body, COMMAND.pin);
export const isCancelCommand = (body: Uint8Array): boolean => isCommand(body, COMMAND.cancel);

class Pad implements SimulatedPinPad {
  readonly clock: Clock;
  commands: string[] = [];
  violations: string[] = [];
  readonly #behaviours = new BehaviourStack<Uint8Array>();
  readonly #listeners = new Set<() => void>();
  #transport: Transport | undefined;
  #entry: Entry | undefined;
  #keysUsed = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  attach(transport: Transport): void {
    const decoder = k100Decoder((body) => this.#receive(body));
    this.#transport = transport;
    transport.onData((bytes) => this.#take(decoder, bytes));
    transport.onClose(() => {
      if (this.#transport === transport) this.#transport = undefined;
    });
  }

  enterPin(digits: string): boolean {
    const entry = this.#entry;
    if (!entry || !this.typeDigits(digits) || entry.digits.length < SHORTEST_PIN) return false;
    this.#keysUsed += 1;
    const { ksn, block } = encipheredPin(entry.digits, entry.pan, this.#keysUsed);
    this.#finish(Uint8Array.from([ACK, ...Buffer.from(ksn + block, 'latin1')]));
    return true;
  }

  typeDigits(digits: string): boolean {
    const entry = this.#entry;
    if (!entry) return false;
    for (const digit of digits.replace(/\D/g, '')) {
      if (entry.digits.length === LONGEST_PIN) break;
      entry.digits += digit;
      this.send(Uint8Array.of(KEY_NOTICE.digit));
    }
    return true;
  }

  clearDigits(): void {
    if (!this.#entry?.digits) return;
    this.#entry.digits = '';
    this.send(Uint8Array.of(KEY_NOTICE.cleared));
  }

  pressCancel(): boolean {
    if (!this.#entry) return false;
    this.send(Uint8Array.of(KEY_NOTICE.cleared));
    this.#finish(nak(NAK_CODE.cancelKey));
    return true;
  }

  isWaiting(): boolean {
    return this.#entry !== undefined;
  }

  onAsk(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  use(behaviour: Behaviour<Uint8Array>, times?: number, chance?: () => boolean): void {
    this.#behaviours.use(behaviour, times, chance);
  }

  begin(command: Uint8Array, limitMs = LONGEST_ENTRY_MS): void {
    const pan = Buffer.from(command.subarray(COMMAND.pin.length)).toString('latin1');
    if (!/^\d{16}$/.test(pan)) {
      this.violations.push('a card number that is not 16 digits');
      this.refuse(NAK_CODE.cardNumber);
      return;
    }
    this.restart();
    this.#entry = { pan, digits: '', stopTimer: this.clock.after(limitMs, () => this.#finish(nak(NAK_CODE.timeout))) };
    for (const listener of [...this.#listeners]) listener();
  }

  send(body: Uint8Array): void {
    const to = this.#transport;
    this.#behaviours.send(encodeK100(body), (bytes) => {
      to?.write(bytes).catch(() => undefined);
    });
  }

  refuse(code: number): void {
    this.send(nak(code));
  }

  restart(): void {
    this.#entry?.stopTimer();
    this.#entry = undefined;
  }

  reset(): void {
    this.restart();
    this.#behaviours.reset();
    this.commands = [];
    this.violations = [];
  }

  #take(decoder: K100Decoder, bytes: Uint8Array): void {
    const before = decoder.noise.badCrcs;
    decoder.push(bytes);
    if (decoder.noise.badCrcs > before) this.refuse(NAK_CODE.frame);
  }

  #receive(body: Uint8Array): void {
    this.commands.push(name(body));
    if (this.commands.length > KEPT_COMMANDS) this.commands.shift();
    if (this.#behaviours.handles(body)) return;
    if (isCancelCommand(body)) {
      this.restart();
      this.refuse(NAK_CODE.cancelled);
    } else if (this.#entry) {
      this.violations.push(`${name(body)} while a PIN is entered`);
      this.refuse(NAK_CODE.busy);
    } else if (isPinCommand(body)) {
      this.begin(body);
    } else if (isCommand(body, COMMAND.model)) {
      this.send(Uint8Array.from([ACK, ...Buffer.from('IDPA-902000', 'latin1')]));
    } else {
      this.violations.push(`unknown command ${name(body)}`);
      this.refuse(NAK_CODE.unknownCommand);
    }
  }

  #finish(body: Uint8Array): void {
    this.restart();
    this.send(body);
  }
}

const nak = (code: number): Uint8Array => Uint8Array.of(NAK, code >> 8, code & 0xff);
