import type { Language } from '../base/errors.ts';

/**
 * Field 39 in words, and what the cashier does about it. Classes as acquirers number them: A success, B failed but may be tried again, C failed,
 * do not try again with this card, D the operator acts, E a fault of the system. At most 16 cells, since `(51)` stands before it.
 */
interface ResponseCode {
  readonly class: 'A' | 'B' | 'C' | 'D' | 'E';
  readonly zh: string;
  readonly en: string;
  readonly act: Action;
}

type Action = keyof typeof actions;

const actions = {
  none: { zh: '', en: '' },
  again: { zh: '可重试', en: 'Try again' },
  checkAmount: { zh: '请核对金额后重试', en: 'Check amount, retry' },
  otherCard: { zh: '请换卡', en: 'Use another card' },
  askIssuer: { zh: '请持卡人联系发卡行', en: 'Cardholder asks bank' },
  askUpstream: { zh: '请联系上游', en: 'Ask upstream' },
  keepCard: { zh: '请没收卡并联系上游', en: 'Keep card, call host' },
  signIn: { zh: '请重新签到(7 1)', en: 'Sign in again (7 1)' },
  later: { zh: '请稍后重试', en: 'Try again later' },
  queryLast: { zh: '请查询末笔 勿重刷', en: 'Query the last sale' },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export const responseCodes: Readonly<Record<string, ResponseCode>> = {
  '00': { class: 'A', zh: '交易成功', en: 'Approved', act: 'none' },
  '01': { class: 'C', zh: '请联系发卡行', en: 'Refer to issuer', act: 'askIssuer' },
  '03': { class: 'C', zh: '无效商户', en: 'Invalid merchant', act: 'askUpstream' },
  '04': { class: 'D', zh: '此卡被没收', en: 'Pick up card', act: 'keepCard' },
  '05': { class: 'C', zh: '不予承兑', en: 'Do not honour', act: 'otherCard' },
  '13': { class: 'B', zh: '交易金额无效', en: 'Invalid amount', act: 'checkAmount' },
  '14': { class: 'C', zh: '无效卡号', en: 'Invalid card', act: 'otherCard' },
  '30': { class: 'E', zh: '报文格式错误', en: 'Format error', act: 'askUpstream' },
  '41': { class: 'D', zh: '此卡已挂失', en: 'Lost card', act: 'keepCard' },
  '43': { class: 'D', zh: '此卡被盗', en: 'Stolen card', act: 'keepCard' },
  '51': { class: 'C', zh: '余额不足', en: 'Not enough money', act: 'otherCard' },
  '54': { class: 'C', zh: '卡已过期', en: 'Expired card', act: 'otherCard' },
  '55': { class: 'B', zh: '密码错', en: 'Wrong PIN', act: 'again' },
  '57': { class: 'C', zh: '此卡不许此交易', en: 'Card may not', act: 'otherCard' },
  '58': { class: 'C', zh: '终端不许此交易', en: 'Terminal may not', act: 'askUpstream' },
  '59': { class: 'C', zh: '有作弊嫌疑', en: 'Suspected fraud', act: 'otherCard' },
  '61': { class: 'C', zh: '超出金额限制', en: 'Over card limit', act: 'otherCard' },
  '65': { class: 'C', zh: '超出次数限制', en: 'Too many uses', act: 'otherCard' },
  '68': { class: 'E', zh: '发卡行应答超时', en: 'Issuer too late', act: 'queryLast' },
  '75': { class: 'C', zh: '密码错误超次', en: 'PIN tries spent', act: 'otherCard' },
  '77': { class: 'D', zh: '批次不一致', en: 'Batch mismatch', act: 'signIn' },
  '91': { class: 'E', zh: '发卡行不能操作', en: 'Issuer is down', act: 'again' },
  '94': { class: 'C', zh: '流水号重复', en: 'Duplicate number', act: 'queryLast' },
  '96': { class: 'E', zh: '系统故障', en: 'System fault', act: 'later' },
};

const unknownCode: ResponseCode = { class: 'C', zh: '交易失败', en: 'Failed', act: 'askIssuer' };

/** `(51)余额不足` and `请换卡`: two rows. An unknown code is 交易失败. */
export function responseRows(code: string, language: Language): readonly [string, string] {
  const entry = responseCodes[code] ?? unknownCode;
  return [`(${code})${entry[language]}`, actions[entry.act][language]];
}
