import type { CardAnswer } from '../../sync/protocol/card-requests.ts';
import type { Answer } from '../../sync/protocol/requests.ts';
import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import type { Tx } from '../base/database.ts';
import { schedule } from '../base/due-work.ts';
import { toWire } from '../ledger/journal.ts';
import { kinds } from './kinds.ts';
import { releaseOriginal } from './originals.ts';
import { next, type Payment } from './payment.ts';
import { setLateCode, updateReversal } from './store.ts';

/** Reversals (冲正): payments.md. Each function runs in the caller's transaction and returns the payment as it is now. */

/** These end a reversal: reversed, no original, duplicate. */
const finalCodes: readonly string[] = ['00', '25', '94'];

/** About to be sent: counted first, so that a restart knows that it may have arrived. */
export function markReversalSent(tx: Tx, payment: Payment): Payment {
  const sent: Payment = { ...payment, reversal: 'SENT', reversalAttempts: payment.reversalAttempts + 1 };
  updateReversal(tx, sent, null);
  return sent;
}

/**
 * A reversal that needs a person is due once more, because `supervisor` said so: one answer that is not final ends it as before. ILLEGAL_STATE for any other payment.
 */
export function resumeReversal(
  tx: Tx,
  atMs: number,
  payment: Payment,
  maxRefusals: number,
  { by, supervisor }: { readonly by: string; readonly supervisor: string },
): void {
  const due: Payment = {
    ...payment,
    state: next(payment, 'reversal-resumed'),
    reversal: 'DUE',
    reversalRefusals: maxRefusals - 1,
    endedAt: null,
  };
  updateReversal(tx, due, null);
  schedule(tx, 'reversal', payment.no, atMs);
  const { no: about, stan } = payment;
  audit(tx, { at: atMs, by, action: 'reversal-resume', about, outcome: 'ok', details: { stan, supervisor } });
}

/**
 * The host answered the reversal. A final code ends it; any other counts, and after `maxRefusals` of them it needs a human and blocks the close.
 * It is never dropped by a count of attempts that had no answer. A void that was given back leaves its original as it was before.
 */
export function recordReversalAnswer(
  tx: Tx,
  atMs: number,
  payment: Payment,
  code: string,
  maxRefusals: number,
): Payment {
  const final = finalCodes.includes(code);
  const refusals = payment.reversalRefusals + (final ? 0 : 1);
  if (!final && refusals < maxRefusals) {
    const waiting: Payment = { ...payment, reversal: 'DUE', reversalRefusals: refusals };
    updateReversal(tx, waiting, code);
    return waiting;
  }
  const ended: Payment = {
    ...payment,
    state: next(payment, final ? 'reversed' : 'reversal-stuck'),
    reversal: final ? 'DONE' : 'NEEDS_HUMAN',
    reversalRefusals: refusals,
    endedAt: atMs,
  };
  updateReversal(tx, ended, code);
  const journals = final ? releaseOriginal(tx, atMs, ended) : [];
  audit(tx, {
    at: atMs,
    by: 'SYS',
    action: 'reversal',
    about: payment.no,
    outcome: 'ok',
    details: { code, state: ended.state },
  });
  send(tx.db, {
    kind: 'reversal-ended',
    id: final ? payment.no : `${payment.no}:stuck:${payment.reversalAttempts}`, // it may yet be done
    body: {
      no: payment.no,
      at: atMs,
      by: 'SYS',
      facts: {
        payment: payment.no,
        batch: payment.batch,
        stan: payment.stan,
        amountFen: payment.askedFen,
        state: final ? 'DONE' : 'NEEDS_HUMAN',
        code,
        attempts: payment.reversalAttempts,
        reason: payment.why ?? '',
      },
      journals: journals.map(toWire),
    },
  });
  return ended;
}

/** Whether it answers what has a reversal. */
export const isCardAnswer = (answer: Answer): answer is CardAnswer => Object.hasOwn(kinds, answer.kind);

/** An approval that comes after the reversal was created is logged against it and never revives the sale (payments.md, Reversal 5). */
export function recordLateAnswer(tx: Tx, atMs: number, no: string, code: string): void {
  if (!setLateCode(tx, no, code)) return; // an answer that came twice: the sale has it already
  audit(tx, { at: atMs, by: 'SYS', action: 'late-answer', about: no, outcome: 'ok', details: { code } });
}
