import type { CodeInstrument } from '../protocol/code-requests.ts';

/** What a customer's code looks like, by wallet. */
const codes: readonly (readonly [form: RegExp, instrument: CodeInstrument])[] = [
  [/^1[0-5]\d{16}$/, 'QR_WECHAT'],
  [/^(2[5-9]|30)\d{14,22}$/, 'QR_ALIPAY'],
  [/^62\d{17}$/, 'QR_UNIONPAY'],
];

export const instrumentOf = (text: string): CodeInstrument | null =>
  codes.find(([form]) => form.test(text))?.[1] ?? null;

/** The codes that the merchant shows for the simulated wallets. */
const urls: Readonly<Record<CodeInstrument, string>> = {
  QR_WECHAT: 'weixin://wxpay/bizpayurl?pr=',
  QR_ALIPAY: 'https://qr.alipay.com/',
  QR_UNIONPAY: 'https://qr.95516.com/00010000/',
};

export const codeUrlOf = (instrument: CodeInstrument, payment: string): string => urls[instrument] + payment;

export const walletNames: Readonly<Record<CodeInstrument, string>> = {
  QR_WECHAT: '微信支付',
  QR_ALIPAY: '支付宝',
  QR_UNIONPAY: '云闪付',
};

const voucherForms: Readonly<Record<CodeInstrument, readonly [prefix: string, length: number]>> = {
  QR_WECHAT: ['4200', 28],
  QR_ALIPAY: ['2088', 28],
  QR_UNIONPAY: ['20', 20],
};

/** The wallet's own number of a payment (付款凭证号), made of the host's reference. */
export function voucherOf(instrument: CodeInstrument, rrn: string): string {
  const [prefix, length] = voucherForms[instrument];
  return prefix + rrn.padStart(length - prefix.length, '0');
}
