/**
 * The words of what goes out by e-mail and SMS (cross-cutting.md, N-06 to N-09), in both languages. `{name}` stands for a value of the letter; a value that is a code of `codeWords` is
 * read as its words. A text that is not here goes nowhere.
 */
export const noticeWords = {
  'N-06': {
    zh: { subject: '结算成功', body: '结算成功：{amount}元，账户{account}，结算号{no}' },
    en: { subject: 'Settlement succeeded', body: 'Settlement succeeded: {amount} yuan to account {account}, no. {no}' },
  },
  'N-07': {
    zh: { subject: '结算失败', body: '结算失败：{amount}元，账户{account}，原因：{reason}，结算号{no}' },
    en: {
      subject: 'Settlement failed',
      body: 'Settlement failed: {amount} yuan to account {account}, {reason}, no. {no}',
    },
  },
  'N-07r': {
    zh: { subject: '结算被银行退回', body: '结算被银行退回：{amount}元，账户{account}，原因：{reason}，结算号{no}' },
    en: {
      subject: 'Settlement returned by the bank',
      body: 'The bank returned a settlement: {amount} yuan to account {account}, {reason}, no. {no}',
    },
  },
  'N-07a': {
    zh: { subject: '结算账户异常', body: '结算账户{account}异常，自动结算已停止，请修正账户。原因：{reason}' },
    en: {
      subject: 'Settlement account in error',
      body: 'Settlement account {account} is in error and automatic settlement has stopped; repair the account. Reason: {reason}',
    },
  },
  /** 结算单: by e-mail the whole slip follows (slip-letter.ts). */
  'N-08': {
    zh: {
      subject: '结算单 {statement}',
      body: '结算单{statement}：{amount}元已结算至账户{account}，入账日{valueDate}',
    },
    en: {
      subject: 'Settlement slip {statement}',
      body: 'Settlement slip {statement}: {amount} yuan settled to account {account}, value date {valueDate}',
    },
  },
  'N-09': {
    zh: { subject: '电子发票', body: '您的电子发票{invoiceNo}已开具，金额{amount}元：{url}' },
    en: { subject: 'E-invoice', body: 'Your e-invoice {invoiceNo} was issued, {amount} yuan: {url}' },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, Words>>>>;

export type Language = 'zh' | 'en';
export type NoticeText = keyof typeof noticeWords;

interface Words {
  readonly subject: string;
  readonly body: string;
}

/** Reasons of the host, of banks and of people, in Chinese and English: in letters, and at the desk. What is not here stands as it is. */
export const codeWords: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  AUTO: ['自动结算', 'automatic'],
  MANUAL: ['手动结算', 'by hand'],
  REALTIME: ['实时结算', 'real time'],
  // Of banks.
  ACCOUNT_CLOSED: ['账户已销户', 'account closed'],
  NAME_MISMATCH: ['户名不符', 'name does not match'],
  BANK_REFUSED: ['银行拒绝', 'refused by the bank'],
  RETURNED_BY_BANK: ['银行退票', 'returned by the bank'],
  // Of settlements.
  FORBIDDEN: ['无权操作', 'not permitted'],
  INVALID_AMOUNT: ['金额无效', 'the amount is not valid'],
  NO_SETTLE_ACCOUNT: ['没有可用的结算账户', 'no settlement account'],
  SETTLE_ACCOUNT_ERRORED: ['结算账户异常', 'settlement account in error'],
  FEE_EXCEEDS_AMOUNT: ['金额不足以支付服务费', 'the amount does not cover the service fee'],
  INSUFFICIENT_BALANCE: ['可结算余额不足', 'not enough settleable balance'],
  MIRROR_DIFFERS: ['终端账与主机账不符，待人工核对', 'the books of terminal and host differ, a person must decide'],
  STOPPED: ['已撤回', 'withdrawn'],
  // Of applications.
  ACCOUNT_INVALID: ['账户信息有误', 'the account data are not valid'],
  ACCOUNT_NAME_MISMATCH: ['户名与登记的不符', 'the account is in a name that is not registered'],
  AGREEMENT_REQUIRED: ['未接受现行协议', 'the agreement in force is not accepted'],
  PROFILE_INCOMPLETE: ['商户资料不完整', 'the merchant profile is not complete'],
  ID_EXPIRED: ['证件已过期', 'the identity document has expired'],
  APPLICATION_IN_REVIEW: ['另有申请在审核', 'another application is being looked at'],
  INVALID_SETTLE_MODE: ['结算方式无效', 'the mode is not valid'],
  CYCLE_REQUIRED: ['缺少结算周期', 'the cycle is missing'],
  INVALID_RANGE: ['日期范围无效', 'the range is not valid'],
  ADDRESS_REQUIRED: ['缺少邮寄地址', 'the address is missing'],
  INVALID_CONTACT: ['联系方式无效', 'the contact is not valid'],
  INVALID_MOBILE: ['手机号无效', 'the mobile number is not valid'],
  SELF_APPROVAL_FORBIDDEN: ['提出的人不能自己批准', 'whoever proposed it may not approve it'],
  ILLEGAL_STATE: ['当前状态不允许', 'not in this state'],
  // Of refunds and risk.
  REFUND_EXPIRED: ['已过退货期', 'too old to refund'],
  REFUND_IN_PROGRESS: ['另有退货在途', 'another refund is under way'],
  REFUND_EXCEEDS_PAID: ['超过可退金额', 'more than is left to refund'],
  REFUND_FUNDS_INSUFFICIENT: ['可退资金不足', 'not enough money to refund'],
  STALE_REFUND_BASE: ['已另有退货', 'it was refunded elsewhere'],
  TXN_NOT_PAID: ['交易未付款', 'it was not paid'],
  BATCH_CLOSING: ['批结算进行中', 'a batch close is running'],
  RISK_BLOCKED: ['风险交易', 'blocked for risk'],
  RISK_REVIEW: ['风险核查', 'risk review'],
  REVIEW_PASSED: ['核查通过', 'the review was passed'],
  STOP_REPORTED: ['收银员报告可疑', 'reported by the cashier'],
  GIVEN_BACK: ['已退回', 'given back'],
  CARDHOLDER_DISPUTE: ['持卡人拒付', 'disputed by the cardholder'],
  // Of letters.
  REFUSED: ['被对方拒绝', 'refused by the other side'],
  UNREACHABLE: ['无法连接', 'unreachable'],
  NO_ADDRESS: ['无地址', 'no address'],
  NO_CHANNEL: ['未配置通道', 'no channel'],
  NO_WORDS: ['无文案', 'no words'],
  // Of rows that were not applied.
  IDEMPOTENCY_CONFLICT: ['编号已用于其他内容', 'the number was used for other content'],
  UNBALANCED_JOURNAL: ['分录不平', 'the journal does not balance'],
  UNKNOWN_ACCOUNT: ['科目不存在', 'no such account'],
  UNKNOWN_TERMINAL: ['终端未登记', 'the terminal is not registered'],
  UNKNOWN_KIND: ['行类型未知', 'a row of an unknown kind'],
  BAD_BODY: ['内容不合规', 'the body is not as agreed'],
  SETTLEMENT_UNKNOWN: ['没有此结算', 'no such settlement'],
  DIFFERENCE_UNKNOWN: ['没有此差异', 'no such difference'],
  BATCH_NOT_COMPARED: ['批次未对账', 'the batch was not compared'],
  UPLOAD_INCOMPLETE: ['批上送不完整', 'the upload is not complete'],
};

export const isNoticeText = (text: string): text is NoticeText => Object.hasOwn(noticeWords, text);

export type Values = Readonly<Record<string, string>>;

/** What a person reads. */
export function wordsOf(text: NoticeText, values: Values, language: Language): Words {
  const { subject, body } = noticeWords[text][language];
  const fill = (words: string) => words.replace(/\{(\w+)\}/g, (_, name: string) => valueNamed(values, name, language));
  return { subject: fill(subject), body: fill(body) };
}

export function valueNamed(values: Values, name: string, language: Language): string {
  const value = values[name] ?? '';
  return codeWords[value]?.[language === 'zh' ? 0 : 1] ?? value;
}
