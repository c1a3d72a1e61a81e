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

/** Reasons of the host and of banks; what is not here stands as it is. */
const codeWords: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  ACCOUNT_CLOSED: { zh: '账户已销户', en: 'account closed' },
  NAME_MISMATCH: { zh: '户名不符', en: 'name does not match' },
  BANK_REFUSED: { zh: '银行拒绝', en: 'refused by the bank' },
  RETURNED_BY_BANK: { zh: '银行退票', en: 'returned by the bank' },
  SETTLE_ACCOUNT_ERRORED: { zh: '结算账户异常', en: 'settlement account in error' },
  STOPPED: { zh: '已停止', en: 'stopped' },
  AUTO: { zh: '自动结算', en: 'automatic' },
  MANUAL: { zh: '手动结算', en: 'by hand' },
  REALTIME: { zh: '实时结算', en: 'real time' },
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
  return codeWords[value]?.[language] ?? value;
}
