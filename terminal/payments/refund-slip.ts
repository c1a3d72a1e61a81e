import type { Slip } from '../../drivers/devices.ts';
import { formatYuan } from '../base/money.ts';
import type { Payment } from './payment.ts';
import type { Refund } from './refund.ts';
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

/** Both copies of a refund slip (退货签购单). `duplicate`: it came out before. `original`: the payment, where it is of this terminal. */
export const refundSlip = (head: SlipHead, refund: Refund, duplicate: boolean, original?: Payment): Slip =>
  copies.flatMap(({ of, under }) =>
    framed(head, { title: '签购单', under, duplicate }, [
      pair('操作员(OPERATOR NO)', refund.operator),
      ...(refund.approvedBy === null ? [] : [pair('授权人(APPROVED BY)', refund.approvedBy)]),
      pair('发卡行(ISSUER)', original?.issuer ?? '-'),
      pair('收单行(ACQUIRER)', original?.acquirer ?? '-'),
      ...payerLines(refund),
      { kind: 'pair', left: '交易类型(TXN TYPE)', right: '退货 REFUND', bold: true },
      pair('批次号(BATCH NO)', refund.batch),
      pair('凭证号(VOUCHER NO)', refund.stan),
      pair('参考号(REFER NO)', refund.rrn ?? '-'),
      timeLine(refund.requestedAt),
      ...originLines(head, refund),
      rule,
      text('金额(AMOUNT)'),
      { kind: 'text', text: `RMB -${formatYuan(refund.amountFen)}`, align: 'right', size: 'double', bold: true },
      ...(of === 'merchant' && refund.cardGroup !== 'codes' ? signature : []),
    ]),
  );

const originLines = ({ terminal }: SlipHead, refund: Refund): Slip => [
  ...originalLines({
    batch: refund.originBatch,
    stan: refund.originStan,
    rrn: refund.originRrn,
    authCode: refund.originAuthCode,
    at: refund.originAt,
    isCode: refund.cardGroup === 'codes',
  }),
  ...(refund.originTerminal === terminal ? [] : [pair('原终端号(ORG TERM)', refund.originTerminal)]),
];
