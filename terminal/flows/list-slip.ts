import type { Slip } from '../../drivers/devices.ts';
import { type Fen, formatYuan } from '../base/money.ts';
import { pair, rule, text } from '../payments/slip-parts.ts';
import { sumLines, totalRow } from '../settlement/batch-slip.ts';
import type { ShiftTotal } from '../users/shift.ts';
import { typeRows } from './shift-slip.ts';

/** 交易明细 and 交易汇总 of the open batch as data: what stands between the head and the marks of a slip. */

/** One record of a list: a payment, or a refund. */
export interface ListRecord {
  readonly stan: string;
  readonly txn: string;
  readonly operator: string;
  /** First six, last four; undefined where a code was paid. */
  readonly card: string | undefined;
  readonly entry: string | null;
  readonly authCode: string | undefined;
  readonly side: 'debit' | 'credit';
  readonly amountFen: Fen;
}

export interface ListHead {
  readonly batch: string;
  /** The one whose records these are; undefined: of all. */
  readonly operator: string | undefined;
}

const types: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  sale: ['消费', 'SALE'],
  void: ['撤销', 'VOID'],
  completion: ['完成', 'COMPLETION'],
  'completion-void': ['完撤', 'COMPLETION VOID'],
  'code-sale': ['扫码', 'QR SALE'],
  'stored-sale': ['离线', 'OFFLINE'],
  'completion-advice': ['通知', 'ADVICE'],
  refund: ['退货', 'REFUND'],
};

const wallets: Readonly<Record<string, string>> = { QR_WECHAT: '微信', QR_ALIPAY: '支付宝', QR_UNIONPAY: '云闪付' };

const headLines = ({ batch, operator }: ListHead): Slip => [
  pair('批次号(BATCH NO)', batch),
  ...(operator === undefined ? [] : [pair('只含操作员(OPERATOR)', operator)]),
];

/** How many records a page has: a slip of a sale comes between two pages, not behind the whole list. */
export const PAGE_RECORDS = 50;

export interface DetailsPage {
  readonly records: readonly ListRecord[];
  readonly page: number;
  readonly pages: number;
}

/** One page of 交易明细; behind the last one what all of them come to. */
export const detailsLines = (
  head: ListHead,
  { records, page, pages }: DetailsPage,
  all: readonly ListRecord[],
  columns: number,
): Slip => [
  ...headLines(head),
  pair('页(PAGE)', `${page}/${pages}`),
  rule,
  ...(columns < wideColumns
    ? [text('凭证号 类型 卡号'), pair('授权码', '金额'), text('VOUCHER TYPE CARD'), pair('AUTH', 'AMOUNT')]
    : [text('凭证号 类型 卡号                  金额 授权码'), text('VOUCHER TYPE CARD               AMOUNT AUTH')]),
  rule,
  ...records.flatMap((record) => recordLines(record, columns)),
  ...(all.length === 0 ? [text('没有交易 NO TRANSACTIONS')] : []),
  rule,
  ...(pages > 1 ? subtotal(records, '本页小计 PAGE SUBTOTAL') : []),
  ...(page === pages ? [...subtotal(all, '合计 TOTAL'), ...legend(all)] : []),
];

/** From here on a record is one line; on narrower paper it is two. */
const wideColumns = 48;

function recordLines(record: ListRecord, columns: number): Slip {
  const { stan, txn, card, entry, authCode, side, amountFen } = record;
  const type = types[txn]?.[0] ?? txn;
  const by = card ?? wallets[entry ?? ''] ?? '-';
  const amount = `${side === 'credit' ? '-' : ''}${formatYuan(amountFen)}`;
  if (columns < wideColumns) return [text(`${stan} ${type} ${by}`), pair(authCode ?? '-', amount)];
  const cells = [
    { text: stan, width: 7 },
    { text: type, width: 5 },
    { text: by.replace(/\*+/, '**'), width: 13 },
    { text: amount, width: 15, align: 'right' },
    { text: ` ${authCode ?? '-'}`, width: 8 },
  ] as const;
  return [{ kind: 'columns', cells }];
}

function subtotal(records: readonly ListRecord[], title: string): Slip {
  const of = (side: 'debit' | 'credit'): readonly ListRecord[] => records.filter((record) => record.side === side);
  const sum = (some: readonly ListRecord[]): number => some.reduce((fen, { amountFen }) => fen + amountFen, 0);
  const [debits, credits] = [of('debit'), of('credit')];
  const totals = {
    debitCount: debits.length,
    debitFen: sum(debits),
    creditCount: credits.length,
    creditFen: sum(credits),
  };
  return sumLines([totals], title);
}

/** The types that the list has, in English. */
const legend = (records: readonly ListRecord[]): Slip =>
  [...new Set(records.map(({ txn }) => txn))].map((txn) => text((types[txn] ?? [txn]).join(' ')));

export interface ListSummary {
  readonly totals: readonly ShiftTotal[];
  /** What the host keeps of what is there: of what was not voided, less what refunds gave back. */
  readonly feesFen: Fen;
  /** Transactions without an end yet: they are not in the totals. */
  readonly undecided: number;
}

/** 交易汇总: by type and instrument, what is left, and what is left of it behind the fees. */
export function summaryLines(head: ListHead, { totals, feesFen, undecided }: ListSummary): Slip {
  const netFen = totals.reduce((sum, { debitFen, creditFen }) => sum + debitFen - creditFen, 0);
  return [
    ...headLines(head),
    rule,
    totalRow('类型(TYPE)', '笔数', '金额(RMB)'),
    ...typeRows(totals),
    rule,
    ...sumLines(totals),
    pair('手续费 FEES', formatYuan(feesFen)),
    { kind: 'pair', left: '扣费后 AFTER FEES', right: formatYuan(netFen - feesFen), bold: true },
    ...(undecided > 0 ? [pair('未定 UNDECIDED', String(undecided))] : []),
  ];
}
