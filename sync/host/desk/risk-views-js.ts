/** Views of refunds, batches, risk, and rows that one end could not take. */
export const riskViewsJs = `'use strict';
const paymentField = { name: 'payment', zh: '交易号', en: 'Payment no.', maxlength: '40', autocapitalize: 'characters', spellcheck: 'false' };
const fenOf = (text) => (text === '' ? {} : { amountFen: Math.round(Number(text) * 100) });
const amountField = { name: 'amount', zh: '金额(元)，不填为全部', en: 'Amount (yuan), all of it when empty', kind: 'number', step: '0.01', min: '0.01', required: false };

const refundActs = {
  succeeded: (row) => button(say('成功', 'Succeed'), () => ask(
    { zh: '退货成功', en: 'Refund succeeded', hint: say(yuan(row.amountFen) + ' 元', yuan(row.amountFen) + ' yuan') },
    () => ({ command: 'refund-decide', terminal: row.terminal, no: row.no, outcome: 'succeeded' })), 'strong'),
  failed: (row) => button(say('失败', 'Fail'), () => ask(
    { zh: '退货失败', en: 'Refund failed', hint: say(row.no, row.no), fields: [{ name: 'reason', zh: '原因', en: 'Reason', kind: 'select', options: failures }] },
    ({ reason }) => ({ command: 'refund-decide', terminal: row.terminal, no: row.no, outcome: 'failed', reason })), 'danger'),
};

const reversalAct = () => button(say('裁决冲正', 'Decide a reversal'), () => ask(
  { zh: '裁决冲正', en: 'Decide a reversal', hint: say('主机不予受理的冲正：该笔交易作废，终端再次询问时告知已冲正', 'A reversal that the host would not end: the payment counts no more, and the terminal is told so when it asks again'), fields: [terminalField(), paymentField] },
  (values) => ({ command: 'decide-reversal', ...values })));

const paymentAct = (command, zh, en, hint, look) => button(say(zh, en), () => ask(
  { zh, en, hint, fields: [terminalField(), paymentField, amountField] },
  ({ terminal, payment, amount }) => ({ command, terminal, payment, ...fenOf(amount) })), look);

const riskViews = [
  {
    name: 'refunds', zh: '退货', en: 'Refunds',
    hint: ['等待人工决定的退货标红；参数 host.refundDecision 决定是否人工', 'Those that wait for a person are marked; parameter host.refundDecision says whether they do'],
    columns: [
      column('退货', 'Refund', numbered), column('原交易', 'Sale', (row) => [element('span', '', row.payment), small(row.saleTerminal + ' · ' + row.batch)]),
      money('金额(元)', 'Amount (yuan)', (row) => row.amountFen), money('手续费(元)', 'Fee (yuan)', (row) => row.feeFen),
      column('状态', 'State', (row) => [pill(row.state), small(code(row.reason)), small(row.decidedBy ?? '')]),
    ],
    acts: (row) => row.may.map((outcome) => refundActs[outcome](row)),
  },
  {
    name: 'batches', zh: '批次与冲正', en: 'Batches and reversals', top: reversalAct,
    hint: ['对账出错的批次等待裁决：按终端上送的总额重新对账', 'A batch that ended in error waits: it is compared with the totals that its terminal sent'],
    columns: [
      column('批次', 'Batch', (row) => [element('span', '', row.batch), small(time(row.at) + ' · ' + row.terminal)]), column('状态', 'State', (row) => [pill('batch:' + row.state), small(row.waits ? say('对账出错', 'compared in error') : '')]),
      column('营业日', 'Business day', (row) => row.businessDate ?? ''), column('清算日', 'Cleared', (row) => row.clearingDate ?? ''),
      column('金额(元)', 'Sum (yuan)', (row) => row.grossFen === null ? '' : yuan(row.grossFen), 'money'), column('手续费(元)', 'Fees (yuan)', (row) => row.feeFen === null ? '' : yuan(row.feeFen), 'money'),
    ],
    acts: (row) => row.waits ? [button(say('裁决', 'Decide'), () => ask(
      { zh: '重新对账', en: 'Compare it now', hint: say('批次 ' + row.batch + ' · 终端 ' + row.terminal, 'Batch ' + row.batch + ' of terminal ' + row.terminal) },
      () => ({ command: 'decide-batch', terminal: row.terminal, batch: row.batch })), 'strong')] : [],
  },
  {
    name: 'risk', zh: '风控', en: 'Risk',
    top: () => [
      paymentAct('freeze', '冻结', 'Freeze', say('冻结后不能撤销、退货或结算', 'What is frozen can not be voided, refunded or settled'), 'strong'),
      paymentAct('charge-back', '拒付', 'Charge back', say('款项退还持卡人，冻结随之解除', 'The money goes back to the cardholder; a freeze of it ends'), 'danger'),
    ],
    columns: [
      column('编号', 'No.', (row) => [code(row.kind), small(row.no), small(time(row.at) + ' · ' + row.terminal)]), column('交易', 'Payment', (row) => row.payment),
      money('金额(元)', 'Amount (yuan)', (row) => row.amountFen), column('状态', 'State', (row) => pill(row.kind + ':' + row.state)),
    ],
    acts: (row) => row.kind === 'freeze' && !['ENDING', 'ENDED'].includes(row.state) ? [button(say('解冻', 'Unfreeze'), () => ask(
      { zh: '解冻', en: 'Unfreeze', hint: say(row.payment + ' · ' + yuan(row.amountFen) + ' 元', row.payment + ' · ' + yuan(row.amountFen) + ' yuan') },
      () => ({ command: 'unfreeze', terminal: row.terminal, no: row.no })))] : [],
  },
  {
    name: 'rows', zh: '未受理的行', en: 'Rows not taken',
    hint: ['一方无法处理的行，账可能不平，须有人查看', 'What one end could not take of the other: the books may differ until somebody has looked'],
    columns: [
      column('行', 'Row', (row) => [element('span', '', row.kind), small(row.id), small(row.row)]), column('方向', 'Way', (row) => [code(row.direction), small(time(row.at) + ' · ' + row.terminal)]),
      column('原因', 'Reason', (row) => code(row.code)), column('已查看', 'Seen by', (row) => row.seenBy ?? ''),
    ],
    acts: (row) => [
      ...(row.waits ? [button(say('已查看', 'Seen'), () => act({ command: 'row-seen', terminal: row.terminal, row: row.row }), 'strong')] : []),
      button(say('重试', 'Try again'), () => ask(
        { zh: '重试', en: 'Try again', hint: say('阻碍已排除：重新下发或重新入账', 'What stood in its way is mended: it is sent, or applied, again') },
        () => ({ command: 'row-again', terminal: row.terminal, row: row.row }))),
    ],
  },
];
`;
