import { CD5220, DISPLAY_COLUMNS } from '../display/cd5220.ts';
import type { Transport } from '../transport/transport.ts';
import { type Behaviour, BehaviourStack } from './behaviours.ts';
import type { Simulator } from './simulated-port.ts';

export type DisplayCommand =
  | { readonly name: 'clear' | 'initialise' }
  | { readonly name: 'upper' | 'lower'; readonly text: string };

export interface SimulatedDisplay extends Simulator {
  /** What can be read on it: two lines of twenty characters. */
  lines(): readonly [upper: string, lower: string];
  /** Called with both lines whenever one of them has changed. Returns the way to stop listening. */
  onChange(listener: (upper: string, lower: string) => void): () => void;
  /** What a real display would show as junk: unknown commands, overlong lines, bytes that are not ASCII. */
  readonly violations: readonly string[];
  use(behaviour: Behaviour<DisplayCommand>, times?: number, chance?: () => boolean): void;
  /** Bytes that another program sends. They are no violation of the driver's. */
  intrude(bytes: Uint8Array): void;
  /** Off and on: nothing is shown, everything is forgotten. */
  restart(): void;
  /** A good display again, empty, without behaviours and records. */
  reset(): void;
}

/** A CD5220 at the other end of the wire. */
export function simulatedDisplay(): SimulatedDisplay {
  return new Display();
}

const BLANK = ' '.repeat(DISPLAY_COLUMNS);
const KEPT_BYTES = 64;

/** What has come of a command that is not complete. */
type Open = { readonly name: 'escape' | 'line' } | OpenLine;

interface OpenLine {
  readonly name: 'upper' | 'lower';
  readonly isIntruders: boolean;
  text: string;
}

class Display implements SimulatedDisplay {
  violations: string[] = [];
  readonly #behaviours = new BehaviourStack<DisplayCommand>();
  readonly #listeners = new Set<(upper: string, lower: string) => void>();
  #lines = { upper: BLANK, lower: BLANK };
  #open: Open | undefined;
  /** After `ESC Q` only that and CLR are understood. */
  #isLineMode = false;
  #isIntruder = false;

  attach(transport: Transport): void {
    transport.onData((bytes) => this.#take(bytes));
  }

  lines(): readonly [upper: string, lower: string] {
    return [this.#lines.upper, this.#lines.lower];
  }

  onChange(listener: (upper: string, lower: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  use(behaviour: Behaviour<DisplayCommand>, times?: number, chance?: () => boolean): void {
    this.#behaviours.use(behaviour, times, chance);
  }

  intrude(bytes: Uint8Array): void {
    this.#isIntruder = true;
    this.#take(bytes);
    this.#isIntruder = false;
  }

  restart(): void {
    this.#open = undefined;
    this.#isLineMode = false;
    this.#show({ upper: BLANK, lower: BLANK });
  }

  reset(): void {
    this.#behaviours.reset();
    this.restart();
    this.violations = [];
  }

  #take(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (!this.#open) this.#begin(byte);
      else if ('text' in this.#open) this.#continueLine(this.#open, byte);
      else this.#continue(this.#open, byte);
    }
  }

  #begin(byte: number): void {
    if (byte === CD5220.escape) this.#open = { name: 'escape' };
    else if (byte === CD5220.clear) this.#execute({ name: 'clear' });
    else this.#violation(`unknown command ${hex(byte)}`);
  }

  #continue({ name }: Open, byte: number): void {
    this.#open = undefined;
    if (name === 'escape' && byte === CD5220.line) this.#open = { name: 'line' };
    else if (name === 'escape' && byte === CD5220.initialise) this.#execute({ name: 'initialise' });
    else if (name === 'line' && byte === CD5220.upper) this.#open = this.#newLine('upper');
    else if (name === 'line' && byte === CD5220.lower) this.#open = this.#newLine('lower');
    else this.#violation(`unknown command ESC ${hex(byte)}`);
  }

  #newLine(name: OpenLine['name']): OpenLine {
    return { name, isIntruders: this.#isIntruder, text: '' };
  }

  #continueLine(line: OpenLine, byte: number): void {
    if (byte === CD5220.end) {
      this.#open = undefined;
      this.#isLineMode = true;
      if (line.text.length > DISPLAY_COLUMNS) this.#violation(`a line of ${line.text.length} characters`);
      this.#execute({ name: line.name, text: line.text });
    } else if (byte < 0x20) {
      this.#open = undefined;
      if (!line.isIntruders) this.#violation('a line that does not end');
      this.#begin(byte);
    } else {
      if (byte > 0x7e) this.#violation(`a byte that is not ASCII: ${hex(byte)}`);
      if (line.text.length < KEPT_BYTES) line.text += byte > 0x7e ? '#' : String.fromCharCode(byte);
    }
  }

  #execute(command: DisplayCommand): void {
    if (this.#behaviours.handles(command)) return;
    switch (command.name) {
      case 'initialise':
        if (this.#isLineMode) this.#violation('ESC @ in the mode that ESC Q began');
        else this.#show({ upper: BLANK, lower: BLANK });
        return;
      case 'clear':
        this.#isLineMode = false;
        this.#show({ upper: BLANK, lower: BLANK });
        return;
      case 'upper':
      case 'lower':
        this.#show({ ...this.#lines, [command.name]: command.text.slice(0, DISPLAY_COLUMNS).padEnd(DISPLAY_COLUMNS) });
    }
  }

  #show(lines: { upper: string; lower: string }): void {
    const { upper, lower } = this.#lines;
    this.#lines = lines;
    if (upper === lines.upper && lower === lines.lower) return;
    for (const listener of [...this.#listeners]) listener(lines.upper, lines.lower);
  }

  #violation(text: string): void {
    if (!this.#isIntruder) this.violations.push(text);
  }
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
