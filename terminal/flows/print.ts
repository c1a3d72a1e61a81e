import type { Slip } from '../../drivers/devices.ts';
import { audit } from '../base/audit.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { fen } from '../base/money.ts';
import type { Invoice } from '../invoices/invoice.ts';
import { invoiceLines, invoiceTitle } from '../invoices/invoice-slip.ts';
import { invoiceByNo } from '../invoices/queries.ts';
import { countInvoicePrint } from '../invoices/store.ts';
import { codeSlip } from '../payments/code-slip.ts';
import { type Fault, faultSlip } from '../payments/fault-slip.ts';
import type { Payment } from '../payments/payment.ts';
import { paymentByNo } from '../payments/queries.ts';
import { saleSlip } from '../payments/receipt.ts';
import type { Refund } from '../payments/refund.ts';
import { refundSlip } from '../payments/refund-slip.ts';
import { countRefundPrint } from '../payments/refund-store.ts';
import { framed, type SlipHead } from '../payments/slip-parts.ts';
import { countPrint } from '../payments/store.ts';
import type { Batch } from '../settlement/batch.ts';
import { batchLines } from '../settlement/batch-slip.ts';
import type { Settlement } from '../settlement/settlement.ts';
import { arrivalOf, countSettlementPrint, settlementLines, settlementPrints } from '../settlement/settlement-slip.ts';
import { batchSlipFacts } from './batch-slip-facts.ts';
import { print } from './print-job.ts';
import { type ShiftView, shiftLines } from './shift-slip.ts';
import { merchantName } from './sign-in.ts';
import type { World } from './world.ts';

/** The slips of this terminal. Each function returns the printer's problem, if any. */

export const slipHead = (world: World): SlipHead => ({
  merchantName: merchantName(world),
  merchant: world.config.merchant,
  terminal: world.config.terminal,
  simulated: world.simulated,
  hotline: world.config.hotline,
  pinFreeFen: fen(world.config.limits.pinFreeFen),
});

export async function printSale(
  world: World,
  payment: Payment,
  duplicate: boolean,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const original = payment.original === null ? undefined : paymentByNo(world.db, payment.original);
  const slip = (again: boolean): Slip => saleSlip(slipHead(world), payment, again, original);
  const printed = await print(world, { of: payment.no, slip, duplicate }, signal);
  if ('problem' in printed) return printed.problem;
  at('sale.printed');
  countPrinted(world, payment, printed.duplicate, countPrint);
  at('sale.after-printed');
  return undefined;
}

/** What cannot be counted is on paper all the same: a full disk must not make an approved sale look refused. */
function countPrinted(
  world: World,
  { no, operator }: Pick<Payment, 'no' | 'operator'>,
  duplicate: boolean,
  count: (tx: Tx, no: string) => void,
): void {
  try {
    inTransaction(world.db, (tx) => {
      count(tx, no);
      if (duplicate) audit(tx, { at: world.clock.now(), by: operator, action: 'reprint', about: no, outcome: 'ok' });
    });
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    world.log('error', 'print-not-counted', { payment: no, code: error.code });
  }
}

export async function printRefund(
  world: World,
  refund: Refund,
  duplicate: boolean,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const slip = (again: boolean): Slip =>
    refundSlip(slipHead(world), refund, again, paymentByNo(world.db, refund.payment));
  const printed = await print(world, { of: refund.no, slip, duplicate }, signal);
  if ('problem' in printed) return printed.problem;
  countPrinted(world, refund, printed.duplicate, countRefundPrint);
  return undefined;
}

export async function printInvoice(
  world: World,
  invoice: Invoice,
  duplicate: boolean,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { no, payment, of } = invoice;
  const stan = paymentByNo(world.db, payment)?.stan ?? '-';
  const takenBack = of === null ? undefined : (invoiceByNo(world.db, of)?.invoiceNo ?? undefined);
  const lines = invoiceLines(invoice, { stan, takenBack });
  const slip = (again: boolean): Slip => framed(slipHead(world), { ...invoiceTitle(invoice), duplicate: again }, lines);
  const printed = await print(world, { of: no, slip, duplicate }, signal);
  if ('problem' in printed) return printed.problem;
  countPrinted(world, invoice, printed.duplicate, countInvoicePrint);
  return undefined;
}

/** 收款码 on paper, for a customer who is to scan it until `untilMs`. No voucher, and not counted. */
export const printCode = (world: World, payment: Payment, url: string, untilMs: number): Promise<string | undefined> =>
  printUncounted(world, `code ${payment.no}`, () => codeSlip(slipHead(world), payment, url, untilMs));

export const faultSlipName = ({ batch, stan }: Fault): string => `fault ${batch} ${stan}`;

/** 故障单. No voucher, and not counted. */
export const printFault = (world: World, fault: Fault, signal?: AbortSignal): Promise<string | undefined> =>
  printUncounted(world, faultSlipName(fault), () => faultSlip(slipHead(world), fault), signal);

const batchSlipName = ({ id }: Batch): string => `batch ${id}`;

/** Why the slip of this batch is not on paper, as far as this process knows. */
export const batchSlipProblem = ({ session, printer }: World, batch: Batch): string =>
  session.unfinishedSlip?.of === batchSlipName(batch)
    ? session.unfinishedSlip.problem
    : (printer.status().problem ?? 'DEVICE_FAULT');

export function printBatch(
  world: World,
  batch: Batch,
  duplicate: boolean,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const title = { title: '批结算单', under: 'BATCH SETTLEMENT' };
  const slip = (again: boolean): Slip =>
    framed(slipHead(world), { ...title, duplicate: again }, batchLines(batch, batchSlipFacts(world.db, batch)));
  return printUncounted(world, batchSlipName(batch), slip, signal, duplicate);
}

/** 资金结算单, with the duplicate mark from the second one on; `by` asked for it. */
export async function printSettlement(
  world: World,
  by: string,
  settlement: Settlement,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { no } = settlement;
  const title = { title: '资金结算单', under: 'SETTLEMENT' };
  const lines = settlementLines(settlement, arrivalOf(world.db, settlement));
  const slip = (again: boolean): Slip => framed(slipHead(world), { ...title, duplicate: again }, lines);
  const duplicate = settlementPrints(world.db, no) > 0;
  const printed = await print(world, { of: `settlement ${no} ${settlement.state}`, slip, duplicate }, signal);
  if ('problem' in printed) return printed.problem;
  countPrinted(world, { no, operator: by }, printed.duplicate, countSettlementPrint);
  return undefined;
}

export function printShift(
  world: World,
  shift: ShiftView,
  duplicate: boolean,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const title = { title: '操作员汇总', under: 'OPERATOR TOTALS' };
  const slip = (again: boolean): Slip => framed(slipHead(world), { ...title, duplicate: again }, shiftLines(shift));
  // What a shift came to so far is another slip each time.
  const of = `shift ${shift.id} ${shift.endedAt ?? world.clock.now()}`;
  return printUncounted(world, of, slip, signal, duplicate);
}

/** Whoever asked counts it, if it is counted. */
export async function printUncounted(
  world: World,
  of: string,
  slip: (duplicate: boolean) => Slip,
  signal?: AbortSignal,
  duplicate = false,
): Promise<string | undefined> {
  const printed = await print(world, { of, slip, duplicate }, signal);
  return 'problem' in printed ? printed.problem : undefined;
}
