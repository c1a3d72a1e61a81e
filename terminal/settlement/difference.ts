import type { DifferenceExamined, DifferenceFound } from '../../sync/protocol/bills.ts';
import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { type Database, inTransaction, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { fen } from '../base/money.ts';
import { differenceSuspended, type Suspended, suspenseUndone } from '../ledger/difference-journals.ts';
import { type Journal, toWire } from '../ledger/journal.ts';
import { post } from '../ledger/post.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { resolveRun } from './bill.ts';
import { type Difference, isLive, nextDifferenceState } from './reconcile.ts';
import { getDifference, insertDifference, updateDifference } from './reconcile-store.ts';

/** Differences (差错) from FOUND to their end (states.md 21). Each step but the last runs in the caller's transaction. */

export type NewDifference = Pick<
  Difference,
  | 'no'
  | 'date'
  | 'kind'
  | 'payment'
  | 'txn'
  | 'batch'
  | 'entry'
  | 'stan'
  | 'here'
  | 'there'
  | 'hereFen'
  | 'thereFen'
  | 'deltaFen'
  | 'channel'
>;

export const newDifference = (found: NewDifference, atMs: number): Difference => ({
  ...found,
  state: 'FOUND',
  finding: null,
  decision: null,
  decidedBy: null,
  approvedBy: null,
  reason: null,
  waits: null,
  at: atMs,
  endedAt: null,
});

/** What of it stands in 2490 or 1290; undefined: no money of it does. */
export const suspendedOf = ({ no, channel, deltaFen }: Difference): Suspended | undefined =>
  channel === null || deltaFen === 0 ? undefined : { no, channel, deltaFen: fen(deltaFen) };

/** FOUND: J-80 or J-81, and the row that tells the host. `facts.bill` is null for a clearing. */
export function openDifference(tx: Tx, difference: Difference, facts: DifferenceFound['facts']): void {
  const { no, at: atMs, kind, deltaFen } = difference;
  insertDifference(tx, difference);
  const suspended = suspendedOf(difference);
  const journals = suspended ? [differenceSuspended(suspended, sys(atMs))] : [];
  for (const journal of journals) post(tx, journal);
  audit(tx, { at: atMs, by: 'SYS', action: 'difference-found', about: no, outcome: 'ok', details: { kind, deltaFen } });
  send(tx.db, {
    kind: 'difference-found',
    id: no,
    body: { no, at: atMs, by: 'SYS', facts, journals: journals.map(toWire) },
  });
  at('bill.in-differences');
}

/** A newer bill does not show it any more: the other side was mended, the suspense is undone. */
export function explainGone(tx: Tx, atMs: number, difference: Difference, text: string): void {
  const { date } = difference;
  const suspended = suspendedOf(difference);
  const journals = suspended ? [suspenseUndone(suspended, sys(atMs))] : [];
  for (const journal of journals) post(tx, journal);
  tellExamined(tx, { ...explained(difference, text), endedAt: atMs }, { at: atMs, by: 'SYS', journals });
  resolveRun(tx, date);
}

/**
 * O looked: FOUND → INVESTIGATING. `explained` ends what has no money in suspense; where it has, it is what O proposes, and two persons upstream decide (P-28).
 * FORBIDDEN, NOT_FOUND, ILLEGAL_STATE, REASON_REQUIRED.
 */
export function examineDifference(
  db: Database,
  { clock }: { readonly clock: Clock },
  by: User,
  {
    no,
    finding,
    text,
  }: { readonly no: string; readonly finding: 'investigating' | 'explained'; readonly text: string },
): void {
  authorise(by, 'differences');
  const difference = getDifference(db, no);
  if (!difference) throw new TerminalError('NOT_FOUND', { what: 'difference', no });
  const why = text.trim();
  if (finding === 'explained' && why === '') throw new TerminalError('REASON_REQUIRED');
  const atMs = clock.now();
  const ends = finding === 'explained' && !suspendedOf(difference);
  const examined: Difference = ends
    ? { ...explained(difference, why), endedAt: atMs }
    : {
        ...difference,
        state: nextDifferenceState(difference.state, 'looked'),
        finding: why === '' ? difference.finding : why,
      };
  inTransaction(db, (tx) => {
    tellExamined(tx, examined, { at: atMs, by: by.no, journals: [], finding });
    if (ends) resolveRun(tx, difference.date);
  });
}

/** A decision that waited can not be booked any more: upstream hears of it, and decides anew. */
export function reopenDifference(tx: Tx, atMs: number, difference: Difference, code: string): void {
  const finding = difference.finding === null ? code : `${difference.finding} · ${code}`;
  const open = { ...difference, decision: null, waits: null, finding };
  tellExamined(tx, open, { at: atMs, by: 'SYS', journals: [], finding: 'investigating' });
}

const explained = (difference: Difference, finding: string): Difference => ({
  ...difference,
  state: nextDifferenceState(difference.state, 'explained'),
  finding,
});

function tellExamined(
  tx: Tx,
  difference: Difference,
  told: {
    readonly at: number;
    readonly by: string;
    readonly journals: readonly Journal[];
    readonly finding?: DifferenceExamined['facts']['finding'];
  },
): void {
  const { no, finding } = difference;
  const { by, journals, finding: what = 'explained' } = told;
  updateDifference(tx, difference);
  audit(tx, { at: told.at, by, action: 'difference-examined', about: no, outcome: 'ok', details: { finding: what } });
  const facts = { difference: no, finding: what, text: (finding ?? '').slice(0, 200) };
  const id = `${no}:${what}:${told.at}`;
  send(tx.db, {
    kind: 'difference-examined',
    id,
    body: { no: id, at: told.at, by, facts, journals: journals.map(toWire) },
  });
}

const sys = (atMs: number) => ({ at: atMs, by: 'SYS' });

/** `difference-found` of a bill, for a book that comes back; one of a clearing is found again by it. */
export function restoreDifference(tx: Tx, { no, at: atMs, facts, journals }: DifferenceFound): void {
  const { bill } = facts;
  if (!bill || getDifference(tx.db, no)) return;
  const channel = journals[0]?.lines.find(([account]) => account.startsWith('11'))?.[0] ?? null;
  insertDifference(tx, newDifference({ no, ...bill, stan: null, channel }, atMs));
}

/** `difference-examined`. */
export function restoreExamined(tx: Tx, { at: atMs, by, facts }: DifferenceExamined): void {
  const difference = getDifference(tx.db, facts.difference);
  if (!difference || !isLive(difference)) return;
  const ends = facts.finding === 'explained' && (by === 'SYS' || !suspendedOf(difference));
  const finding = facts.text;
  if (ends) updateDifference(tx, { ...explained(difference, finding), endedAt: atMs });
  else {
    const reopened = by === 'SYS' ? { decision: null, waits: null } : {};
    updateDifference(tx, {
      ...difference,
      ...reopened,
      state: nextDifferenceState(difference.state, 'looked'),
      finding,
    });
  }
}
