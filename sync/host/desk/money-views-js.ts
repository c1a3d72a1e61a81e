/** Views of settlements, bills and differences. Each: its columns, what may be done with a row, what may be done at all. */
export const moneyViewsJs = `'use strict';
const column = (zh, en, of, look) => ({ zh, en, of, look });
const money = (zh, en, of) => column(zh, en, (row) => yuan(of(row)), 'money');
const sum = (fen) => element('small', 'sum', yuan(fen));
const numbered = (row) => [element('span', '', row.no), small(time(row.at) + ' · ' + row.terminal + (row.by ? ' · ' + row.by : ''))];

const returnHint = ({ transferRef, together }) => say('转账 ' + transferRef + ' 被银行退回：其支付的 ' + together + ' 笔结算全部退回', 'The bank returns transfer ' + transferRef + ': all of the ' + together + ' settlements that it paid come back');

const terminalField = () => ({ name: 'terminal', zh: '终端', en: 'Terminal', kind: 'select', options: desk.terminals.map((no) => [no, no, no]), value: desk.terminals[0] });

const failures = ['BANK_REFUSED', 'ACCOUNT_CLOSED', 'NAME_MISMATCH'];
const settleActs = {
  succeeded: (row) => button(say('成功', 'Succeed'), () => ask(
    { zh: '结算成功', en: 'Settlement succeeded', hint: say(yuan(row.amountFen) + ' 元 → ' + row.account, yuan(row.amountFen) + ' yuan → ' + row.account) },
    () => ({ command: 'settle-decide', terminal: row.terminal, no: row.no, outcome: 'succeeded' })), 'strong'),
  failed: (row) => button(say('失败', 'Fail'), () => ask(
    { zh: '结算失败', en: 'Settlement failed', hint: say(row.no, row.no), fields: [{ name: 'reason', zh: '原因', en: 'Reason', kind: 'select', options: failures }] },
    ({ reason }) => ({ command: 'settle-decide', terminal: row.terminal, no: row.no, outcome: 'failed', reason })), 'danger'),
  returned: (row) => button(say('退票', 'Return'), () => ask(
    { zh: '银行退票', en: 'Returned by the bank', hint: returnHint(row), fields: [{ name: 'reason', zh: '原因', en: 'Reason', kind: 'select', options: ['RETURNED_BY_BANK', ...failures] }] },
    ({ reason }) => ({ command: 'settle-decide', terminal: row.terminal, no: row.no, outcome: 'returned', reason })), 'danger'),
};

const kinds = ['surplus', 'shortage', 'amount', 'state'];
const yesterday = () => new Date(Date.now() + 8 * 3600000 - 86400000).toISOString().slice(0, 10);
function billForm() {
  const box = element('form', 'card');
  const plants = kinds.map((kind) => fieldOf({ name: kind, zh: '预埋' + codes[kind][0], en: 'Planted: ' + codes[kind][1], kind: 'number', value: '0', min: '0', max: '1000' }));
  const spoil = fieldOf({ name: 'spoil', zh: '坏文件', en: 'Bad file', kind: 'select', required: false, options: [['', '否', 'no'], 'hash', 'rows', 'line', 'part'] });
  const submit = element('button', 'strong', say('发布对账单', 'Publish the bill'));
  box.append(element('div', 'line',
    fieldOf(terminalField()), fieldOf({ name: 'date', zh: '日期', en: 'Day', kind: 'date', value: yesterday() }), ...plants, spoil, submit));
  box.addEventListener('submit', (event) => {
    event.preventDefault();
    const values = valuesOf(box);
    const plant = kinds.flatMap((kind) => Array.from({ length: Number(values[kind]) }, () => ({ kind })));
    act({ command: 'publish-bill', terminal: values.terminal, date: values.date, plant, ...(values.spoil && { spoil: values.spoil }) });
  });
  return box;
}

function differenceActs(row) {
  const acts = [];
  if (row.state === 'PROPOSED' && row.proposedBy !== reviewer.login) acts.push(button(say('批准', 'Approve'), () => ask(
    { zh: '批准差异处理', en: 'Approve the decision', hint: element('span', '', code(row.decision), small(say(yuan(row.deltaFen) + ' 元', yuan(row.deltaFen) + ' yuan')), small(row.proposedBy + ': ' + row.reason)) },
    () => ({ command: 'difference-approve', terminal: row.terminal, difference: row.no, decision: row.decision, proposedBy: row.proposedBy })), 'strong'));
  if (row.may.length > 0) acts.push(button(say('提出', 'Propose'), () => ask(
    { zh: '提出差异处理', en: 'Propose a decision', hint: say('须由另一人批准', 'another person must approve it'), fields: [
      { name: 'decision', zh: '处理', en: 'Decision', kind: 'select', options: row.may },
      { name: 'reason', zh: '说明', en: 'Reason', kind: 'area', maxlength: '200' },
    ] },
    ({ decision, reason }) => ({ command: 'difference-propose', terminal: row.terminal, difference: row.no, decision, reason }))));
  return acts;
}

const moneyViews = [
  {
    name: 'settlements', zh: '结算', en: 'Settlements',
    hint: ['等待人工决定的结算标红；参数 host.settleDecision 决定是否人工', 'Those that wait for a person are marked; parameter host.settleDecision says whether they do'],
    columns: [
      column('结算', 'Settlement', numbered), money('金额(元)', 'Amount (yuan)', (row) => row.amountFen), column('方式', 'Mode', (row) => code(row.mode)),
      column('账户', 'Account', (row) => [row.account, small('v' + row.accountVersion)]), column('状态', 'State', (row) => [pill(row.state), small(code(row.reason)), small(row.decidedBy ?? '')]),
      column('转账', 'Transfer', (row) => [row.transferRef ?? '', small(row.together > 1 ? say('共 ' + row.together + ' 笔', row.together + ' together') : ''), small(row.valueDate ?? '')]),
    ],
    acts: (row) => row.may.map((outcome) => settleActs[outcome](row)),
  },
  {
    name: 'tickets', zh: '异议', en: 'Disputes',
    columns: [
      column('工单', 'Ticket', numbered), column('结算', 'Settlement', (row) => [row.settlement, small(row.payment ?? '')]), column('内容', 'Text', (row) => row.text),
      column('状态', 'State', (row) => pill(row.state)), column('回复', 'Answer', (row) => [row.answer ?? '', small(row.answeredBy ?? '')]),
    ],
    acts: (row) => row.waits ? [button(say('回复', 'Answer'), () => ask(
      { zh: '回复异议', en: 'Answer the dispute', hint: element('span', '', row.text), fields: [{ name: 'answer', zh: '回复', en: 'Answer', kind: 'area', maxlength: '2000' }] },
      ({ answer }) => ({ command: 'ticket-answer', terminal: row.terminal, ticket: row.no, answer })), 'strong')] : [],
  },
  {
    name: 'bills', zh: '对账单', en: 'Bills', form: billForm,
    hint: ['预埋的差异只在对账单里，不改主机账', 'Planted differences are in the bill only, the host’s books stay as they are'],
    columns: [
      column('日期', 'Day', (row) => [row.date, small('v' + row.version + ' · ' + row.terminal)]), column('状态', 'State', (row) => pill(row.state)), column('行数', 'Lines', (row) => String(row.rows), 'money'),
      money('金额(元)', 'Sum (yuan)', (row) => row.grossFen), money('手续费(元)', 'Fees (yuan)', (row) => row.feeFen),
      column('预埋', 'Planted', (row) => kinds.flatMap((kind) => { const n = row.planted.filter((one) => one === kind).length; return n === 0 ? [] : [element('span', 'ltr', code(kind), ' ×' + n + ' ')]; })),
      column('坏文件', 'Bad file', (row) => code(row.spoil)), column('时间', 'At', (row) => time(row.at)),
    ],
    acts: () => [],
  },
  {
    name: 'differences', zh: '对账差异', en: 'Differences',
    hint: ['一人提出，另一人批准', 'One person proposes, another approves'],
    columns: [
      column('差异', 'Difference', (row) => [code(row.kind), small(row.date + ' · ' + row.terminal), small(row.no)]), column('交易', 'Payment', (row) => [element('span', '', code(row.txn)), small(row.payment), small(row.batch)]),
      column('终端', 'Book', (row) => [code(row.here), sum(row.hereFen)]), column('主机', 'Host', (row) => [code(row.there), sum(row.thereFen)]), money('差额(元)', 'Delta (yuan)', (row) => row.deltaFen),
      column('商户核查', 'Merchant found', (row) => [code(row.finding), small(row.findingText)]),
      column('处理', 'Decision', (row) => [pill(row.state), small(code(row.decision)), small(row.reason), small([row.proposedBy, row.approvedBy].filter(Boolean).join(' → '))]),
    ],
    acts: differenceActs,
  },
];
`;
