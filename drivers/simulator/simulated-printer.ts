import type { Clock } from '../clock.ts';
import type { Transport } from '../transport/transport.ts';
import { type Behaviour, BehaviourStack } from './behaviours.ts';
import { type EscposToken, nextToken } from './escpos-tokens.ts';
import { Paper, type PrintedSlip } from './paper.ts';
import { automaticStatus, bufferedStatus, type PrinterFaults, realtimeStatus } from './printer-status.ts';
import { RealtimeFilter } from './realtime-filter.ts';
import type { Simulator } from './simulated-port.ts';

/** A command as a behaviour sees it: `GS ( H`, `GS r`, `DLE EOT` … */
export interface PrinterCommand {
  readonly name: string;
  readonly parameters: Uint8Array;
}

export interface SimulatedPrinter extends Simulator {
  /** Everything that was cut off, and what a new initialisation or a power cycle left uncut. */
  readonly slips: readonly PrintedSlip[];
  /** What hangs out of the printer now. */
  hanging(): PrintedSlip;
  onSlip(listener: (slip: PrintedSlip) => void): () => void;
  /** What a cheap printer would print as junk: unknown commands, four-byte characters, lines wider than the paper. */
  readonly violations: readonly string[];
  /** Changes what is wrong with it; what is not named stays. Printing goes on where it stopped when nothing is wrong any more. */
  set(faults: Partial<PrinterFaults>): void;
  /** The paper ends behind so many more lines. */
  paperOutAfter(lines: number): void;
  /** Off and on: the buffer and all modes are lost. */
  powerCycle(): void;
  use(behaviour: Behaviour<PrinterCommand>, times?: number): void;
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

/** Behaviours of a printer. */
export const printerFaults = {
  /** It prints, but never says so. */
  loseConfirmation: (): Behaviour<PrinterCommand> => ({
    onCommand: ({ name }) => name === 'GS ( H' || name === 'GS r',
  }),
} as const;

const good: PrinterFaults = {
  paper: 'ok',
  coverOpen: false,
  offline: false,
  cutterJam: false,
  unrecoverable: false,
  hot: false,
};
const BUFFER_LIMIT = 65_536;

class Printer implements SimulatedPrinter {
  slips: PrintedSlip[] = [];
  violations: string[] = [];
  readonly #options: SimulatedPrinterOptions;
  readonly #behaviours = new BehaviourStack<PrinterCommand>();
  readonly #listeners = new Set<(slip: PrintedSlip) => void>();
  readonly #paper: Paper;
  #transport: Transport | undefined;
  #faults: PrinterFaults = good;
  #linesLeft = Number.POSITIVE_INFINITY;
  #buffer: Uint8Array = new Uint8Array(0);
  #automaticMask = 0;
  #stopLineTimer: (() => void) | undefined;

  constructor(options: SimulatedPrinterOptions) {
    this.#options = options;
    this.#paper = new Paper(options.columns, {
      onLine: () => this.#linePrinted(),
      onSlip: (slip) => this.#slipEnded(slip),
      onViolation: (text) => this.violations.push(text),
    });
  }

  attach(transport: Transport): void {
    const filter = new RealtimeFilter((name, parameters) => this.#realtime(name, parameters));
    this.#transport = transport;
    transport.onData((bytes) => {
      this.#take(filter.push(bytes));
      this.#work();
    });
    transport.onClose(() => {
      if (this.#transport === transport) this.#transport = undefined;
    });
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

  paperOutAfter(lines: number): void {
    this.#linesLeft = lines;
  }

  powerCycle(): void {
    this.#stopLineTimer?.();
    this.#stopLineTimer = undefined;
    this.#buffer = new Uint8Array(0);
    this.#automaticMask = 0;
    this.#paper.powerCycle();
  }

  use(behaviour: Behaviour<PrinterCommand>, times?: number): void {
    this.#behaviours.use(behaviour, times);
  }

  reset(): void {
    this.powerCycle();
    this.#behaviours.reset();
    this.#faults = good;
    this.#linesLeft = Number.POSITIVE_INFINITY;
    this.slips = [];
    this.violations = [];
  }

  #take(bytes: Uint8Array): void {
    if (this.#buffer.length + bytes.length > BUFFER_LIMIT) {
      this.violations.push('buffer overflow');
      return;
    }
    this.#buffer = Uint8Array.from([...this.#buffer, ...bytes]);
  }

  #isHalted(): boolean {
    const { paper, coverOpen, offline, cutterJam, unrecoverable, hot } = this.#faults;
    return paper === 'out' || coverOpen || offline || cutterJam || unrecoverable || hot;
  }

  /** Executes what is in the buffer, as long as nothing is wrong and no line is being printed. */
  #work(): void {
    let at = 0;
    while (!this.#isHalted() && !this.#stopLineTimer) {
      const next = nextToken(this.#buffer, at);
      if (!next) break;
      at += next.length;
      this.#execute(next.token);
    }
    this.#buffer = this.#buffer.slice(at);
  }

  #execute(token: EscposToken): void {
    if (token.kind !== 'command') {
      this.#paper.execute(token);
      return;
    }
    if (this.#behaviours.handles(token)) return;
    const [first = 0] = token.parameters;
    switch (token.name) {
      case 'GS a':
        this.#automaticMask = first;
        if (first !== 0) this.#send(automaticStatus(this.#faults));
        return;
      case 'GS r':
        this.#send(bufferedStatus(this.#faults));
        return;
      case 'GS ( H':
        this.#send(Uint8Array.of(0x37, 0x22, ...token.parameters.subarray(2), 0x00));
        return;
      case 'ESC @':
        this.#automaticMask = 0;
    }
    this.#paper.execute(token);
  }

  #realtime(name: string, parameters: Uint8Array): void {
    if (this.#behaviours.handles({ name, parameters })) return;
    if (name === 'DLE EOT') this.#send(Uint8Array.of(realtimeStatus(this.#faults, parameters[0] ?? 0)));
  }

  #send(bytes: Uint8Array): void {
    const to = this.#transport;
    this.#behaviours.send(bytes, (out) => {
      to?.write(out).catch(() => undefined);
    });
  }

  #linePrinted(): void {
    this.#linesLeft -= 1;
    if (this.#linesLeft <= 0) {
      this.#linesLeft = Number.POSITIVE_INFINITY;
      this.set({ paper: 'out' });
    }
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
