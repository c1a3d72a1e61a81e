import { hash } from 'node:crypto';
import { type Database, perDatabase, type Tx } from './database.ts';
import type { Details } from './errors.ts';
import { safeDetails, safeText } from './safe-text.ts';

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

/** The number of the first line that does not fit the chain; undefined when all do. */
export function firstBrokenAuditLine(db: Database): number | undefined {
  let before: string | undefined;
  let seq = 0;
  for (const row of db
    .prepare<[], Fields & { seq: number; hash: string }>('SELECT * FROM audit ORDER BY seq')
    .iterate()) {
    before = chain(before, row);
    seq += 1;
    if (row.seq !== seq || row.hash !== before) return row.seq;
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
