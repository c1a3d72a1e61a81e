import { type ErrorCode, errorTable } from '../base/error-table.ts';
import { errorBody, type Language, TerminalError } from '../base/errors.ts';

/** Exit statuses of `pos` (faces.md); stable, scripts rely on them. Those of refusals stand in the error table. */
export const exitStatus = {
  ok: 0,
  failed: 1,
  usage: 2,
  needsLogOn: 3,
  notFound: 4,
  declined: 5,
  notBalanced: 6,
  unknown: 7,
  deviceFault: 8,
  linkDown: 9,
  busy: 75,
  interrupted: 130,
} as const;
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** Why a command did not do what was asked. */
export interface Failure {
  readonly code: string;
  readonly exit: ExitStatus;
  readonly zh: string;
  readonly en: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Ends a command. Only for what concerns `pos` itself or what the running terminal said; refusals made here are TerminalErrors. */
export class CommandFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Omit<Failure, 'details'> & Partial<Failure>) {
    super(failure.code);
    this.name = 'CommandFailed';
    this.failure = { details: {}, ...failure };
  }
}

/** What the running terminal refused, with the exit status of its code. */
export const refusedByTerminal = (body: Omit<Failure, 'exit'>): CommandFailed =>
  new CommandFailed({ ...body, exit: isErrorCode(body.code) ? errorTable[body.code].exit : exitStatus.failed });

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code);

export const usage = (zh: string, en: string): CommandFailed =>
  new CommandFailed({ code: 'USAGE', exit: exitStatus.usage, zh, en });

export const interrupted = (): CommandFailed =>
  new CommandFailed({ code: 'INTERRUPTED', exit: exitStatus.interrupted, zh: '已中断', en: 'Interrupted' });

/** Anything that was thrown, as a failure. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommandFailed) return error.failure;
  if (error instanceof TerminalError) return { exit: errorTable[error.code].exit, ...errorBody(error) };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'FAILED', exit: exitStatus.failed, zh: `失败: ${message}`, en: `Failed: ${message}`, details: {} };
}

/** One line for a person. */
export const failureText = (failure: Failure, language: Language): string =>
  language === 'zh' ? `错误: ${failure.zh} (${failure.code})` : `Error: ${failure.en} (${failure.code})`;

/** What is done to the files of a terminal is done while it is stopped. */
export const stillRunning = (home: string): CommandFailed =>
  new CommandFailed({
    code: 'RUNNING',
    exit: exitStatus.busy,
    zh: `终端正在运行 (${home})，请先停止`,
    en: `The terminal is running (${home}); stop it first`,
    details: { home },
  });
