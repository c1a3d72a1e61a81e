import { type ErrorCode, errorTable } from './error-table.ts';
import { errorText, type Language } from './errors.ts';

/** Reasons of the host and of banks (sync/protocol/settlement.ts, notices.ts): also refusals, of which the host tells no more than the code. */
const codeWords: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  ACCOUNT_CLOSED: { zh: '账户已销户', en: 'account closed' },
  NAME_MISMATCH: { zh: '户名不符', en: 'name does not match' },
  RETURNED_BY_BANK: { zh: '银行退票', en: 'returned by the bank' },
  BANK_REFUSED: { zh: '银行拒绝', en: 'refused by the bank' },
  NO_SETTLE_ACCOUNT: { zh: '没有可用的结算账户', en: 'no settlement account' },
  SETTLE_ACCOUNT_ERRORED: { zh: '结算账户异常', en: 'settlement account in error' },
  FEE_EXCEEDS_AMOUNT: { zh: '金额不足以支付服务费', en: 'the fee is not less than the amount' },
  INSUFFICIENT_BALANCE: { zh: '可结算余额不足', en: 'not enough settleable balance' },
  INVALID_AMOUNT: { zh: '金额无效', en: 'the amount is not valid' },
  FORBIDDEN: { zh: '申请人无权结算', en: 'the requester may not settle' },
  MIRROR_DIFFERS: { zh: '两边账不符，待上游核对', en: 'the books differ, upstream looks at it' },
  STOPPED: { zh: '已停止', en: 'stopped' },
  BAD_HASH: { zh: '文件校验不符', en: 'wrong hash' },
  BAD_COUNT: { zh: '笔数不符', en: 'wrong count' },
  BAD_FORM: { zh: '格式不符', en: 'wrong form' },
  BAD_SUM: { zh: '金额合计不符', en: 'wrong sums' },
  MISSING_PART: { zh: '文件不全', en: 'a part of the file is missing' },
  TOO_MANY: { zh: '差异过多', en: 'too many differences' },
};

/** A reason as a person reads it: in its own words, or those of the catalogue; what nobody knows stands as it is. */
export const reasonWords = (code: string | null | undefined, language: Language): string => {
  if (!code) return '';
  return codeWords[code]?.[language] ?? (isErrorCode(code) ? errorText(code, {}, language) : code);
};

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code);
