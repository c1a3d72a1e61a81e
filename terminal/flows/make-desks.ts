import { invoiceByNo, newestInvoices } from '../invoices/queries.ts';
import { liveFreezeOf } from '../payments/freeze.ts';
import { paymentByStan, waitingIn } from '../payments/queries.ts';
import { newestRefunds, refundByKey, refundByNo, refundByStan } from '../payments/refund-queries.ts';
import { reportStop } from '../payments/risk.ts';
import { currentBatch } from '../settlement/queries.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { codeSale } from './code-sale.ts';
import type { CodeDesk } from './code-sale-desk.ts';
import { findRefundable, giveBack, reprintRefund } from './give-back.ts';
import type { RefundDesk } from './give-back-desk.ts';
import type { InvoiceDesk } from './invoice-desk.ts';
import { invoiceView, makeInvoice, offerInvoice, reprintInvoice, scanTitle, takeInvoiceBack } from './make-invoice.ts';
import type { RiskDesk } from './risk-desk.ts';
import { adviseAtCounter, sellOffline } from './stored-sale.ts';
import type { StoredDesk } from './stored-sale-desk.ts';
import { refundView, transactionView } from './views.ts';
import { changed, type World } from './world.ts';

/** The desks of a counter: what one who is logged on may do beside selling by card. */

/** Runs a command of a counter; what is refused is written down. */
type Run = <T>(action: string, work: () => T | Promise<T>) => Promise<T>;

export function refundDesk(world: World, user: () => User, run: Run): RefundDesk {
  return {
    find: (reference, signal) => run('refund', () => findRefundable(world, user(), reference, signal)),
    refund: ({ payment, amount, secret, key }, signal, progress) =>
      run('refund', () => giveBack(world, user(), { payment, amount, secret, key }, signal, progress)),
    list: (limit) => newestRefunds(world.db, limit).map(refundView),
    byStan: (stan) => {
      const refund = refundByStan(world.db, stan);
      return refund && refundView(refund);
    },
    byKey: (key) => {
      const refund = refundByKey(world.db, key);
      return refund && refundView(refund);
    },
    reprint: (stan, signal) =>
      run('reprint', () => {
        authorise(user(), 'reprint');
        return reprintRefund(world, stan, signal);
      }),
  };
}

export const codeDesk = (world: World, user: () => User, run: Run): CodeDesk => ({
  sale: (amount, way, signal, progress) =>
    run('code-sale', () => codeSale(world, { user: user(), amount, way }, { signal, progress })),
  byStan: (stan) => {
    const payment = paymentByStan(world.db, stan);
    return payment?.txn === 'code-sale' ? transactionView(world.db, payment) : undefined;
  },
});

/** An offline sale asks neither. */
const unasked = { acceptPart: async () => false, askCode: async () => undefined };

export const storedDesk = (world: World, user: () => User, run: Run): StoredDesk => ({
  sale: (amount, dialog) => run('stored-sale', () => sellOffline(world, user(), amount, { ...unasked, ...dialog })),
  advise: (stan, amount) => run('completion-advice', () => adviseAtCounter(world, user(), stan, amount)),
  waiting: () => waitingIn(world.db, 'STORED').map((payment) => transactionView(world.db, payment)),
});

export const invoiceDesk = (world: World, user: () => User, run: Run): InvoiceDesk => ({
  offer: (stan) => run('invoice', () => offerInvoice(world, user(), stan)),
  scanTitle: (signal) => run('invoice', () => scanTitle(world, user(), signal)),
  issue: (order, signal, progress) => run('invoice', () => makeInvoice(world, user(), order, signal, progress)),
  red: (no, signal, progress) => run('red-invoice', () => takeInvoiceBack(world, user(), no, signal, progress)),
  list: (limit) => newestInvoices(world.db, limit).map((invoice) => invoiceView(world.db, invoice)),
  byNo: (no) => {
    const invoice = invoiceByNo(world.db, no);
    return invoice && invoiceView(world.db, invoice);
  },
  reprint: (no, signal) => run('reprint', () => reprintInvoice(world, user(), no, signal)),
});

export const riskDesk = (world: World, user: () => User, run: Run): RiskDesk => ({
  report: (about, reason, where) =>
    run('report', () => {
      authorise(user(), 'report');
      const batch = currentBatch(world.db)?.no;
      const payment = about && (refundByNo(world.db, about)?.payment ?? about);
      reportStop(world.db, world, { by: user().no, payment, batch, reason, where });
      world.link.wake();
      changed(world);
    }),
  isFrozen: (payment) => liveFreezeOf(world.db, payment) !== undefined,
});
