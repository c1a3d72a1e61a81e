import { type Clock, systemClock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { systemRandom } from '../base/random.ts';
import { ask, askHidden } from './ask.ts';

/** What a command sees of the place where it was typed. */
export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** A person can be asked: questions go to stderr, answers come from stdin. */
  readonly canAsk: boolean;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  out(text: string): void;
  err(text: string): void;
  ask(question: string): Promise<string>;
  /** The answer is not echoed. */
  askHidden(question: string): Promise<string>;
  readStdin(): Promise<string>;
  /** A number that no other has. */
  newNumber(): string;
}

export function shellOf(process: NodeJS.Process): Shell {
  const { stdin, stdout, stderr } = process;
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  stdout.on('error', () => process.exit()); // `pos txn list | head`: the reader left
  return {
    env: process.env,
    signal: interrupt.signal,
    clock: systemClock,
    canAsk: stdin.isTTY && stderr.isTTY,
    outIsTerminal: stdout.isTTY,
    errIsTerminal: stderr.isTTY,
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    ask: (question) => ask(stdin, stderr, question),
    askHidden: (question) => askHidden(stdin, stderr, question),
    async readStdin() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString();
    },
    newNumber: () => newId(systemClock, systemRandom),
  };
}
