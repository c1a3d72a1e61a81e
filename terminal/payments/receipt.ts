import type { Slip, SlipLine } from '../../drivers/devices.ts';
import type { EntryMode } from '../../sync/protocol/common.ts';
import { shanghai } from '../base/clock.ts';
import { formatYuan } from '../base/money.ts';
import type { Payment } from './payment.ts';

/** The slips of a payment as data (payments.md, Slips): 签购单 and 故障单. The same lines go to the printer and to a screen. */

export interface SlipHead {
  readonly merchantName: string;
  readonly merchant: string;
  readonly terminal: string;
  readonly simulated: boolean;
}

const entryLetters: Readonly<Record<EntryMode, string>> = {
  MAG: 'S',
  CHIP: 'I',
  CONTACTLESS: 'C',
  QR_WECHAT: 'Q',
  QR_ALIPAY: 'Q',
  QR_UNIONPAY: 'Q',
};

const copies = { merchant: '商户存根 MERCHANT COPY', cardholder: '持卡人存根 CARDHOLDER COPY' } as const;

/** Both copies of a sale slip, with a cut between them. `duplicate`: it came out before. */
export function saleSlip(head: SlipHead, payment: Payment, duplicate: boolean): Slip {
  return [...saleCopy(head, payment, 'merchant', duplicate), ...saleCopy(head, payment, 'cardholder', duplicate)];
}

function saleCopy(head: SlipHead, payment: Payment, copy: keyof typeof copies, duplicate: boolean): Slip {
  const { day, time } = shanghai(payment.createdAt);
  return [
    { kind: 'text', text: '签购单', align: 'center', size: 'double' },
    { kind: 'text', text: copies[copy], align: 'center' },
    { kind: 'rule' },
    ...headLines(head),
    { kind: 'pair', left: '操作员 OPERATOR', right: payment.operator },
    { kind: 'pair', left: '发卡行 ISSUER', right: payment.issuer ?? '-' },
    { kind: 'pair', left: '收单行 ACQUIRER', right: payment.acquirer ?? '-' },
    text('卡号 CARD NO'),
    {
      kind: 'pair',
      left: `  ${payment.card ?? '-'}`,
      right: payment.entry ? `/${entryLetters[payment.entry]}` : '',
      bold: true,
    },
    { kind: 'pair', left: '交易类型 TXN TYPE', right: '消费 SALE', bold: true },
    { kind: 'pair', left: '批次号 BATCH NO', right: payment.batch },
    { kind: 'pair', left: '凭证号 VOUCHER NO', right: payment.stan },
    { kind: 'pair', left: '授权码 AUTH NO', right: payment.authCode ?? '-' },
    { kind: 'pair', left: '参考号 REFER NO', right: payment.rrn ?? '-' },
    { kind: 'pair', left: '日期 DATE', right: `${day} ${time}` },
    { kind: 'rule' },
    text('金额 AMOUNT'),
    { kind: 'text', text: `RMB ${formatYuan(payment.amountFen)}`, align: 'right', size: 'double', bold: true },
    ...chipLines(payment),
    ...(copy === 'merchant' ? signature : []),
    ...marks(head, duplicate),
    { kind: 'feed', lines: 3 },
    { kind: 'cut' },
  ];
}

/** 故障单: a reversal that nobody ends by itself. Not a voucher: no amount was booked. */
export function faultSlip(head: SlipHead, payment: Payment): Slip {
  const { day, time } = shanghai(payment.createdAt);
  return [
    { kind: 'text', text: '故障单', align: 'center', size: 'double' },
    { kind: 'text', text: '非凭证 NOT A VOUCHER', align: 'center' },
    { kind: 'rule' },
    ...headLines(head),
    { kind: 'pair', left: '批次号 BATCH NO', right: payment.batch },
    { kind: 'pair', left: '凭证号 VOUCHER NO', right: payment.stan },
    { kind: 'pair', left: '卡号 CARD NO', right: payment.card ?? '-' },
    { kind: 'pair', left: '日期 DATE', right: `${day} ${time}` },
    { kind: 'pair', left: '金额 AMOUNT', right: formatYuan(payment.amountFen) },
    { kind: 'rule' },
    text('冲正未完成,需人工处理'),
    text('REVERSAL NOT ENDED: CALL THE HOST'),
    ...marks(head, false),
    { kind: 'feed', lines: 3 },
    { kind: 'cut' },
  ];
}

const text = (value: string): SlipLine => ({ kind: 'text', text: value });

/** Merchant and terminal, as every slip begins. */
export const headLines = (head: SlipHead): Slip => [
  text('商户名称 MERCHANT NAME'),
  { kind: 'text', text: `  ${head.merchantName}` },
  text('商户编号 MERCHANT NO'),
  text(`  ${head.merchant}`),
  { kind: 'pair', left: '终端号 TERMINAL NO', right: head.terminal },
];

const signature: Slip = [
  text('持卡人签名 CARDHOLDER SIGNATURE'),
  { kind: 'feed', lines: 2 },
  { kind: 'rule' },
  text('本人确认以上交易,同意记入本卡'),
];

const chipLines = (payment: Payment): Slip =>
  payment.chip === null ? [] : Object.entries(payment.chip).map(([name, value]) => text(`${name}: ${value}`));

const marks = (head: SlipHead, duplicate: boolean): Slip => [
  ...(duplicate ? [{ kind: 'text', text: '****重打印/DUPLICATED****', align: 'center' } as const] : []),
  ...(head.simulated ? [{ kind: 'text', text: '***测试/TESTING,凭证无效***', align: 'center' } as const] : []),
];
