import type { EntryMode } from '../protocol/common.ts';
import { isDay } from './shanghai.ts';

/** The accounts of accounting.md §2 that this version posts to, as the mirror knows them: side, dimension, and whether below zero is allowed. */
interface Account {
  readonly side: 'D' | 'C';
  readonly dimension: 'none' | 'day' | 'number';
  readonly mayBeNegative: boolean;
}

const account = (side: 'D' | 'C', dimension: Account['dimension'], mayBeNegative: boolean): Account => ({
  side,
  dimension,
  mayBeNegative,
});

const chart: Readonly<Record<string, Account>> = {
  '1001': account('D', 'none', true),
  '1101': account('D', 'day', true),
  '1102': account('D', 'day', true),
  '1103': account('D', 'day', true),
  '1104': account('D', 'day', true),
  '1202': account('D', 'none', false),
  '1290': account('D', 'number', false),
  '2001': account('C', 'number', false),
  '2002': account('C', 'none', false),
  '2004': account('C', 'number', false),
  '2005': account('C', 'number', false),
  '2302': account('C', 'number', false),
  '2490': account('C', 'number', false),
  '4001': account('C', 'none', true),
  '4002': account('C', 'none', false),
  '5002': account('D', 'none', false),
};

type Receivable = '1101' | '1102' | '1103' | '1104';

const receivables: Readonly<Record<EntryMode, Receivable>> = {
  MAG: '1101',
  CHIP: '1101',
  CONTACTLESS: '1101',
  QR_WECHAT: '1102',
  QR_ALIPAY: '1103',
  QR_UNIONPAY: '1104',
};

/** Where the money of an entry mode is expected. */
export const receivableOf = (entry: EntryMode): Receivable => receivables[entry];

/** The account behind a key such as `1101:2026-11-20` or `2002`; null when the code or its dimension is not one. */
export function accountOf(key: string): Account | null {
  const colon = key.indexOf(':');
  const code = colon < 0 ? key : key.slice(0, colon);
  const dimension = colon < 0 ? '' : key.slice(colon + 1);
  const found = Object.hasOwn(chart, code) ? chart[code] : undefined;
  if (!found || (found.dimension === 'none') !== colon < 0) return null;
  if (found.dimension === 'day' && !isDay(dimension)) return null;
  return found.dimension === 'number' && dimension === '' ? null : found;
}

/** Debit less credit, turned to the account's normal side. */
export function balanceOf(key: string, debitLessCredit: number): number {
  return accountOf(key)?.side === 'C' ? 0 - debitLessCredit : debitLessCredit;
}
