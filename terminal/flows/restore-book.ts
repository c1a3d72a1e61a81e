import type { BookEvent, BookRestore, Unrecorded } from '../../sync/protocol/book.ts';
import type { JournalOnWire } from '../../sync/protocol/common.ts';
import type { ParsedRow, RowOnWire } from '../../sync/protocol/parse-row.ts';
import type { DownRow, UpRow } from '../../sync/protocol/rows.ts';
import { inReplay, send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { type Tx, translated } from '../base/database.ts';
import { schedule } from '../base/due-work.ts';
import { TerminalError } from '../base/errors.ts';
import { fen } from '../base/money.ts';
import type { Journal, JournalEvent } from '../ledger/journal.ts';
import { postAll } from '../ledger/post-all.ts';
import { trialBalance } from '../ledger/queries.ts';
import { codeWork } from '../payments/code-sale.ts';
import { reversalsDue, waitingIn } from '../payments/queries.ts';
import { restoreStan, restoreUnrecorded } from '../payments/restore-payment.ts';
import { finishRestoredRuns } from '../settlement/bill.ts';
import { sayEndAgain } from '../settlement/close-batch.ts';
import { businessDateAt, scheduleClose } from '../settlement/open-batch.ts';
import { currentBatch } from '../settlement/queries.ts';
import { finishRestored, restoreBatch } from '../settlement/restore-settlement.ts';
import { saveAccount, updateTotals } from '../settlement/store.ts';
import { countedTotals } from './batch-records.ts';
import { type RestoreReport, restoreReport, saveReport } from './restore-report.ts';
import { dayOf, restoreRow } from './restore-row.ts';
import { dropRestored, noteRestored } from './settle-at-once.ts';
import { applyNews, type News } from './upstream-news.ts';
import type { World } from './world.ts';

/**
 * A book that comes back from the host (races.md): what happened after the last that both have in common is done again, in the order in which it happened, and
 * says nothing to the host. Journals are those that the host has in its mirror; everything beside them is made as it was made then. What can not be done
 * again is counted, and its journals are posted alone, so that the ledger is the mirror in any case. It ends with `opening`, which the host compares.
 */

type Surroundings = Pick<World, 'clock' | 'config' | 'log'> & { readonly stream: RestoreStream };

/** What a restore needs of the stream (sync/stream/epoch.ts); main passes the real one in. */
export interface RestoreStream {
  parseUp(row: RowOnWire): ParsedRow<UpRow>;
  parseDown(row: RowOnWire): ParsedRow<DownRow>;
  /** Keeps a row of this terminal that came back; `known`: it is here, `other`: under its id stands something else. */
  keep(row: { readonly kind: string; readonly id: string; readonly body: string }): 'new' | 'known' | 'other';
  /** Whether such a row of this terminal is here. */
  said(kind: string, id: string): boolean;
  /** Everything is here. */
  end(): void;
}

/** Applies one row from the host, inside the transaction that records it as applied. */
export function applyDown(tx: Tx, world: Surroundings, row: DownRow): void {
  if (row.kind === 'book-restore') restoreBook(tx, world, row.body);
  else applyNews(tx, world.clock, row);
}

export function restoreBook(tx: Tx, world: Surroundings, news: BookRestore): void {
  const now = world.clock.now();
  switch (news.part) {
    case 'begin':
      for (const { account, rev } of news.accounts) saveAccount(tx, account, rev);
      saveReport(tx, {
        state: 'restoring',
        rows: news.rows,
        problems: 0,
        problem: null,
        reversed: 0,
        refused: 0,
        at: now,
      });
      audit(tx, {
        at: now,
        by: 'SYS',
        action: 'book-restore',
        about: news.no,
        outcome: 'ok',
        details: { rows: news.rows },
      });
      break;
    case 'rows':
      for (const event of news.events) restoreEvent(tx, world, event);
      break;
    case 'end':
      end(tx, world, news);
  }
  at('restore.in-part');
}

function restoreEvent(tx: Tx, world: Surroundings, event: BookEvent): void {
  switch (event.is) {
    case 'batch':
      attempt(tx, world, `batch ${event.batch}`, () => {
        const { batch: no, openedAt } = event;
        const businessDate = event.businessDate ?? businessDateAt(openedAt, world.config.limits.cutoffHour);
        restoreBatch(tx, { no, businessDate, openedAt });
      });
      break;
    case 'up':
      restoreUp(tx, world, event);
      break;
    case 'down':
      attempt(tx, world, `${event.kind} ${event.id}`, () => {
        const parsed = world.stream.parseDown([event.seq, event.kind, event.id, event.body]);
        if (!parsed.ok || parsed.row.kind === 'book-restore')
          throw new TerminalError('NOT_FOUND', { what: event.kind });
        again(tx, parsed.row, event.at ?? parsed.row.body.at);
      });
  }
}

function again(tx: Tx, row: News, atMs: number): void {
  const clock: Clock = { now: () => atMs, after: () => () => {} };
  applyNews(tx, clock, row);
  if (row.kind === 'batch-closed') finishRestored(tx);
}

function restoreUp(tx: Tx, world: Surroundings, event: Extract<BookEvent, { is: 'up' }>): void {
  const { kind, id } = event;
  const about = `${kind} ${id}`;
  const parsed = world.stream.parseUp([1, kind, id, event.body]);
  const kept = world.stream.keep({ kind, id, body: JSON.stringify(event.body) });
  if (kept === 'known') return;
  if (kept === 'other' || !parsed.ok) {
    problem(tx, world, about, kept);
    return;
  }
  const { row } = parsed;
  const { journals } = row.body;
  attempt(
    tx,
    world,
    about,
    () => {
      restoreRow(tx, row);
      postWire(tx, journals);
      noteRestored(tx, journals);
    },
    () => postWire(tx, journals),
  );
}

/** In the order in which they were posted then; what follows upon one by itself is the next of them. */
function postWire(tx: Tx, journals: readonly JournalOnWire[]): void {
  for (const journal of journals) postAll(tx, [fromWire(journal)]);
}

/** They were ours: `toWire` made them. */
const fromWire = ({ lines, ...head }: JournalOnWire): Journal => ({
  ...head,
  event: head.event as JournalEvent,
  lines: lines.map(([account, side, amount]) => ({ account, side, amount: fen(amount) })),
});

function end(tx: Tx, world: Surroundings, news: Extract<BookRestore, { part: 'end' }>): void {
  const now = world.clock.now();
  finishRestored(tx);
  dropRestored(tx);
  const reversed = news.unrecorded.filter((approval) => reverseUnrecorded(tx, world, approval)).length;
  for (const payment of reversalsDue(tx.db)) schedule(tx, 'reversal', payment.no, now);
  for (const payment of waitingIn(tx.db, 'UNKNOWN')) schedule(tx, codeWork, payment.no, now);
  restoreStan(tx, news.lastStan);
  goOnWithBatch(tx, world, now);
  finishRestoredRuns(tx, now);
  const report = { ...reportOf(tx), state: 'restored' as const, reversed, refused: news.refused, at: now };
  saveReport(tx, report);
  const { rows, problems } = report;
  const details = { rows, problems, reversed, refused: news.refused };
  audit(tx, { at: now, by: 'SYS', action: 'book-restored', about: news.no, outcome: 'ok', details });
  world.stream.end();
  sendOpening(tx, now, news.no);
  world.log(problems === 0 ? 'info' : 'error', 'book-restored', details);
}

function reverseUnrecorded(tx: Tx, world: Surroundings, approval: Unrecorded): boolean {
  let done = false;
  attempt(tx, world, `approval ${approval.payment}`, () => {
    done = restoreUnrecorded(tx, approval, dayOf(tx, approval.batch, approval.at));
  });
  return done;
}

/** The running totals of an open batch from its rows, and its close when nobody closes it; of one that is being closed, what the host did not have. */
function goOnWithBatch(tx: Tx, { config, stream }: Surroundings, now: number): void {
  const batch = currentBatch(tx.db);
  if (!batch) return;
  if (batch.state === 'OPEN') {
    const { totals, records } = countedTotals(tx.db, batch);
    updateTotals(tx, { id: batch.id, totals, records });
    scheduleClose(tx, batch, config.limits.cutoffHour);
  } else sayEndAgain(tx, now, stream.said);
}

/** Debit less credit by account code. */
function sendOpening(tx: Tx, now: number, epoch: string): void {
  const sums = trialBalance(tx.db).rows.map(({ account, balanceFen }): [string, number] => [
    account.code,
    account.side === 'D' ? balanceFen : -balanceFen,
  ]);
  const body = { no: epoch, at: now, by: 'SYS', facts: { epoch, sums }, journals: [] };
  send(tx.db, { kind: 'opening', id: `opening:${epoch}`, body });
}

/** Does one thing again, wholly or not at all; a thing that can not be done again must not keep the rest from coming back. */
function attempt(tx: Tx, world: Surroundings, about: string, work: () => void, instead?: () => void): void {
  try {
    translated(() => tx.db.transaction(() => inReplay(tx.db, work))());
  } catch (error) {
    if (error instanceof TerminalError && mayPass.includes(error.code)) throw error;
    problem(tx, world, about, error instanceof TerminalError ? error.code : String(error));
    if (instead) attempt(tx, world, `${about}, journals`, instead);
  }
}

/** There may be room later: the row comes again. */
const mayPass: readonly string[] = ['DISK_FULL', 'DATABASE_BUSY', 'DATABASE_CORRUPT'];

function problem(tx: Tx, { log }: Surroundings, about: string, why: string): void {
  log('error', 'book-restore-problem', { about, why });
  const report = reportOf(tx);
  saveReport(tx, {
    ...report,
    problems: report.problems + 1,
    problem: report.problem ?? `${about}: ${why}`.slice(0, 200),
  });
}

const reportOf = (tx: Tx): RestoreReport =>
  restoreReport(tx.db) ?? { state: 'restoring', rows: 0, problems: 0, problem: null, reversed: 0, refused: 0, at: 0 };
