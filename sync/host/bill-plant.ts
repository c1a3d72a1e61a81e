import * as v from 'valibot';
import { type BillLine, differenceKind } from '../protocol/bills.ts';
import { number } from '../protocol/common.ts';
import { numbersOfDay } from './number-day.ts';

/**
 * Differences that a tester plants: they change what the bill says, never the host's books. Planted twice they are the same. Where no payment is named, those of a
 * day are spread evenly over its payments that are PAID, each on one of its own.
 */

export const plant = v.strictObject({ kind: differenceKind, payment: v.optional(number) });
export type Plant = v.InferOutput<typeof plant>;

/** By how much an amount is planted to differ. */
const plantedFen = 100;

export class Planting {
  readonly #day: string;
  readonly #named: readonly Plant[];
  /** Where in the order of what is PAID, counted from 0. */
  readonly #spread: readonly { readonly kind: Plant['kind']; readonly at: number }[];
  #paid = 0;
  #surplusLeft: number;

  /** `paid`: how many lines are PAID. */
  constructor(day: string, planted: readonly Plant[], paid: number) {
    this.#day = day;
    this.#named = planted.filter(({ payment }) => payment !== undefined);
    const unnamed = planted.filter(({ payment }) => payment === undefined);
    this.#spread = unnamed.map(({ kind }, k) => ({ kind, at: Math.floor(((k + 0.5) * paid) / unnamed.length) }));
    this.#surplusLeft = planted.filter(({ kind }) => kind === 'surplus').length;
  }

  /** The lines that stand in the bill instead of this one. */
  change(line: BillLine): BillLine[] {
    const at = line.state === 'PAID' ? this.#paid++ : -1;
    const kinds = [
      ...this.#named.filter(({ payment }) => payment === line.payment),
      ...this.#spread.filter((spread) => spread.at === at),
    ].map(({ kind }) => kind);
    return kinds.reduce((lines, kind) => this.#plant(lines, line, kind), [line]);
  }

  /** What is planted where there is nothing: lines of payments that nobody made. */
  rest(): BillLine[] {
    const { from } = numbersOfDay(this.#day);
    return Array.from({ length: this.#surplusLeft }, (_, i) => ({
      payment: from + String(i + 1).padStart(16, '0'),
      txn: 'sale',
      state: 'PAID' as const,
      amountFen: plantedFen,
      feeFen: 0,
      entry: 'CHIP' as const,
      batch: '000000',
      stan: '000000',
      at: 0,
    }));
  }

  #plant(lines: readonly BillLine[], line: BillLine, kind: Plant['kind']): BillLine[] {
    const own = (change: (l: BillLine) => BillLine) => lines.map((l) => (l.payment === line.payment ? change(l) : l));
    switch (kind) {
      case 'surplus':
        this.#surplusLeft -= 1;
        // Behind the line and before the next one, whatever that is.
        return [...lines, { ...line, payment: `${line.payment}X`, txn: 'sale', state: 'PAID' }];
      case 'shortage':
        return lines.filter((l) => l.payment !== line.payment);
      case 'amount':
        return own((l) => ({ ...l, amountFen: l.amountFen + plantedFen }));
      case 'state':
        return own((l) => ({ ...l, state: l.state === 'PAID' ? 'VOIDED' : 'PAID' }));
    }
  }
}
