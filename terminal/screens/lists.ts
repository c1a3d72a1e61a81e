import { formatYuan } from '../base/money.ts';
import type { BatchSummary } from '../flows/batch-summary.ts';
import type { TransactionView } from '../flows/counter.ts';
import { form, inMenu, sheet } from './desk-go.ts';
import type { MenuName, Row, SheetPage } from './desk-places.ts';
import { money, when } from './desk-rows.ts';
import { beep, go, type Moment, menu, message, type Next, operationMs } from './go.ts';
import { keyFor, type Say, say } from './texts.ts';

/** 交易查询, 交易汇总, 待上送. */

const none = (moment: Moment, title: Say, name: MenuName): Next =>
  go(message(moment, title, [say('notice.noTransactions')], menu(moment, name)), beep('wrong'));

export const askVoucher = (moment: Moment) => form(moment, { for: 'find', why: 'show' }, inMenu('query'));

/** 按流水号: as in the list, alone. */
export function found(txn: TransactionView | undefined, moment: Moment): Next {
  if (!txn) return none(moment, say('title.transactions'), 'query');
  return go({ is: 'transactions', rows: [txn], index: 0, expiresMs: moment.now + operationMs });
}

type Totals = BatchSummary['totals'];

const groups = ['domestic', 'foreign', 'codes'] as const satisfies readonly (keyof Totals)[];

export function showSummary(summary: BatchSummary | undefined, moment: Moment): Next {
  if (!summary) return none(moment, say('title.summary'), 'query');
  const { batch, openedAt, records, totals } = summary;
  const all = groups.map((group) => totals[group]);
  const netFen = all.reduce((sum, { debitFen, creditFen }) => sum + debitFen - creditFen, 0);
  const first: SheetPage = {
    title: say('title.summary'),
    rows: [
      { label: 'label.batch', value: batch },
      { label: 'label.since', value: when(openedAt) },
      { label: 'label.records', value: String(records) },
      money('label.total', netFen),
    ],
  };
  return go(sheet(moment, [first, ...groups.map((group) => groupPage(group, totals[group]))], inMenu('query')));
}

const groupPage = (group: keyof Totals, totals: Totals[keyof Totals]): SheetPage => ({
  title: say(`title.group.${group}`),
  rows: [
    ...side('label.debit', totals.debitCount, totals.debitFen),
    ...side('label.credit', totals.creditCount, totals.creditFen),
    money('label.total', totals.debitFen - totals.creditFen),
  ],
});

const side = (label: 'label.debit' | 'label.credit', count: number, amountFen: number): readonly Row[] => [
  { label, value: say('idle.records', { count }) },
  { right: formatYuan(amountFen) },
];

/** 待上送: what was taken without the host, and waits for its word. */
export function showStored(rows: readonly TransactionView[], moment: Moment): Next {
  const title = say('title.storedList');
  if (rows.length === 0) return none(moment, title, 'offline');
  const pages = rows.map((txn, index): SheetPage => {
    const type = keyFor('type', txn.type);
    return {
      title: say('list.stored', { index: index + 1, count: rows.length }),
      rows: [
        { label: 'label.stan', value: txn.stan },
        { label: 'label.paidAt', value: when(txn.at) },
        ...(txn.card === undefined ? [] : [{ right: txn.card }]),
        type ? { text: type, params: {} } : { words: txn.type, most: 1 },
        say('list.waits'),
      ],
      amountFen: txn.amountFen,
    };
  });
  return go(sheet(moment, pages, inMenu('offline')));
}
