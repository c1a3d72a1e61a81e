import { codeWords } from '../notice-words.ts';

/** How the page makes its elements, with words in both languages. */
export const elementsJs = `'use strict';
const root = document.documentElement;
const byId = (id) => document.getElementById(id);

function element(name, className, ...parts) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...parts);
  return made;
}

function button(label, act, className) {
  const made = element('button', className, label);
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}

function say(zh, en) {
  const one = (language, text) => {
    const made = element('span', language, text);
    made.lang = language;
    return made;
  };
  return element('span', '', one('zh', zh), one('en', en));
}

// What did not change stays as it is: a button must not go away while it is being pressed.
function redraw(box, facts, parts) {
  const drawn = JSON.stringify(facts);
  if (box.dataset.drawn === drawn) return;
  box.dataset.drawn = drawn;
  box.replaceChildren(...parts());
}

const yuan = (fen) => (fen / 100).toLocaleString('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const time = (ms) => (ms ? new Date(ms + 8 * 3600000).toISOString().slice(0, 16).replace('T', ' ') : '');
const small = (...parts) => element('small', '', ...parts);

const states = {
  RECEIVED: ['已收到', 'received', 'warn'], PROCESSING: ['处理中', 'processing', 'warn'], REFUSED: ['已拒绝', 'refused', 'bad'],
  SUCCEEDED: ['成功', 'succeeded', 'good'], FAILED: ['失败', 'failed', 'bad'], RETURNED: ['已退票', 'returned', 'bad'],
  VERIFYING: ['核验中', 'verifying', 'warn'], ACTIVE: ['有效', 'active', 'good'], REJECTED: ['未通过', 'rejected', 'bad'],
  SUPERSEDED: ['已更换', 'superseded', 'dim'], ERRORED: ['异常', 'in error', 'bad'],
  ACCEPTED: ['已受理', 'accepted', 'warn'], DONE: ['完成', 'done', 'good'],
  OPEN: ['待回复', 'open', 'warn'], ANSWERED: ['已回复', 'answered', 'good'], CLOSED: ['已关闭', 'closed', 'dim'],
  BUILDING: ['生成中', 'being made', 'warn'], SENDING: ['发送中', 'being sent', 'warn'], SENT: ['已发送', 'sent', 'good'],
  FOUND: ['待处理', 'found', 'warn'], PROPOSED: ['待批准', 'to be approved', 'warn'], DECIDED: ['已决定', 'decided', 'good'], GONE: ['已消除', 'gone', 'dim'],
  'batch:OPEN': ['未结', 'open', 'dim'], 'batch:COMPARED': ['已对账', 'compared', 'warn'], 'batch:CLOSED': ['已结', 'closed', 'dim'], 'batch:CLEARED': ['已清算', 'cleared', 'good'],
  'batch:UNKNOWN': ['主机没有此批次', 'not known here', 'bad'],
  'freeze:SENT': ['已下发', 'sent down', 'warn'], 'freeze:FLAG': ['已冻结，待清算', 'frozen, not cleared', 'warn'], 'freeze:HELD': ['已冻结', 'frozen', 'warn'],
  'freeze:ENDING': ['解除中', 'being ended', 'warn'], 'freeze:ENDED': ['已解除', 'ended', 'dim'], 'charge-back:SENT': ['已下发', 'sent down', 'warn'], 'charge-back:DONE': ['已入账', 'booked', 'good'],
  QUEUED: ['待发送', 'queued', 'warn'], DEAD: ['不再发送', 'given up', 'bad'], REMOVED: ['已移除', 'removed', 'dim'],
};
function pill(state) {
  const [zh, en, look] = states[state] ?? [state, state, 'dim'];
  return element('span', 'pill ' + look, say(zh, en));
}

const codes = {
  ...${JSON.stringify(codeWords)},
  'missing-sale': ['补记销售', 'book the missing sale'], 'missing-refund': ['补记退款', 'book the missing refund'], 'write-off': ['核销短款', 'write the shortage off'],
  'give-back': ['退回长款', 'give the surplus back'], explained: ['已查明，冲回', 'explained, undone'], investigating: ['调查中', 'looking into it'],
  surplus: ['长款', 'surplus'], shortage: ['短款', 'shortage'], amount: ['金额不符', 'amount'], state: ['状态不符', 'state'], clearing: ['清算不符', 'clearing'],
  PAID: ['已付', 'paid'], VOIDED: ['已撤销', 'voided'], '-': ['无', 'none'], book: ['以账簿为准', 'the book holds'], mirror: ['以镜像为准', 'the mirror holds'],
  account: ['结算账户', 'account'], mode: ['结算方式', 'mode'], profile: ['商户资料', 'profile'], user: ['用户', 'user'], 'paper-statement': ['纸质对账单', 'paper statement'],
  REQUESTED: ['已申请', 'requested'], PRINTED: ['已打印', 'printed'], MAILED: ['已寄出', 'mailed'], notice: ['通知', 'notice'], statement: ['结算单', 'slip'], invoice: ['电子发票', 'e-invoice'],
  email: ['电子邮件', 'e-mail'], sms: ['短信', 'SMS'], hash: ['校验值错', 'wrong hash'], rows: ['行数错', 'wrong count'], line: ['坏行', 'a bad line'], part: ['缺一段', 'a part missing'],
  sale: ['消费', 'sale'], refund: ['退货', 'refund'], 'code-sale': ['扫码消费', 'code sale'], 'stored-sale': ['离线消费', 'stored sale'], completion: ['预授权完成', 'completion'], 'completion-advice': ['预授权完成通知', 'completion advice'],
  freeze: ['冻结', 'freeze'], 'charge-back': ['拒付', 'charge-back'], up: ['终端上送', 'from the terminal'], down: ['主机下发', 'from the host'],
  DAILY: ['每日', 'daily'], WEEKLY: ['每周', 'weekly'], MONTHLY: ['每月', 'monthly'], ACTIVE: ['有效', 'active'], REMOVED: ['已移除', 'removed'],
  bank: ['银行账户', 'bank account'], payment: ['支付账户', 'payment account'],
  M: ['主账号', 'main account'], O: ['结算人', 'settler'], MO: ['主账号兼结算人', 'main account and settler'], S: ['客服', 'customer service'],
};
const code = (word) => word === null || word === undefined || word === '' ? '' : say(...(codes[word] ?? [word, word]));
`;
