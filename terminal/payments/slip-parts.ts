import type { Slip, SlipLine } from '../../drivers/devices.ts';
import { shanghai } from '../base/clock.ts';
import type { Fen } from '../base/money.ts';

/** What every slip has in common (payments.md, Slips): who printed it at its head, the marks at its end. A label with its value is one line of 32 cells. */

export interface SlipHead {
  readonly merchantName: string;
  /** 15 digits. */
  readonly merchant: string;
  readonly terminal: string;
  readonly simulated: boolean;
  /** Whom to call. */
  readonly hotline: string;
  /** Up to this amount a card that is held to the reader needs neither PIN nor signature (小额免密免签). */
  readonly pinFreeFen: Fen;
}

export const text = (value: string): SlipLine => ({ kind: 'text', text: value });
export const centred = (value: string): SlipLine => ({ kind: 'text', text: value, align: 'center' });
export const pair = (left: string, right: string): SlipLine => ({ kind: 'pair', left, right });
export const rule: SlipLine = { kind: 'rule' };

/** One slip, from its title to the cut. */
export const framed = (
  head: SlipHead,
  { title, under, duplicate }: { readonly title: string; readonly under: string; readonly duplicate: boolean },
  body: Slip,
): Slip => [
  { kind: 'text', text: title, align: 'center', size: 'double' },
  centred(under),
  rule,
  text('商户名称(MERCHANT NAME)'),
  text(`  ${head.merchantName}`),
  text('商户编号(MERCHANT NO)'),
  text(`  ${head.merchant}`),
  pair('终端号(TERMINAL NO)', head.terminal),
  ...body,
  ...(duplicate ? [centred('****重打印/DUPLICATED****')] : []),
  ...(head.simulated ? [centred('***测试/TESTING,凭证无效***')] : []),
  { kind: 'feed', lines: 3 },
  { kind: 'cut' },
];

/** Day and time in Shanghai. */
export function timeLine(atMs: number): SlipLine {
  const { day, time } = shanghai(atMs);
  return pair('日期(DATE)', `${day} ${time}`);
}

/** Voucher, reference, authorisation and day of what a void, a completion or a refund is about. */
export const originalLines = (of: {
  readonly batch?: string;
  readonly stan: string;
  readonly rrn: string | null;
  readonly authCode: string | null;
  readonly at: number;
  readonly isCode: boolean;
}): Slip => [
  rule,
  ...(of.batch === undefined ? [] : [pair('原批次号(ORG BATCH)', of.batch)]),
  pair('原凭证号(ORG VOUCHER)', of.stan),
  pair('原参考号(ORG REFER)', of.rrn ?? '-'),
  ...(of.isCode
    ? [text('原付款凭证号(ORG PAYMENT)'), text(`  ${of.authCode ?? '-'}`)]
    : [pair('原授权码(ORG AUTH)', of.authCode ?? '-')]),
  pair('原交易日期(ORG DATE)', shanghai(of.at).day),
];

const wallets: Readonly<Record<string, string>> = {
  QR_WECHAT: '微信支付 WECHAT',
  QR_ALIPAY: '支付宝 ALIPAY',
  QR_UNIONPAY: '云闪付 UNIONPAY',
};

/** How the card or code was read: swiped, inserted, contactless, by QR code. */
const entryLetters: Readonly<Record<string, string>> = {
  MAG: 'S',
  CHIP: 'I',
  CONTACTLESS: 'C',
  QR_WECHAT: 'Q',
  QR_ALIPAY: 'Q',
  QR_UNIONPAY: 'Q',
};

/** Card 6+4, or the wallet whose code was scanned, with the letter of its entry mode. */
export const payerLines = (by: { readonly card: string | null; readonly entry: string | null }): Slip => [
  text(wallets[by.entry ?? ''] === undefined ? '卡号(CARD NO)' : '付款方式(PAID BY)'),
  {
    kind: 'pair',
    left: `  ${walletOf(by.entry) ?? by.card ?? '-'}`,
    right: by.entry === null ? '' : `/${entryLetters[by.entry] ?? '-'}`,
    bold: true,
  },
];

export const walletOf = (entry: string | null): string | undefined => wallets[entry ?? ''];

export const copies = [
  { of: 'merchant', under: '商户存根 MERCHANT COPY' },
  { of: 'cardholder', under: '持卡人存根 CARDHOLDER COPY' },
] as const;

export const signature: Slip = [
  text('持卡人签名(CARDHOLDER SIGNATURE)'),
  { kind: 'feed', lines: 2 },
  rule,
  text('本人确认以上交易,同意记入本卡'),
  text('I ACCEPT THIS TRANSACTION'),
];
