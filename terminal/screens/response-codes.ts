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
  useChip: { zh: '请插卡', en: 'Insert the card' },
  newCode: { zh: '请客户刷新付款码', en: 'Ask for a new code' },
  otherWay: { zh: '请换付款方式', en: 'Pay another way' },
  queryLast: { zh: '请查询末笔 勿重刷', en: 'Query the last sale' },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export const responseCodes: Readonly<Record<string, ResponseCode>> = {
  '00': { class: 'A', zh: '交易成功', en: 'Approved', act: 'none' },
  '10': { class: 'A', zh: '部分承兑', en: 'Part approved', act: 'none' },
  '11': { class: 'A', zh: '交易成功(VIP)', en: 'Approved (VIP)', act: 'none' },
  '01': { class: 'C', zh: '请联系发卡行', en: 'Refer to issuer', act: 'askIssuer' },
  '02': { class: 'C', zh: '请联系发卡行', en: 'Refer to issuer', act: 'askIssuer' },
  '03': { class: 'C', zh: '无效商户', en: 'Invalid merchant', act: 'askUpstream' },
  '04': { class: 'D', zh: '此卡被没收', en: 'Pick up card', act: 'keepCard' },
  '05': { class: 'C', zh: '不予承兑', en: 'Do not honour', act: 'otherCard' },
  '06': { class: 'E', zh: '交易出错', en: 'Error', act: 'askUpstream' },
  '07': { class: 'D', zh: '特殊条件没收卡', en: 'Pick up card', act: 'keepCard' },
  '12': { class: 'C', zh: '无效交易', en: 'Invalid request', act: 'askUpstream' },
  '13': { class: 'B', zh: '交易金额无效', en: 'Invalid amount', act: 'checkAmount' },
  '14': { class: 'C', zh: '无效卡号', en: 'Invalid card', act: 'otherCard' },
  '15': { class: 'C', zh: '此卡不能受理', en: 'No such issuer', act: 'otherCard' },
  '21': { class: 'C', zh: '此卡未初始化', en: 'Card not active', act: 'otherCard' },
  '22': { class: 'C', zh: '操作有误', en: 'Not allowed now', act: 'askUpstream' },
  '25': { class: 'C', zh: '没有原始交易', en: 'No original', act: 'askUpstream' },
  '30': { class: 'E', zh: '报文格式错误', en: 'Format error', act: 'askUpstream' },
  '34': { class: 'D', zh: '有作弊嫌疑', en: 'Suspected fraud', act: 'keepCard' },
  '38': { class: 'C', zh: '密码错误超次', en: 'PIN tries spent', act: 'otherCard' },
  '40': { class: 'C', zh: '不支持此交易', en: 'Not supported', act: 'askIssuer' },
  '41': { class: 'D', zh: '此卡已挂失', en: 'Lost card', act: 'keepCard' },
  '43': { class: 'D', zh: '此卡被盗', en: 'Stolen card', act: 'keepCard' },
  '45': { class: 'C', zh: '请使用芯片', en: 'Use the chip', act: 'useChip' },
  '51': { class: 'C', zh: '余额不足', en: 'Not enough money', act: 'otherCard' },
  '54': { class: 'C', zh: '卡已过期', en: 'Expired card', act: 'otherCard' },
  '55': { class: 'B', zh: '密码错', en: 'Wrong PIN', act: 'again' },
  '57': { class: 'C', zh: '此卡不许此交易', en: 'Card may not', act: 'otherCard' },
  '58': { class: 'C', zh: '终端不许此交易', en: 'Terminal may not', act: 'askUpstream' },
  '59': { class: 'C', zh: '有作弊嫌疑', en: 'Suspected fraud', act: 'otherCard' },
  '61': { class: 'C', zh: '超出金额限制', en: 'Over card limit', act: 'otherCard' },
  '62': { class: 'C', zh: '受限制的卡', en: 'Restricted card', act: 'otherCard' },
  '63': { class: 'C', zh: '身份验证失败', en: 'Not verified', act: 'askIssuer' },
  '64': { class: 'C', zh: '与原金额不符', en: 'Amount differs', act: 'askUpstream' },
  '65': { class: 'C', zh: '超出次数限制', en: 'Too many uses', act: 'otherCard' },
  '67': { class: 'D', zh: '没收卡', en: 'Pick up card', act: 'keepCard' },
  '68': { class: 'E', zh: '发卡行应答超时', en: 'Issuer too late', act: 'queryLast' },
  '75': { class: 'C', zh: '密码错误超次', en: 'PIN tries spent', act: 'otherCard' },
  '77': { class: 'D', zh: '批次不一致', en: 'Batch mismatch', act: 'signIn' },
  '90': { class: 'B', zh: '系统日切中', en: 'Day is cut over', act: 'later' },
  '91': { class: 'E', zh: '发卡行不能操作', en: 'Issuer is down', act: 'again' },
  '92': { class: 'E', zh: '线路故障', en: 'Line is down', act: 'later' },
  '94': { class: 'C', zh: '流水号重复', en: 'Duplicate number', act: 'queryLast' },
  '96': { class: 'E', zh: '系统故障', en: 'System fault', act: 'later' },
  '97': { class: 'D', zh: '终端未登记', en: 'Unknown terminal', act: 'askUpstream' },
  '98': { class: 'E', zh: '发卡行无应答', en: 'Issuer is silent', act: 'later' },
  '99': { class: 'D', zh: '密码格式错', en: 'Bad PIN block', act: 'signIn' },
  A0: { class: 'D', zh: '校验错', en: 'Bad signature', act: 'signIn' },
};

const unknownCode: ResponseCode = { class: 'C', zh: '交易失败', en: 'Failed', act: 'askIssuer' };

/** What they mean where there is no card but a code of a wallet. */
const ofCodes: Readonly<Record<string, Pick<ResponseCode, Language | 'act'>>> = {
  '14': { zh: '付款码无效', en: 'Invalid code', act: 'newCode' },
  '54': { zh: '付款码已过期', en: 'Expired code', act: 'newCode' },
  '61': { zh: '超出金额限制', en: 'Over its limit', act: 'otherWay' },
};

/** `(51)余额不足` and `请换卡`: two rows. An unknown code is 交易失败. */
export function responseRows(code: string, language: Language, byCode = false): readonly [string, string] {
  const entry = (byCode ? ofCodes[code] : undefined) ?? responseCodes[code] ?? unknownCode;
  const act = byCode && entry.act === 'otherCard' ? 'otherWay' : entry.act;
  return [`(${code})${entry[language]}`, actions[act][language]];
}
