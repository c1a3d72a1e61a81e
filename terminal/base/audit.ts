import { hash } from 'node:crypto';
import { type Database, perDatabase, type Tx } from './database.ts';
import type { Details } from './errors.ts';
import { safeDetails, safeText } from './safe-text.ts';
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

/** The newest lines, the newest first; `by`: only those of one operator. */
export const auditRows = (db: Database, limit: number, by?: string): readonly AuditRow[] =>
  db
    .prepare<[string | null, string | null, number], Omit<AuditRow, 'details'> & { details: string }>(
      `SELECT seq, at, by, action, about, outcome, details FROM audit WHERE ? IS NULL OR by = ? ORDER BY seq DESC LIMIT ?`,
    )
    .all(by ?? null, by ?? null, limit)
    .map((row) => ({ ...row, details: JSON.parse(row.details) }));

/** `brokenAt`: the first line that does not fit. */
export interface AuditCheck {
  readonly ok: boolean;
  readonly lines: number;
  readonly brokenAt?: number;
}

/** Whether the whole chain fits. */
export function checkAudit(db: Database): AuditCheck {
  const lines = db.prepare<[], number>('SELECT count(*) FROM audit').pluck().get() ?? 0;
  const brokenAt = firstBrokenAuditLine(db);
  return brokenAt === undefined ? { ok: true, lines } : { ok: false, lines, brokenAt };
}

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
