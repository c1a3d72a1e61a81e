import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { systemClock } from '../../terminal/base/clock.ts';
import { type Database, openDatabase } from '../../terminal/base/database.ts';
import { type Match, type MatchedBill, matchBill } from '../../terminal/flows/match-bill.ts';
import { inSlices } from '../../terminal/flows/prove-book.ts';
import { fileParts } from '../../terminal/settlement/bill-file.ts';
import { runChild } from './child-work.ts';
import { type Watched, watch } from './loop-watch.ts';
import { seededDay } from './seed-day.ts';

export interface MatchRound {
  readonly ours: Watched;
  readonly y4Ms: number;
  readonly found: number;
}

/** What is planted in every bill: so many of each kind, far apart. */
const planted = 50;

const partBytes = 40_000;

interface Line {
  readonly no: string;
  readonly amount: number;
  readonly fee: number;
  readonly entry: string;
  readonly batch: string;
  readonly stan: string;
  readonly at: number;
}

/** Writes the parts of a bill as the host sends them, and returns its head. */
function writeBill(db: Database, count: number): MatchedBill {
  const insert = db.prepare("INSERT INTO file_part (sha256, i, at, bytes) VALUES ('bill', ?, 0, ?)");
  const hash = createHash('sha256');
  const sums = { bytes: 0, rows: 0, grossFen: 0, feeFen: 0 };
  let [lines, waitingBytes, part]: [Buffer[], number, number] = [[], 0, 0];
  const flush = (least: number): void => {
    if (waitingBytes < least) return;
    let waiting = Buffer.concat(lines);
    for (; waiting.length >= Math.max(least, 1); waiting = waiting.subarray(partBytes)) {
      insert.run(part, waiting.subarray(0, partBytes));
      part += 1;
    }
    [lines, waitingBytes] = [[waiting], waiting.length];
  };
  const add = ({ no, amount, fee, entry, batch, stan, at }: Line, state: 'PAID' | 'VOIDED'): void => {
    const line = { payment: no, txn: 'sale', state, amountFen: amount, feeFen: fee, entry, batch, stan, at };
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    hash.update(bytes);
    sums.bytes += bytes.length;
    sums.rows += 1;
    if (state === 'PAID') [sums.grossFen, sums.feeFen] = [sums.grossFen + amount, sums.feeFen + fee];
    lines.push(bytes);
    waitingBytes += bytes.length;
    flush(partBytes);
  };
  const every = Math.floor(count / planted);
  const rows = db.prepare<[], Line>(
    'SELECT no, amount_fen AS amount, fee_fen AS fee, entry, batch, stan, created_at AS at FROM payment ORDER BY no',
  );
  for (const [i, line] of rows.all().entries()) {
    const kind = i % every === 7 && i < planted * every ? Math.floor(i / every) % 4 : -1;
    if (kind === 0) continue;
    add(kind === 1 ? { ...line, amount: line.amount + 1 } : line, kind === 2 ? 'VOIDED' : 'PAID');
    if (kind === 3) add({ ...line, no: `${line.no}A` }, 'PAID');
  }
  flush(0);
  const sha256 = hash.digest('hex');
  db.prepare('UPDATE file_part SET sha256 = ?').run(sha256);
  return { date: seededDay, sha256, ...sums, madeAt: systemClock.now() + 86_400_000_000 };
}

/** Y4: both lists as plain tables. */
function seedMerge(folder: string): void {
  const db = new Sqlite(join(folder, 'y4.db'));
  db.exec(`ATTACH '${join(folder, 'terminal.db')}' AS book`);
  for (const list of ['here', 'there']) {
    db.exec(
      `CREATE TABLE ${list} (id INTEGER PRIMARY KEY, no TEXT NOT NULL, state TEXT NOT NULL, fen INTEGER NOT NULL) STRICT`,
    );
    db.exec(`INSERT INTO ${list} SELECT id, no, state, amount_fen FROM book.payment ORDER BY id`);
  }
  db.exec(`DELETE FROM here WHERE id % 20011 = 3; UPDATE there SET fen = fen + 1 WHERE id % 20011 = 5`);
  db.close();
}

type MergeRow = readonly [id: number, no: string, state: string, fen: number];

function merge(folder: string): number {
  const open = () => new Sqlite(join(folder, 'y4.db'), { readonly: true });
  const [a, b] = [open(), open()];
  const read = (db: Database, list: string) =>
    db.prepare<[], MergeRow>(`SELECT id, no, state, fen FROM ${list} ORDER BY id`).raw().iterate();
  const [here, there] = [read(a, 'here'), read(b, 'there')];
  let differing = 0;
  let [left, right] = [here.next(), there.next()];
  while (!left.done && !right.done) {
    const [[id, no, state, fen], [otherId, otherNo, otherState, otherFen]] = [left.value, right.value];
    if (id === otherId && (no !== otherNo || state !== otherState || fen !== otherFen)) differing += 1;
    if (id <= otherId) left = here.next();
    if (otherId <= id) right = there.next();
    if (id !== otherId) differing += 1;
  }
  here.return?.();
  there.return?.();
  a.close();
  b.close();
  return differing;
}

async function measure(folder: string, bill: MatchedBill): Promise<MatchRound> {
  const db = openDatabase(join(folder, 'terminal.db'));
  let match: Match | undefined;
  const ours = await watch(async () => {
    match = await inSlices({ db, clock: systemClock }, (reader) =>
      matchBill(reader, bill, fileParts(reader, bill.sha256)),
    );
  });
  if (match?.problem !== undefined) throw new Error(`the bill has a problem: ${match.problem}`);
  const started = performance.now();
  merge(folder);
  return { ours, y4Ms: performance.now() - started, found: match?.findings.length ?? 0 };
}

runChild({
  seeded(db, folder, rows) {
    const bill = db.transaction(() => writeBill(db, rows))();
    db.pragma('wal_checkpoint(TRUNCATE)');
    seedMerge(folder);
    return bill;
  },
  measure: (_, folder, bill) => measure(folder, JSON.parse(bill)),
});
