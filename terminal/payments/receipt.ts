import type { Slip } from '../../drivers/devices.ts';
import type { TxnKind } from '../../sync/protocol/common.ts';
import { shanghai } from '../base/clock.ts';
import { formatYuan, subtractFen, sumFen } from '../base/money.ts';
import type { Payment } from './payment.ts';
import {
  copies,
  framed,
  originalLines,
  pair,
  payerLines,
  rule,
  type SlipHead,
  signature,
  text,
  timeLine,
} from './slip-parts.ts';

/** The slip of a payment of any kind (签购单; payments.md, Slips) as data. The same lines go to the printer and to a screen. */

/** At most thirteen cells: the line is one on paper of 32. */
const types: Readonly<Record<TxnKind, string>> = {
  sale: '消费 SALE',
  void: '撤销 VOID',
  preauth: '预授权 AUTH',
  'preauth-void': '授权撤销 VOID',
  completion: '授权完成 COMP',
  'completion-void': '完成撤销 VOID',
  'code-sale': '扫码 QR SALE',
  'stored-sale': '离线 OFFLINE',
  'completion-advice': '完成通知 ADV',
};

/** Both copies of a sale slip, with a cut between them. `duplicate`: it came out before. `original`: what was voided or completed, if it is known here. */
export const saleSlip = (head: SlipHead, payment: Payment, duplicate: boolean, original?: Payment): Slip =>
  copies.flatMap(({ of, under }) =>
    framed(head, { title: '签购单', under, duplicate }, [
      ...partyLines(payment),
      { kind: 'pair', left: '交易类型(TXN TYPE)', right: types[payment.txn], bold: true },
      ...numberLines(payment),
      ...originLines(payment, original),
      rule,
      ...amountLines(payment),
      ...chipLines(payment),
      ...waitingLines(payment),
      ...(isWaived(head, payment) ? waiver(head) : of === 'merchant' && payment.txn !== 'code-sale' ? signature : []),
    ]),
  );

const partyLines = (payment: Payment): Slip => [
  pair('操作员(OPERATOR NO)', payment.operator),
  ...(payment.approvedBy === null ? [] : [pair('授权人(APPROVED BY)', payment.approvedBy)]),
  pair('发卡行(ISSUER)', payment.issuer ?? '-'),
  pair('收单行(ACQUIRER)', payment.acquirer ?? '-'),
  ...payerLines(payment),
  ...(payment.txn === 'code-sale' ? [text('订单号(ORDER NO)'), text(`  ${payment.no}`)] : []),
];

const numberLines = ({ txn, batch, stan, authCode, rrn, createdAt }: Payment): Slip => [
  pair('批次号(BATCH NO)', batch),
  pair('凭证号(VOUCHER NO)', stan),
  ...(txn === 'code-sale'
    ? [text('付款凭证号(PAYMENT NO)'), text(`  ${authCode ?? '-'}`)]
    : [pair('授权码(AUTH NO)', authCode ?? '-')]),
  pair('参考号(REFER NO)', rrn ?? '-'),
  timeLine(createdAt),
];

/** Of a pre-authorisation that this terminal does not know only its authorisation code was keyed. */
function originLines({ originAuthCode }: Payment, original: Payment | undefined): Slip {
  if (original) return originalLines({ ...original, at: original.createdAt, batch: original.batch, isCode: false });
  return originAuthCode === null ? [] : [rule, pair('原授权码(ORG AUTH)', originAuthCode)];
}

/** What a void gives back. */
const sign = ({ txn }: Payment): string =>
  txn === 'void' || txn === 'completion-void' || txn === 'preauth-void' ? '-' : '';

/** Where less was paid than asked for: how it came to that. Until when an amount is held. */
function amountLines(payment: Payment): Slip {
  const { askedFen, amountFen, discountFen, validUntil } = payment;
  const approvedFen = sumFen([amountFen, discountFen]);
  const isPart = approvedFen < askedFen;
  return [
    text('金额(AMOUNT)'),
    {
      kind: 'text',
      text: `RMB ${sign(payment)}${formatYuan(amountFen)}`,
      align: 'right',
      size: 'double',
      bold: true,
    },
    ...(askedFen > amountFen ? [pair('订单金额(ORDER)', formatYuan(askedFen))] : []),
    ...(isPart ? [pair('批准金额(APPROVED)', formatYuan(approvedFen))] : []),
    ...(discountFen > 0 ? [pair('优惠金额(DISCOUNT)', `-${formatYuan(discountFen)}`)] : []),
    ...(askedFen > amountFen ? [pair('实付金额(PAID)', formatYuan(amountFen))] : []),
    ...(isPart ? [pair('尚未支付(STILL DUE)', formatYuan(subtractFen(askedFen, approvedFen)))] : []),
    ...(validUntil === null ? [] : [pair('有效期至(VALID UNTIL)', shanghai(validUntil).day)]),
  ];
}

const chipTags = ['AID', 'ARQC', 'TC', 'TVR', 'ATC'];

const chipLines = ({ chip }: Payment): Slip =>
  chipTags.flatMap((tag) => (chip?.[tag] === undefined ? [] : [text(`${tag}: ${chip[tag]}`)]));

/** What was told instead of asked is paid only when the host has accepted it. */
function waitingLines({ txn, state }: Payment): Slip {
  if (txn !== 'stored-sale' && txn !== 'completion-advice') return [];
  const told = txn === 'stored-sale' ? '离线交易 OFFLINE TRANSACTION' : '通知交易 ADVICE';
  return state === 'STORED'
    ? [text(told), text('稍后上送,以主机结果为准'), text('SENT LATER, HOST DECIDES')]
    : [text(told)];
}

/** A card that asked for its PIN is not waived, whatever the amount. */
const isWaived = ({ pinFreeFen }: SlipHead, { txn, entry, chip, askedFen }: Payment): boolean =>
  (txn === 'sale' || txn === 'stored-sale') &&
  entry === 'CONTACTLESS' &&
  askedFen <= pinFreeFen &&
  chip?.['CVM'] !== 'online-pin';

const waiver = ({ pinFreeFen }: SlipHead): Slip => [
  text(`交易金额未超${formatYuan(pinFreeFen)}元,免密免签`),
  text('NO PIN, NO SIGNATURE NEEDED'),
];
