import type { Key } from '../../drivers/devices.ts';
import { type SimulatedBench, type SimulatedDevices, simulatedBench } from '../../drivers/simulator/bench.ts';
import { testCards } from '../../drivers/simulator/test-card.ts';
import { type Language, TerminalError } from '../base/errors.ts';
import { deviceNames } from '../cli/device-names.ts';
import { abnormalDevices, noteSound } from '../flows/abnormal-device.ts';
import { deviceName, deviceView } from '../flows/attached-devices.ts';
import type { World } from '../flows/world.ts';
import { newestPayments } from '../payments/queries.ts';
import type { Runner } from '../screens/run.ts';
import type {
  CodeRequest,
  DeviceName,
  DeviceRow,
  DisplayAnswer,
  events,
  FaultRequest,
  LedgerAnswer,
  LinkRequest,
  PaperAnswer,
  RecordRequest,
  ScreenAnswer,
  SlipAnswer,
  StateAnswer,
  Way,
  WireEvent,
} from './contract.ts';
import { dialectsFor } from './dialects/dialects.ts';
import { hears } from './hears.ts';
import { type HostControl, type HostParameter, hostControl } from './host-control.ts';
import { ledgerFacts } from './ledger-facts.ts';
import { linkFaults } from './link-faults.ts';
import { type RecordedLine, type Recorder, recorder } from './recording.ts';
import { cardRows, codeRows, sampleCodes } from './samples.ts';
import { type SlipLog, slipLog } from './slip-log.ts';
import type { WireTap } from './tap.ts';
import { type WireLog, wireLog } from './wire-log.ts';
import { WireReader } from './wire-reader.ts';

export interface BenchParts {
  readonly world: World;
  readonly runner: Runner;
  readonly tap: WireTap;
  readonly devices: SimulatedDevices;
  /** Takes the terminal off the line, and puts it back. */
  readonly holdLink: (held: boolean) => Promise<void>;
  /** Of the reference host. */
  readonly hostSocket: string;
  /** Moves the clock of this process on, where it can be turned. */
  readonly turnClock: ((ms: number) => Promise<void>) | undefined;
}

type Send = (event: keyof typeof events, data: unknown) => void;

interface Follower {
  readonly send: Send;
  readonly end: () => void;
}

/** Everything that a tester can see and do; the contract says what each is for. Refusals are TerminalErrors. */
export class Bench {
  readonly #parts: BenchParts;
  readonly #simulated: SimulatedBench;
  readonly #reader: WireReader;
  readonly #log: WireLog = wireLog();
  readonly #recorder: Recorder;
  readonly #slips: SlipLog;
  readonly #host: HostControl;
  readonly #followers = new Set<Follower>();
  readonly #stops: (() => void)[] = [];
  #cut = false;
  #hasPrinted = false;
  #sound: ScreenAnswer['sound'] = { n: 0, tone: null };
  #linkFaults: string[] = [];
  /** What the host had before a tester changed it. */
  readonly #parameters = new Map<string, HostParameter>();

  constructor(parts: BenchParts) {
    const { world, devices, hostSocket } = parts;
    this.#parts = parts;
    this.#simulated = simulatedBench(devices, Math.floor(world.random.next() * 2 ** 32));
    this.#reader = new WireReader(world.clock, dialectsFor(world.config));
    this.#recorder = recorder(() => this.#reader.nextOrder());
    this.#slips = slipLog(world.printer.columns);
    this.#host = hostControl(hostSocket);
  }

  /** From here on everything that passes is noted. */
  start(): void {
    const { world, runner, tap, devices } = this.#parts;
    this.#stops.push(
      tap.onPassed((passed) => this.#reader.take(passed)),
      tap.onCalled((called) => {
        if (called.is === 'end' && called.call === 'print') this.#hasPrinted = true;
        this.#recorder.called(called, world.clock.now());
      }),
      this.#reader.listen(this.#log),
      this.#reader.listen(this.#recorder),
      this.#log.onEvent((event) => this.#tell('wire', event)),
      ...world.devices.map(({ device }) => device.onStatus(() => this.#tellDevice(device.name))),
      world.link.onStatus(() => this.#tell('state', {})),
      runner.onScreen(({ beep }) => {
        if (beep) this.#sound = { n: this.#sound.n + 1, tone: beep };
      }),
    );
    const { printer, display } = devices;
    if (printer)
      this.#stops.push(
        printer.simulator.onSlip((slip) => this.#tell('slip', this.#slips.add(slip, world.clock.now()))),
      );
    if (display)
      this.#stops.push(display.simulator.onChange((upper, lower) => this.#tell('display', { upper, lower })));
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
    for (const { end } of [...this.#followers]) end();
  }

  async state(): Promise<StateAnswer> {
    const { world, turnClock } = this.#parts;
    const { faults, wireFaults, seed } = this.#simulated;
    const isThere = await this.#host.isThere();
    return {
      terminal: world.config.terminal,
      devices: this.devices(),
      faults: mutable(faults),
      wireFaults: [...wireFaults],
      cards: cardRows(),
      codes: codeRows(),
      link: {
        state: this.#parts.runner.status().link,
        cut: this.#cut,
        faults: isThere ? [...linkFaults] : [],
        active: [...this.#linkFaults],
      },
      clock: { nowMs: world.clock.now(), turnable: turnClock !== undefined },
      recording: this.#recorder.recording,
      seed,
    };
  }

  /** As in `state`, without asking whether the host is there. */
  devices(): DeviceRow[] {
    const { world, devices } = this.#parts;
    return deviceNames.flatMap((name) => {
      const attached = world.devices.find(({ device }) => device.name === name);
      if (!attached) return [];
      const { port, state, problem, detail, zh, en } = deviceView(attached);
      const simulated = devices[name];
      return [
        {
          name,
          zh: deviceName(name, 'zh'),
          en: deviceName(name, 'en'),
          port,
          state,
          ...(problem !== undefined && { problem }),
          ...(detail !== undefined && { detail }),
          ...(zh !== '' && { advice: { zh, en } }),
          simulated: simulated !== undefined,
          plugged: simulated?.port.plugged ?? true,
          faults: this.#simulated.active(name).map(({ times, value, ...fault }) => ({
            ...fault,
            times: Number.isFinite(times) ? times : null,
            ...(value !== undefined && { value }),
          })),
          violations: [...(simulated?.simulator.violations ?? [])],
        },
      ];
    });
  }

  slips(): readonly SlipAnswer[] {
    return this.#slips.all();
  }

  paper(): PaperAnswer {
    const hanging = this.#parts.devices.printer?.simulator.hanging();
    const slip = hanging && hanging.rows.length > 0 ? hanging : undefined;
    return { slip: slip ? this.#slips.unfinished(slip, this.#parts.world.clock.now()) : null };
  }

  screen(language: Language | undefined): ScreenAnswer {
    const { rows, big } = this.#parts.runner.screen(language);
    return { rows: [...rows], big, atRest: this.#parts.runner.atRest(), sound: this.#sound };
  }

  wire(device: DeviceName | undefined, last: number, after: number): readonly WireEvent[] {
    return this.#log.events(device, last, after);
  }

  display(): DisplayAnswer {
    const [upper = null, lower = null] = this.#parts.devices.display?.simulator.lines() ?? [];
    return { upper, lower };
  }

  ledger(): LedgerAnswer {
    return ledgerFacts(this.#parts.world, this.#parts.runner.status());
  }

  recording(): readonly RecordedLine[] {
    return this.#recorder.lines();
  }

  /** Tells what is, and then whatever happens, until the returned function is called or the bench stops (then `end` is called). */
  follow(send: Send, language: Language | undefined, end: () => void): () => void {
    const follower = { send, end };
    this.#followers.add(follower);
    const stopScreen = this.#parts.runner.onScreen(({ beep, ...screen }) => {
      send('screen', screen);
      if (beep) send('beep', { tone: beep });
    }, language);
    send('display', this.display());
    return () => {
      stopScreen();
      this.#followers.delete(follower);
    };
  }

  /** Through the simulated keypad where there is one, so that its faults can be seen. */
  key(key: Key): void {
    const { keypad } = this.#parts.devices;
    if (keypad) keypad.simulator.press(key);
    else this.#parts.runner.key(key);
  }

  card(name: string, by: Way): void {
    const { simulator } = this.#device('card-reader');
    const card = testCards[name];
    if (!card) throw new TerminalError('NOT_FOUND', { what: 'card', no: name });
    if (by === 'contactless') simulator.present(card);
    else if (by === 'swipe') simulator.swipe(card);
    else simulator.insert(card);
  }

  removeCard(): void {
    this.#device('card-reader').simulator.takeAway();
  }

  /** ILLEGAL_STATE when no PIN is asked for. */
  pin(digits: string | 'cancel'): void {
    if (!this.#enterPin(digits)) throw new TerminalError('ILLEGAL_STATE', { state: 'NO_PIN_ASKED', event: 'pin' });
  }

  #enterPin(digits: string): boolean {
    if (this.#parts.world.config.pinPad === 'reader') return this.#device('card-reader').simulator.enterPin(digits);
    const { simulator } = this.#device('pin-pad');
    return digits === 'cancel' ? simulator.pressCancel() : simulator.enterPin(digits);
  }

  code(request: CodeRequest): void {
    const { simulator } = this.#device('scanner');
    if ('text' in request) {
      simulator.scan(request.text);
      return;
    }
    const sample = sampleCodes[request.name];
    if (!sample) throw new TerminalError('NOT_FOUND', { what: 'code', no: request.name });
    simulator.scan(sample.text);
  }

  fault({ device, fault, ...order }: FaultRequest): void {
    this.#device(device);
    const outcome = this.#simulated.apply(device, fault, order);
    if (outcome === 'no-fault') throw new TerminalError('NOT_FOUND', { what: 'fault', no: `${device} ${fault}` });
    if (outcome === 'takes-no-value') throw new TerminalError('BAD_REQUEST', { what: `value: ${fault} takes none` });
    this.#tellDevice(device);
  }

  /** As a person would: paper is loaded, the plug put back. */
  mend(device: DeviceName): void {
    this.#device(device);
    this.#simulated.mend(device);
    this.#tellDevice(device);
  }

  unplug(device: DeviceName): void {
    this.#device(device).port.unplug();
    this.#tellDevice(device);
  }

  plug(device: DeviceName, elsewhere: boolean): void {
    const { port } = this.#device(device);
    if (elsewhere) port.replugElsewhere();
    port.plugIn();
    this.#tellDevice(device);
  }

  async link(request: LinkRequest): Promise<void> {
    if ('state' in request) await this.#hold(request.state === 'offline');
    else if ('parameter' in request) await this.#setParameter(request.parameter, request.value);
    else if ('customer' in request) await this.#customer(request.customer === 'pays');
    else {
      await this.#host.fault(request);
      this.#linkFaults.unshift(request.fault);
    }
    this.#tell('state', {});
  }

  async #setParameter(name: string, value: HostParameter): Promise<void> {
    const before = await this.#host.parameter(name);
    await this.#host.setParameter(name, value);
    if (!this.#parameters.has(name)) this.#parameters.set(name, before);
    await hears(this.#parts.world, name, value);
  }

  /** ILLEGAL_STATE when nothing was begun that a customer could pay. */
  async #customer(pays: boolean): Promise<void> {
    const [newest] = newestPayments(this.#parts.world.db, 1);
    if (newest?.txn !== 'code-sale')
      throw new TerminalError('ILLEGAL_STATE', { state: 'NO_CODE_SHOWN', event: 'customer' });
    await this.#host.customer(newest.no, pays);
  }

  /** A good bench: devices, wires, link and host. What is being recorded goes on. */
  async reset(): Promise<void> {
    this.#simulated.reset();
    this.#callSound();
    await this.#hold(false);
    // A host of another machine has no faults of ours.
    if (this.#linkFaults.length > 0) await this.#host.reset();
    this.#linkFaults = [];
    for (const [name, value] of this.#parameters) await this.#host.setParameter(name, value);
    this.#parameters.clear();
    this.#tell('state', {});
  }

  /** Devices started anew that nobody has opened (B-016). */
  #callSound(): void {
    const { world, devices } = this.#parts;
    for (const name of abnormalDevices(world)) if (name in devices) noteSound(world, name);
  }

  async turnClock(ms: number): Promise<void> {
    const { turnClock } = this.#parts;
    if (!turnClock) throw new TerminalError('ILLEGAL_STATE', { state: 'REAL_CLOCK', event: 'clock' });
    await turnClock(ms);
  }

  /** Begins with a new connection, so that a replay can begin with one: ILLEGAL_STATE while anything is half done, or nothing is recorded. */
  record(request: RecordRequest): { readonly lines: number } {
    const { world, runner, tap } = this.#parts;
    if (request.action === 'stop') {
      if (!this.#recorder.recording)
        throw new TerminalError('ILLEGAL_STATE', { state: 'NOT_RECORDING', event: 'stop-recording' });
      this.#reader.flush();
      const lines = this.#recorder.stop();
      this.#tell('state', {});
      return { lines };
    }
    if (!runner.atRest()) throw new TerminalError('ILLEGAL_STATE', { state: 'NOT_AT_REST', event: 'record' });
    this.#reader.flush();
    const { drawer } = world.config;
    const more = `${this.#hasPrinted ? ' used' : ''}${drawer === 'none' ? '' : ` drawer-${drawer}`}`;
    const profiles = Object.fromEntries(
      world.devices.map(({ device, profile }) => [device.name, device.name === 'printer' ? profile + more : profile]),
    );
    this.#recorder.start(request.device, world.clock.now(), profiles);
    tap.cut(request.device);
    this.#tell('state', {});
    return { lines: 0 };
  }

  async #hold(held: boolean): Promise<void> {
    if (this.#cut === held) return;
    this.#cut = held;
    await this.#parts.holdLink(held);
  }

  /** NOT_FOUND when there is none, NOT_SIMULATED when it is a real one. */
  #device<D extends DeviceName>(name: D): NonNullable<SimulatedDevices[D]> {
    const found = this.#parts.devices[name];
    if (found) return found;
    const isReal = this.#parts.world.devices.some(({ device }) => device.name === name);
    throw isReal ? new TerminalError('NOT_SIMULATED') : new TerminalError('NOT_FOUND', { what: 'device', no: name });
  }

  #tellDevice(name: string): void {
    const row = this.devices().find((one) => one.name === name);
    if (row) this.#tell('device', row);
  }

  #tell(event: keyof typeof events, data: unknown): void {
    for (const { send } of [...this.#followers]) send(event, data);
  }
}

const mutable = (faults: SimulatedBench['faults']): StateAnswer['faults'] =>
  Object.fromEntries(Object.entries(faults).map(([device, list]) => [device, [...list]]));
