import type { Clock } from '../clock.ts';
import type { Transport } from '../transport/transport.ts';
import { type Behaviour, BehaviourStack } from './behaviours.ts';
import type { EscposToken } from './escpos-tokens.ts';
import { Paper, type PrintedSlip } from './paper.ts';
import { PrinterBuffer } from './printer-buffer.ts';
import {
  automaticStatus,
  bufferedStatus,
  good,
  isOffline,
  type PrinterFaults,
  realtimeStatus,
} from './printer-status.ts';
import { RealtimeFilter } from './realtime-filter.ts';
import type { Simulator } from './simulated-port.ts';

/** A command as a behaviour sees it: `GS ( H`, `GS r`, `DLE EOT` … */
export interface PrinterCommand {
  readonly name: string;
  readonly parameters: Uint8Array;
}

export interface DrawerPulse {
  readonly pin: 2 | 5;
  readonly onMs: number;
}

export interface SimulatedPrinter extends Simulator {
  readonly clock: Clock;
  /** Everything that was cut off, and what a new initialisation or a power cycle left uncut. */
  readonly slips: readonly PrintedSlip[];
  /** What hangs out of the printer now. */
  hanging(): PrintedSlip;
  onSlip(listener: (slip: PrintedSlip) => void): () => void;
  readonly drawerPulses: readonly DrawerPulse[];
  /**
   * What a driver must not do: unknown commands, four-byte characters, lines wider than the paper, polls inside a picture, more than the
   * buffer holds.
   */
  readonly violations: readonly string[];
  /** Changes what is wrong with it; what is not named stays. Printing goes on where it stopped when nothing is wrong any more. */
  set(faults: Partial<PrinterFaults>): void;
  /** The same, and back to good `ms` later. */
  setFor(faults: Partial<PrinterFaults>, ms: number): void;
  /** A person puts everything right: paper, cover, cutter … and no fault is left. What is in the buffer stays, and is printed now. */
  mend(): void;
  /** Does something when so many more lines were printed. */
  afterLines(lines: number, act: () => void): void;
  /** The paper ends behind so many more lines. */
  paperOutAfter(lines: number): void;
  limitBuffer(bytes: number): void;
  /** Off and, `offMs` later, on: the buffer and all modes are lost, and what arrives in between is. */
  powerCycle(offMs?: number): void;
  use(behaviour: Behaviour<PrinterCommand>, times?: number, chance?: () => boolean): void;
  /** Answers a command that asks for a confirmation, for a behaviour that has put it off. */
  confirm(command: PrinterCommand): void;
  /** A good printer again, without behaviours and records. */
  reset(): void;
}

export interface SimulatedPrinterOptions {
  readonly clock: Clock;
  readonly columns: number;
  /** How long a line takes, in milliseconds; 0 when not given. */
  readonly lineTimeMs?: number;
  /** How many slips it remembers, the newest; all when not given. */
  readonly keptSlips?: number;
}

/** An ESC/POS printer at the other end of the wire. */
export function simulatedPrinter(options: SimulatedPrinterOptions): SimulatedPrinter {
  return new Printer(options);
}

class Printer implements SimulatedPrinter {
  readonly clock: Clock;
  slips: PrintedSlip[] = [];
  drawerPulses: DrawerPulse[] = [];
  violations: string[] = [];
  readonly #options: SimulatedPrinterOptions;
  readonly #behaviours = new BehaviourStack<PrinterCommand>();
  readonly #listeners = new Set<(slip: PrintedSlip) => void>();
  readonly #paper: Paper;
  readonly #buffer = new PrinterBuffer({
    onFlow: (byte) => this.#send(Uint8Array.of(byte)),
    onOverflow: () => this.violations.push('buffer overflow'),
  });
  #transport: Transport | undefined;
  #faults: PrinterFaults = good;
  #counters: { left: number; readonly act: () => void }[] = [];
  #isOff = false;
  #isWorking = false;
  #automaticMask = 0;
  #stopLineTimer: (() => void) | undefined;
  #stopTimers = new Set<() => void>();

  constructor(options: SimulatedPrinterOptions) {
    this.clock = options.clock;
    this.#options = options;
    this.#paper = new Paper(options.columns, {
      onLine: () => this.#linePrinted(),
      onSlip: (slip) => this.#slipEnded(slip),
      onViolation: (text) => this.violations.push(text),
    });
  }

  attach(transport: Transport): void {
    const filter = new RealtimeFilter({
      onCommand: (name, parameters) => this.#realtime(name, parameters),
      onBytes: (bytes) => this.#buffer.push(bytes),
    });
    if (this.#transport) this.#paper.tear();
    this.#transport = transport;
    transport.onData((bytes) => {
      if (this.#isOff) return;
      filter.push(bytes);
      this.#work();
    });
  }

  restart(): void {
    this.powerCycle();
  }

  hanging(): PrintedSlip {
    return this.#paper.hanging();
  }

  onSlip(listener: (slip: PrintedSlip) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  set(faults: Partial<PrinterFaults>): void {
    this.#faults = { ...this.#faults, ...faults };
    if (this.#automaticMask !== 0) this.#send(automaticStatus(this.#faults));
    this.#work();
  }

  setFor(faults: Partial<PrinterFaults>, ms: number): void {
    const names = Object.keys(faults);
    const before = Object.fromEntries(Object.entries(good).filter(([name]) => names.includes(name)));
    this.set(faults);
    this.#later(ms, () => this.set(before));
  }

  mend(): void {
    this.#behaviours.reset();
    this.#counters = [];
    this.set(good);
  }

  afterLines(lines: number, act: () => void): void {
    this.#counters.push({ left: lines, act });
  }

  paperOutAfter(lines: number): void {
    this.afterLines(lines, () => this.set({ paper: 'out' }));
  }

  limitBuffer(bytes: number): void {
    this.#buffer.limitBytes = bytes;
  }

  powerCycle(offMs = 0): void {
    this.#stopLineTimer?.();
    this.#stopLineTimer = undefined;
    this.#buffer.clear();
    this.#automaticMask = 0;
    this.#recover();
    this.#paper.powerCycle();
    if (offMs === 0) return;
    this.#isOff = true;
    this.#later(offMs, () => {
      this.#isOff = false;
    });
  }

  use(behaviour: Behaviour<PrinterCommand>, times?: number, chance?: () => boolean): void {
    this.#behaviours.use(behaviour, times, chance);
  }

  confirm({ name, parameters }: PrinterCommand): void {
    if (name === 'GS r') this.#send(bufferedStatus(this.#faults, parameters[0] ?? 0));
    if (name === 'GS ( H') this.#send(Uint8Array.of(0x37, 0x22, ...parameters.subarray(2), 0x00));
  }

  reset(): void {
    for (const stop of this.#stopTimers) stop();
    this.#stopTimers.clear();
    this.#behaviours.reset();
    this.#counters = [];
    this.#buffer.reset();
    this.#isOff = false;
    this.powerCycle();
    this.#faults = good;
    this.slips = [];
    this.drawerPulses = [];
    this.violations = [];
  }

  #later(ms: number, act: () => void): void {
    const stop = this.clock.after(ms, () => {
      this.#stopTimers.delete(stop);
      act();
    });
    this.#stopTimers.add(stop);
  }

  /** Executes what is in the buffer, as long as nothing is wrong and no line is being printed. */
  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    while (!isOffline(this.#faults) && !this.#stopLineTimer) {
      const first = this.#buffer.first();
      if (!first || !this.#execute(first.token)) break;
      this.#buffer.drop(first.length);
      for (const { act } of this.#countedDown()) act();
    }
    this.#isWorking = false;
  }

  #countedDown(): readonly { readonly act: () => void }[] {
    const over = this.#counters.filter(({ left }) => left <= 0);
    if (over.length > 0) this.#counters = this.#counters.filter(({ left }) => left > 0);
    return over;
  }

  /** False: it has stopped before this, and begins with it again when it goes on. */
  #execute(token: EscposToken): boolean {
    if (token.kind !== 'command') {
      this.#paper.execute(token);
      return true;
    }
    if (this.#behaviours.handles(token)) return !isOffline(this.#faults);
    const [first = 0, on = 0] = token.parameters;
    switch (token.name) {
      case 'GS a':
        this.#automaticMask = first;
        if (first !== 0) this.#send(automaticStatus(this.#faults));
        return true;
      case 'GS r':
      case 'GS ( H':
        this.confirm(token);
        return true;
      case 'ESC p':
        this.drawerPulses.push({ pin: first % 48 === 1 ? 5 : 2, onMs: 2 * on });
        return true;
      case 'ESC @':
        this.#automaticMask = 0;
    }
    this.#paper.execute(token);
    return true;
  }

  #realtime(name: string, parameters: Uint8Array): void {
    const [n = 0] = parameters;
    if (this.#buffer.isInPicture()) this.violations.push(`${name} ${n} inside a picture`);
    if (this.#behaviours.handles({ name, parameters })) return;
    if (name === 'DLE EOT') this.#send(Uint8Array.of(realtimeStatus(this.#faults, n)));
    if (name === 'DLE ENQ' && n === 1 && this.#faults.awaitsRecovery) {
      this.#recover();
      this.set({});
    }
  }

  #recover(): void {
    if (this.#faults.awaitsRecovery)
      this.#faults = { ...this.#faults, awaitsRecovery: false, cutterJam: false, mechanical: false };
  }

  #send(bytes: Uint8Array): void {
    const to = this.#transport;
    if (this.#isOff) return;
    this.#behaviours.send(bytes, (out) => {
      to?.write(out).catch(() => undefined);
    });
  }

  #linePrinted(): void {
    for (const counter of this.#counters) counter.left -= 1;
    const { clock, lineTimeMs = 0 } = this.#options;
    if (lineTimeMs === 0 || this.#stopLineTimer) return;
    this.#stopLineTimer = clock.after(lineTimeMs, () => {
      this.#stopLineTimer = undefined;
      this.#work();
    });
  }

  #slipEnded(slip: PrintedSlip): void {
    this.slips.push(slip);
    if (this.slips.length > (this.#options.keptSlips ?? Number.POSITIVE_INFINITY)) this.slips.shift();
    for (const listener of [...this.#listeners]) listener(slip);
  }
}
