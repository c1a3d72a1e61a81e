import type { Shell } from '../../../terminal/cli/shell.ts';
import { type TestClock, testClock } from '../../support/test-clock.ts';

export interface CapturedShell extends Shell {
  readonly clock: TestClock;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The questions that were asked, hidden ones marked. */
  readonly asked: readonly string[];
  interrupt(): void;
}

let made = 0;

/** The place where a command is typed: a person who answers in turn, or nobody. */
export function capturedShell(
  options: {
    readonly answers?: readonly string[];
    readonly stdin?: string;
    readonly terminal?: boolean;
    readonly env?: Record<string, string>;
  } = {},
): CapturedShell {
  const written = { out: '', err: '' };
  const asked: string[] = [];
  const answers = [...(options.answers ?? [])];
  const clock = testClock();
  const control = new AbortController();
  const answer = (question: string): Promise<string> => {
    asked.push(question);
    const next = answers.shift();
    return next === undefined ? Promise.reject(new Error(`nobody answers ${question}`)) : Promise.resolve(next);
  };
  return {
    env: options.env ?? {},
    signal: control.signal,
    canAsk: options.answers !== undefined,
    outIsTerminal: options.terminal ?? false,
    errIsTerminal: options.terminal ?? false,
    out: (text) => {
      written.out += text;
    },
    async outFile(bytes) {
      for await (const chunk of bytes) written.out += String(chunk);
    },
    outStep: (text) => {
      written.out += text;
    },
    deed: () => {},
    err: (text) => {
      written.err += text;
    },
    ask: answer,
    askHidden: (question) => answer(`hidden ${question}`),
    readStdin: () => Promise.resolve(options.stdin ?? ''),
    clock,
    newNumber: () => {
      made += 1;
      return `01KTEST${String(made).padStart(19, 'A')}`;
    },
    stdout: () => written.out,
    stderr: () => written.err,
    asked,
    interrupt: () => control.abort(),
  };
}
