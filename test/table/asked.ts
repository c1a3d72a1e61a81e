import type { TestSystemOptions } from '../support/terminal.ts';
import type { Cell, NoCell, Transaction } from './cell.ts';
import { join, type Left } from './left.ts';
import type { Till } from './till.ts';

/** A transaction that is asked of the host, and reversed when there is no answer: what it is, and what it comes to. */
export interface Asked {
  readonly name: Transaction;
  /** On the wire, and in the book. */
  readonly kind: 'sale' | 'void' | 'preauth' | 'preauth-void' | 'completion' | 'completion-void';
  readonly system?: TestSystemOptions;
  /** Makes what must stand before; the number by which it is asked for. */
  readonly before?: (till: Till) => Promise<string>;
  /** From the idle screen to where it can be left without anything having been sent: to the wait for the card, or to the original. */
  readonly opens: (till: Till, number: string) => Promise<void>;
  readonly opensAt: 'card' | 'original';
  /** From there to the request. */
  readonly goesOn: (till: Till) => Promise<void>;
  readonly done: Left;
  /** What stands when nothing came of it. */
  readonly undone: Pick<Left, 'states' | 'journals' | 'totals'>;
  /** Journals of an attempt of which nothing came. */
  readonly attempt?: string;
  readonly words: {
    /** Its name on the screen. */
    readonly title: string;
    readonly notAgain: string;
    /** 末笔: its state when it is done, and what the screen advises then, when it was reversed, and when it was declined. */
    readonly done: string;
    readonly advised: string;
    readonly reversed: string;
    readonly failed: string;
  };
  readonly more: readonly Cell[];
  readonly partial?: readonly Cell[];
  readonly removed: readonly Cell[] | NoCell;
}

/** Makes what must stand before. Returns the rest, up to the request. */
export async function prepared(asked: Asked, till: Till): Promise<() => Promise<void>> {
  const number = (await asked.before?.(till)) ?? '';
  till.markSlips();
  return async () => {
    await asked.opens(till, number);
    await asked.goesOn(till);
  };
}

/** The same up to where it can still be left. */
export async function opened(asked: Asked, till: Till): Promise<void> {
  const number = (await asked.before?.(till)) ?? '';
  till.markSlips();
  await asked.opens(till, number);
}

/** Nothing came of an attempt that ended in this state. */
export const undone = ({ undone: left, kind, attempt }: Asked, state: string): Left => ({
  states: join(', ', left.states, `${kind} ${state}`),
  journals: join(' ', left.journals, attempt),
  totals: left.totals,
  slips: [],
});

export const timedOut = '超时,系统将自动冲正';
export const badAnswer = '应答异常,自动冲正';

/** Neither success nor failure, in its own words; then, in place, that it was reversed. */
export const reversedBecause = ({ words }: Asked, why: string): readonly RegExp[] => [
  new RegExp(`结果未知\n${why}\n${words.notAgain}\n${words.title} +\\d{6}`),
  new RegExp(`结果未知[\\s\\S]*状态 +已冲正\n${words.reversed}`),
];

export const approvedScreen = ({ words }: Asked): RegExp => new RegExp(`交易成功\n${words.title} +\\d{6}\n请取签购单`);
