import { stateWords as states } from './export-words.ts';

/** Words of the console for what the book knows by its code; what came later than this program is shown by its code. */

type Words = { readonly zh: string; readonly en: string };
type Table = Readonly<Record<string, Words>>;

const reversals: Table = {
  DUE: { zh: '待发送', en: 'due' },
  SENT: { zh: '已发送', en: 'sent' },
  DONE: { zh: '已完成', en: 'done' },
  NEEDS_HUMAN: { zh: '需人工处理', en: 'needs a person' },
};

const rows: Table = {
  'payment-recorded': { zh: '上送交易记录', en: 'Record sent up' },
  'reversal-ended': { zh: '上送冲正结果', en: 'End of the reversal sent up' },
  'store-sale': { zh: '上送离线交易', en: 'Offline sale sent up' },
  'complete-by-advice': { zh: '上送完成通知', en: 'Completion advice sent up' },
  refund: { zh: '上送退货', en: 'Refund sent up' },
  'issue-invoice': { zh: '上送开票', en: 'Invoice asked for' },
  'red-invoice': { zh: '上送红冲', en: 'Invoice taken back' },
  'stop-reported': { zh: '上送风险报告', en: 'Risk reported' },
};

const journals: Table = {
  'J-01': { zh: '销售入账', en: 'Sale' },
  'J-02': { zh: '撤销入账', en: 'Void' },
  'J-02r': { zh: '撤销已清算: 占用', en: 'Void of what cleared: reserved' },
  'J-02s': { zh: '撤销已清算: 成功', en: 'Void of what cleared: succeeded' },
  'J-02f': { zh: '撤销已清算: 释放', en: 'Void of what cleared: released' },
  'J-03': { zh: '清算', en: 'Clearing' },
  'J-05': { zh: '收到清算款', en: 'Funds received' },
  'J-06': { zh: '退货占用(已清算)', en: 'Refund reserved' },
  'J-06b': { zh: '退货占用(未清算)', en: 'Refund reserved, not cleared' },
  'J-07': { zh: '退货成功', en: 'Refund succeeded' },
  'J-08': { zh: '退货释放', en: 'Refund released' },
  'J-09': { zh: '冻结', en: 'Freeze' },
  'J-10': { zh: '解冻', en: 'Unfreeze' },
  'J-11': { zh: '拒付扣回', en: 'Charge-back' },
  'J-12': { zh: '追偿', en: 'Recovery' },
  'J-20': { zh: '结算占用', en: 'Settlement reserved' },
  'J-21': { zh: '结算成功', en: 'Settlement succeeded' },
  'J-22': { zh: '结算释放', en: 'Settlement released' },
  'J-23': { zh: '结算退票', en: 'Settlement returned' },
};

const named =
  (table: Table) =>
  (code: string): Words =>
    table[code] ?? { zh: code, en: code };

export const begun: Words = { zh: '交易开始', en: 'Begun' };
export const stateWords = named(states);
export const reversalWords = named(reversals);
export const rowWords = named(rows);
export const journalWords = named(journals);
