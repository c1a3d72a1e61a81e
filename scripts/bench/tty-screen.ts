/** What stands on a text terminal on which `faces/tty.ts` draws: it writes whole lines, each at its row. */
export class TtyScreen {
  readonly #rows: string[] = [];

  /** Takes what was written to the terminal, whole lines at a time. */
  write(text: string): void {
    for (const [, row = '0', line = ''] of text.matchAll(drawnLine)) this.#rows[Number(row) - 1] = plain(line);
  }

  text(): string {
    return this.#rows.join('\n');
  }
}

const esc = '\u001b';
/** `ESC [ row ; 1 H`, the line, `ESC [ K`. */
const drawnLine = new RegExp(`${esc}\\[(\\d+);1H([^]*?)${esc}\\[K`, 'g');
const sequence = new RegExp(`${esc}\\[[\\d;?]*[A-Za-z]`, 'g');

const plain = (line: string): string => line.replace(sequence, '');
