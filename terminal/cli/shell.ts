import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Clock, systemClock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { systemRandom } from '../base/random.ts';
import { ask, askHidden } from './ask.ts';
import { type Stage, statusWithoutOutput } from './lost-output.ts';

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
  /** The data. */
  out(text: string): void;
  /** Bytes of a file as they are, to their end. */
  outFile(bytes: Readable): Promise<void>;
  /** Progress between the data, with --json. */
  outStep(text: string): void;
  err(text: string): void;
  /** Something is asked of the terminal now, or was and has its answer: who loses the output in between learns that the end is not known. */
  deed(is: 'open' | 'over'): void;
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
  const stage: Stage = { deed: 'none', told: false };
  stdout.on('error', (error) => {
    const status = statusWithoutOutput(error, stage);
    if (status !== undefined) process.exit(status);
  });
  return {
    env: process.env,
    signal: interrupt.signal,
    clock: systemClock,
    canAsk: stdin.isTTY && stderr.isTTY,
    outIsTerminal: stdout.isTTY,
    errIsTerminal: stderr.isTTY,
    out(text) {
      stage.told = true;
      stdout.write(text);
    },
    async outFile(bytes) {
      await pipeline(bytes, stdout, { end: false });
      stage.told = true;
    },
    outStep: (text) => stdout.write(text),
    deed(is) {
      stage.deed = is;
    },
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
