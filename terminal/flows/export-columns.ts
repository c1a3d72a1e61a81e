import type { ExportKind } from '../exports/export.ts';
import type { Column, Words } from '../exports/sheet.ts';
import {
  decisionWords,
  differenceWords,
  groupWords,
  instrumentWords,
  modeWords,
  stateWords,
  typeWords,
} from './export-words.ts';

/** The columns of each kind of file, in their order. */

type More = Pick<Column, 'words' | 'sum'>;
const column = (key: string, zh: string, en: string, type: Column['type'] = 'plain', more: More = {}): Column => ({
  key,
  head: { zh, en },
  type,
  ...more,
});
const word = (key: string, zh: string, en: string, words: Readonly<Record<string, Words>>): Column =>
  column(key, zh, en, 'word', { words });
const yuan = (key: string, zh: string, en: string): Column => column(key, zh, en, 'yuan');
const sum = (key: string, zh: string, en: string): Column => column(key, zh, en, 'yuan', { sum: true });
const count = (key: string, zh: string, en: string): Column => column(key, zh, en, 'count');

const time = column('at', '时间', 'Time', 'time');
const type = word('txn', '类型', 'Type', typeWords);
const instrument = word('entry', '支付方式', 'Instrument', instrumentWords);
const state = word('state', '状态', 'State', stateWords);
const stan = column('stan', '流水号', 'Trace no.', 'digits');

/** `booked` is what it did to the book: nothing, or less than zero, for what is in `amount` all the same. */
const transactions: readonly Column[] = [
  time,
  column('no', '交易号', 'No.'),
  stan,
  column('batch', '批次号', 'Batch', 'digits'),
  type,
  instrument,
  column('card', '卡号', 'Card'),
  column('operator', '操作员', 'Operator', 'digits'),
  state,
  column('code', '应答码/原因', 'Code or reason', 'text'),
  column('rrn', '参考号', 'Reference', 'reference'),
  yuan('amount_fen', '交易金额', 'Amount'),
  sum('booked_fen', '入账金额', 'Booked'),
  sum('fee_fen', '手续费', 'Fee'),
  sum('net_fen', '净额', 'Net'),
];

export const columnsOf: Readonly<Record<ExportKind, readonly Column[]>> = {
  transactions,
  batch: transactions,
  statement: [
    time,
    column('date', '账期', 'Day'),
    count('line', '行号', 'Line'),
    column('no', '业务号', 'No.', 'text'),
    word('type', '类型', 'Type', typeWords),
    word('instrument', '支付方式', 'Instrument', instrumentWords),
    yuan('gross_fen', '交易金额', 'Gross'),
    yuan('fee_fen', '手续费', 'Fee'),
    sum('amount_fen', '收支金额', 'Movement'),
    yuan('balance_fen', '余额', 'Balance'),
  ],
  settlements: [
    time,
    column('no', '结算号', 'No.'),
    word('mode', '方式', 'Mode', modeWords),
    state,
    yuan('amount_fen', '结算金额', 'Amount'),
    yuan('service_fee_fen', '服务费', 'Service fee'),
    sum('paid_fen', '实付金额', 'Paid'),
    column('account', '结算账户', 'Account', 'text'),
    column('by', '申请人', 'Asked by', 'text'),
    column('ended_at', '完成时间', 'Ended at', 'time'),
    column('value_date', '到账日', 'Value date', 'text'),
    column('host_ref', '上游单号', 'Upstream no.', 'text'),
    column('transfer_ref', '银行流水号', 'Transfer no.', 'text'),
    column('reason', '原因', 'Reason', 'text'),
    column('checked_by', '确认人', 'Confirmed by', 'text'),
  ],
  'settlement-payments': [
    time,
    column('no', '交易号', 'No.', 'text'),
    type,
    instrument,
    stan,
    sum('gross_fen', '交易金额', 'Gross'),
    sum('fee_fen', '手续费', 'Fee'),
    sum('net_fen', '净额', 'Net'),
    column('ticket', '异议单', 'Ticket', 'text'),
  ],
  report: [
    word('group', '维度', 'Group', groupWords),
    column('name', '项目', 'Item', 'text'),
    count('count', '笔数', 'Count'),
    yuan('gross_fen', '交易金额', 'Gross'),
    count('refund_count', '退货笔数', 'Refunds'),
    yuan('refund_fen', '退货金额', 'Refunded'),
    yuan('fee_fen', '手续费', 'Fee'),
    yuan('net_fen', '净额', 'Net'),
    column('state', '状态', 'State', 'word', { words: stateWords }),
  ],
  differences: [
    column('date', '账期', 'Day'),
    column('no', '差异号', 'No.', 'text'),
    word('kind', '种类', 'Kind', differenceWords),
    state,
    column('payment', '交易号', 'Payment', 'text'),
    column('batch', '批次号', 'Batch', 'digits'),
    word('here', '本机状态', 'State here', stateWords),
    word('there', '上游状态', 'State there', stateWords),
    yuan('hereFen', '本机金额', 'Here'),
    yuan('thereFen', '上游金额', 'There'),
    sum('deltaFen', '差额', 'Difference'),
    column('finding', '核查说明', 'Finding', 'text'),
    word('decision', '处理', 'Decision', decisionWords),
    column('decidedBy', '经办', 'Decided by', 'text'),
    column('approvedBy', '复核', 'Approved by', 'text'),
    column('at', '发现时间', 'Found at', 'time'),
  ],
  audit: [
    count('line', '序号', 'Line'),
    time,
    column('by', '操作人', 'By', 'text'),
    column('action', '动作', 'Action', 'text'),
    column('about', '对象', 'About', 'text'),
    column('outcome', '结果', 'Outcome'),
    column('details', '详情', 'Details', 'text'),
  ],
};
