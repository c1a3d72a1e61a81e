import { at } from '../base/crash-points.ts';
import { inTransaction, type Tx } from '../base/database.ts';
import { finishWork, schedule, workDueAt } from '../base/due-work.ts';
import { formatYuan } from '../base/money.ts';
import { notice } from '../notices/notice.ts';
import { hasUndecided, numbersOf } from '../payments/day-rows.ts';
import { askForBill, askWork, beginRun, blockRun, endRun } from '../settlement/bill.ts';
import { fileParts } from '../settlement/bill-file.ts';
import { explainGone } from '../settlement/difference.ts';
import type { BillRun, Difference } from '../settlement/reconcile.ts';
import { deleteParts, getDueRun, getLiveOf, getNewestRun, isFileWanted } from '../settlement/reconcile-store.ts';
import { decideWaiting } from './decide-difference.ts';
import { type Finding, type Match, matchBill } from './match-bill.ts';
import { inSlices } from './prove-book.ts';
import { recordFinding } from './record-differences.ts';
import { changed, type World } from './world.ts';

/** Automatic reconciliation (B-032): what the terminal does by itself with the bills that came down. */

const lookAgainMs = 60_000;
/** Differences in one transaction. */
const sliceFindings = 20;

/** A run that was cut short begins again: it finds what it found before, and posts nothing of it twice. No run begins while something is sold. */
export async function reconcile(world: World, signal: AbortSignal): Promise<void> {
  decideWaiting(world);
  askAgain(world);
  const { db, session } = world;
  for (let run = getDueRun(db); run && !signal.aborted && session.running.size === 0; run = getDueRun(db))
    await runBill(world, run, signal);
}

async function runBill(world: World, run: BillRun, signal: AbortSignal): Promise<void> {
  const { db } = world;
  inTransaction(db, (tx) => beginRun(tx, run));
  const begun: BillRun = { ...run, state: 'MATCHING' };
  const madeAt = run.madeAt - (world.link.status().clockOffsetMs ?? 0);
  const match = await inSlices(world, (reader) => matchBill(reader, { ...run, madeAt }, fileParts(reader, run.sha256)));
  if (!db.open || signal.aborted) return;
  if (match.problem === undefined) {
    const done = await recordAll(world, begun, match, signal);
    if (!done) return;
  } else block(world, begun, match.problem);
  world.link.wake();
  changed(world);
  await dropParts(world, run.sha256);
}

function block(world: World, run: BillRun, problem: string): void {
  const now = world.clock.now();
  world.log('error', 'bill-blocked', { date: run.date, version: run.version, problem });
  inTransaction(world.db, (tx) => {
    blockRun(tx, now, run, problem);
    const about = `${run.date}:${run.version}`;
    notice(tx, now, { text: 'N-10b', about, values: { date: run.date, reason: problem }, level: 'warning' });
    at('bill.in-end');
  });
  at('bill.after-end');
}

/** False: it was stopped before its end. */
async function recordAll(world: World, run: BillRun, match: Match, signal: AbortSignal): Promise<boolean> {
  const { db, clock } = world;
  const found: Finding[] = [];
  let moved = 0;
  const recorded = await sliceBySlice(world, match.findings, signal, (tx, finding) => {
    const as = recordFinding(tx, clock.now(), run, finding);
    if (as === 'found') found.push(finding);
    if (as === 'moved') moved += 1;
  });
  const gone = goneOf(getLiveOf(db, run.date), match);
  const explained = await sliceBySlice(world, gone, signal, (tx, difference) =>
    explainGone(tx, clock.now(), difference, `bill version ${run.version}`),
  );
  if (!recorded || !explained) return false;
  const counts = { matched: match.matched, differences: found.length, waiting: match.waiting.length + moved };
  inTransaction(db, (tx) => {
    endRun(tx, clock.now(), run, counts);
    if (found.length > 0) notice(tx, clock.now(), foundNotice(run, found));
  });
  at('bill.after-end');
  return true;
}

/** What was open of that day, and this bill says nothing of any more. */
function goneOf(live: readonly Difference[], { findings, waiting }: Match): readonly Difference[] {
  const still = new Set([...findings.map(({ payment }) => payment), ...waiting]);
  return live.filter(({ payment }) => payment !== null && !still.has(payment));
}

function foundNotice({ date, version }: BillRun, found: readonly Finding[]) {
  const fen = found.reduce((sum, { hereFen, thereFen }) => sum + Math.abs(thereFen - hereFen), 0);
  const values = { date, count: String(found.length), amount: formatYuan(fen) };
  return { text: 'N-10', about: `${date}:${version}`, values, level: 'warning' } as const;
}

/** So many in a transaction; between two of them everything else has its turn. False: it was stopped. */
async function sliceBySlice<T>(
  { db, clock }: World,
  all: readonly T[],
  signal: AbortSignal,
  work: (tx: Tx, one: T) => void,
): Promise<boolean> {
  for (let first = 0; first < all.length; first += sliceFindings) {
    if (!db.open || signal.aborted) return false;
    inTransaction(db, (tx) => {
      for (const one of all.slice(first, first + sliceFindings)) work(tx, one);
    });
    at('bill.after-differences');
    await new Promise<void>((resolve) => clock.after(0, resolve));
  }
  return db.open;
}

/** Another version may have the same file. */
async function dropParts({ db, clock }: World, sha256: string): Promise<void> {
  while (db.open && !isFileWanted(db, sha256)) {
    if (inTransaction(db, (tx) => deleteParts(tx, sha256)) === 0) return;
    await new Promise<void>((resolve) => clock.after(0, resolve));
  }
}

/** Where the newest bill of a day could not be used, or left something out that has its end by now: another is asked for. */
function askAgain({ db, clock, link }: World): void {
  const now = clock.now();
  for (const { about: date } of workDueAt(db, now).filter(({ kind }) => kind === askWork)) {
    const run = getNewestRun(db, date);
    const wanted = run?.problem && (run.state === 'BLOCKED' || run.problem === 'UNDER_WAY') ? run : undefined;
    const waits = wanted?.problem === 'UNDER_WAY' && hasUndecided(db, numbersOf(date, date));
    inTransaction(db, (tx) => {
      if (waits) schedule(tx, askWork, date, now + lookAgainMs);
      else if (wanted) askForBill(tx, now, wanted, wanted.problem ?? '');
      else finishWork(tx, askWork, date);
    });
  }
  link.wake();
}
