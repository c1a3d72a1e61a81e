import iconv from 'iconv-lite';
import type { Bitmap } from '../devices.ts';
import { CELL_DOTS } from '../printer/layout.ts';
import type { EscposToken } from './escpos-tokens.ts';
import { joined, type PaperRow, rowLines, type TextSpan } from './paper-rows.ts';

/** A piece of paper that came out. */
export interface PrintedSlip {
  readonly rows: readonly PaperRow[];
  /** The same as text. */
  readonly lines: readonly string[];
  /** The contents of its QR codes. */
  readonly qr: readonly string[];
  readonly cut: boolean;
}

export interface PaperEvents {
  readonly onLine: () => void;
  readonly onSlip: (slip: PrintedSlip) => void;
  readonly onViolation: (text: string) => void;
}

const GROUP_STORE = 0x50;
const GROUP_PRINT = 0x51;
const ALIGNMENTS = ['left', 'center', 'right'] as const;
const NORMAL_DENSITY: readonly number[] = [0, 48];

const powerOnStyle = {
  chinese: false,
  asciiWidth: 1,
  asciiHeight: 1,
  chineseWidth: 1,
  chineseHeight: 1,
  bold: false,
  align: 0,
};

/** The printing half of a printer: turns tokens into rows on paper, and notes whatever a cheap printer would print as junk. */
export class Paper {
  readonly #columns: number;
  readonly #events: PaperEvents;
  #style = { ...powerOnStyle };
  /** The line that has begun. */
  #spans: TextSpan[] = [];
  #cells = 0;
  /** The bytes of a Chinese character that has begun. */
  #character: number[] = [];
  #isTorn = false;
  #qrData = '';
  #rows: PaperRow[] = [];

  constructor(columns: number, events: PaperEvents) {
    this.#columns = columns;
    this.#events = events;
  }

  /** The unfinished slip that hangs out of the printer. */
  hanging(): PrintedSlip {
    return this.#slip([...this.#rows], false);
  }

  /** Power off and on: what was printed stays on paper, everything else is forgotten. */
  powerCycle(): void {
    this.#clearLine();
    this.#isTorn = false;
    this.#endSlip(false);
    this.#style = { ...powerOnStyle };
  }

  /** The wire was cut: a half line that may have come over it is nobody's fault. True until the next initialisation. */
  tear(): void {
    this.#isTorn = true;
  }

  execute(token: EscposToken): void {
    switch (token.kind) {
      case 'byte':
        this.#byte(token.byte);
        return;
      case 'line-feed':
        this.#lineFeed();
        return;
      case 'command':
        this.#halfCharacter();
        this.#command(token.name, token.parameters);
        return;
      case 'unknown':
        this.#complain(`unknown command ${token.name}`);
        return;
    }
  }

  #clearLine(): void {
    this.#spans = [];
    this.#cells = 0;
    this.#character = [];
  }

  #complain(violation: string): void {
    if (!this.#isTorn) this.#events.onViolation(violation);
  }

  #byte(byte: number): void {
    if (this.#character.length > 0) {
      this.#chinese(byte);
      return;
    }
    if (byte === 0x0d) return;
    if (byte < 0x80) {
      const { asciiWidth, asciiHeight } = this.#style;
      this.#put(String.fromCharCode(byte), asciiWidth, asciiHeight, asciiWidth);
      return;
    }
    if (!this.#style.chinese) {
      this.#complain(`byte ${byte.toString(16)} outside of Chinese mode`);
      return;
    }
    if (byte === 0x80 || byte === 0xff) {
      this.#complain(`byte ${byte.toString(16)} is no character`);
      return;
    }
    this.#character = [byte];
  }

  #chinese(byte: number): void {
    this.#character.push(byte);
    const [, trail = 0] = this.#character;
    const isFourBytes = trail >= 0x30 && trail <= 0x39;
    if (isFourBytes && this.#character.length < 4) return;
    const bytes = Buffer.from(this.#character);
    this.#character = [];
    if (isFourBytes) {
      this.#complain(`four-byte character ${bytes.toString('hex')}`);
      return;
    }
    const text = iconv.decode(bytes, 'gbk');
    if (text.length !== 1 || text === '\ufffd') {
      this.#complain(`no GBK character ${bytes.toString('hex')}`);
      return;
    }
    const { chineseWidth, chineseHeight } = this.#style;
    this.#put(text, chineseWidth, chineseHeight, 2 * chineseWidth);
  }

  #halfCharacter(): void {
    if (this.#character.length > 0) this.#complain('half a character');
    this.#character = [];
  }

  #put(text: string, width: number, height: number, cells: number): void {
    const { asciiWidth, chineseWidth, bold } = this.#style;
    if (asciiWidth !== chineseWidth) this.#complain('ASCII and Chinese of different size');
    const style = { wide: width > 1, tall: height > 1, bold };
    const last = this.#spans.at(-1);
    if (last && last.wide === style.wide && last.tall === style.tall && last.bold === bold)
      this.#spans[this.#spans.length - 1] = { ...last, text: last.text + text };
    else this.#spans.push({ text, ...style });
    this.#cells += cells;
  }

  #lineFeed(): void {
    this.#halfCharacter();
    if (this.#cells > this.#columns) this.#complain(`line of ${this.#cells} cells on paper of ${this.#columns}`);
    const row = { kind: 'text', align: this.#align(), spans: this.#spans } as const;
    this.#clearLine();
    this.#add(row);
  }

  #align(): 'left' | 'center' | 'right' {
    return ALIGNMENTS[this.#style.align] ?? 'left';
  }

  #add(row: PaperRow): void {
    this.#rows.push(row);
    this.#events.onLine();
  }

  #command(name: string, parameters: Uint8Array): void {
    const [first = 0] = parameters;
    switch (name) {
      case 'ESC @':
        if (this.#cells > 0) this.#complain('text without a line feed');
        this.powerCycle();
        return;
      case 'ESC d':
        if (this.#cells > 0) this.#lineFeed();
        for (let line = 0; line < first; line++) this.#add({ kind: 'text', align: 'left', spans: [] });
        return;
      case 'GS ( k':
        this.#barcode(parameters);
        return;
      case 'GS v':
        this.#picture(parameters);
        return;
      case 'GS V':
        if (this.#cells > 0) this.#lineFeed();
        this.#endSlip(true);
        return;
      default:
        this.#changeStyle(name, first);
    }
  }

  #changeStyle(name: string, first: number): void {
    const style = this.#style;
    switch (name) {
      case 'FS &':
        style.chinese = true;
        return;
      case 'FS .':
        style.chinese = false;
        return;
      case 'GS !':
        style.asciiWidth = (first >> 4) + 1;
        style.asciiHeight = (first & 0x07) + 1;
        return;
      case 'FS !':
        style.chineseWidth = first & 0x04 ? 2 : 1;
        style.chineseHeight = first & 0x08 ? 2 : 1;
        return;
      case 'FS W':
        style.chineseWidth = style.chineseHeight = first & 0x01 ? 2 : 1;
        return;
      case 'ESC E':
        style.bold = (first & 0x01) === 1;
        return;
      case 'ESC a':
        style.align = first % 48;
    }
  }

  #barcode(parameters: Uint8Array): void {
    const [, functionCode] = parameters;
    if (functionCode === GROUP_STORE) this.#qrData = Buffer.from(parameters.subarray(3)).toString('utf8');
    if (functionCode === GROUP_PRINT) this.#add({ kind: 'qr', align: this.#align(), data: this.#qrData });
  }

  /** `GS v 0`. Bands of one picture come one below the other. */
  #picture(parameters: Uint8Array): void {
    const [, density = 0, xLow = 0, xHigh = 0, yLow = 0, yHigh = 0] = parameters;
    const widthDots = 8 * (xLow + 256 * xHigh);
    const band: Bitmap = { widthDots, heightDots: yLow + 256 * yHigh, rows: parameters.slice(6) };
    if (this.#cells > 0) this.#complain('a picture inside a line');
    if (!NORMAL_DENSITY.includes(density)) this.#complain(`a picture of density ${density}`);
    if (widthDots > this.#columns * CELL_DOTS)
      this.#complain(`picture of ${widthDots} dots on paper of ${this.#columns * CELL_DOTS}`);
    const [last, align] = [this.#rows.at(-1), this.#align()];
    const goesOn = last?.kind === 'image' && last.image.widthDots === widthDots && last.align === align;
    if (goesOn) this.#rows.pop();
    this.#add({ kind: 'image', align, image: goesOn ? joined(last.image, band) : band });
  }

  #slip(rows: readonly PaperRow[], cut: boolean): PrintedSlip {
    return {
      rows: cut ? [...rows, { kind: 'cut' }] : rows,
      lines: rows.flatMap((row) => rowLines(row, this.#columns)),
      qr: rows.flatMap((row) => (row.kind === 'qr' ? [row.data] : [])),
      cut,
    };
  }

  #endSlip(cut: boolean): void {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length > 0) this.#events.onSlip(this.#slip(rows, cut));
  }
}
