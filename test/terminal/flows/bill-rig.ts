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
  readonly db: Database;
  readonly clock: TestClock;
  readonly world: World;
  /** What the host has of each payment, in order. */
  readonly lines: readonly BillLine[];
  close(): void;
}

export const numberOf = (i: number): string => idsFrom(startMs + i * 80) + String(i).padStart(16, '0');

/** `count` sales that were paid on that day, a tenth of them refunded in part, and their journals, put there by SQL. */
export function booksOf(count: number): Books {
  const folder = mkdtempSync(join(tmpdir(), 'bill-'));
  const db = openBook(join(folder, 'terminal.db'), streamMigrations);
  db.pragma('synchronous = OFF');
  const lines = Array.from(
    { length: count },
    (_, i): BillLine => ({
      payment: numberOf(i),
      txn: 'sale',
      state: i % 17 === 0 ? 'VOIDED' : 'PAID',
      amountFen: 1_000 + (i % 5_000),
      feeFen: 6,
      entry: i % 3 === 0 ? 'CHIP' : 'CONTACTLESS',
      batch: '000001',
      stan: String(i % 1_000_000).padStart(6, '0'),
      at: startMs + i * 80,
    }),
  );
  db.exec('BEGIN');
  db.exec(`INSERT INTO batch (no, state, business_date, opened_at) VALUES ('000001', 'CLOSED', '${day}', ${startMs})`);
  const payment =
    db.prepare(`INSERT INTO payment (no, txn, state, batch, business_date, stan, operator, amount_fen, fee_fen, card_group, entry, created_at, ended_at)
    VALUES (@payment, @txn, iif(@state = 'PAID', 'PAID', 'VOIDED'), @batch, '${day}', @stan, '01', @amountFen, @feeFen, 'domestic', @entry, @at, @at)`);
  for (const line of lines) payment.run(line);
  db.exec(`INSERT INTO journal (key, id, event, no, at, by) SELECT 'sale:' || no, id, 'J-01', no, created_at, operator FROM payment WHERE state = 'PAID';
    INSERT INTO entry SELECT id * 64, '1101:' || business_date, 'D', amount_fen FROM payment WHERE state = 'PAID';
    INSERT INTO entry SELECT id * 64 + 1, '2001:' || no, 'C', amount_fen FROM payment WHERE state = 'PAID';
    INSERT INTO balance (account, side, may_be_negative, balance_fen)
      SELECT '1101:' || business_date, 'D', 1, sum(amount_fen) FROM payment WHERE state = 'PAID' GROUP BY business_date
      UNION ALL SELECT '2001:' || no, 'C', 0, amount_fen FROM payment WHERE state = 'PAID'`);
  db.exec('UPDATE link_state SET restoring = 0; COMMIT');
  const clock = testClock(startMs + 36 * 3_600_000);
  return {
    db,
    clock,
    world: worldOf(db, clock),
    lines,
    close() {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

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
    const kind = kinds[planted.size % kinds.length] ?? 'surplus';
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
