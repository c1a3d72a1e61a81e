import { sleep } from '../../drivers/clock.ts';
import { isDeviceError } from '../../drivers/errors.ts';
import { transportPair } from '../../drivers/transport/pair.ts';
import type { Port, Transport } from '../../drivers/transport/transport.ts';
import type { Clock } from '../base/clock.ts';
import { TerminalError } from '../base/errors.ts';
import type { RecordedLine } from './recording.ts';
import { type ReplayClock, replayClock, settled } from './replay-clock.ts';
import { type Profile, type ReplayedDriver, replayedDriver } from './replayed-driver.ts';

export interface ReplayOptions {
  readonly device: RecordedLine['device'];
  /** 1: as long as it took; 0: as fast as it goes. */
  readonly speed: 0 | 1;
  /** The real one, for speed 1. */
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

export interface Replay {
  /** Bytes of the driver that were as recorded, and bytes of the device that it was given. */
  readonly checkedBytes: number;
  readonly givenBytes: number;
  readonly calls: number;
  /** What was otherwise than recorded, the first only. */
  readonly difference?: {
    readonly line: number;
    readonly what: string;
    readonly expected: string;
    readonly found: string;
  };
}

/** A call that the driver has not ended when the recording has may end for this long afterwards. */
const AFTERWARDS_MS = 100;
/** How long a driver may take to connect, which it does in pauses of its own. */
const CONNECTS_WITHIN_MS = 120_000;

/**
 * Plays the device's side of a recording to a real driver, asks of it what was asked, and compares what it sends and how each call ends.
 * NOT_FOUND when nothing of the device was recorded; BAD_REQUEST when its driver cannot be replayed.
 */
export async function replay(lines: readonly RecordedLine[], options: ReplayOptions): Promise<Replay> {
  const own = lines.filter(({ device }) => device === options.device);
  if (own.length === 0) throw new TerminalError('NOT_FOUND', { what: 'device', no: options.device });
  const clock = replayClock();
  const wire = new ReplayedWire();
  const driver = await replayedDriver(options.device, profileIn(own), { clock, port: wire.port });
  const play = new Play(driver, wire, clock);
  try {
    let atMs = own[0]?.t ?? 0;
    for (const [at, line] of own.entries()) {
      if (options.speed === 1) await sleep(options.clock, line.t - atMs, options.signal);
      if (options.signal?.aborted) break;
      atMs = line.t;
      await clock.advanceTo(play.baseMs + line.t);
      if (!(await play.line(line, at + 1))) break;
    }
    await play.end(own.length);
    return play.result();
  } finally {
    driver.stop();
  }
}

/** `profile escpos-58 used drawer-2`. */
function profileIn(lines: readonly RecordedLine[]): Profile {
  const notes = lines.flatMap((line) => (line.dir === 'note' ? [line.note.split(' ')] : []));
  const [, name, ...more] = notes.find(([word]) => word === 'profile') ?? [];
  return {
    name,
    used: more.includes('used'),
    drawerPin: more.includes('drawer-2') ? 2 : more.includes('drawer-5') ? 5 : undefined,
  };
}

/** The device's end of the wire. */
class ReplayedWire {
  readonly port: Port = { describe: 'replay', connect: () => this.#connect() };
  #far: Transport | undefined;
  #cut: () => void = () => undefined;
  #wanted: ((transport: Transport) => void) | undefined;
  /** What the driver has sent and nobody has compared yet. */
  sent = Buffer.alloc(0);

  /** False: the driver does not want to connect. */
  connected(): boolean {
    const wanted = this.#wanted;
    if (!wanted) return false;
    const pair = transportPair({ describe: 'replay' });
    pair.far.onData((bytes) => {
      this.sent = Buffer.concat([this.sent, bytes]);
    });
    this.#far = pair.far;
    this.#cut = () => pair.unplug();
    this.#wanted = undefined;
    wanted(pair.near);
    return true;
  }

  lost(): void {
    this.#cut();
  }

  give(bytes: Uint8Array): void {
    // The driver may have closed the connection; then nobody hears it, as in reality.
    this.#far?.write(bytes).catch(() => undefined);
  }

  #connect(): Promise<Transport> {
    return new Promise((resolve) => {
      this.#wanted = resolve;
    });
  }
}

class Play {
  /** What the clock shows at the recording's 0. */
  baseMs: number;
  readonly #driver: ReplayedDriver;
  readonly #wire: ReplayedWire;
  readonly #clock: ReplayClock;
  /** Calls of each name that have not ended yet, as recorded. */
  readonly #begun = new Map<string, number>();
  /** How calls ended, by name, in order: undefined is well. */
  readonly #ended = new Map<string, (string | undefined)[]>();
  #cancel = new AbortController();
  #checked = 0;
  #given = 0;
  #calls = 0;
  #difference: Replay['difference'];
  /** `GS ( H` numbers begin anywhere: the recorded one → the one that was sent. */
  readonly #numbers = new Map<string, string>();

  constructor(driver: ReplayedDriver, wire: ReplayedWire, clock: ReplayClock) {
    this.#driver = driver;
    this.#wire = wire;
    this.#clock = clock;
    this.baseMs = clock.now();
  }

  result(): Replay {
    const counts = { checkedBytes: this.#checked, givenBytes: this.#given, calls: this.#calls };
    return this.#difference ? { ...counts, difference: this.#difference } : counts;
  }

  /** False: it was otherwise than recorded. */
  async line(line: RecordedLine, number: number): Promise<boolean> {
    switch (line.dir) {
      case 'note':
        return this.#note(line, number);
      case 'call':
        this.#call(line.call, line.with);
        return true;
      case 'out':
        return this.#compare(Buffer.from(line.hex, 'hex'), number);
      case 'in':
        this.#given += line.hex.length / 2;
        this.#wire.give(this.#renumbered(Buffer.from(line.hex, 'hex')));
        return true;
      case 'end':
        return this.#compareEnd(line.call, line.error, number);
    }
  }

  /** What was sent beyond the recording is a difference, too. */
  async end(lines: number): Promise<void> {
    await settled();
    const { sent } = this.#wire;
    if (sent.length > 0) this.#differs(lines, 'sent', '', sent.toString('hex'));
  }

  async #note({ note, t }: { readonly note: string; readonly t: number }, number: number): Promise<boolean> {
    if (note.startsWith('profile ')) return true;
    if (note !== 'connected') {
      this.#wire.lost();
      return true;
    }
    const endMs = this.#clock.now() + CONNECTS_WITHIN_MS;
    while (!this.#wire.connected()) {
      if (this.#clock.now() > endMs) return this.#differs(number, 'connection', 'connected', 'does not connect');
      await this.#clock.advanceTo(this.#clock.now() + AFTERWARDS_MS);
    }
    this.baseMs = this.#clock.now() - t;
    return true;
  }

  #call(call: string, details: unknown): void {
    if (call === 'cancel') {
      this.#cancel.abort();
      this.#cancel = new AbortController();
      return;
    }
    this.#calls += 1;
    this.#begun.set(call, (this.#begun.get(call) ?? 0) + 1);
    const ended = (error: string | undefined): void => {
      this.#ended.set(call, [...(this.#ended.get(call) ?? []), error]);
    };
    this.#driver.call(call, details, this.#cancel.signal).then(
      () => ended(undefined),
      (error: unknown) => ended(isDeviceError(error) ? error.code : 'failed'),
    );
  }

  async #compare(expected: Buffer, number: number): Promise<boolean> {
    for (let tries = 0; this.#wire.sent.length < expected.length && tries < 20; tries++)
      await this.#clock.advanceTo(this.#clock.now() + (tries < 5 ? 0 : AFTERWARDS_MS));
    const sent = this.#wire.sent.subarray(0, expected.length);
    if (!sent.equals(expected) && !this.#isRenumbered(expected, sent))
      return this.#differs(number, 'sent', expected.toString('hex'), sent.toString('hex'));
    this.#wire.sent = this.#wire.sent.subarray(expected.length);
    this.#checked += expected.length;
    return true;
  }

  async #compareEnd(call: string, error: string | undefined, number: number): Promise<boolean> {
    const begun = this.#begun.get(call) ?? 0;
    if (begun === 0) return true; // of a call that was made before the recording
    this.#begun.set(call, begun - 1);
    for (let tries = 0; (this.#ended.get(call)?.length ?? 0) === 0 && tries < 20; tries++)
      await this.#clock.advanceTo(this.#clock.now() + (tries < 5 ? 0 : AFTERWARDS_MS));
    const [found, ...rest] = this.#ended.get(call) ?? ['not ended'];
    this.#ended.set(call, rest);
    return found === error || this.#differs(number, `end of ${call}`, error ?? 'well', found ?? 'well');
  }

  #isRenumbered(expected: Buffer, sent: Buffer): boolean {
    const at = expected.indexOf(PROCESS_ID_ASKED);
    if (at < 0 || sent.length !== expected.length) return false;
    const from = at + PROCESS_ID_ASKED.length;
    this.#numbers.set(expected.toString('latin1', from, from + 4), sent.toString('latin1', from, from + 4));
    const same = Buffer.from(sent);
    expected.copy(same, from, from, from + 4);
    return same.equals(expected);
  }

  #renumbered(given: Buffer): Buffer {
    const at = given.indexOf(PROCESS_ID_ANSWERED);
    const number = at < 0 ? undefined : this.#numbers.get(given.toString('latin1', at + 2, at + 6));
    if (number !== undefined) given.write(number, at + 2, 'latin1');
    return given;
  }

  #differs(line: number, what: string, expected: string, found: string): boolean {
    this.#difference ??= { line, what, expected, found };
    return false;
  }
}

const PROCESS_ID_ASKED = Buffer.from('1d28480600' + '3030', 'hex');
const PROCESS_ID_ANSWERED = Buffer.from('3722', 'hex');
