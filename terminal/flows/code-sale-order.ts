import type { CodeAnswer } from '../../sync/protocol/code-requests.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction } from '../base/database.ts';
import { finishWork, schedule, workDueAt } from '../base/due-work.ts';
import { TerminalError } from '../base/errors.ts';
import { answersCode, codeWork, isEnd, recordCodeEnd, recordCodeUnknown } from '../payments/code-sale.ts';
import type { Payment } from '../payments/payment.ts';
import { paymentByNo } from '../payments/queries.ts';
import { countRecord } from '../settlement/open-batch.ts';
import { askHost, isOnline } from './host-link.ts';
import { notePaid } from './settle-at-once.ts';
import { changed, oneAtATime, type World } from './world.ts';

/** Orders of code sales: asked after, ended, and, when nobody stands at the counter any more, brought to an end by due work. */

/** states.md: 1 s, 5 s, 30 s, then every minute, as multiples of the parameter. */
const delays = [1, 5, 30];
export const queryDelayMs = ({ config }: Pick<World, 'config'>, asked: number): number =>
  config.limits.orderQueryMs * (delays[asked] ?? 60);

type Answered = CodeAnswer | 'no-answer' | 'cancelled' | 'offline';

export function queryOrder(world: World, { no, stan }: Payment, signal: AbortSignal): Promise<Answered> {
  const waitMs = world.config.limits.hostWaitMs;
  return askHost(world, no, { kind: 'code-query', payment: no, stan }, { waitMs, signal });
}

/** Closes the order by number: the end, unless there is no answer. */
export function closeOrder(world: World, payment: Payment, reason: string, signal: AbortSignal): Promise<Answered> {
  const { no, stan, batch } = payment;
  const waitMs = world.config.limits.reversalWaitMs;
  return askHost(world, no, { kind: 'code-close', payment: no, stan, batch, reason }, { waitMs, signal });
}

/** Books the end that an answer tells; undefined when it tells none. What cannot be stored stays in doubt (recover.ts). */
export function endOrder(world: World, payment: Payment, answer: Answered): Payment | undefined {
  if (typeof answer === 'string' || !answersCode(payment, answer) || !isEnd(answer)) return undefined;
  try {
    const ended = inTransaction(world.db, (tx) => {
      const done = recordCodeEnd(tx, world.clock.now(), payment, answer);
      if (done.cleared) countRecord(tx, done, 'debit');
      notePaid(tx, done);
      at('code.in-result');
      return done;
    });
    at('code.after-result');
    if (ended.code === '77') world.session.signedIn = false; // as in charge.ts
    world.link.wake();
    changed(world);
    return ended;
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    world.log('error', 'answer-not-stored', { payment: payment.no, code: error.code });
    return undefined;
  }
}

/** The order is in doubt, and due work asks after it in `inMs`. `cancelled`, `timeout`: it is not wanted any more, so it is closed. */
export function doubtOrder(world: World, payment: Payment, why: string, inMs: number): Payment {
  const now = world.clock.now();
  try {
    return inTransaction(world.db, (tx) => recordCodeUnknown(tx, now, payment, why, now + inMs));
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    world.log('error', 'answer-not-stored', { payment: payment.no, code: error.code });
    return payment;
  } finally {
    changed(world);
  }
}

/** Asks after every order that is due, or closes it; what has no answer is due again later. */
export function settleOrders(world: World, signal: AbortSignal): Promise<void> {
  return oneAtATime(world, 'orders', async () => {
    for (const { about, attempts } of workDueAt(world.db, world.clock.now()).filter(({ kind }) => kind === codeWork)) {
      if (signal.aborted || !isOnline(world)) return;
      const payment = paymentByNo(world.db, about);
      const followed = world.session.running.has(about);
      if (payment?.state !== 'UNKNOWN') inTransaction(world.db, (tx) => finishWork(tx, codeWork, about));
      else if (followed || !(await settleOrder(world, payment, signal)))
        inTransaction(world.db, (tx) =>
          schedule(tx, codeWork, about, world.clock.now() + queryDelayMs(world, attempts)),
        );
    }
  });
}

/**
 * False: not ended yet. An order that the host does not know may still be on its way to it: closing bars its number. One that nobody paid in the time that a counter waits, and
 * whose screen is gone, is closed too.
 */
async function settleOrder(world: World, payment: Payment, signal: AbortSignal): Promise<boolean> {
  const unwanted = payment.why === 'cancelled' || payment.why === 'timeout';
  const answer = unwanted ? undefined : await queryOrder(world, payment, signal);
  const state = typeof answer === 'object' ? answer.state : undefined;
  const isOverdue = world.clock.now() >= payment.createdAt + world.config.limits.orderWaitMs;
  const isOver = state === 'NOT_FOUND' || (state === 'WAITING' && isOverdue);
  const last = unwanted || isOver ? await closeOrder(world, payment, payment.why ?? 'unknown', signal) : answer;
  return last !== undefined && endOrder(world, payment, last) !== undefined;
}
