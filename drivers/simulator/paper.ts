import iconv from 'iconv-lite';
import { doubleAsText } from '../printer/slip-text.ts';
import { alignText, cellsOf, printable, wrap } from '../printer/text.ts';
import type { EscposToken } from './escpos-tokens.ts';

/** A piece of paper that came out. */
export interface PrintedSlip {
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

const powerOnStyle = { chinese: false, asciiWidth: 1, chineseWidth: 1, align: 0 };

/** The printing half of a printer: turns tokens into lines of text, and notes whatever a cheap printer would print as junk. */
export class Paper {
  readonly #columns: number;
  readonly #events: PaperEvents;
  #style = { ...powerOnStyle };
  #text = '';
  #cells = 0;
  #double = false;
  /** The bytes of a Chinese character that has begun. */
  #character: number[] = [];
  #qrData = '';
  #lines: string[] = [];
  #qr: string[] = [];

  constructor(columns: number, events: PaperEvents) {
    this.#columns = columns;
    this.#events = events;
  }

  /** The unfinished slip that hangs out of the printer. */
  hanging(): PrintedSlip {
    return { lines: [...this.#lines], qr: [...this.#qr], cut: false };
  }

  /** Power off and on: what was printed stays on paper, everything else is forgotten. */
  powerCycle(): void {
    this.#endSlip(false);
    this.#reset();
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
        this.#events.onViolation(`unknown command ${token.name}`);
        return;
    }
  }

  #reset(): void {
    this.#style = { ...powerOnStyle };
    this.#text = '';
    this.#cells = 0;
    this.#double = false;
    this.#character = [];
  }

  #byte(byte: number): void {
    if (this.#character.length > 0) {
      this.#chinese(byte);
      return;
    }
    if (byte === 0x0d) return;
    if (byte < 0x80) {
      this.#put(String.fromCharCode(byte), this.#style.asciiWidth);
      return;
    }
    if (!this.#style.chinese) {
      this.#events.onViolation(`byte ${byte.toString(16)} outside of Chinese mode`);
      return;
    }
    if (byte === 0x80 || byte === 0xff) {
      this.#events.onViolation(`byte ${byte.toString(16)} is no character`);
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
      this.#events.onViolation(`four-byte character ${bytes.toString('hex')}`);
      return;
    }
    const text = iconv.decode(bytes, 'gbk');
    if (text.length !== 1 || text === '\ufffd') {
      this.#events.onViolation(`no GBK character ${bytes.toString('hex')}`);
      return;
    }
    this.#put(text, 2 * this.#style.chineseWidth);
  }

  #halfCharacter(): void {
    if (this.#character.length > 0) this.#events.onViolation('half a character');
    this.#character = [];
  }

  #put(text: string, cells: number): void {
    this.#text += text;
    this.#cells += cells;
    if (this.#style.asciiWidth !== this.#style.chineseWidth)
      this.#events.onViolation('ASCII and Chinese of different size');
    if (this.#style.asciiWidth > 1) this.#double = true;
  }

  #lineFeed(): void {
    this.#halfCharacter();
    if (this.#cells > this.#columns)
      this.#events.onViolation(`line of ${this.#cells} cells on paper of ${this.#columns}`);
    const text = this.#double ? doubleAsText(this.#text) : this.#text;
    const aligned = alignText(text, this.#columns, ALIGNMENTS[this.#style.align] ?? 'left');
    this.#text = '';
    this.#cells = 0;
    this.#double = false;
    this.#addLine(aligned.trimEnd());
  }

  #addLine(line: string): void {
    this.#lines.push(line);
    this.#events.onLine();
  }

  #command(name: string, parameters: Uint8Array): void {
    const [first = 0] = parameters;
    switch (name) {
      case 'ESC @':
        this.#endSlip(false);
        this.#reset();
        return;
      case 'FS &':
        this.#style.chinese = true;
        return;
      case 'FS .':
        this.#style.chinese = false;
        return;
      case 'GS !':
        this.#style.asciiWidth = (first >> 4) + 1;
        return;
      case 'FS !':
        this.#style.chineseWidth = first & 0x04 ? 2 : 1;
        return;
      case 'FS W':
        this.#style.chineseWidth = first & 0x01 ? 2 : 1;
        return;
      case 'ESC a':
        this.#style.align = first % 48;
        return;
      case 'ESC d':
        if (this.#cells > 0) this.#lineFeed();
        for (let line = 0; line < first; line++) this.#addLine('');
        return;
      case 'GS ( k':
        this.#barcode(parameters);
        return;
      case 'GS V':
        if (this.#cells > 0) this.#lineFeed();
        this.#endSlip(true);
        return;
    }
  }

  #barcode(parameters: Uint8Array): void {
    const [, functionCode] = parameters;
    if (functionCode === GROUP_STORE) this.#qrData = Buffer.from(parameters.subarray(3)).toString('utf8');
    if (functionCode !== GROUP_PRINT) return;
    this.#qr.push(this.#qrData);
    for (const line of wrap(printable(`[QR] ${this.#qrData}`), this.#columns)) this.#addLine(line);
  }

  #endSlip(cut: boolean): void {
    const slip = { ...this.hanging(), cut };
    if (this.#text !== '' && cellsOf(this.#text) > 0) this.#events.onViolation('text without a line feed');
    this.#lines = [];
    this.#qr = [];
    if (slip.lines.length > 0) this.#events.onSlip(slip);
  }
}
