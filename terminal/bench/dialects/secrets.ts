/** A part of a piece that must never be seen, and what stands there, so that a recording can hold something of the same form. */
export interface Secret {
  readonly from: number;
  /** The byte behind it. */
  readonly to: number;
  readonly as: /** Card number, two digits a byte, padded with F. */
    | 'number-bcd'
    /** Track 2 equivalent: number D YYMM service discretionary, padded with F. */
    | 'track2-bcd'
    /** YYMMDD. */
    | 'expiry-bcd'
    /** Card number as text. */
    | 'number-text'
    /** Tracks as text with their sentinels, whatever a vendor puts around them. */
    | 'tracks-text'
    /** Hex digits as text, such as a PIN block. */
    | 'hex-text'
    /** A payment code as text: its first two characters say whose it is, and stay. */
    | 'code-text'
    /** Part of a code, or the key of a digit: nothing of it stays. */
    | 'typed-text'
    | 'bytes';
}

const EXPIRY = '3012';
/** Of a shorter one the ends would be most of it. */
const SHORTEST_CODE = 12;

/** What a tester may see: two hex digits a byte, `**` for a secret one. Longer than `most` bytes: the beginning. */
export function maskedHex(piece: Uint8Array, secrets: readonly Secret[], most = 512): string {
  const hidden = new Uint8Array(piece.length);
  for (const { from, to, as } of [...secrets, ...numbersIn(piece)]) {
    if (as === 'code-text' && to - from >= SHORTEST_CODE) hidden.fill(1, from + 2, to - 4);
    else hidden.fill(1, from, to);
  }
  const shown = piece.subarray(0, most);
  const hex = Array.from(shown, (byte, at) => (hidden[at] === 1 ? '**' : byte.toString(16).padStart(2, '0'))).join('');
  return piece.length > most ? `${hex}… ${piece.length} B` : hex;
}

/** A second net: whatever looks like a card number as text. */
function numbersIn(piece: Uint8Array): readonly Secret[] {
  const text = Buffer.from(piece).toString('latin1');
  return [...text.matchAll(/\d{13,19}/g)]
    .filter(([digits]) => luhnSum(digits) % 10 === 0)
    .map(({ index, 0: digits }) => ({ from: index, to: index + digits.length, as: 'number-text' }));
}

/** Puts something of the same length and form in the place of each secret: a test card, its expiry, zeros. */
export function disguise(piece: Uint8Array, secrets: readonly Secret[]): void {
  for (const secret of secrets) {
    const part = piece.subarray(secret.from, secret.to);
    part.set(disguised(secret.as, part));
  }
}

function disguised(as: Secret['as'], part: Uint8Array): Uint8Array {
  const text = Buffer.from(part).toString('latin1');
  const hex = Buffer.from(part).toString('hex').toUpperCase();
  switch (as) {
    case 'number-bcd':
      return Buffer.from(hex.replace(/^\d+/, testNumberLike), 'hex');
    case 'track2-bcd':
      return Buffer.from(
        hex.replace(
          /^(\d+)D(.*?)(F?)$/,
          (_, number: string, rest: string, pad: string) => `${testNumberLike(number)}D${testRest(rest)}${pad}`,
        ),
        'hex',
      );
    case 'expiry-bcd':
      return Buffer.from(`${EXPIRY}31`.slice(0, hex.length).padEnd(hex.length, '0'), 'hex');
    case 'number-text':
      return latin1(text.replace(/\d+/, testNumberLike));
    case 'tracks-text':
      return latin1(testTracks(text));
    case 'hex-text':
      return latin1(text.replace(/[\dA-F]/gi, '0'));
    case 'code-text':
      return latin1(text.slice(0, 2) + text.slice(2).replace(/\d/g, '0').replace(/[^\d]/g, 'x'));
    case 'typed-text':
      return latin1(text.replace(/\d/g, '0').replace(/[^\d]/g, 'x'));
    case 'bytes':
      return new Uint8Array(part.length);
  }
}

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** Tracks 1 and 2: number, name and discretionary data are replaced, separators and service code stay. */
const testTracks = (text: string): string =>
  text
    .replace(
      /%B(\d+)\^([^^?]*)\^(\d*)/g,
      (_, number: string, name: string, rest: string) =>
        `%B${testNumberLike(number)}^${name.replace(/[^/]/g, 'X')}^${testRest(rest)}`,
    )
    .replace(/;(\d+)=(\d*)/g, (_, number: string, rest: string) => `;${testNumberLike(number)}=${testRest(rest)}`);

/** YYMM, service code, discretionary data. */
const testRest = (rest: string): string => (EXPIRY + rest.slice(4, 7)).slice(0, rest.length).padEnd(rest.length, '0');

/** A number of a test card that is as long, with a right check digit. */
function testNumberLike(number: string): string {
  const body = '622202'.padEnd(19, '0').slice(0, Math.max(0, number.length - 1));
  return body === '' ? number : `${body}${(10 - (luhnSum(`${body}0`) % 10)) % 10}`;
}

/** ISO/IEC 7812-1, annex B. */
function luhnSum(digits: string): number {
  let sum = 0;
  for (let fromRight = 0; fromRight < digits.length; fromRight++) {
    const digit = Number(digits[digits.length - 1 - fromRight]);
    const weighted = fromRight % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum;
}
