import type { Bill, FilePart } from '../../sync/protocol/bills.ts';
import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import { dayMs, hourMs } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import type { Tx } from '../base/database.ts';
import { finishWork, schedule } from '../base/due-work.ts';
import { TerminalError } from '../base/errors.ts';
import { type BillRun, nextRunState } from './reconcile.ts';
import {
  countLiveOf,
  countNotEnough,
  getDueRun,
  getNewestRun,
  getRun,
  insertPart,
  insertRun,
  updateRun,
} from './reconcile-store.ts';

/** The run of a bill from the row that names it to its end (states.md 21). Each step runs in the caller's transaction. */

/** `file-part`: kept in the transaction that records the row as applied; nothing more is known of it until a bill names its file. */
export const keepPart = (tx: Tx, nowMs: number, { sha256, i, base64 }: FilePart): void =>
  insertPart(tx, sha256, i, nowMs, Buffer.from(base64, 'base64'));

/** `bill`: a run is to be made. The same again changes nothing; other content under the same version is IDEMPOTENCY_CONFLICT. */
export function hearBill(tx: Tx, nowMs: number, bill: Bill): void {
  const { no, at: madeAt, date, version, ...facts } = bill;
  const known = getRun(tx.db, date, version);
  if (known && known.sha256 !== bill.sha256) throw new TerminalError('IDEMPOTENCY_CONFLICT', { no });
  if (known) return;
  insertRun(tx, {
    date,
    version,
    state: 'OPEN',
    ...facts,
    madeAt,
    heardAt: nowMs,
    matched: 0,
    differences: 0,
    waiting: 0,
    problem: null,
  });
  told(tx, nowMs, 'bill', { date, version }, { rows: bill.rows });
}

export const beginRun = (tx: Tx, run: BillRun): void =>
  updateRun(tx, { ...run, state: nextRunState(run.state, 'begin') });

/** Another one is asked for at once so often, whatever was wrong; then every hour: a host that is broken, or a clock, must not fill the link. */
const mostAtOnce = 3;
export const askWork = 'bill-wanted';

/** Its bill can not be used: the day is blocked until another comes. */
export function blockRun(tx: Tx, nowMs: number, run: BillRun, problem: string): void {
  updateRun(tx, { ...run, state: nextRunState(run.state, 'unusable'), problem });
  told(tx, nowMs, 'bill-blocked', run, { problem });
  if (mayAskAtOnce(tx, run)) askForBill(tx, nowMs, run, problem);
  else schedule(tx, askWork, run.date, nowMs + hourMs);
}

const mayAskAtOnce = (tx: Tx, { date }: BillRun): boolean => countNotEnough(tx.db, date) <= mostAtOnce;

/** `bill-wanted`, once for each version. */
export function askForBill(
  tx: Tx,
  nowMs: number,
  { date, version }: Pick<BillRun, 'date' | 'version'>,
  reason: string,
): void {
  finishWork(tx, askWork, date);
  const no = `bill-wanted:${date}:${version}`;
  send(tx.db, {
    kind: 'bill-wanted',
    id: no,
    body: { no, at: nowMs, by: 'SYS', facts: { date, version, reason }, journals: [] },
  });
}

/**
 * Everything that could be compared is. While something waits the run stays as it is, with UNDER_WAY: it is not balanced, and another version of the bill is asked for when
 * all of it has its end.
 */
export function endRun(
  tx: Tx,
  nowMs: number,
  run: BillRun,
  counts: Pick<BillRun, 'matched' | 'differences' | 'waiting'>,
): void {
  const { differences, waiting } = counts;
  const isOver = waiting === 0;
  const state = isOver ? nextRunState(run.state, differences === 0 ? 'balanced' : 'differs') : run.state;
  updateRun(tx, { ...run, ...counts, state, problem: isOver ? null : 'UNDER_WAY' });
  if (!isOver) schedule(tx, askWork, run.date, mayAskAtOnce(tx, run) ? nowMs : nowMs + hourMs);
  told(tx, nowMs, 'bill-matched', run, { ...counts });
  resolveRun(tx, run.date);
  at('bill.in-end');
}

/** DIFFERENCES → RESOLVED with the last of them. */
export function resolveRun(tx: Tx, date: string): void {
  const run = getNewestRun(tx.db, date);
  if (run?.state === 'DIFFERENCES' && countLiveOf(tx.db, date) === 0)
    updateRun(tx, { ...run, state: nextRunState(run.state, 'resolved') });
}

const keptDays = 3;

/**
 * A book came back with the bills that the host had sent, and their files are gone: of the last days each is asked for again; what came of the older ones is what their
 * differences say.
 */
export function finishRestoredRuns(tx: Tx, nowMs: number): void {
  for (let run = getDueRun(tx.db); run && run.heardAt < nowMs - keptDays * dayMs; run = getDueRun(tx.db)) {
    const { date } = run;
    const differences = countLiveOf(tx.db, date);
    updateRun(tx, { ...run, state: differences === 0 ? 'BALANCED' : 'DIFFERENCES', matched: run.rows, differences });
  }
}

function told(
  tx: Tx,
  nowMs: number,
  action: string,
  { date, version }: Pick<BillRun, 'date' | 'version'>,
  details: Readonly<Record<string, string | number>>,
): void {
  audit(tx, { at: nowMs, by: 'SYS', action, about: date, outcome: 'ok', details: { version, ...details } });
}
