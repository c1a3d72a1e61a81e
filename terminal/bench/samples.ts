import { type NamedTestCard, testCards } from '../../drivers/simulator/test-card.ts';
import type { StateAnswer, Way } from './contract.ts';

/** The tester's wallet (faces.md, Tester experience 3), and codes as a customer's telephone shows them. */

const waysOf = ({ chip }: NamedTestCard): Way[] => (chip === false ? ['swipe'] : ['contactless', 'insert', 'swipe']);

export const cardRows = (): StateAnswer['cards'] =>
  Object.entries(testCards).map(([name, card]) => ({
    name,
    zh: card.zh,
    en: card.en,
    masked: card.pan.slice(0, 6) + '*'.repeat(Math.max(0, card.pan.length - 10)) + card.pan.slice(-4),
    by: waysOf(card),
  }));

interface SampleCode {
  readonly zh: string;
  readonly en: string;
  readonly text: string;
}

/** Payment codes by their first two digits (devices.md §3), and the title under which a company wants its invoice. */
export const sampleCodes: Readonly<Record<string, SampleCode>> = {
  wechat: { zh: '微信付款码', en: 'WeChat payment code', text: '134512345678901234' },
  alipay: { zh: '支付宝付款码', en: 'Alipay payment code', text: '285012345678901234' },
  unionpay: { zh: '银联付款码', en: 'UnionPay payment code', text: '6212345678901234567' },
  'invoice-title': {
    zh: '发票抬头码 (单位)',
    en: 'invoice title of a company',
    text: '$016LSm5bmz5ryU56S65YWs5Y+4PC8+OTEzMTAwMDBNQTFGTDAwMDAwPC8+5LiK5rW35biC5rWm5Lic5paw5Yy65ryU56S66LevMeWPt3wwMjEtNTAwMDEyMzQ8Lz48Lz5FRUNG$',
  },
  product: { zh: '商品条码 (非付款码)', en: 'a product code, no payment', text: '6901234567892' },
};

export const codeRows = (): StateAnswer['codes'] =>
  Object.entries(sampleCodes).map(([name, { zh, en, text }]) => ({
    name,
    zh,
    en,
    // Of an invoice title nothing is secret, but it is long.
    masked: /^\d+$/.test(text)
      ? text.slice(0, 2) + '*'.repeat(Math.max(0, text.length - 6)) + text.slice(-4)
      : `${text.slice(0, 3)}...`,
  }));
