/** Commands of a CD5220 display (devices.md §3): two lines of twenty characters, ASCII, nothing comes back. */
export const DISPLAY_COLUMNS = 20;

export const CD5220 = {
  /** Also the only way out of the mode that `ESC Q` begins, in which nothing else is understood. */
  clear: 0x0c,
  escape: 0x1b,
  /** Behind the escape: initialise. */
  initialise: 0x40,
  /** Behind the escape, with `upper` or `lower`, twenty characters and `end`: writes a line. */
  line: 0x51,
  upper: 0x41,
  lower: 0x42,
  end: 0x0d,
} as const;

/** Brings a display, whatever another program left it in, to an empty screen. */
export const initialise = (): Uint8Array => Uint8Array.of(CD5220.clear, CD5220.escape, CD5220.initialise);

/** Both lines. What is too long is cut, what is not ASCII becomes `?`. */
export function drawLines(upper: string, lower: string): Uint8Array {
  return Uint8Array.from([...drawLine(CD5220.upper, upper), ...drawLine(CD5220.lower, lower)]);
}

function drawLine(line: number, text: string): readonly number[] {
  const shown = Array.from(text, (character) => (/^[ -~]$/.test(character) ? character : '?')).join('');
  const cells = Buffer.from(shown.slice(0, DISPLAY_COLUMNS).padEnd(DISPLAY_COLUMNS), 'latin1');
  return [CD5220.escape, CD5220.line, line, ...cells, CD5220.end];
}
