import iconv from 'iconv-lite';

/**
 * A second reader of ESC/POS, made only from the command-length table and the Chinese commands of devices.md §1: what a person finds on paper
 * after these bytes. It knows nothing of our drivers, and throws for whatever the tables do not name.
 */
export type ReceiptMark =
  | { readonly line: string }
  | { readonly qr: string }
  /** Dots; a picture that comes in several bands is one. */
  | { readonly image: readonly [width: number, height: number] }
  /** The pin of the pulse. */
  | { readonly drawer: 2 | 5 }
  | { readonly cut: true };

const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;
const DLE = 0x10;

/** Parameter bytes by prefix and letter: a number, or what counts them from the bytes that follow. */
type Count = number | ((rest: Uint8Array) => number);
const at = (rest: Uint8Array, index: number): number => rest[index] ?? 0;
const word = (rest: Uint8Array, index: number): number => at(rest, index) + 256 * at(rest, index + 1);
const untilNul = (rest: Uint8Array, from: number): number => rest.indexOf(0, from) + 1;
const each = (letters: string, count: Count): [string, Count][] =>
  letters.split(' ').map((letter) => [letter === 'SP' ? ' ' : letter, count]);

const commands: ReadonlyMap<number, ReadonlyMap<string, Count>> = new Map([
  [
    ESC,
    new Map([
      ...each('@ 2 L S i m v', 0),
      ...each('SP ! % - 3 = ? E G J K M R T V a d e r t u {', 1),
      ...each('$ \\ B c', 2),
      ...each('p', 3),
      ...each('W', 8),
      ...each('*', (rest) => 3 + word(rest, 1) * (at(rest, 0) >= 32 ? 3 : 1)),
      ...each('D', (rest) => untilNul(rest, 0)),
    ]),
  ],
  [
    FS,
    new Map([
      ...each('& .', 0),
      ...each('! - C W', 1),
      ...each('S p', 2),
      ...each('2', 74),
      ...each('(', (rest) => 3 + word(rest, 1)),
    ]),
  ],
  [
    GS,
    new Map([
      ...each(': c', 0),
      ...each('! / B H I T a b f h j r w', 1),
      ...each('$ L P W \\', 2),
      ...each('^', 3),
      ...each('(', (rest) => 3 + word(rest, 1)),
      ...each('8', (rest) => 5 + word(rest, 1) + 65_536 * word(rest, 3)),
      ...each('v', (rest) => 6 + word(rest, 2) * word(rest, 4)),
      ...each('V', (rest) => (at(rest, 0) >= 65 ? 2 : 1)),
      ...each('k', (rest) => (at(rest, 0) >= 65 ? 2 + at(rest, 1) : untilNul(rest, 1))),
    ]),
  ],
  [DLE, new Map([...each('\u0004 \u0005', 1), ...each('\u0014', 3)])],
]);

const powerOn = { chinese: false, asciiWide: false, chineseWide: false, align: 0 };

/** Reads bytes for paper of `columns` cells. */
export function readReceipt(bytes: Uint8Array, columns: number): ReceiptMark[] {
  const marks: ReceiptMark[] = [];
  let style = { ...powerOn };
  let text = '';
  let isWide = false;
  let qr = '';

  const cellsOf = (of: string): number => iconv.encode(of, 'gbk').length;
  const endLine = (): void => {
    const blank = text.length - text.trimStart().length;
    // Wide characters cannot be shown: a line of them stands in the middle of the place that it takes.
    const middle = isWide && blank > 0 ? ' '.repeat(blank + (cellsOf(text.trimStart()) >> 1)) : '';
    const free = columns - cellsOf(text) * (isWide ? 2 : 1);
    if (free < 0) throw new Error(`a line of ${columns - free} cells on paper of ${columns}`);
    const before = [0, free >> 1, free][style.align] ?? 0;
    marks.push({ line: (' '.repeat(before) + middle + text).trimEnd() });
    text = '';
    isWide = false;
  };
  const takeCharacter = (from: number): number => {
    const first = at(bytes, from);
    if (first === 0x0a) endLine();
    else if (first >= 0x20 && first < 0x7f) {
      text += String.fromCharCode(first);
      isWide ||= style.asciiWide;
    } else {
      const character = iconv.decode(Buffer.from(bytes.subarray(from, from + 2)), 'gbk');
      if (!style.chinese || first < 0x81 || at(bytes, from + 1) < 0x40 || character.length !== 1)
        throw new Error(`no character at ${from}: ${Buffer.from(bytes.subarray(from, from + 4)).toString('hex')}`);
      text += character;
      isWide ||= style.chineseWide;
      return from + 2;
    }
    return from + 1;
  };
  const takeImage = (rest: Uint8Array): void => {
    const [width, height] = [8 * word(rest, 2), word(rest, 4)];
    const last = marks.at(-1);
    const goesOn = last && 'image' in last && last.image[0] === width;
    if (goesOn) marks.pop();
    marks.push({ image: [width, height + (goesOn ? last.image[1] : 0)] });
  };
  const execute = (name: string, rest: Uint8Array): void => {
    const n = at(rest, 0);
    if (text !== '' && ['ESC@', 'GSV', 'GSv', 'GS(', 'ESCd', 'ESCa'].includes(name))
      throw new Error(`${name} in a line`);
    if (name === 'ESC@') style = { ...powerOn };
    if (name === 'FS&' || name === 'FS.') style.chinese = name === 'FS&';
    if (name === 'GS!') style.asciiWide = n >> 4 > 0;
    if (name === 'FS!') style.chineseWide = (n & 4) > 0;
    if (name === 'FSW') style.chineseWide = (n & 1) > 0;
    if (name === 'ESCa') style.align = n % 48;
    if (name === 'ESCd') for (let line = 0; line < n; line++) marks.push({ line: '' });
    if (name === 'ESCp') marks.push({ drawer: n % 48 === 1 ? 5 : 2 });
    if (name === 'GSV') marks.push({ cut: true });
    if (name === 'GSv') takeImage(rest);
    // ( k: pL pH, then 31 and the function: 50 stores behind one more byte, 51 prints.
    if (name === 'GS(' && n === 0x6b && at(rest, 4) === 0x50) qr = Buffer.from(rest.subarray(6)).toString('utf8');
    if (name === 'GS(' && n === 0x6b && at(rest, 4) === 0x51) marks.push({ qr });
  };

  const prefixes = new Map([
    [ESC, 'ESC'],
    [FS, 'FS'],
    [GS, 'GS'],
    [DLE, 'DLE'],
  ]);
  for (let next = 0; next < bytes.length; ) {
    const prefix = prefixes.get(at(bytes, next));
    if (prefix === undefined) {
      next = takeCharacter(next);
      continue;
    }
    const letter = String.fromCharCode(at(bytes, next + 1));
    const count = commands.get(at(bytes, next))?.get(letter);
    if (count === undefined) throw new Error(`unknown command ${prefix} ${JSON.stringify(letter)} at ${next}`);
    const from = next + 2;
    next = from + (typeof count === 'number' ? count : count(bytes.subarray(from)));
    if (next > bytes.length) throw new Error(`${prefix} ${letter} breaks off`);
    execute(prefix + letter, bytes.subarray(from, next));
  }
  if (text !== '') throw new Error('a line without its end');
  return marks;
}
