import { TerminalError } from '../base/errors.ts';
import { newestSettlements, settlementByKey } from '../settlement/queries.ts';
import { checkSettlement } from '../settlement/settle.ts';
import { authorise, mayDo } from '../users/roles.ts';
import { type User, userOf } from '../users/user.ts';
import { noteFailure } from './abnormal-device.ts';
import { auditAttempt } from './audit-attempt.ts';
import { balance } from './balance.ts';
import { batchSummary } from './batch-summary.ts';
import { CardAtIdle } from './card-at-idle.ts';
import { checkout } from './checkout.ts';
import type { Counter, PaymentDialog } from './counter.ts';
import { counterStatus } from './counter-status.ts';
import { showCustomer } from './customer-display.ts';
import { closeBatch } from './end-of-day.ts';
import { leave, lockAt, logOnAt, newSeat } from './lock.ts';
import { codeDesk, invoiceDesk, refundDesk, riskDesk, storedDesk } from './make-desks.ts';
import { openDrawer } from './open-drawer.ts';
import { staffDesk } from './operators.ts';
import { reprint } from './reprint.ts';
import { batchDesk } from './resume.ts';
import { selfCheck } from './self-check.ts';
import { settle, settlementOffer, settleOnce } from './settle.ts';
import { endedWith, endOwnShift, printShiftSlip, shiftSoFar, shiftViews } from './shift.ts';
import { signIn } from './sign-in.ts';
import { signOff } from './sign-off.ts';
import { needsSupervisor } from './supervision.ts';
import { listTransactions, queryTransaction, scopeOf, transactionByStan } from './transaction-list.ts';
import { upkeepDesk } from './upkeep.ts';
import { settlementView } from './views.ts';
import { complete, takeBack, type VoidTxn } from './void.ts';
import { changed, onChange, type World } from './world.ts';

const shownSettlements = 20;

/**
 * A counter with a session of its own: one for the keypad, whose log-ons begin shifts, and one for each command of `pos`. A refusal leaves one audit
 * line (P-06).
 */
export function makeCounter(world: World, place: 'keypad' | 'command' = 'command'): Counter {
  const seat = newSeat(place === 'keypad');
  const cardAtIdle = new CardAtIdle(world, (reason) => noteFailure(world, world.reader.name, reason));

  const user = (): User => {
    if (!seat.operator) throw new TerminalError('UNAUTHENTICATED');
    return seat.operator;
  };

  const scope = () => {
    const { atCounter } = world.session;
    return scopeOf(seat.operator ?? (seat.keypad || atCounter === undefined ? undefined : userOf(atCounter)));
  };

  /** Runs a command; what is refused is written down with who asked for it. */
  async function command<T>(action: string, work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TerminalError && !writtenDown.has(error.code))
        auditRefusal(world, seat.operator?.no ?? '--', action, error);
      throw error;
    }
  }

  const voidBy =
    (txn: VoidTxn): Counter['void'] =>
    (stan, secret, dialog, fallback = false) =>
      command(txn, () => takeBack(world, user(), { txn, stan, secret, fallback }, withAnswers(dialog)));

  return {
    status: () => counterStatus(world, seat.operator),
    onStatus: (listener) => onChange(world, listener),
    logOn: (no, secret, newSecret) => logOnAt(world, seat, { no, secret, newSecret }),
    logOff() {
      cardAtIdle.forget();
      leave(world, seat);
    },
    lock() {
      cardAtIdle.forget();
      lockAt(world, seat);
    },
    handOver: (print) =>
      command('hand-over', () => {
        const operator = user();
        const ended = endOwnShift(world, operator);
        cardAtIdle.forget();
        leave(world, seat);
        return endedWith(world, operator, ended, print);
      }),
    shift: () => seat.operator && shiftSoFar(world.db, seat.operator),
    shifts: (limit) => shiftViews(world.db, limit),
    printShift: (id, signal) => command('shift', () => printShiftSlip(world, user(), id, signal)),
    staff: staffDesk(world, user),
    refunds: refundDesk(world, user, command),
    batches: batchDesk(world, user, command),
    codes: codeDesk(world, user, command),
    stored: storedDesk(world, user, command),
    invoices: invoiceDesk(world, user, command),
    risk: riskDesk(world, user, command),
    upkeep: upkeepDesk(world, user, command),
    sale: (amount, signal, progress, confirm, fallback = false, questions = {}) =>
      command('sale', () => {
        const order = { txn: 'sale', user: user(), amount, withCard: true, fallback, card: cardAtIdle.take() } as const;
        return checkout(world, order, withAnswers({ signal, progress, confirm, ...questions }));
      }),
    preauth: (amount, dialog, fallback = false) =>
      command('preauth', () => {
        const order = {
          txn: 'preauth',
          user: user(),
          amount,
          withCard: true,
          fallback,
          card: cardAtIdle.take(),
        } as const;
        return checkout(world, order, withAnswers(dialog));
      }),
    void: voidBy('void'),
    preauthVoid: voidBy('preauth-void'),
    completionVoid: voidBy('completion-void'),
    needsSupervisor: (action) => seat.operator !== undefined && needsSupervisor(world.db, seat.operator, action),
    completion: (of, amount, dialog, fallback = false) =>
      command('completion', () => complete(world, user(), { of, amount, fallback }, withAnswers(dialog))),
    balance: (dialog, fallback = false) =>
      command('balance', () => balance(world, user(), fallback, withAnswers(dialog))),
    signOff: (signal) => command('sign-off', () => signOff(world, user(), signal)),
    async offeredCard(signal) {
      showCustomer(world, { is: 'welcome' });
      return seat.operator && mayDo(seat.operator, 'sale') ? cardAtIdle.next(signal) : undefined;
    },
    forgetCard: () => cardAtIdle.forget(),
    signIn: (signal) =>
      command('sign-in', async () => {
        authorise(user(), 'sign-in');
        await signIn(world, user().no, signal);
      }),
    closeBatch: (signal, progress) => command('batch-close', () => closeBatch(world, user(), signal, progress)),
    batchSummary: () => batchSummary(world),
    settlementOffer: () => {
      authorise(user(), 'settle');
      return settlementOffer(world);
    },
    settle: (amount, offer, signal, progress, key) =>
      command('settle', () =>
        settle(world, user(), { amount, offer, ...(key !== undefined && { key }) }, signal, progress),
      ),
    settlementByKey: (key) => {
      const known = settlementByKey(world.db, key);
      return known && settlementView(known);
    },
    settleOnce: (ask, signal, progress) => command('settle', () => settleOnce(world, user(), ask, signal, progress)),
    settlements: () => newestSettlements(world.db, shownSettlements).map(settlementView),
    checkSettlement: (no) => {
      checkSettlement(world.db, world.clock, user(), no);
      world.link.wake();
      changed(world);
    },
    listScope: scope,
    transactions: (limit) => listTransactions(world.db, scope(), limit),
    query: (stan) => queryTransaction(world.db, scope(), stan),
    transaction: (stan) => transactionByStan(world.db, stan),
    lastTransaction: () => listTransactions(world.db, scope(), 1)[0],
    reprint: (what, signal) => command('reprint', () => reprint(world, user(), what, signal)),
    selfCheck: () => selfCheck(world, seat.operator?.no ?? 'SYS'),
    openDrawer: (secret) => command('drawer', () => openDrawer(world, user(), secret)),
  };
}

/** Refusals of the supervisor's secret, which have a line of their own (authoriseBySupervisor): one each (P-06). */
const writtenDown: ReadonlySet<string> = new Set(['SECRET_WRONG', 'OPERATOR_LOCKED', 'SELF_APPROVAL_FORBIDDEN']);

/** What no face asks is answered with no. */
const withAnswers = (dialog: PaymentDialog): Required<PaymentDialog> => ({
  acceptPart: async () => false,
  askCode: async () => undefined,
  ...dialog,
});

const auditRefusal = (world: World, by: string, action: string, { code, details }: TerminalError): void =>
  auditAttempt(world, { by, action, about: '', outcome: 'refused', details: { code, ...details } });
