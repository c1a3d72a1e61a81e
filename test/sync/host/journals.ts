import type { JournalOnWire } from '../../../sync/protocol/common.ts';

/** The terminal's journals as they travel: accounting.md §3. */

export const businessDate = '2026-11-20';

export interface Paid {
  readonly payment: string;
  readonly stan: string;
  readonly amountFen: number;
  readonly feeFen: number;
  readonly group: 'domestic' | 'foreign';
  readonly entry: 'MAG' | 'CONTACTLESS';
  readonly rateId: string;
}

export function journal(event: string, no: string, key: string, lines: JournalOnWire['lines']): JournalOnWire {
  return { key, event, no, at: 1, by: '01', lines };
}

export function saleJournal(payment: string, amountFen: number, date = businessDate): JournalOnWire {
  return journal('J-01', payment, `sale:${payment}`, [
    [`1101:${date}`, 'D', amountFen],
    [`2001:${payment}`, 'C', amountFen],
  ]);
}

export function clearingJournal(paid: Pick<Paid, 'payment' | 'amountFen' | 'feeFen'>): JournalOnWire {
  const { payment, amountFen, feeFen: fee } = paid;
  const lines: JournalOnWire['lines'] = [
    [`2001:${payment}`, 'D', amountFen],
    ['2002', 'C', amountFen - fee],
    ['4001', 'C', fee],
  ];
  return journal(
    'J-03',
    payment,
    `clear:${payment}`,
    lines.filter(([, , fen]) => fen > 0),
  );
}

export function fundingJournal(body: {
  no: string;
  account: string;
  date: string;
  n: number;
  amountFen: number;
}): JournalOnWire {
  return journal('J-05', body.no, `fund:${body.account}:${body.date}:${body.n}`, [
    ['1001', 'D', body.amountFen],
    [`${body.account}:${body.date}`, 'C', body.amountFen],
  ]);
}
