import { inTransaction, type Tx } from '../base/database.ts';
import { fen } from '../base/money.ts';
import { setting } from '../base/settings.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Payment } from '../payments/payment.ts';
import { modeOf } from '../settlement/mode.ts';
import { newestSettlements } from '../settlement/queries.ts';
import { creditsDue, dropCreditsDue, hasCreditsDue, noteCredit } from '../settlement/settled-parts.ts';
import type { Settlement } from '../settlement/settlement.ts';
import { getToBuildAnew, updateSettlement } from '../settlement/store.ts';
import { maySettle, settleAsSys, settleableFen } from './settle-as-sys.ts';
import { settleAtCut } from './settle-at-cut.ts';
import { tellFailed } from './settlement-news.ts';
import type { World } from './world.ts';

/**
 * 实时结算 (B-006): what a clearing brings is settled at once. Noted in the transaction of its J-03, whatever brought that about, and settled as soon as the gate is open: what was
 * credited, as far as it is still there after J-12, the rest of J-09 and what stays back; never what came back by J-08, J-22 or J-23 (races.md).
 */

/** J-03 among the journals that a row from above caused. */
export function noteCleared(tx: Tx, journals: readonly Journal[]): void {
  if (!journals.some(({ event }) => event === 'J-03') || modeOf(tx.db).mode !== 'REALTIME') return;
  for (const { event, key } of journals) if (event === 'J-03') noteCredit(tx, key);
}

/** A payment that cleared in its answer. Of any other, which is nearly all, nothing is even looked up. */
export function notePaid(tx: Tx, { cleared, no }: Pick<Payment, 'cleared' | 'no'>): void {
  if (cleared && modeOf(tx.db).mode === 'REALTIME') noteCredit(tx, `clear:${no}`);
}

/** J-03 in a book that comes back: whether it came in real time will show (takeLastCredits). */
export function noteRestored(tx: Tx, journals: readonly { readonly event: string; readonly key: string }[]): void {
  for (const { event, key } of journals) if (event === 'J-03') noteCredit(tx, key);
}

/** The book is back: only in real time is what came after the last settlement still to be settled. */
export function dropRestored(tx: Tx): void {
  const [last] = newestSettlements(tx.db, 1);
  if (modeOf(tx.db).mode !== 'REALTIME' || last?.mode !== 'REALTIME') dropCreditsDue(tx);
}

/** What SYS settles by itself: again what was refused, at once what has cleared, and at the cut. Looked at after every change. */
export async function settleByItself(world: World): Promise<void> {
  settleAgain(world);
  settleAtOnce(world);
  await settleAtCut(world);
}

function settleAtOnce(world: World): void {
  const { db } = world;
  if (!hasCreditsDue(db)) return;
  if (modeOf(db).mode !== 'REALTIME') {
    inTransaction(db, dropCreditsDue);
    return;
  }
  if (!maySettle(world, '')) return;
  const amountFen = fen(Math.min(dueFen(world), settleableFen(world)));
  settleAsSys(world, { mode: 'REALTIME', amountFen }, (tx) => (amountFen > 0 ? undefined : dropCreditsDue(tx)));
}

const dueFen = ({ db }: World): number => creditsDue(db).reduce((sum, credit) => sum + credit.fen, 0);

/** Under a new number, once, when what the refusal was about is known here (races.md, Again). A mode that is over by then needs it no more. */
function settleAgain(world: World): void {
  const { db } = world;
  const rev = Number(setting(db, 'rev') ?? 0);
  for (const refused of getToBuildAnew(db)) {
    if (refused.againFromRev === null || rev < refused.againFromRev) continue;
    if (modeOf(db).mode !== refused.mode) inTransaction(db, (tx) => dropped(tx, world, refused));
    else if (maySettle(world, refused.no)) buildAnew(world, refused);
  }
}

const settled = (tx: Tx, refused: Settlement): void => updateSettlement(tx, { ...refused, againFromRev: null });

/** It is not built anew: now it has failed. */
function dropped(tx: Tx, { clock }: World, refused: Settlement): void {
  settled(tx, refused);
  tellFailed(tx, clock.now(), refused);
}

function buildAnew(world: World, refused: Settlement): void {
  const { no: againOf, mode, cut } = refused;
  const wantedFen = mode === 'REALTIME' ? refused.amountFen + dueFen(world) : Number.POSITIVE_INFINITY;
  const amountFen = fen(Math.min(wantedFen, settleableFen(world)));
  settleAsSys(world, { mode, amountFen, againOf, ...(cut !== null && { cut }) }, (tx) => {
    if (amountFen > 0) settled(tx, refused);
    else dropped(tx, world, refused);
    if (mode === 'REALTIME') noteCredit(tx, `unsettle:${againOf}`);
  });
}
