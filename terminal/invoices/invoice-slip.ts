import type { Slip, SlipLine } from '../../drivers/devices.ts';
import { shanghai } from '../base/clock.ts';
import { formatYuan } from '../base/money.ts';
import type { Invoice } from './invoice.ts';

/** 电子发票 on paper, for the customer to keep: behind the head and before the marks of a slip. */

export const invoiceTitle = ({ kind }: Invoice): { readonly title: string; readonly under: string } =>
  kind === 'blue' ? { title: '电子发票', under: 'E-INVOICE' } : { title: '红字电子发票', under: 'RED E-INVOICE' };

/** `stan`: of the payment; `takenBack`: number of the invoice that a red one takes back. */
export function invoiceLines(
  invoice: Invoice,
  { stan, takenBack }: { readonly stan: string; readonly takenBack: string | undefined },
): Slip {
  const { kind, state, url, amountFen } = invoice;
  const { day, time } = shanghai(invoice.endedAt ?? invoice.requestedAt);
  return [
    { kind: 'pair', left: '操作员(OPERATOR NO)', right: invoice.operator },
    { kind: 'pair', left: '原凭证号(ORG VOUCHER)', right: stan },
    { kind: 'pair', left: '日期(DATE)', right: `${day} ${time}` },
    ...named('发票号码(INVOICE NO)', invoice.invoiceNo ?? '-'),
    ...named('红冲发票号码(TAKES BACK)', takenBack),
    { kind: 'rule' },
    ...named('抬头(TITLE)', invoice.title),
    ...named('税号(TAX NO)', invoice.taxNo),
    ...named('地址(ADDRESS)', invoice.address),
    { kind: 'rule' },
    text('金额(AMOUNT)'),
    {
      kind: 'text',
      text: `RMB ${kind === 'red' ? '-' : ''}${formatYuan(amountFen)}`,
      align: 'right',
      size: 'double',
      bold: true,
    },
    ...named('发送至手机(SENT TO)', invoice.phone),
    ...named('发送至邮箱(SENT TO)', invoice.email),
    ...(url === null ? [] : [{ kind: 'qr', data: url } as const, centred('扫码查看发票 SCAN TO VIEW')]),
    ...(state === 'RED' ? [centred('***已红冲/TAKEN BACK***')] : []),
  ];
}

const text = (value: string): SlipLine => ({ kind: 'text', text: value });
const centred = (value: string): SlipLine => ({ kind: 'text', text: value, align: 'center' });

/** A value that may be longer than its line. */
const named = (name: string, value: string | null | undefined): Slip =>
  value === null || value === undefined ? [] : [text(name), text(`  ${value}`)];
