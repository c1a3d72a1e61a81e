import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BillLine, filePartBytes } from '../../../sync/protocol/bills.ts';
import { streamMigrations } from '../../../sync/stream/migrations.ts';
import { type Database, inTransaction } from '../../../terminal/base/database.ts';
import { idsFrom } from '../../../terminal/base/ids.ts';
import { openBook } from '../../../terminal/flows/open-book.ts';
import { reconcile } from '../../../terminal/flows/reconcile.ts';
import { applyNews } from '../../../terminal/flows/upstream-news.ts';
import { newSession, type World } from '../../../terminal/flows/world.ts';
import { type TestClock, testClock } from '../../support/test-clock.ts';

/** A book of many payments without a host, and bills for it that the test writes itself. */

export const day = '2026-11-20';
const startMs = Date.UTC(2026, 10, 19, 16); // 00:00 in Shanghai

export interface Books {
  readonly folder: string;
  readonly db: Database;
  readonly clock: TestClock;
  readonly world: World;
  /** What the host has of each payment, in order. */
  readonly lines: readonly BillLine[];
  close(): void;
}

/** A half stands between two. */
export const numberOf = (i: number): string => idsFrom(startMs + i * 80) + String(i * 2).padStart(16, '0');

/** `count` sales that were paid on that day, every so many-th of them (0: none) refunded in part, and their journals, put there by SQL. */
export function booksOf(count: number, refundEvery = 0): Books {
  const folder = mkdtempSync(join(tmpdir(), 'bill-'));
  const books = booksIn(folder);
  const { db } = books;
  db.pragma('synchronous = OFF');
  const lines = Array.from({ length: count }, (_, i) => saleLine(i));
  const isRefunded = ({ state }: BillLine, i: number) => refundEvery > 0 && i % refundEvery === 0 && state === 'PAID';
  const refunds = lines.flatMap((sale, i) =>
    isRefunded(sale, i) ? [{ ...refundLine(sale, i), of: sale.payment }] : [],
  );
  db.exec('BEGIN');
  db.exec(`INSERT INTO batch (no, state, business_date, opened_at) VALUES ('000001', 'CLOSED', '${day}', ${startMs})`);
  const payment =
    db.prepare(`INSERT INTO payment (no, txn, state, batch, business_date, stan, operator, amount_fen, fee_fen, card_group, entry, created_at, ended_at)
    VALUES (@payment, @txn, iif(@state = 'PAID', 'PAID', 'VOIDED'), @batch, '${day}', @stan, '01', @amountFen, @feeFen, 'domestic', @entry, @at, @at)`);
  for (const line of lines) payment.run(line);
  const refund =
    db.prepare(`INSERT INTO refund (no, state, payment, origin_terminal, origin_batch, origin_stan, origin_at, batch, business_date, stan, operator, amount_fen, fee_fen,
      cum_before_fen, source, entry, card_group, requested_at, ended_at)
    VALUES (@payment, 'SUCCESS', @of, '10000001', @batch, @stan, @at, @batch, '${day}', @stan, '01', @amountFen, @feeFen, 0, '2001', @entry, 'domestic', @at, @at)`);
  for (const line of refunds) refund.run(line);
  db.exec(`INSERT INTO journal (key, id, event, no, at, by) SELECT 'sale:' || no, id, 'J-01', no, created_at, operator FROM payment WHERE state = 'PAID';
    INSERT INTO entry SELECT id * 64, '1101:' || business_date, 'D', amount_fen FROM payment WHERE state = 'PAID';
    INSERT INTO entry SELECT id * 64 + 1, '2001:' || no, 'C', amount_fen FROM payment WHERE state = 'PAID'`);
  postRefunds(db);
  db.exec(`INSERT INTO balance (account, side, may_be_negative, balance_fen)
      SELECT account, iif(account LIKE '1%', 'D', 'C'), account LIKE '1%', sum(iif((side = 'D') = (account LIKE '1%'), amount_fen, -amount_fen))
      FROM entry GROUP BY account;
    UPDATE link_state SET restoring = 0; COMMIT`);
  const inBill = [...lines, ...refunds.map(({ of: _, ...line }) => line)];
  return { ...books, lines: inBill.toSorted((one, other) => (one.payment < other.payment ? -1 : 1)) };
}

/** The book that lies there. */
export function booksIn(folder: string): Books {
  const db = openBook(join(folder, 'terminal.db'), streamMigrations);
  const clock = testClock(startMs + 36 * 3_600_000);
  return {
    folder,
    db,
    clock,
    world: worldOf(db, clock),
    lines: [],
    close() {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const saleLine = (i: number): BillLine => ({
  payment: numberOf(i),
  txn: 'sale',
  state: i % 17 === 0 ? 'VOIDED' : 'PAID',
  amountFen: 1_000 + (i % 5_000),
  feeFen: 6,
  entry: i % 3 === 0 ? 'CHIP' : 'CONTACTLESS',
  batch: '000001',
  stan: String(i % 1_000_000).padStart(6, '0'),
  at: startMs + i * 80,
});

/** A refund of that sale, moments after it. */
const refundLine = (sale: BillLine, i: number): BillLine => ({
  ...sale,
  payment: numberOf(i + 0.5),
  txn: 'refund',
  state: 'PAID',
  amountFen: 500,
  feeFen: 3,
  at: sale.at + 40,
});

/** J-06b and J-07 of each. */
const postRefunds = (db: Database): unknown =>
  db.exec(`CREATE TEMP TABLE posted AS
      SELECT refund.*, (SELECT max(id) FROM journal) + 2 * row_number() OVER (ORDER BY no) AS id FROM refund;
    INSERT INTO journal (key, id, event, no, at, by) SELECT 'refund:' || no, id, 'J-06b', no, requested_at, operator FROM posted
      UNION ALL SELECT 'refunded:' || no, id + 1, 'J-07', no, ended_at, 'HOST' FROM posted;
    INSERT INTO entry SELECT id * 64, '2001:' || payment, 'D', amount_fen FROM posted
      UNION ALL SELECT id * 64 + 1, '2302:' || no, 'C', amount_fen FROM posted
      UNION ALL SELECT id * 64 + 64, '2302:' || no, 'D', amount_fen FROM posted
      UNION ALL SELECT id * 64 + 65, '1101:' || business_date, 'C', amount_fen FROM posted;
    DROP TABLE posted`);

/** What reconciling asks of a terminal: no devices, and a link that carries nothing. */
export function worldOf(db: Database, clock: TestClock): World {
  const link = {
    status: () => ({ state: 'open', gateOpen: true, clockOffsetMs: 0, lastProblem: null }),
    wake: () => {},
  };
  // The parts that no flow of this kind looks at are not there.
  return {
    db,
    clock,
    log: () => {},
    session: newSession(),
    link,
    config: { limits: { statementHour: 10 } },
  } as unknown as World;
}

let seq = 0;

/** The bill of the day comes down, in its parts, as the host would send it; `change` spoils what names it. */
export function hear(
  books: Books,
  lines: readonly BillLine[],
  version: number,
  change: Readonly<Record<string, unknown>> = {},
): void {
  const { db, clock } = books;
  const file = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const sha256 = createHash('sha256').update(file).digest('hex');
  const of = Math.max(1, Math.ceil(file.length / filePartBytes));
  const paid = lines.filter(({ state }) => state === 'PAID');
  const signed = (pick: (line: BillLine) => number) =>
    paid.reduce((sum, line) => sum + (line.txn === 'refund' ? -pick(line) : pick(line)), 0);
  const news = (kind: string, id: string, body: object) => {
    seq += 1;
    const row = { seq, kind, id, body: { no: id, at: clock.now(), ...body } };
    inTransaction(db, (tx) => applyNews(tx, clock, row as unknown as Parameters<typeof applyNews>[2]));
  };
  for (let i = 0; i < of; i++) {
    const base64 = file.subarray(i * filePartBytes, (i + 1) * filePartBytes).toString('base64');
    news('file-part', `part:${version}:${i}`, { sha256, i, of, base64 });
  }
  const sums = { grossFen: signed((line) => line.amountFen), feeFen: signed((line) => line.feeFen) };
  news('bill', `bill:${version}`, {
    date: day,
    version,
    sha256,
    bytes: file.length,
    rows: lines.length,
    ...sums,
    ...change,
  });
}

/** Lets the terminal work until it has nothing more to match. */
export const work = ({ world, clock }: Books, signal = new AbortController().signal): Promise<void> =>
  turning(clock, reconcile(world, signal));

/** Turns the clock on, without letting time pass, until `working` has its end. */
export async function turning<T>(clock: TestClock, working: Promise<T>): Promise<T> {
  let over = false;
  const end = () => {
    over = true;
  };
  void working.then(end, end);
  while (!over) await clock.advance(0);
  return working;
}

/** Planted: what is different in the bill, by payment. */
export function plantDifferences(
  lines: readonly BillLine[],
  count: number,
): { readonly bill: readonly BillLine[]; readonly planted: ReadonlyMap<string, string> } {
  const planted = new Map<string, string>();
  const kinds = ['surplus', 'shortage', 'amount', 'state'] as const;
  const every = Math.floor(lines.length / count);
  const bill = lines.flatMap((line, i) => {
    if (i % every !== 1 || planted.size >= count) return [line];
    const wanted = kinds[planted.size % kinds.length] ?? 'surplus';
    const kind = wanted === 'state' && line.txn === 'refund' ? 'amount' : wanted; // a refund is not voided
    planted.set(kind === 'surplus' ? `${line.payment}X` : line.payment, kind);
    return plantedLines[kind](line);
  });
  return { bill, planted };
}

const plantedLines: Readonly<Record<'surplus' | 'shortage' | 'amount' | 'state', (line: BillLine) => BillLine[]>> = {
  surplus: (line) => [line, { ...line, payment: `${line.payment}X`, stan: '999999', state: 'PAID' }],
  shortage: () => [],
  amount: (line) => [{ ...line, amountFen: line.amountFen + 100 }],
  state: (line) => [{ ...line, state: line.state === 'PAID' ? 'VOIDED' : 'PAID' }],
};
