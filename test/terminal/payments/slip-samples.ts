import type { Slip } from '../../../drivers/devices.ts';
import { encodeSlip } from '../../../drivers/printer/encode-slip.ts';
import { printerProfiles } from '../../../drivers/printer/profiles.ts';
import type { TxnKind } from '../../../sync/protocol/common.ts';
import { fen, zeroFen } from '../../../terminal/base/money.ts';
import type { Payment } from '../../../terminal/payments/payment.ts';
import type { Refund } from '../../../terminal/payments/refund.ts';
import type { SlipHead } from '../../../terminal/payments/slip-parts.ts';
import { readReceipt } from '../../support/receipt-reader.ts';

/** What stands on slips, with everything that a test does not care about filled in. */

export const head: SlipHead = {
  merchantName: '账平演示商户',
  merchant: '898110058120001',
  terminal: '10000001',
  simulated: true,
  hotline: '95516',
  pinFreeFen: fen(100_000),
};

export const chip = { AID: 'A000000333010101', TVR: '0000000000', ARQC: 'F0B0B6E1C72FE433', ATC: '0001' };

const sale: Payment = {
  no: '01M80JT5413NYD1AZNZRDKVR78',
  txn: 'sale',
  state: 'PAID',
  batch: '000007',
  businessDate: '2026-11-20',
  stan: '000123',
  operator: '01',
  approvedBy: null,
  original: null,
  originAuthCode: null,
  askedFen: fen(12_345_678),
  amountFen: fen(12_345_678),
  discountFen: zeroFen,
  feeFen: fen(74_074),
  rateId: 'card-6000',
  cardGroup: 'domestic',
  entry: 'CHIP',
  card: '622202*********0128',
  chip,
  code: '00',
  rrn: '112000000001',
  authCode: '711683',
  issuer: '中国银联',
  acquirer: '账平参考主机',
  cleared: false,
  refundedFen: zeroFen,
  refundedFeeFen: zeroFen,
  validUntil: null,
  createdAt: Date.UTC(2026, 10, 20, 2, 3, 4),
  endedAt: Date.UTC(2026, 10, 20, 2, 3, 5),
  why: null,
  reversal: null,
  reversalAttempts: 0,
  reversalRefusals: 0,
  prints: 0,
};

const deed = { state: 'DONE', approvedBy: '00', chip: null, original: 'ORIGINAL' } as const;

/** Each kind as it is when its slip comes out. */
const kinds: Readonly<Record<TxnKind, Partial<Payment>>> = {
  sale: {},
  void: deed,
  preauth: { state: 'HELD', validUntil: Date.UTC(2026, 11, 20, 2, 3, 4) },
  'preauth-void': deed,
  completion: { original: 'ORIGINAL', chip: null },
  'completion-void': deed,
  'code-sale': {
    state: 'CLEARED',
    cleared: true,
    cardGroup: 'codes',
    entry: 'QR_WECHAT',
    card: null,
    chip: null,
    authCode: '4200000000000000112000000002',
    issuer: '微信支付',
  },
  'stored-sale': {
    state: 'STORED',
    cardGroup: null,
    code: null,
    rrn: null,
    authCode: null,
    issuer: null,
    acquirer: null,
    endedAt: null,
  },
  'completion-advice': {
    state: 'STORED',
    original: 'ORIGINAL',
    chip: null,
    rrn: null,
    authCode: null,
    issuer: null,
    acquirer: null,
    endedAt: null,
  },
};

export const aPayment = (txn: TxnKind = 'sale', change: Partial<Payment> = {}): Payment => ({
  ...sale,
  txn,
  ...kinds[txn],
  ...change,
});

/** What a void or a completion is about. */
export const anOriginal = aPayment('sale', {
  no: 'ORIGINAL',
  batch: '000006',
  stan: '000045',
  rrn: '111900000777',
  authCode: '204680',
  createdAt: Date.UTC(2026, 10, 19, 2, 0, 0),
});

export const aRefund = (change: Partial<Refund> = {}): Refund => ({
  no: '01M80JT5413NYD1AZNZRDKVR99',
  state: 'SUCCESS',
  payment: 'ORIGINAL',
  originTerminal: head.terminal,
  originBatch: '000006',
  originStan: '000045',
  originRrn: '111900000777',
  originAuthCode: '204680',
  originAt: Date.UTC(2026, 10, 19, 2, 0, 0),
  batch: '000007',
  businessDate: '2026-11-20',
  stan: '000130',
  operator: '01',
  approvedBy: '00',
  amountFen: fen(5_000),
  feeFen: fen(30),
  cumBeforeFen: zeroFen,
  source: '2002',
  entry: 'CHIP',
  cardGroup: 'domestic',
  card: '622202*********0128',
  counted: true,
  idempotencyKey: null,
  requestedAt: Date.UTC(2026, 10, 20, 6, 7, 8),
  endedAt: Date.UTC(2026, 10, 20, 6, 7, 9),
  reason: null,
  hostRef: 'R0000000001',
  rrn: '112000000009',
  prints: 0,
  ...change,
});

/** Both widths of paper, in cells. */
export const papers = [32, 48] as const;
export type Paper = (typeof papers)[number];

/** What a person reads on paper, by the second decoder. A cut is `8<`. */
export const onPaper = (slip: Slip, columns: Paper = 32): string =>
  readReceipt(encodeSlip(slip, printerProfiles[columns === 32 ? 'escpos-58' : 'escpos-80']), columns)
    .map((mark) => ('line' in mark ? mark.line : 'qr' in mark ? `[QR] ${mark.qr}` : '8<'))
    .join('\n');

/** Each copy of a slip that is cut apart. */
export const copiesOf = (text: string): readonly string[] => text.split('8<').filter((copy) => copy.trim() !== '');

/** A label, and its value at the end of the same line. */
export const field = (label: string, value: string): RegExp =>
  new RegExp(`^${label.replaceAll(/[()]/g, '\\$&')} +${value.replaceAll('.', '\\.')}$`, 'm');

/** A label, and its value in the line below. */
export const below = (label: string, value: string): RegExp =>
  new RegExp(`^${label.replaceAll(/[()]/g, '\\$&')}\\n +${value.replaceAll(/[.*]/g, '\\$&')}$`, 'm');
