import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Key } from '../../drivers/devices.ts';
import type { Language } from '../base/errors.ts';
import type { Runner } from '../screens/run.ts';
import type { Screen } from '../screens/screen.ts';
import { drawPicture, enterScreen, leaveScreen, sizeOf } from './tty-frame.ts';

/** A key of the keypad, or another character: `ctrl-c` stands for Ctrl-C. As `drivers/keypad/tty-keys` tells them. */
type Typed = { readonly kind: 'key'; readonly key: Key } | { readonly kind: 'other'; readonly text: string };

interface KeyDecoder {
  push(bytes: Uint8Array): void;
  dropPartial(): void;
}

export interface TtyOptions {
  readonly runner: Runner;
  /** Each slip as lines of text, to draw beside the screen; returns the way to stop. Undefined: a real printer has the paper. */
  readonly onSlip?: (listener: (lines: readonly string[]) => void) => () => void;
  /** Keys out of the bytes that the terminal sends: `(emit) => ttyKeys(clock, emit)`. */
  readonly keys: (emit: (typed: Typed) => void) => KeyDecoder;
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  readonly output: Writable & { readonly columns?: number; readonly rows?: number };
  readonly language?: Language;
  readonly mute?: boolean;
  /** Simulated mode: presents a card to the simulated reader. */
  readonly present?: (how: 'contactless' | 'swipe' | 'insert') => void;
  /** Simulated mode: the customer enters this PIN. */
  readonly enterPin?: (pin: string) => void;
  /** Ctrl-C, or q twice, at rest, and SIGTERM: the program should end. */
  readonly quit: () => void;
  /** Where the end of the process is announced. */
  readonly process?: EventEmitter;
}

/** The customer's side of the counter: a card, and the PIN of the test cards or another one. */
const cardKeys: Readonly<Record<string, 'contactless' | 'swipe' | 'insert'>> = {
  c: 'contactless',
  s: 'swipe',
  i: 'insert',
};
const pinKeys: Readonly<Record<string, string>> = { p: '123456', w: '000000' };

const bell = '\u0007';

/** The keypad screen on a text terminal. It owns the terminal from `start` to `stop`, and gives it back whatever ends the process. */
export class TtyFace {
  readonly #options: TtyOptions;
  readonly #keys: KeyDecoder;
  readonly #process: EventEmitter;
  #screen: Screen | undefined;
  #slip: readonly string[] = [];
  #qr: { readonly text: string; readonly lines: readonly string[] } | undefined;
  #drawn: readonly string[] = [];
  #notes: readonly string[] = [];
  #lastTyped = '';
  #active = false;
  #stops: (() => void)[] = [];

  constructor(options: TtyOptions) {
    this.#options = options;
    this.#keys = options.keys((typed) => this.#typed(typed));
    this.#process = options.process ?? process;
  }

  start(): void {
    const { input, output, runner, onSlip, language, quit } = this.#options;
    this.#active = true;
    input.setRawMode?.(true);
    output.write(enterScreen);
    this.#listen(input, 'data', (bytes) => {
      if (bytes instanceof Uint8Array) this.#keys.push(bytes);
    });
    if (input.isTTY) this.#listen(input, 'end', () => quit()); // the terminal was closed
    this.#listen(output, 'resize', () => this.#redraw());
    this.#listen(this.#process, 'exit', () => this.stop());
    this.#listen(this.#process, 'uncaughtExceptionMonitor', () => this.stop());
    this.#listen(this.#process, 'SIGTERM', () => {
      this.stop();
      this.#options.quit();
    });
    input.resume();
    this.#stops.push(runner.onScreen((screen) => this.#show(screen), language));
    const stopSlips = onSlip?.((lines) => {
      this.#slip = lines;
      this.#draw();
    });
    if (stopSlips) this.#stops.push(stopSlips);
  }

  stop(): void {
    if (!this.#active) return;
    this.#active = false;
    for (const stop of this.#stops.splice(0)) stop();
    this.#keys.dropPartial();
    const { input, output } = this.#options;
    output.write(leaveScreen);
    input.pause();
    try {
      input.setRawMode?.(false);
    } catch {
      // The terminal was closed: there is nothing to give back.
    }
  }

  /** Kept below the screen, where there is room for it. */
  note(lines: readonly string[]): void {
    this.#notes = lines;
    this.#draw();
  }

  #listen(source: EventEmitter, event: string, listener: (value: unknown) => void): void {
    source.on(event, listener);
    this.#stops.push(() => source.off(event, listener));
  }

  #typed(typed: Typed): void {
    if (typed.kind === 'key') {
      this.#lastTyped = '';
      this.#options.runner.key(typed.key);
      return;
    }
    const twice = typed.text === this.#lastTyped;
    this.#lastTyped = typed.text;
    this.#typedOther(typed.text, twice);
  }

  #typedOther(text: string, twice: boolean): void {
    const { runner, present, enterPin, quit } = this.#options;
    if (text === 'ctrl-c' || (text === 'q' && twice)) {
      if (runner.atRest()) quit();
      else if (text === 'ctrl-c') runner.key('cancel');
    }
    const how = cardKeys[text];
    if (how && runner.waitsForCard(how)) present?.(how);
    const pin = pinKeys[text];
    if (pin && runner.waitsForPin()) enterPin?.(pin);
  }

  #show(screen: Screen): void {
    this.#screen = screen;
    if (screen.qr !== undefined && screen.qr !== this.#qr?.text) this.#drawQr(screen.qr);
    const audible = screen.beep !== undefined && screen.beep !== 'key';
    this.#draw(audible && !this.#options.mute ? bell : '');
  }

  /** What draws it is loaded only now: most sales have no code. */
  #drawQr(text: string): void {
    void import('./qr.ts').then(({ qrLines }) => {
      this.#qr = { text, lines: qrLines(text) };
      this.#draw();
    });
  }

  #redraw(): void {
    this.#drawn = [];
    this.#options.output.write('\u001b[2J');
    this.#draw();
  }

  /** Writes the lines that differ from those on the terminal, all in one piece. */
  #draw(sound = ''): void {
    if (!this.#screen || !this.#active) return;
    const { output, language = 'zh' } = this.#options;
    const qr = this.#screen.qr !== undefined && this.#screen.qr === this.#qr?.text ? this.#qr.lines : undefined;
    const size = sizeOf(output);
    const picture = { screen: this.#screen, slip: this.#slip, notes: this.#notes, language, ...size };
    const lines = drawPicture({ ...picture, ...(qr && { qr }) });
    let changes = sound;
    for (let row = 0; row < Math.max(lines.length, this.#drawn.length); row++) {
      const line = lines[row] ?? '';
      if (line !== (this.#drawn[row] ?? '')) changes += `\u001b[${row + 1};1H${line}\u001b[K`;
    }
    this.#drawn = lines;
    if (changes !== '') output.write(changes);
  }
}
