import type { Slip } from '../devices.ts';
import { type LaidLine, layOut } from './layout.ts';
import type { PrinterProfile } from './profiles.ts';
import { qrCommands } from './qr.ts';
import { writeGbk } from './text.ts';

const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;
const LF = 0x0a;

/** Back to the defaults of the printer, then Chinese mode, because no default can be relied on. */
const INITIALIZE = [ESC, 0x40, FS, 0x26];
/** On-line state, errors and paper; ESC @ has switched it off. */
export const AUTOMATIC_STATUS_ON = [GS, 0x61, 0x0e];
/** GS ! sizes only ASCII on some clones, so the size is given for Chinese as well. */
const DOUBLE_ON = [GS, 0x21, 0x11, FS, 0x21, 0x0c, FS, 0x57, 0x01];
const DOUBLE_OFF = [GS, 0x21, 0x00, FS, 0x21, 0x00, FS, 0x57, 0x00];
const BOLD_ON = [ESC, 0x45, 0x01];
const BOLD_OFF = [ESC, 0x45, 0x00];
const CENTER = [ESC, 0x61, 0x01];
const LEFT = [ESC, 0x61, 0x00];
/** Feeds until the last line is past the knife, then cuts and leaves one point. */
const CUT = [GS, 0x56, 0x42, 0x00];
const LONGEST_FEED = 255;

/** Grows by doubling; `mark` remembers where a line ends. */
class Output {
  #bytes = new Uint8Array(4096);
  #length = 0;
  readonly marks: number[] = [];

  put(bytes: ArrayLike<number>): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  putLine(text: string): void {
    this.#reserve(text.length * 2 + 1);
    this.#length = writeGbk(text, this.#bytes, this.#length);
    this.#bytes[this.#length++] = LF;
  }

  mark(): void {
    this.marks.push(this.#length);
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array((this.#length + count) * 2);
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** The bytes that print a slip, from initialisation to cut. Throws RangeError for columns or QR data that do not fit. */
export function encodeSlip(slip: Slip, profile: PrinterProfile): Uint8Array {
  return encode(slip, profile).bytes();
}

/** The same bytes in pieces of about `size`, divided between lines only: where one piece ends, no command is half sent. */
export function encodeSlipChunks(slip: Slip, profile: PrinterProfile, size: number): Uint8Array[] {
  const output = encode(slip, profile);
  const bytes = output.bytes();
  const chunks: Uint8Array[] = [];
  let start = 0;
  for (const mark of output.marks) {
    if (mark - start < size && mark < bytes.length) continue;
    chunks.push(bytes.subarray(start, mark));
    start = mark;
  }
  return chunks;
}

function encode(slip: Slip, profile: PrinterProfile): Output {
  const output = new Output();
  output.put(INITIALIZE);
  if (profile.automaticStatus) output.put(AUTOMATIC_STATUS_ON);
  output.mark();
  for (const line of layOut(slip, profile.columns)) {
    encodeLine(output, line, profile);
    output.mark();
  }
  return output;
}

function encodeLine(output: Output, line: LaidLine, profile: PrinterProfile): void {
  switch (line.kind) {
    case 'text':
      encodeText(output, line);
      return;
    case 'feed':
      if (line.lines >= 1) output.put([ESC, 0x64, Math.min(LONGEST_FEED, Math.floor(line.lines))]);
      return;
    case 'qr':
      output.put(CENTER);
      output.put(qrCommands(line.data, profile.dots));
      output.put(LEFT);
      return;
    case 'cut':
      output.put(CUT);
  }
}

function encodeText(output: Output, line: Extract<LaidLine, { kind: 'text' }>): void {
  if (line.double) output.put(DOUBLE_ON);
  if (line.bold) output.put(BOLD_ON);
  output.putLine(line.text);
  if (line.bold) output.put(BOLD_OFF);
  if (line.double) output.put(DOUBLE_OFF);
}
