import { createInterface } from 'node:readline';
import { interrupted } from './failure.ts';

interface Input extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

/** Asks a person for one line. Ctrl-C and the end of the input throw INTERRUPTED. */
export function ask(input: Input, output: NodeJS.WritableStream, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input, output });
    let answer: string | undefined;
    lines.once('SIGINT', () => {
      output.write('\n');
      lines.close();
    });
    lines.once('close', () => (answer === undefined ? reject(interrupted()) : resolve(answer.trim())));
    lines.question(question, (text) => {
      answer = text;
      lines.close();
    });
  });
}

/** The same without echo: the terminal is in raw mode, so Ctrl-C, Ctrl-D and backspace arrive as characters. */
export function askHidden(input: Input, output: NodeJS.WritableStream, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = '';
    const finish = (settle: () => void): void => {
      input.off('data', take).off('end', giveUp).pause();
      input.setRawMode?.(false);
      output.write('\n');
      settle();
    };
    const giveUp = (): void => finish(() => reject(interrupted()));
    const take = (chunk: Buffer | string): void => {
      const { text, end } = typeOn(typed, String(chunk));
      typed = text;
      if (end === 'enter') finish(() => resolve(typed));
      else if (end === 'give-up') giveUp();
    };
    output.write(question);
    input.setRawMode?.(true);
    input.on('data', take).on('end', giveUp).resume();
  });
}

/** What stands on the line after more keys came in at once. */
function typeOn(before: string, keys: string): { readonly text: string; readonly end?: 'enter' | 'give-up' } {
  if (keys.startsWith('\u001b')) return { text: before }; // an arrow or another key that sends several characters
  let text = before;
  for (const key of keys) {
    if (key === '\r' || key === '\n') return { text, end: 'enter' };
    if (key === '\u0003' || key === '\u0004') return { text, end: 'give-up' };
    if (key === '\u007f' || key === '\b') text = text.slice(0, -1);
    else if (key >= ' ') text += key;
  }
  return { text };
}
