import { audit } from '../base/audit.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { newestPayments, paymentByStan } from '../payments/queries.ts';
import { newestSettlements } from '../settlement/queries.ts';
import { checkSettlement } from '../settlement/settle.ts';
import { logOn } from '../users/log-on.ts';
import { authorise, mayDo } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { CardAtIdle } from './card-at-idle.ts';
import { checkout } from './checkout.ts';
import type { Counter } from './counter.ts';
import { counterStatus } from './counter-status.ts';
import { showCustomer } from './customer-display.ts';
import { closeBatch } from './end-of-day.ts';
import { openDrawer } from './open-drawer.ts';
import { reprint } from './reprint.ts';
import { settle, settlementOffer } from './settle.ts';
import { signIn } from './sign-in.ts';
import { settlementView, transactionView } from './views.ts';
import { changed, onChange, type World } from './world.ts';

const shownSettlements = 20;

/** A counter with a session of its own: one for the keypad, one for each command of `pos`. A refusal leaves one audit line (P-06). */
export function makeCounter(world: World): Counter {
  let operator: User | undefined;
  const cardAtIdle = new CardAtIdle(world);

  const user = (): User => {
    if (!operator) throw new TerminalError('UNAUTHENTICATED');
    return operator;
  };

  /** Runs a command; what is refused is written down with who asked for it. */
  async function command<T>(action: string, work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TerminalError) auditRefusal(world, operator?.no ?? '--', action, error);
      throw error;
    }
  }

  return {
    status: () => counterStatus(world, operator),
    onStatus: (listener) => onChange(world, listener),
    async logOn(no, secret) {
      operator = await logOn(world.db, world, no, secret); // writes its own audit lines
      changed(world);
      return operator;
    },
    logOff() {
      operator = undefined;
      cardAtIdle.forget();
      changed(world);
    },
    sale: (amount, signal, progress, confirm, fallback = false) =>
      command('sale', () => {
        const order = { user: user(), amount, fallback, card: cardAtIdle.take() };
        return checkout(world, order, { signal, progress, confirm });
      }),
    async offeredCard(signal) {
      showCustomer(world, { is: 'welcome' });
      return operator && mayDo(operator, 'sale') ? cardAtIdle.next(signal) : undefined;
    },
    forgetCard: () => cardAtIdle.forget(),
    signIn: (signal) =>
      command('sign-in', () => {
        authorise(user(), 'sign-in');
        return signIn(world, user().no, signal);
      }),
    closeBatch: (signal, progress) => command('batch-close', () => closeBatch(world, user(), signal, progress)),
    settlementOffer: () => {
      authorise(user(), 'settle');
      return settlementOffer(world);
    },
    settle: (amount, offer, signal, progress, key) =>
      command('settle', () =>
        settle(world, user(), { amount, offer, ...(key !== undefined && { key }) }, signal, progress),
      ),
    settlements: () => newestSettlements(world.db, shownSettlements).map(settlementView),
    checkSettlement: (no) => {
      checkSettlement(world.db, world.clock, user(), no);
      world.link.wake();
      changed(world);
    },
    transactions: (limit) => newestPayments(world.db, limit).map(transactionView),
    transaction: (stan) => {
      const payment = paymentByStan(world.db, stan);
      return payment && transactionView(payment);
    },
    lastTransaction: () => newestPayments(world.db, 1).map(transactionView)[0],
    reprint: (what, signal) => command('reprint', () => reprint(world, user(), what, signal)),
    openDrawer: () => command('drawer', () => openDrawer(world, user())),
  };
}

function auditRefusal(world: World, by: string, action: string, error: TerminalError): void {
  try {
    inTransaction(world.db, (tx) =>
      audit(tx, {
        at: world.clock.now(),
        by,
        action,
        about: '',
        outcome: 'refused',
        details: { code: error.code, ...error.details },
      }),
    );
  } catch (failure) {
    // A full disk refuses the audit line too; what the person reads is the first refusal.
    if (!(failure instanceof TerminalError)) throw failure;
    world.log('error', 'audit-refused', { code: failure.code });
  }
}
