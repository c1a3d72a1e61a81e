import type { ReprintTarget } from '../flows/counter.ts';
import type { Expires } from './expires.ts';
import type { Say } from './texts.ts';

export type PrintPlace = AskStan | PrintProblem;

export interface AskStan extends Expires {
  readonly is: 'ask-stan';
  readonly digits: string;
  readonly notice: Say | undefined;
}

/** The business is done, the slip is not; 确认 prints it. */
export interface PrintProblem extends Expires {
  readonly is: 'print-problem';
  readonly target: ReprintTarget;
  readonly safe: Say | undefined;
  readonly problem: string;
}
