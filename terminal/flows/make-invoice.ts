import { isDeviceError } from '../../drivers/errors.ts';
import { present } from '../base/assert.ts';
import type { Database } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { type Fen, subtractFen, zeroFen } from '../base/money.ts';
import { type Invoice, isStanding } from '../invoices/invoice.ts';
import { issueInvoice } from '../invoices/issue-invoice.ts';
import { invoiceByNo, liveInvoiceOf, standingInvoices } from '../invoices/queries.ts';
import { isRedDue, redInvoice } from '../invoices/red-invoice.ts';
import { readTitleCode } from '../invoices/title-code.ts';
import { kinds } from '../payments/kinds.ts';
import { paymentByNo, paymentByStan } from '../payments/queries.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { deviceRefusal } from './device-refusal.ts';
import type {
  InvoiceOffer,
  InvoiceOrder,
  InvoiceOutcome,
  InvoiceStep,
  InvoiceView,
  ScannedTitle,
} from './invoice-desk.ts';
import { printInvoice } from './print.ts';
import { changed, until, type World } from './world.ts';

/**
 * A customer's invoice as the counter asks for it (B-040, B-041): send the instruction, follow the host's word, print. It moves no money, so it needs neither link
 * nor sign-in: the instruction is durable, its result comes down by itself, and the host decides on its own record of the payment.
 */

/** The payment with this voucher, what an invoice of it would be of, and the one that is there. FORBIDDEN, NOT_FOUND, TXN_NOT_PAID. */
export function offerInvoice({ db }: World, user: User, stan: string): InvoiceOffer {
  authorise(user, 'invoice');
  const payment = paymentByStan(db, stan);
  if (!payment) throw new TerminalError('NOT_FOUND', { what: 'transaction', no: stan });
  const { no, createdAt } = payment;
  const [amountFen, live] = [paidOf(db, no), liveInvoiceOf(db, no)];
  if (amountFen === 0 && !live) throw new TerminalError('TXN_NOT_PAID', { no: stan });
  return { payment: no, stan, at: createdAt, amountFen, issued: live && invoiceView(db, live) };
}

/** The customer's 发票抬头二维码 under the scanner. */
export async function scanTitle({ scanner, config }: World, user: User, signal: AbortSignal): Promise<ScannedTitle> {
  authorise(user, 'invoice');
  if (!scanner) throw new TerminalError('DEVICE_ABSENT', { device: 'scanner' });
  try {
    const { text } = await scanner.scan(config.limits.scanWaitMs, signal);
    if (signal.aborted) return { kind: 'stopped', why: 'cancelled' };
    return { kind: 'scanned', title: readTitleCode(text) };
  } catch (error) {
    if (!isDeviceError(error)) throw error;
    if (error.code === 'CANCELLED') return { kind: 'stopped', why: 'cancelled' };
    if (error.code === 'SCAN_TIMEOUT') return { kind: 'stopped', why: 'scan-timeout' };
    return { kind: 'stopped', why: 'scanner', detail: String(error.details['reason'] ?? error.code) };
  }
}

export function makeInvoice(
  world: World,
  user: User,
  { payment, key, ...customer }: InvoiceOrder,
  signal: AbortSignal,
  progress: (step: InvoiceStep) => void,
): Promise<InvoiceOutcome> {
  const invoice = issueInvoice(world.db, world, {
    user,
    payment: { no: payment, leftFen: paidOf(world.db, payment) },
    customer,
    ...(key !== undefined && { key }),
  });
  return follow(world, invoice.no, signal, progress);
}

/** 红字发票 of a whole invoice. */
export function takeInvoiceBack(
  world: World,
  user: User,
  no: string,
  signal: AbortSignal,
  progress: (step: InvoiceStep) => void,
): Promise<InvoiceOutcome> {
  const blue = invoiceByNo(world.db, no);
  const leftFen = blue ? leftOf(world.db, blue.payment) : zeroFen;
  const red = redInvoice(world.db, world, { user, no, leftFen });
  return follow(world, red.no, signal, progress);
}

async function follow(
  world: World,
  no: string,
  signal: AbortSignal,
  progress: (step: InvoiceStep) => void,
): Promise<InvoiceOutcome> {
  const now = (): Invoice => present(invoiceByNo(world.db, no), 'the invoice that was just asked for');
  progress({ at: 'sending' });
  world.link.wake();
  changed(world);
  await until(world, () => now().state !== 'REQUESTED', signal);
  const invoice = now();
  const view = invoiceView(world.db, invoice);
  if (invoice.state === 'REQUESTED') return { kind: 'continues', invoice: view };
  if (invoice.state === 'FAILED')
    return { kind: invoice.refused ? 'refused' : 'failed', invoice: view, reason: invoice.reason ?? '' };
  progress({ at: 'printing' });
  const printProblem = await printInvoice(world, invoice, invoice.prints > 0);
  changed(world);
  return { kind: 'issued', invoice: invoiceView(world.db, now()), printProblem };
}

/** The slip of an invoice that was issued, again or for the first time. NOT_FOUND, ILLEGAL_STATE, PAPER_OUT, DEVICE_*. */
export async function reprintInvoice(world: World, user: User, no: string, signal: AbortSignal): Promise<void> {
  authorise(user, 'reprint');
  const invoice = invoiceByNo(world.db, no);
  if (!invoice) throw new TerminalError('NOT_FOUND', { what: 'invoice', no });
  if (invoice.state === 'REQUESTED' || invoice.state === 'FAILED')
    throw new TerminalError('ILLEGAL_STATE', { state: invoice.state, event: 'reprint' });
  const problem = await printInvoice(world, invoice, invoice.prints > 0, signal);
  changed(world);
  if (problem) throw deviceRefusal(problem, 'printer');
}

const paidStates: readonly string[] = ['PAID', 'CLEARED', 'PARTLY_REFUNDED', 'REFUNDED'];

/** Paid and not given back, of a payment of this book; zero for anything else. */
function leftOf(db: Database, no: string): Fen {
  const payment = paymentByNo(db, no);
  if (!payment || kinds[payment.txn].side !== 'debit') return zeroFen;
  // A void that is under way may still be declined.
  const stands = payment.state === 'VOIDING' || paidStates.includes(payment.state);
  return stands ? subtractFen(payment.amountFen, payment.refundedFen) : zeroFen;
}

/** What a new invoice would be of. */
const paidOf = (db: Database, no: string): Fen => (paymentByNo(db, no)?.state === 'VOIDING' ? zeroFen : leftOf(db, no));

/** A payment may be refunded for one of them. */
const twoYearsMs = 2 * 366 * 86_400_000;

/** How many, of those of the last two years, say more than was paid in the end. */
export const redInvoicesDue = ({ db, clock }: Pick<World, 'db' | 'clock'>): number =>
  standingInvoices(db, clock.now() - twoYearsMs).filter((invoice) => isRedDue(invoice, leftOf(db, invoice.payment)))
    .length;

export const invoiceView = (db: Database, invoice: Invoice): InvoiceView => ({
  no: invoice.no,
  kind: invoice.kind,
  state: invoice.state,
  payment: invoice.payment,
  stan: paymentByNo(db, invoice.payment)?.stan ?? '',
  of: invoice.of ?? undefined,
  amountFen: invoice.amountFen,
  titleKind: invoice.titleKind,
  title: invoice.title,
  taxNo: invoice.taxNo ?? undefined,
  phone: invoice.phone ?? undefined,
  email: invoice.email ?? undefined,
  invoiceNo: invoice.invoiceNo ?? undefined,
  url: invoice.url ?? undefined,
  reason: invoice.reason ?? undefined,
  redDue: invoice.kind === 'blue' && isStanding(invoice) && isRedDue(invoice, leftOf(db, invoice.payment)),
  operator: invoice.operator,
  requestedAt: invoice.requestedAt,
  prints: invoice.prints,
});
