import { fen } from '../../terminal/base/money.ts';
import type { RefundOutcome } from '../../terminal/flows/give-back-desk.ts';
import type { TestSystem } from '../support/terminal.ts';

/** What the accounts hold, by their codes, without those that hold nothing: `{ 2002: 9940, 4001: 60 }`. */
export function book(system: TestSystem): Readonly<Record<string, number>> {
  const rows = system.db
    .prepare<[], { code: string; fen: number }>(
      `SELECT substr(account, 1, 4) AS code, sum(balance_fen) AS fen FROM balance GROUP BY code HAVING sum(balance_fen) <> 0 ORDER BY code`,
    )
    .all();
  return Object.fromEntries(rows.map(({ code, fen: sum }) => [code, sum]));
}

/** The events of every journal, in the order of posting: `J-01 J-03`. */
export const journals = (system: TestSystem): string =>
  system.db.prepare<[], string>('SELECT event FROM journal ORDER BY id').pluck().all().join(' ');

/** `PAID`, `CLEARED`, … of the n-th payment. */
export const stateOf = (system: TestSystem, n = 1): string | undefined =>
  system.db.prepare<[number], string>('SELECT state FROM payment WHERE id = ?').pluck().get(n);

/** Count and sum of the credit side of all groups of the open batch, or of the newest one. */
export const credit = (system: TestSystem): readonly [count: number, sumFen: number] => {
  const sum = (what: string): number =>
    system.count(
      `SELECT domestic_credit_${what} + foreign_credit_${what} + codes_credit_${what} FROM batch ORDER BY id DESC LIMIT 1`,
    );
  return [sum('count'), sum('fen')];
};

export const paymentNo = (system: TestSystem, n = 1): string =>
  system.db.prepare<[number], string>('SELECT no FROM payment WHERE id = ?').pluck().get(n) ?? '';

/** The cashier refunds the n-th payment, with the supervisor's secret. */
export function refund(
  system: TestSystem,
  amountFen: number,
  options: { readonly n?: number; readonly secret?: string; readonly key?: string; readonly signal?: AbortSignal } = {},
): Promise<RefundOutcome> {
  const { n = 1, secret = '123456', key, signal = new AbortController().signal } = options;
  const order = { payment: paymentNo(system, n), amount: fen(amountFen), secret, ...(key !== undefined && { key }) };
  return system.cashier.refunds.refund(order, signal, () => undefined);
}
