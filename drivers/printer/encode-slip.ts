import type { Slip } from '../devices.ts';
import { type LaidLine, layOut } from './layout.ts';
import type { PrinterProfile } from './profiles.ts';
import { qrCommands } from './qr.ts';
import { rasterCommand } from './raster.ts';
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

/** The bytes that print a slip, from initialisation to cut. Throws RangeError for columns, a picture or QR data that do not fit. */
export function encodeSlip(slip: Slip, profile: PrinterProfile): Uint8Array {
  return encode(layOut(slip, profile.columns), profile).bytes();
}

/** A piece of a slip that is sent at once and confirmed as one. */
export interface Section {
  readonly bytes: Uint8Array;
  /** How many lines of the slip are on paper when it is. */
  readonly lines: number;
}

/** Few enough lines that little is printed again when nobody knows about them, many enough that a printer need not stop for each answer. */
const SECTION_LINES = 10;
const SECTION_BYTES = 512;

/** The bytes that print laid lines, in sections that end between lines, at each cut, and around each band of a picture. Throws as `encodeSlip`. */
export function encodeSections(lines: readonly LaidLine[], profile: PrinterProfile): Section[] {
  const output = encode(lines, profile);
  const bytes = output.bytes();
  const sections: Section[] = [];
  let start = 0;
  let firstLine = 0;
  const end = (line: number): void => {
    const stop = output.marks[line] ?? bytes.length;
    if (stop > start) sections.push({ bytes: bytes.subarray(start, stop), lines: line });
    start = stop;
    firstLine = line;
  };
  for (const [at, line] of lines.entries()) {
    if (at > firstLine && (output.marks[at + 1] ?? 0) - start > SECTION_BYTES) end(at);
    if (line.kind === 'cut' || at + 1 - firstLine >= SECTION_LINES) end(at + 1);
  }
  end(lines.length);
  return sections;
}

/** `marks[n]` is where n lines end. */
function encode(lines: readonly LaidLine[], profile: PrinterProfile): Output {
  const output = new Output();
  output.put(INITIALIZE);
  if (profile.automaticStatus) output.put(AUTOMATIC_STATUS_ON);
  output.mark();
  for (const line of lines) {
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
      output.put([ESC, 0x64, Math.min(LONGEST_FEED, line.lines)]);
      return;
    case 'qr':
      output.put(CENTER);
      output.put(qrCommands(line.data, profile.dots));
      output.put(LEFT);
      return;
    case 'image':
      output.put(CENTER);
      output.put(rasterCommand(line.image, line.top, line.heightDots));
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
