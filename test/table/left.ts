import { fen, formatYuan } from '../../terminal/base/money.ts';
import type { TestSystem } from '../support/terminal.ts';

/** What stands in the book and on paper, and what came to it since. Reads the tables, never what the program says of itself. */

/** What came of a cell, counted from its beginning. */
export interface Left {
  /** Payments, then refunds: `sale PAID, void REVERSED 25` (the code that ended the reversal, or a code of the host that is not 00). */
  readonly states: string;
  /** `J-01 J-02`, in the order of posting. */
  readonly journals: string;
  /** Of all groups, without what is zero: `domestic debit 1/100.00, domestic credit 1/100.00`. */
  readonly totals: string;
  /** Type and amount on each copy that came out for the transaction itself: `撤销 VOID RMB -100.00`. */
  readonly slips: readonly string[];
}

export interface Mark {
  readonly payments: number;
  /** The newest. */
  readonly refund: string;
  readonly journals: number;
  readonly slips: number;
  readonly totals: Totals;
}

type Totals = Readonly<Record<string, number>>;

const sides = ['domestic', 'foreign', 'codes'].flatMap((group) => [`${group}_debit`, `${group}_credit`]);

const last = (system: TestSystem, table: 'payment' | 'journal'): number =>
  system.count(`SELECT coalesce(max(id), 0) FROM ${table}`);

const totalsOf = (system: TestSystem): Totals =>
  system.db
    .prepare<[], Totals>(
      `SELECT ${sides.map((side) => `sum(${side}_count) AS ${side}_count, sum(${side}_fen) AS ${side}_fen`).join()} FROM batch`,
    )
    .get() ?? {};

export const markOf = (system: TestSystem): Mark => ({
  payments: last(system, 'payment'),
  refund: system.db.prepare<[], string | null>('SELECT max(no) FROM refund').pluck().get() ?? '',
  journals: last(system, 'journal'),
  slips: system.slips().length,
  totals: totalsOf(system),
});

export function sinceMark(system: TestSystem, mark: Mark): Left {
  const words = (sql: string, since: number | string): string[] =>
    system.db.prepare<[number | string], string>(sql).pluck().all(since);
  const payments = words(
    `SELECT txn || ' ' || state || coalesce(' ' || reversal_code, '') || iif(code <> '00', ' ' || code, '')
       || iif(state = 'REVERSED', coalesce(' late ' || late_code, ''), '') FROM payment WHERE id > ? ORDER BY id`,
    mark.payments,
  );
  const refunds = words(
    "SELECT 'refund ' || state || coalesce(' ' || reason, '') FROM refund WHERE no > ? ORDER BY no",
    mark.refund,
  );
  return {
    states: join(', ', ...payments, ...refunds),
    journals: words('SELECT event FROM journal WHERE id > ? ORDER BY id', mark.journals).join(' '),
    totals: moved(mark.totals, totalsOf(system)),
    slips: system
      .slips()
      .slice(mark.slips)
      .map((slip) => slipWords(slip)),
  };
}

function moved(before: Totals, now: Totals): string {
  const by = (name: string): number => (now[name] ?? 0) - (before[name] ?? 0);
  const words = sides.map((side) => {
    const [count, sumFen] = [by(`${side}_count`), by(`${side}_fen`)];
    return count === 0 && sumFen === 0 ? '' : `${side.replace('_', ' ')} ${count}/${formatYuan(fen(sumFen))}`;
  });
  return join(', ', ...words);
}

/** Type and amount; of a slip that has none its title. */
function slipWords(slip: readonly string[]): string {
  const type = slip.find((line) => line.includes('(TXN TYPE)'))?.replace(/^.*\(TXN TYPE\)\s+/, '');
  const amount = slip.find((line) => line.includes('RMB '));
  return [type ?? slip[0], amount]
    .map((part) => part?.trim())
    .join(' ')
    .trim();
}

export const join = (separator: string, ...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(separator);
