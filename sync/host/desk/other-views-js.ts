/** Views of accounts, applications, parameters, users, letters and the mirror. */
export const otherViewsJs = `'use strict';
const accountNumber = '[0-9]{8,32}';
const decideAccount = (row, outcome, reason) => ({ command: 'account-decide', version: row.version, outcome, ...(reason && { reason }) });

const accountAct = () => button(say('登记账户', 'Set the account'), () => ask(
  { zh: '登记结算账户', en: 'Set the settlement account', hint: say('不经申请，直接生效', 'without an application, in force at once'), fields: [
    { name: 'name', zh: '户名', en: 'Name', maxlength: '200' }, { name: 'number', zh: '账号', en: 'Number', pattern: accountNumber, inputmode: 'numeric' }, { name: 'bank', zh: '开户行', en: 'Bank', maxlength: '200' },
  ] }, (values) => ({ command: 'verify-account', ...values })), 'strong');

function parameterField({ name, value }) {
  const head = { name: 'value', zh: name, en: name, value: String(value) };
  if (typeof value === 'boolean') return { ...head, kind: 'select', options: [['true', '是', 'yes'], ['false', '否', 'no']] };
  return typeof value === 'number' ? { ...head, kind: 'number' } : { ...head, required: false };
}
const typed = (before, text) => typeof before === 'boolean' ? text === 'true' : typeof before === 'number' ? Number(text) : text;

const userAct = (label, row, look) => button(label, () => ask(
  { zh: '控制台用户', en: 'User of the console', fields: [
    { name: 'login', zh: '登录名', en: 'Log-in name', value: row?.login ?? '', pattern: '[a-z][a-z0-9._-]{2,31}', ...(row && { readonly: '' }) }, { name: 'name', zh: '姓名', en: 'Name', value: row?.name ?? '', maxlength: '200' },
    { name: 'role', zh: '角色', en: 'Role', kind: 'select', options: ['M', 'O', 'MO', 'S'], value: row?.role ?? 'O' },
    { name: 'state', zh: '状态', en: 'State', kind: 'select', options: [['ACTIVE', '有效', 'active'], ['REMOVED', '已移除', 'removed']], value: row?.state ?? 'ACTIVE' },
  ] }, (record) => ({ command: 'set-user', record })), look);

const messageAct = () => button(say('发站内信', 'Send a message'), () => ask(
  { zh: '站内信', en: 'Message to the merchant', fields: [
    { name: 'zh', zh: '中文', en: 'Chinese', kind: 'area', maxlength: '200' }, { name: 'en', zh: '英文', en: 'English', kind: 'area', maxlength: '200' },
    { name: 'level', zh: '级别', en: 'Level', kind: 'select', options: [['info', '通知', 'information'], ['warning', '警告', 'warning']] },
  ] }, (values) => ({ command: 'message', ...values })), 'strong');

const labels = {
  month: ['月份', 'month'], address: ['地址', 'address'], name: ['名称', 'name'], bank: ['开户行', 'bank'], maskedNumber: ['账号', 'number'], destination: ['去向', 'to'], mode: ['结算方式', 'mode'],
  every: ['周期', 'cycle'], weekday: ['星期', 'weekday'], monthDay: ['日', 'day'], login: ['登录名', 'log-in name'], role: ['角色', 'role'], state: ['状态', 'state'], email: ['电子邮件', 'e-mail'],
  mobile: ['手机号', 'mobile'], contact: ['联系人', 'contact'], idValidUntil: ['证件有效期', 'ID valid until'], agreement: ['协议', 'agreement'], remindFromFen: ['提醒(分)', 'remind from (fen)'],
};
const factsOf = (facts) => Object.entries(facts ?? {}).flatMap(([name, value]) => {
  if (name === 'kind' || value === null) return [];
  return typeof value === 'object' ? factsOf(value) : [small(say(...(labels[name] ?? [name, name])), ': ', code(String(value)))];
});

const otherViews = [
  {
    name: 'accounts', zh: '结算账户', en: 'Accounts', top: accountAct,
    columns: [
      column('版本', 'Version', (row) => ['v' + row.version, small(row.by ? row.terminal + ' · ' + row.by : ''), small(time(row.at))]), column('户名', 'Name', (row) => row.name),
      column('账号', 'Number', (row) => [element('span', '', row.maskedNumber), small(row.bank), small(code(row.destination))]), column('状态', 'State', (row) => [pill(row.state), small(code(row.reason))]),
      column('规则判断', 'The rules say', (row) => row.waits ? (row.flaw ? code(row.flaw) : say('通过', 'good')) : ''),
    ],
    acts: (row) => row.waits ? [
      button(say('通过', 'Verify'), () => ask({ zh: '核验通过', en: 'Verified', hint: element('span', '', row.name, small(row.maskedNumber), small(row.bank)) }, () => decideAccount(row, 'active')), 'strong'),
      button(say('不通过', 'Reject'), () => ask(
        { zh: '核验不通过', en: 'Rejected', fields: [{ name: 'reason', zh: '原因', en: 'Reason', kind: 'select', options: ['ACCOUNT_INVALID', 'ACCOUNT_NAME_MISMATCH'] }] },
        ({ reason }) => decideAccount(row, 'rejected', reason)), 'danger'),
    ] : [],
  },
  {
    name: 'applications', zh: '申请与纸质对账单', en: 'Applications and paper',
    columns: [
      column('申请', 'Application', (row) => [code(row.kind), small(row.no), small(time(row.at) + ' · ' + row.terminal + ' · ' + row.by)]), column('内容', 'What', (row) => factsOf(row.facts)),
      column('状态', 'State', (row) => [pill(row.state), small(code(row.stage)), small(code(row.reason)), small(row.decidedBy ?? '')]),
    ],
    acts: (row) => row.waits ? [button(row.stage === 'PRINTED' ? say('已寄出', 'Mailed') : say('已打印', 'Printed'), () => act({ command: 'paper-advance', terminal: row.terminal, no: row.no }), 'strong')] : [],
  },
  {
    name: 'parameters', zh: '参数', en: 'Parameters', find: true,
    hint: ['host. 开头的只用于主机，其余下发终端', 'Those that begin with host. stay here, the others go to the terminals'],
    columns: [column('名称', 'Name', (row) => row.name), column('值', 'Value', (row) => typeof row.value === 'boolean' ? (row.value ? say('是', 'yes') : say('否', 'no')) : String(row.value)), column('下发', 'Sent', (row) => row.sent ? '✓' : '')],
    acts: (row) => [button(say('修改', 'Change'), () => ask({ zh: '修改参数', en: 'Change a parameter', fields: [parameterField(row)] },
      ({ value }) => ({ command: 'set-parameter', name: row.name, value: typed(row.value, value) })))],
  },
  {
    name: 'users', zh: '用户', en: 'Users', top: () => userAct(say('新增用户', 'New user'), undefined, 'strong'),
    columns: [column('登录名', 'Log-in name', (row) => row.login), column('姓名', 'Name', (row) => row.name), column('角色', 'Role', (row) => code(row.role)), column('状态', 'State', (row) => pill(row.state))],
    acts: (row) => [userAct(say('修改', 'Change'), row)],
  },
  {
    name: 'letters', zh: '外发消息', en: 'Letters', top: messageAct,
    columns: [
      column('消息', 'Letter', (row) => [element('span', '', row.text + ' ', code(row.kind)), small(row.no), small(time(row.at) + ' · ' + row.terminal)]), column('通道', 'Channel', (row) => [code(row.channel), small(row.to ?? '')]),
      column('状态', 'State', (row) => [pill(row.state), small(code(row.reason))]), column('次数', 'Times', (row) => String(row.attempts), 'money'), column('下次', 'Next', (row) => time(row.dueAt)),
    ],
    acts: () => [],
  },
  {
    name: 'mirror', zh: '账簿镜像不符', en: 'Book and mirror',
    hint: ['决定之前，不接受该终端的任何指令', 'Until it is decided no instruction of that terminal is accepted'],
    columns: [
      column('行', 'Row', (row) => ['#' + row.n + ' ' + row.row, small(time(row.at) + ' · ' + row.terminal)]), column('科目', 'Account', (row) => row.account), money('账簿(元)', 'Book (yuan)', (row) => row.bookFen), money('镜像(元)', 'Mirror (yuan)', (row) => row.mirrorFen),
      column('决定', 'Decision', (row) => [code(row.decision), small(row.decidedBy ?? '')]),
    ],
    acts: (row) => row.waits ? ['book', 'mirror'].map((decision) => button(code(decision), () => ask({ zh: '决定', en: 'Decide', hint: code(decision) }, () => ({ command: 'decide-mirror', terminal: row.terminal, n: row.n, decision })))) : [],
  },
];
`;
