import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Slip } from '../../../drivers/devices.ts';
import { encodeSlip } from '../../../drivers/printer/encode-slip.ts';
import { printerProfiles } from '../../../drivers/printer/profiles.ts';
import { slipText } from '../../../drivers/printer/slip-text.ts';
import { entryMode, type TxnKind, txnKind } from '../../../sync/protocol/common.ts';
import { fen, formatYuan } from '../../../terminal/base/money.ts';
import { detailsLines, type ListRecord } from '../../../terminal/flows/list-slip.ts';
import { codeSlip } from '../../../terminal/payments/code-slip.ts';
import { type Fault, faultOf, faultOfRefund, faultSlip } from '../../../terminal/payments/fault-slip.ts';
import type { Payment } from '../../../terminal/payments/payment.ts';
import { saleSlip } from '../../../terminal/payments/receipt.ts';
import { refundSlip } from '../../../terminal/payments/refund-slip.ts';
import { framed } from '../../../terminal/payments/slip-parts.ts';
import { readReceipt } from '../../support/receipt-reader.ts';
import { anOriginal, aPayment, aRefund, head, papers } from '../payments/slip-samples.ts';

/** Whatever was paid, by whom and how: its slips fit the paper, no amount is broken, no card number is on them, and paper and screen say the same. */

const money = fc.integer({ min: 1, max: 999_999_999 });
const name = fc.oneof(
  fc.constant(null),
  fc.constantFrom('中国银联', '内蒙古自治区农村信用社联合社', 'Crédit Agricole 😀'),
  fc.string({ maxLength: 40 }),
);
const pan = fc.stringMatching(/^[1-9]\d{12,18}$/);
const mask = (number: string): string => number.slice(0, 6) + '*'.repeat(number.length - 10) + number.slice(-4);
const hex = (most: number) => fc.stringMatching(new RegExp(`^([0-9A-F]{2}){1,${most}}$`));
const chip = fc.option(
  fc.record({ AID: hex(16), ARQC: hex(8), TVR: hex(5), ATC: hex(2), CVM: fc.constant('online-pin') }),
);

const given = fc.record({
  txn: fc.constantFrom<TxnKind>(...txnKind.options),
  entry: fc.constantFrom(...entryMode.options),
  amountFen: money,
  discountFen: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10_000 })),
  unpaidFen: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10_000 })),
  pan,
  chip,
  issuer: name,
  acquirer: name,
  merchantName: fc.string({ maxLength: 40 }),
  why: fc.option(fc.constantFrom('no-answer', 'CODE_51', 'REFUND_FUNDS_INSUFFICIENT')),
  duplicate: fc.boolean(),
});
type Given = typeof given extends fc.Arbitrary<infer T> ? T : never;

const asked = ({ amountFen, discountFen, unpaidFen }: Given): number => amountFen + discountFen + unpaidFen;

const payment = (from: Given, change: Partial<Payment> = {}): Payment =>
  aPayment(from.txn, {
    entry: from.entry,
    card: mask(from.pan),
    chip: from.chip,
    issuer: from.issuer,
    acquirer: from.acquirer,
    askedFen: fen(asked(from)),
    amountFen: fen(from.amountFen),
    discountFen: fen(from.discountFen),
    why: from.why,
    ...change,
  });

const record = (from: Given, index: number): ListRecord => ({
  stan: String(index).padStart(6, '0'),
  txn: from.txn,
  operator: '01',
  card: from.entry.startsWith('QR') ? undefined : mask(from.pan),
  entry: from.entry,
  authCode: '711683',
  side: from.txn.endsWith('void') ? 'credit' : 'debit',
  amountFen: fen(from.amountFen),
});

/** Every slip there can be of it, with the amounts that must stand whole on it. */
function slipsOf(from: Given, columns: number): readonly (readonly [Slip, readonly number[]])[] {
  const on = { ...head, merchantName: from.merchantName };
  const sale = payment(from);
  const fault = (found: Fault | undefined): Slip => (found ? faultSlip(on, found) : []);
  const records = Array.from({ length: 3 }, (_, index) => record(from, index));
  const list = detailsLines({ batch: '000007', operator: undefined }, { records, page: 1, pages: 1 }, records, columns);
  const refund = aRefund({ amountFen: sale.amountFen, card: sale.card, entry: from.entry, reason: from.why });
  return [
    [saleSlip(on, sale, from.duplicate, sale.original === null ? undefined : anOriginal), [sale.amountFen]],
    [refundSlip(on, refund, from.duplicate, sale), [sale.amountFen]],
    [codeSlip(on, sale, `https://qr.alipay.com/${sale.no}`, sale.createdAt), [sale.askedFen]],
    [fault(faultOf(payment(from, { state: 'NEEDS_HUMAN' }))), [sale.askedFen]],
    [fault(faultOfRefund({ ...refund, state: 'FAILED' })), [sale.amountFen]],
    [
      framed(on, { title: '交易明细', under: 'TRANSACTION DETAILS', duplicate: false }, list),
      [sale.amountFen, 3 * sale.amountFen],
    ],
  ];
}

test.each(papers)('on paper of %d cells', (columns) => {
  const profile = printerProfiles[columns === 32 ? 'escpos-58' : 'escpos-80'];
  fc.assert(
    fc.property(given, (from) => {
      for (const [slip, amounts] of slipsOf(from, columns)) {
        // The reader throws for a line that is wider than the paper.
        const lines = readReceipt(encodeSlip(slip, profile), columns).flatMap((mark) =>
          'line' in mark ? [mark.line] : [],
        );
        const shown = slipText(
          slip.filter(({ kind }) => kind !== 'qr'),
          columns,
        );
        expect(lines).toEqual(shown);
        for (const amount of amounts) expect(lines.join('\n')).toContain(formatYuan(amount));
        for (const line of lines) expect(line).not.toMatch(/(\d,|\d\.\d?)$/);
        expect(lines.join('')).not.toContain(from.pan.slice(0, 11));
        expect(lines.join('')).not.toContain(from.pan.slice(-9));
      }
    }),
    { seed: 4, numRuns: 200 },
  );
});
