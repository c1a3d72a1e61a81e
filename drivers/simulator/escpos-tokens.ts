/** ESC/POS as a printer reads it: the lengths of the commands, from the tables of devices.md §1.2. */
export type EscposToken =
  | { readonly kind: 'byte'; readonly byte: number }
  | { readonly kind: 'line-feed' }
  /** `name` as in the manuals: `GS V`, `ESC @`. For `( x` the letter is part of the name: `GS ( k`. */
  | { readonly kind: 'command'; readonly name: string; readonly parameters: Uint8Array }
  | { readonly kind: 'unknown'; readonly name: string };

export interface TokenAt {
  readonly token: EscposToken;
  readonly length: number;
}

const LF = 0x0a;
const CR = 0x0d;
const prefixes: ReadonlyMap<number, string> = new Map([
  [0x1b, 'ESC'],
  [0x1c, 'FS'],
  [0x1d, 'GS'],
]);

/** Commands with a fixed number of parameter bytes. */
const fixed: ReadonlyMap<string, number> = new Map([
  ...lengths('ESC', '@ 2 L S i m v', 0),
  ...lengths('ESC', 'SP ! % - 3 = ? E G J K M R T V a d e r t u {', 1),
  ...lengths('ESC', '$ \\ B c', 2),
  ...lengths('ESC', 'p', 3),
  ...lengths('ESC', 'W', 8),
  ...lengths('FS', '& .', 0),
  ...lengths('FS', '! - C W', 1),
  ...lengths('FS', 'S', 2),
  ...lengths('GS', ': c', 0),
  ...lengths('GS', '! / B H I T a b f h j r w', 1),
  ...lengths('GS', '$ L P W \\', 2),
  ...lengths('GS', '^', 3),
]);

function lengths(prefix: string, letters: string, count: number): [string, number][] {
  return letters.split(' ').map((letter) => [`${prefix} ${letter}`, count]);
}

/** The first token of the bytes from `at` on; undefined when it is not complete yet. */
export function nextToken(bytes: Uint8Array, at: number): TokenAt | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first === LF) return { token: { kind: 'line-feed' }, length: 1 };
  const prefix = prefixes.get(first);
  if (prefix === undefined) return plainByte(first);
  const letter = bytes[at + 1];
  if (letter === undefined) return undefined;
  const name = `${prefix} ${letter === 0x20 ? 'SP' : String.fromCharCode(letter)}`;
  const start = at + 2;
  const count = fixed.get(name) ?? variableLength(name, bytes, start);
  if (count === 'incomplete') return undefined;
  if (count === 'unknown') return { token: { kind: 'unknown', name }, length: 2 };
  if (start + count > bytes.length) return undefined;
  const isGroup = name.endsWith('(');
  const parameters = bytes.slice(isGroup ? start + 3 : start, start + count);
  const full = isGroup ? `${name} ${String.fromCharCode(bytes[start] ?? 0)}` : name;
  return { token: { kind: 'command', name: full, parameters }, length: 2 + count };
}

function plainByte(byte: number): TokenAt {
  // Printers pass over it; a host fills up with it what it could not send of a broken command.
  if (byte === 0) return { token: { kind: 'command', name: 'NUL', parameters: new Uint8Array(0) }, length: 1 };
  if (byte >= 0x20 || byte === CR) return { token: { kind: 'byte', byte }, length: 1 };
  return { token: { kind: 'unknown', name: `byte ${byte.toString(16).padStart(2, '0')}` }, length: 1 };
}

/** Parameter bytes of the commands whose length stands in their parameters. */
function variableLength(name: string, bytes: Uint8Array, start: number): number | 'incomplete' | 'unknown' {
  const byte = (offset: number): number | undefined => bytes[start + offset];
  const word = (offset: number): number | undefined => {
    const [low, high] = [byte(offset), byte(offset + 1)];
    return low === undefined || high === undefined ? undefined : low + high * 256;
  };
  const plus = (fixedCount: number, more: number | undefined): number | 'incomplete' =>
    more === undefined ? 'incomplete' : fixedCount + more;
  switch (name) {
    case 'GS (':
    case 'FS (':
      return plus(3, word(1));
    case 'GS V': {
      const mode = byte(0);
      return mode === undefined ? 'incomplete' : mode >= 65 ? 2 : 1;
    }
    case 'GS k': {
      const type = byte(0);
      if (type === undefined) return 'incomplete';
      if (type >= 65) return plus(2, byte(1));
      const end = bytes.indexOf(0, start + 1);
      return end < 0 ? 'incomplete' : end - start + 1;
    }
    case 'GS v': {
      const [width, height] = [word(2), word(4)];
      return width === undefined || height === undefined ? 'incomplete' : 6 + width * height;
    }
    case 'ESC *': {
      const [mode, columns] = [byte(0), word(1)];
      return mode === undefined || columns === undefined ? 'incomplete' : 3 + columns * (mode >= 32 ? 3 : 1);
    }
    case 'ESC D': {
      const end = bytes.indexOf(0, start);
      return end < 0 ? 'incomplete' : end - start + 1;
    }
    case 'FS 2':
      return 2 + 72;
    default:
      return 'unknown';
  }
}
