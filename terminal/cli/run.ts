import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { type Language, TerminalError } from '../base/errors.ts';
import { type Client, makeClient } from './client.ts';
import type { StepAnswer } from './contract.ts';
import { usage } from './failure.ts';
import { makePaint, type Paint } from './paint.ts';
import type { Shell } from './shell.ts';
import { makeStepLine } from './step-line.ts';

const globalOptions = v.object({
  home: v.optional(v.string()),
  json: v.optional(v.boolean(), false),
  lang: v.picklist(['zh', 'en']),
  input: v.boolean(),
  yes: v.optional(v.boolean(), false),
  quiet: v.optional(v.boolean(), false),
  color: v.boolean(),
  operator: v.optional(v.string()),
  passwordFile: v.optional(v.string()),
});
/** A step that takes longer than this is explained. */
const longStepMs = 10_000;

type GlobalOptions = v.InferOutput<typeof globalOptions>;

/** One command under way: its options, its words, and the terminal that it talks to. */
export interface Run {
  readonly shell: Shell;
  readonly options: GlobalOptions;
  readonly home: string;
  readonly client: Client;
  /** A person is there to be asked, and may be. */
  readonly canAsk: boolean;
  readonly paint: Paint;
  readonly language: Language;
  say(zh: string, en: string): string;
  /** The data: one JSON object, or text for a person. */
  show(value: unknown, text: () => string | Promise<string>): Promise<void>;
  /** Something to know beside the data: stderr, and nothing with --quiet. */
  note(zh: string, en: string): void;
  /** A step of a long action. */
  step(step: StepAnswer): void;
  /** What a file named by `flag` holds; `-`: standard input, which only one can have. NOT_FOUND, USAGE. */
  read(file: string, flag: string): Promise<string>;
  /** Leaves the line on which steps are shown. */
  endSteps(): void;
}

export function makeRun(shell: Shell, given: unknown): Run {
  const options = v.parse(globalOptions, given);
  const home = options.home ?? shell.env['POS_HOME'] ?? './.pos';
  const animated = shell.errIsTerminal && shell.env['TERM'] !== 'dumb';
  const coloured = options.color && shell.outIsTerminal && !shell.env['NO_COLOR'] && shell.env['TERM'] !== 'dumb';
  const say = (zh: string, en: string): string => (options.lang === 'zh' ? zh : en);
  const stepLine = makeStepLine({ write: shell.err, animated, language: options.lang });
  const note = (zh: string, en: string): void => {
    stepLine.end();
    if (!options.quiet) shell.err(`${say(zh, en)}\n`);
  };
  let stdinFor: string | undefined;
  let cancelExplaining = (): void => {};
  const explainWhenLong = (): void => {
    cancelExplaining();
    cancelExplaining = shell.clock.after(longStepMs, () =>
      note(
        '主机尚未应答，仍在等待；可按 Ctrl-C 离开，已开始的由终端自行了结',
        'No answer from the host yet, still waiting; Ctrl-C leaves, the terminal ends by itself what had begun',
      ),
    );
  };
  return {
    shell,
    options,
    home,
    client: makeClient(home, shell),
    canAsk: shell.canAsk && options.input,
    paint: makePaint(coloured),
    language: options.lang,
    say,
    async show(value, text) {
      stepLine.end();
      shell.out(`${options.json ? JSON.stringify(value) : await text()}\n`);
    },
    note,
    step(step) {
      explainWhenLong();
      if (options.quiet) return;
      if (options.json) shell.outStep(`${JSON.stringify(step)}\n`);
      else stepLine.show(step);
    },
    async read(file, flag) {
      if (file !== '-')
        return readFile(file, 'utf8').catch((cause: unknown) => {
          throw new TerminalError('NOT_FOUND', { what: flag, no: file }, cause);
        });
      if (stdinFor !== undefined)
        throw usage(
          `标准输入只能给 ${stdinFor} 和 ${flag} 之一，另一个请用文件`,
          `Standard input is for one of ${stdinFor} and ${flag}; put the other into a file`,
        );
      stdinFor = flag;
      return shell.readStdin();
    },
    endSteps() {
      cancelExplaining();
      stepLine.end();
    },
  };
}
