import { audit } from '../base/audit.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction, type Tx } from '../base/database.ts';
import { finishWork, schedule, workDueAt } from '../base/due-work.ts';
import { next, type Payment } from '../payments/payment.ts';
import { needingHuman, openIntents, paymentByNo, reversalsDue, undecided } from '../payments/queries.ts';
import { updateState } from '../payments/store.ts';
import type { World } from './world.ts';

/** A hold whose completion or void is on its way waits for the end of that: the host may have said yes in time. */
const againMs = 60_000;

/** Pre-authorisations whose validity is over (states.md: HELD → EXPIRED). No money moves: the issuer lets go of the amount by itself. */
export function expireHolds(world: Pick<World, 'db' | 'clock'>): void {
  const { db, clock } = world;
  const now = clock.now();
  const due = workDueAt(db, now).filter(({ kind }) => kind === 'preauth-expiry');
  if (due.length === 0) return;
  const underWay = [...openIntents(db), ...reversalsDue(db), ...needingHuman(db), ...undecided(db)];
  const busy = underWay.map(({ original }) => original);
  inTransaction(db, (tx) => {
    for (const { about } of due) {
      if (busy.includes(about)) schedule(tx, 'preauth-expiry', about, now + againMs);
      else expire(tx, now, paymentByNo(db, about), about);
    }
    at('hold.in-expiry');
  });
  at('hold.after-expiry');
}

function expire(tx: Tx, now: number, held: Payment | undefined, no: string): void {
  finishWork(tx, 'preauth-expiry', no);
  if (held?.state !== 'HELD') return;
  updateState(tx, { ...held, state: next(held, 'expired') });
  audit(tx, { at: now, by: 'SYS', action: 'preauth-expired', about: no, outcome: 'ok', details: { stan: held.stan } });
}
