import type { Slip } from '../../drivers/devices.ts';
import { shanghai } from '../base/clock.ts';
import { formatYuan } from '../base/money.ts';
import type { Payment } from './payment.ts';
import { centred, framed, pair, rule, type SlipHead, text, walletOf } from './slip-parts.ts';

/** 收款码: what the customer scans to pay, until `untilMs`. */
export function codeSlip(head: SlipHead, payment: Payment, url: string, untilMs: number): Slip {
  const { askedFen, batch, stan, entry, operator } = payment;
  const { day, time } = shanghai(untilMs);
  return framed(head, { title: '收款码', under: '非凭证 NOT A VOUCHER', duplicate: false }, [
    pair('操作员(OPERATOR NO)', operator),
    pair('批次号(BATCH NO)', batch),
    pair('凭证号(VOUCHER NO)', stan),
    rule,
    centred(walletOf(entry) ?? '-'),
    { kind: 'text', text: `RMB ${formatYuan(askedFen)}`, align: 'center', size: 'double', bold: true },
    { kind: 'qr', data: url },
    centred('请扫码付款 SCAN TO PAY'),
    text('有效期至(VALID UNTIL)'),
    text(`  ${day} ${time}`),
  ]);
}
