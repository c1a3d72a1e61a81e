import { hash } from 'node:crypto';
import { dayMs } from './clock.ts';
import { type Database, perDatabase, type Tx } from './database.ts';
import type { Details } from './errors.ts';
import { safeDetails, safeText } from './safe-text.ts';
import type { Select } from './select.ts';
import { finish, type Steps } from './steps.ts';

/** Who did what to what, and how it ended. Written in the transaction of the deed; a refused command leaves only this. */
export interface AuditLine {
  readonly at: number;
  /** An operator's number, or SYS. */
  readonly by: string;
  readonly action: string;
  readonly about: string;
  readonly outcome: 'ok' | 'refused';
  readonly details?: Details;
}

const statements = perDatabase((db) => ({
  last: db.prepare<[], { seq: number; hash: string }>('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1'),
  timeOf: db.prepare<[number], number>('SELECT at FROM audit WHERE seq = ?').pluck(),
  insert: db.prepare(
    'INSERT INTO audit (seq, at, by, action, about, outcome, details, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  ),
}));

/** Appends a line. Each carries the SHA-256 over the hash of the line before it and its own fields, so that a missing or changed line shows. */
export function audit(tx: Tx, line: AuditLine): void {
  const { last, insert } = statements(tx.db);
  const before = last.get();
  const { at, action, outcome } = line;
  const [by, about] = [safeText(line.by), safeText(line.about)];
  const details = JSON.stringify(safeDetails(line.details ?? {}));
  const chained = chain(before?.hash, { at, by, action, about, outcome, details });
  insert.run((before?.seq ?? 0) + 1, at, by, action, about, outcome, details, chained);
}

/** A line as it is read. */
export interface AuditRow extends AuditLine {
  readonly seq: number;
}

type StoredRow = Omit<AuditRow, 'details'> & { readonly details: string };
const auditRow = (row: StoredRow): AuditRow => ({ ...row, details: JSON.parse(row.details) });

const fields = 'seq, at, by, action, about, outcome, details';

/** The newest lines, the newest first; `before`: only those with a lower number. */
export const auditRows = (db: Database, limit: number, before: number = Number.MAX_SAFE_INTEGER): readonly AuditRow[] =>
  db
    .prepare<[number, number], StoredRow>(`SELECT ${fields} FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?`)
    .all(before, limit)
    .map(auditRow);

/** Lines that are looked through in one step. */
const lookedThroughAtOnce = 2_000;

/** The same, those of one operator only; in steps, for a name with few lines may have them far back, and there is no index for it. */
export function* auditRowsBy(
  db: Database,
  by: string,
  limit: number,
  before: number = Number.MAX_SAFE_INTEGER,
): Steps<readonly AuditRow[]> {
  const read = db.prepare<[number, number, string, number], StoredRow>(
    `SELECT ${fields} FROM audit WHERE seq < ? AND seq >= ? AND by = ? ORDER BY seq DESC LIMIT ?`,
  );
  const found: AuditRow[] = [];
  for (let end = Math.min(before, newestAuditLine(db) + 1); end > 1 && found.length < limit; ) {
    const start = end - lookedThroughAtOnce;
    found.push(...read.all(end, start, by, limit - found.length).map(auditRow));
    end = start;
    yield;
  }
  return found;
}

/** So many lines are looked through for what was done about one thing. */
const lookedThrough = 5_000;

/** What was done about one thing at `fromMs` and soon after, in order. Lines have no other index than their order, which is that of time as far as the clock was right. */
export function auditAbout(db: Database, about: string, fromMs: number): readonly AuditRow[] {
  const at = db.prepare<[number], number>('SELECT at FROM audit WHERE seq = ?').pluck();
  let [low, high] = [1, newestAuditLine(db) + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((at.get(middle) ?? 0) < fromMs) low = middle + 1;
    else high = middle;
  }
  return db
    .prepare<[number, number, string], StoredRow>(
      `SELECT ${fields} FROM audit WHERE seq >= ? AND seq < ? AND about = ? ORDER BY seq`,
    )
    .all(low, low + lookedThrough, about)
    .map(auditRow);
}

/** The lines from `fromMs` to before `beforeMs`, in their order. */
export const auditOfDays = (db: Database, fromMs: number, beforeMs: number): Select => ({
  sql: `SELECT seq, seq AS line, at, by, action, about, outcome, details FROM audit
    WHERE seq > @after AND seq <= @last AND at >= @from AND at < @before ORDER BY seq LIMIT @limit`,
  // A clock that was set may have put lines in another order, not by a day.
  values: { from: fromMs, before: beforeMs, last: placeOf(db, beforeMs + dayMs) },
  first: placeOf(db, fromMs - dayMs),
});

/** Behind how many lines those of this time begin, where times only grow; there is no index for it. */
function placeOf(db: Database, atMs: number): number {
  const { timeOf, last } = statements(db);
  let [low, high] = [0, last.get()?.seq ?? 0];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((timeOf.get(middle) ?? 0) < atMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The number of the newest line; 0 when there is none. */
export const newestAuditLine = (db: Database): number => statements(db).last.get()?.seq ?? 0;

/** `lines`: the number of the newest; `brokenAt`: of the first that does not fit. */
export interface AuditCheck {
  readonly ok: boolean;
  readonly lines: number;
  readonly brokenAt?: number;
}

/** Whether the whole chain fits, in steps. */
export function* auditCheckSteps(db: Database): Steps<AuditCheck> {
  const brokenAt = yield* auditSteps(db);
  const lines = newestAuditLine(db);
  return brokenAt === undefined ? { ok: true, lines } : { ok: false, lines, brokenAt };
}

/** The same at once, where nobody sells. */
export const checkAudit = (db: Database): AuditCheck => finish(auditCheckSteps(db));

/** The number of the first line that does not fit the chain; undefined when all do. */
export const firstBrokenAuditLine = (db: Database): number | undefined => finish(auditSteps(db));

/** Lines that are read at once. */
const page = 500;

/** The same, in steps between which other things may be done. */
export function* auditSteps(db: Database): Steps<number | undefined> {
  const read = db.prepare<[number, number], Fields & { seq: number; hash: string }>(
    'SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?',
  );
  let before: string | undefined;
  let seq = 0;
  let last = Number.MIN_SAFE_INTEGER;
  for (let rows = read.all(last, page); rows.length > 0; rows = read.all(last, page)) {
    for (const row of rows) {
      before = chain(before, row);
      seq += 1;
      if (row.seq !== seq || row.hash !== before) return row.seq;
      last = row.seq;
    }
    yield;
  }
  return undefined;
}

/** A line as it is stored. */
interface Fields {
  readonly at: number;
  readonly by: string;
  readonly action: string;
  readonly about: string;
  readonly outcome: string;
  readonly details: string;
}

/** No field holds a line feed: safe-text and JSON see to that, so two different lines never read the same. */
const chain = (before = '', { at, by, action, about, outcome, details }: Fields): string =>
  hash('sha256', `${before}\n${at}\n${by}\n${action}\n${about}\n${outcome}\n${details}`);
