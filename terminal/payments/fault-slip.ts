import type { Slip } from '../../drivers/devices.ts';
import { formatYuan } from '../base/money.ts';
import type { Payment } from './payment.ts';
import { reasonWords } from './reason-words.ts';
import type { Refund } from './refund.ts';
import { framed, pair, payerLines, rule, type SlipHead, text, timeLine } from './slip-parts.ts';

/** 故障单: something that does not end by itself, or not soon, and what to do next. Not a voucher: it books nothing. */

/** Due work: the fault slip of this payment or refund is to be printed, if it is needed then. */
export const faultWork = 'fault-slip';

type What = 'reversal' | 'code' | 'refund' | 'told';

export interface Fault {
  readonly what: What;
  readonly batch: string;
  readonly stan: string;
  /** Card 6+4, and how it or a code was read. */
  readonly card: string | null;
  readonly entry: string | null;
  readonly at: number;
  readonly amountFen: number;
  /** A code of errors.md, an answer of the host, or words of ours; null: nobody said. */
  readonly why: string | null;
}

/** Undefined: there is nothing wrong with it. */
export function faultOf(payment: Payment): Fault | undefined {
  const { txn, state, code, why } = payment;
  if (state === 'NEEDS_HUMAN') return paymentFault('reversal', payment, why);
  if (txn === 'code-sale' && state === 'UNKNOWN') return paymentFault('code', payment, why);
  const isTold = txn === 'stored-sale' || txn === 'completion-advice';
  return isTold && state === 'FAILED' && code !== null ? paymentFault('told', payment, why ?? code) : undefined;
}

const paymentFault = (what: What, payment: Payment, why: string | null): Fault => ({
  what,
  batch: payment.batch,
  stan: payment.stan,
  card: payment.card,
  entry: payment.entry,
  at: payment.createdAt,
  amountFen: payment.askedFen,
  why,
});

export const faultOfRefund = (refund: Refund): Fault | undefined =>
  refund.state === 'FAILED'
    ? {
        what: 'refund',
        batch: refund.batch,
        stan: refund.stan,
        card: refund.card,
        entry: refund.entry,
        at: refund.requestedAt,
        amountFen: refund.amountFen,
        why: refund.reason,
      }
    : undefined;

export const faultSlip = (head: SlipHead, fault: Fault): Slip =>
  framed(head, { title: '故障单', under: '非凭证 NOT A VOUCHER', duplicate: false }, [
    pair('批次号(BATCH NO)', fault.batch),
    pair('凭证号(VOUCHER NO)', fault.stan),
    ...payerLines(fault),
    timeLine(fault.at),
    pair('金额(AMOUNT)', formatYuan(fault.amountFen)),
    ...(fault.why === null ? [] : [text('原因(REASON)'), text(`  ${reasonWords(fault.why)}`)]),
    rule,
    ...lines(fault.what, head.hotline).map(text),
  ]);

/** What happened, then what to do, in both languages. */
function lines(what: What, hotline: string): readonly string[] {
  switch (what) {
    case 'reversal':
      return [
        '冲正未完成,需人工处理',
        '1 请勿再次收款,保留本单',
        `2 致电${hotline}核实是否扣款`,
        '3 处理完成前不能批结算',
        'REVERSAL NOT ENDED',
        'DO NOT CHARGE AGAIN, KEEP THIS',
        `CALL ${hotline}`,
        'NO BATCH CLOSE UNTIL SOLVED',
      ];
    case 'code':
      return [
        '扫码结果未知,终端自动查询',
        '1 请勿再次收款,保留本单',
        '2 按凭证号查询结果',
        '3 已付则入账,未付则关单',
        `4 久无结果请致电${hotline}`,
        'RESULT OF CODE PAYMENT UNKNOWN',
        'DO NOT CHARGE AGAIN, KEEP THIS',
        'QUERY IT BY ITS VOUCHER NUMBER',
        `NO RESULT FOR LONG: ${hotline}`,
      ];
    case 'refund':
      return [
        '退货失败,款未退给顾客',
        '1 退货款已回到商户余额',
        '2 联系顾客,可重新退货',
        `3 仍失败请致电${hotline}`,
        'REFUND FAILED, CUSTOMER NOT PAID',
        'THE MONEY IS BACK WITH YOU',
        'TELL THE CUSTOMER, TRY AGAIN',
        `FAILS AGAIN: CALL ${hotline}`,
      ];
    case 'told':
      return [
        '主机拒绝,该笔未入账',
        '1 请凭商户存根联系顾客',
        '2 改用其他方式收款',
        `3 有疑问请致电${hotline}`,
        'REFUSED BY THE HOST, NOT PAID',
        'ASK THE CUSTOMER TO PAY AGAIN',
        `QUESTIONS: CALL ${hotline}`,
      ];
  }
}
