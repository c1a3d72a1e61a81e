import { createHash } from 'node:crypto';
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
  last: db.prepare<[], { seq: number; hash: Buffer }>('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1'),
  insert: db.prepare(
    'INSERT INTO audit (seq, at, by, action, about, outcome, details, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  ),
}));

const genesis = Buffer.alloc(32);

/** Appends a line. Each carries the SHA-256 of the line before it and of itself, so that a missing or changed line shows. */
export function audit(tx: Tx, line: AuditLine): void {
  const { last, insert } = statements(tx.db);
  const before = last.get();
  const details = JSON.stringify(safeDetails(line.details ?? {}));
  const fields = [line.at, safeText(line.by), line.action, safeText(line.about), line.outcome, details] as const;
  insert.run((before?.seq ?? 0) + 1, ...fields, chained(before?.hash ?? genesis, fields));
}

/** The number of the first line that does not fit the chain; undefined when all do. */
export function firstBrokenAuditLine(db: Database): number | undefined {
  let hash: Uint8Array = genesis;
  let seq = 0;
  const all = db.prepare<
    [],
    Record<'at' | 'seq', number> & Record<'by' | 'action' | 'about' | 'outcome' | 'details', string> & { hash: Buffer }
  >('SELECT * FROM audit ORDER BY seq');
  for (const row of all.iterate()) {
    hash = chained(hash, [row.at, row.by, row.action, row.about, row.outcome, row.details]);
    seq += 1;
    if (row.seq !== seq || !row.hash.equals(hash)) return row.seq;
  }
  return undefined;
}

const chained = (before: Uint8Array, fields: readonly (string | number)[]): Buffer =>
  createHash('sha256').update(before).update(JSON.stringify(fields)).digest();
