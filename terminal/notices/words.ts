import { reasonWords } from '../base/code-words.ts';

/**
 * Every notice of the terminal (cross-cutting.md, N-05 to N-10; B-048), in both languages. `{name}` stands for a value; a value that is a code is read as its words.
 * The letters tell apart what N-07, N-08 and N-10 can be about. N-09 goes to a customer and is the host's alone.
 */
export const noticeWords = {
  'N-05': {
    zh: '导出文件“{name}”已生成，7天内可下载',
    en: 'Export file “{name}” is ready; it can be fetched for 7 days',
  },
  'N-06': {
    zh: '结算成功：{amount}元，账户{account}，结算号{no}',
    en: 'Settlement succeeded: {amount} yuan to account {account}, no. {no}',
  },
  'N-07': {
    zh: '结算失败：{amount}元，账户{account}，原因：{reason}，结算号{no}',
    en: 'Settlement failed: {amount} yuan to account {account}, {reason}, no. {no}',
  },
  /** 退票, after a success. */
  'N-07r': {
    zh: '结算被银行退回：{amount}元，账户{account}，原因：{reason}，结算号{no}',
    en: 'The bank returned a settlement: {amount} yuan to account {account}, {reason}, no. {no}',
  },
  /** B-052: automatic settlement stops. */
  'N-07a': {
    zh: '结算账户{account}异常，自动结算已停止，请修正账户。原因：{reason}',
    en: 'Settlement account {account} is in error and automatic settlement has stopped; repair the account. Reason: {reason}',
  },
  'N-08': { zh: '结算单已发送至{to}，结算号{no}', en: 'The settlement statement was sent to {to}, no. {no}' },
  /** B-030: no address. */
  'N-08n': {
    zh: '结算单只在本机：商户未登记邮箱或手机，结算号{no}',
    en: 'The settlement statement is only here: the merchant has no e-mail or mobile, no. {no}',
  },
  'N-08f': {
    zh: '结算单未能发送，请在本机查看，结算号{no}',
    en: 'The settlement statement could not be sent; look at it here, no. {no}',
  },
  'N-10': {
    zh: '{date}对账有{count}笔差异，差额{amount}元，请处理',
    en: 'Reconciliation of {date}: {count} differences, {amount} yuan; look at them',
  },
  /** The bill could not be used: the day is blocked. */
  'N-10b': {
    zh: '{date}的对账单不能使用，已请求重发。原因：{reason}',
    en: 'The bill of {date} can not be used and was asked for again. Reason: {reason}',
  },
  /** The clearing of a batch did not add up. */
  'N-10c': {
    zh: '批次{batch}清算不符，未入账，差额{amount}元',
    en: 'The clearing of batch {batch} does not add up and was not booked, {amount} yuan',
  },
  /** From upstream, in its own words. */
  message: { zh: '{zh}', en: '{en}' },
} as const satisfies Record<string, Words>;

interface Words {
  readonly zh: string;
  readonly en: string;
}

export type NoticeText = keyof typeof noticeWords;

type Holes<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;

/** What a text needs to be filled in with. Amounts in yuan, accounts masked. */
export type NoticeValues<Text extends NoticeText> = Readonly<
  Record<Holes<(typeof noticeWords)[Text]['zh' | 'en']>, string>
>;

export const isNoticeText = (text: string): text is NoticeText => Object.hasOwn(noticeWords, text);

/** What a person reads. */
export function noticeWordsOf(
  text: NoticeText,
  values: Readonly<Record<string, string>>,
  language: 'zh' | 'en',
): string {
  return noticeWords[text][language].replace(/\{(\w+)\}/g, (_, name: string) => reasonWords(values[name], language));
}
