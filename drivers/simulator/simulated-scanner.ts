import type { Clock } from '../clock.ts';
import { encodeHidPos } from '../framing/hid-pos.ts';
import { encodeSsi, SSI, SSI_SOURCE, SSI_WAKE_MS, type SsiFrame, ssiDecoder } from '../framing/ssi.ts';
import { aimOf, type Symbology } from '../scanner/decode-code.ts';
import { LONGEST_CODE, type ScannerProfile } from '../scanner/profiles.ts';
import type { Transport } from '../transport/transport.ts';
import { type Behaviour, BehaviourStack } from './behaviours.ts';
import type { Simulator } from './simulated-port.ts';

/** How a scanner sends what it read. */
export interface SendingManner {
  /** Behind the text of a serial scanner. */
  readonly ending: string;
  /** Where the AIM id begins in an HID report; the first place of the layout when undefined. */
  readonly aimAt: number | undefined;
  /** Bytes of the code in one HID report; as many as there is room for when undefined. */
  readonly partLength: number | undefined;
}

/** Something that a scanner is about to do, as a behaviour sees it. */
export type ScannerEvent =
  | { readonly kind: 'start' | 'stop' }
  | {
      readonly kind: 'code';
      readonly data: Uint8Array;
      /** The chunks, or reports, in which the scanner would send a code in this manner; what is not given is as the profile has it. */
      readonly encode: (manner?: Partial<SendingManner>, data?: Uint8Array) => readonly Uint8Array[];
    };

export interface SimulatedScanner extends Simulator {
  /** A code is held before the scanner. One that has to be told when to read sees it only then. */
  scan(code: string | Uint8Array, symbology?: Symbology): void;
  /** The same with the scanner's own button pressed: it reads whether it was told to or not. */
  trigger(code: string | Uint8Array, symbology?: Symbology): void;
  /** Whether a code would be read now. */
  isWaiting(): boolean;
  /** The commands received since the last `reset`, as `start-decode`; the last thousand. */
  readonly commands: readonly string[];
  /** What a driver must not do, such as a command to a scanner that sleeps. */
  readonly violations: readonly string[];
  readonly profile: ScannerProfile;
  use(behaviour: Behaviour<ScannerEvent>, times?: number, chance?: () => boolean): void;
  /** Sends anything, asked for or not, each chunk by itself, `apartMs` apart. */
  send(chunks: readonly Uint8Array[], apartMs?: number): void;
  /** Runs `act` when `ms` have passed, unless `reset` comes first. */
  later(ms: number, act: () => void): void;
  restart(): void;
  /** A good scanner again, without behaviours, records and what it had still to send. */
  reset(): void;
}

const KEPT_COMMANDS = 1_000;
/** It sleeps when nothing came for so long. */
const AWAKE_MS = 1_000;
const NO_DATA = new Uint8Array(0);

const endings = { cr: '\r', lf: '\n', crlf: '\r\n', gap: '' } as const;

/** A code scanner at the other end of the wire, speaking as the profile says. */
export function simulatedScanner(options: {
  readonly clock: Clock;
  readonly profile: ScannerProfile;
}): SimulatedScanner {
  return new Scanner(options.clock, options.profile);
}

class Scanner implements SimulatedScanner {
  commands: string[] = [];
  violations: string[] = [];
  readonly profile: ScannerProfile;
  readonly #clock: Clock;
  readonly #timers = new Set<() => void>();
  readonly #behaviours = new BehaviourStack<ScannerEvent>();
  #transport: Transport | undefined;
  #isReading = false;
  #wokenMs = Number.NEGATIVE_INFINITY;
  #lastByteMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, profile: ScannerProfile) {
    this.#clock = clock;
    this.profile = profile;
  }

  attach(transport: Transport): void {
    const decoder = ssiDecoder({ clock: this.#clock, longest: LONGEST_CODE }, (frame) => this.#receive(frame));
    this.#transport = transport;
    transport.onData((bytes) => {
      if (this.profile.kind === 'ssi') decoder.push(bytes);
      else this.violations.push('bytes to a scanner that takes none');
    });
    transport.onClose(() => {
      decoder.dropPartial();
      if (this.#transport === transport) this.#transport = undefined;
    });
  }

  scan(code: string | Uint8Array, symbology?: Symbology): void {
    if (this.isWaiting()) this.trigger(code, symbology);
  }

  trigger(code: string | Uint8Array, symbology: Symbology = 'QR'): void {
    this.#isReading = false;
    const data = typeof code === 'string' ? Buffer.from(code, 'utf8') : code;
    const encode = (manner: Partial<SendingManner> = {}, other: Uint8Array = data): readonly Uint8Array[] =>
      encodeCode(this.profile, other, aimOf(symbology), manner);
    if (!this.#behaviours.handles({ kind: 'code', data, encode })) this.send(encode());
  }

  isWaiting(): boolean {
    return this.#transport !== undefined && (this.profile.kind !== 'ssi' || this.#isReading);
  }

  use(behaviour: Behaviour<ScannerEvent>, times?: number, chance?: () => boolean): void {
    this.#behaviours.use(behaviour, times, chance);
  }

  send(chunks: readonly Uint8Array[], apartMs = 0): void {
    const to = this.#transport;
    chunks.forEach((chunk, i) => {
      const write = (): void =>
        this.#behaviours.send(chunk, (bytes) => {
          to?.write(bytes).catch(() => undefined);
        });
      if (i * apartMs === 0) write();
      else this.later(i * apartMs, write);
    });
  }

  later(ms: number, act: () => void): void {
    const cancel = this.#clock.after(ms, () => {
      this.#timers.delete(cancel);
      act();
    });
    this.#timers.add(cancel);
  }

  restart(): void {
    this.#isReading = false;
    this.#wokenMs = Number.NEGATIVE_INFINITY;
  }

  reset(): void {
    this.restart();
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#behaviours.reset();
    this.commands = [];
    this.violations = [];
  }

  #receive(frame: SsiFrame): void {
    const now = this.#clock.now();
    if (frame.kind === 'wake') {
      if (!this.#isAwake(now)) this.#wokenMs = now;
      this.#lastByteMs = now;
      return;
    }
    if (frame.kind !== 'packet') {
      this.violations.push('bytes that are no packet');
      return;
    }
    const awake = this.#isAwake(now);
    this.#lastByteMs = now;
    if (awake) this.#execute(frame.packet.opcode);
    else this.violations.push('a packet to a scanner that sleeps');
  }

  #isAwake(now: number): boolean {
    return now - this.#wokenMs >= SSI_WAKE_MS && (this.#isReading || now - this.#lastByteMs < AWAKE_MS);
  }

  #execute(opcode: number): void {
    const kind = opcode === SSI.startDecode ? 'start' : opcode === SSI.stopDecode ? 'stop' : undefined;
    if (!kind) {
      this.violations.push(`unknown command ${opcode.toString(16).padStart(2, '0')}`);
      return;
    }
    this.commands.push(`${kind}-decode`);
    if (this.commands.length > KEPT_COMMANDS) this.commands.shift();
    if (this.#behaviours.handles({ kind })) return;
    this.#isReading = kind === 'start';
    this.send([ssiAnswer(SSI.ack)]);
  }
}

/** ACK, or NAK with its cause, as an SSI scanner sends it. */
export const ssiAnswer = (opcode: number, data: Uint8Array = NO_DATA): Uint8Array =>
  encodeSsi({ opcode, source: SSI_SOURCE.decoder, data });

function encodeCode(
  profile: ScannerProfile,
  data: Uint8Array,
  aim: string,
  { ending, aimAt, partLength }: Partial<SendingManner>,
): readonly Uint8Array[] {
  if (profile.kind === 'hid') {
    const sending = { ...(aimAt === undefined ? {} : { aimAt }), ...(partLength === undefined ? {} : { partLength }) };
    return encodeHidPos(profile.layout, { data, aim }, sending);
  }
  const own = profile.kind === 'ssi' ? endings.cr : endings[profile.ending];
  return [Buffer.concat([data, Buffer.from(ending ?? own, 'latin1')])];
}
