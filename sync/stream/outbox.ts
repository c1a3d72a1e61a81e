import { createHash } from 'node:crypto';
import type Sqlite from 'better-sqlite3';
import type { WireRow } from './wire-row.ts';

/** The terminal's outbox as the link and the screens read it. */

export interface OutboxSummary {
  /** Rows that the host has not acknowledged. */
  readonly waiting: number;
  /** Age of the oldest of them by its own time; 0 when there is none. */
  readonly oldestAgeMs: number;
  /** Rows that the host quarantined, and rows that could not be sent: both need a person. */
  readonly rejected: number;
  readonly setAside: number;
}

export interface TroubledRow {
  readonly seq: number;
  readonly kind: string;
  readonly id: string;
  /** The host's code; null when the row was set aside here. */
  readonly rejected: string | null;
}

/** Kind of the small row that travels in place of one that was set aside: no host knows it, so it is rejected and the stream moves. */
const setAsideKind = 'set-aside';

export class Outbox {
  readonly #db: Sqlite.Database;
  readonly #state: Sqlite.Statement<[], { epoch: string; acked_up: number }>;
  readonly #highest: Sqlite.Statement<[], number | null>;
  readonly #read: Sqlite.Statement<[number, number], WireRow & { set_aside: number }>;
  readonly #mark: Sqlite.Statement<[number], unknown>;
  readonly #reject: Sqlite.Statement<[string, number], unknown>;
  readonly #setAside: Sqlite.Statement<[number], unknown>;

  /** The database must have the stream's tables. */
  constructor(db: Sqlite.Database) {
    this.#db = db;
    this.#state = db.prepare('SELECT epoch, acked_up FROM link_state');
    this.#highest = db.prepare<[], number | null>('SELECT max(seq) FROM outbox').pluck();
    this.#read = db.prepare('SELECT seq, kind, id, body, set_aside FROM outbox WHERE seq BETWEEN ? AND ? ORDER BY seq');
    this.#mark = db.prepare('UPDATE link_state SET acked_up = ?');
    this.#reject = db.prepare('UPDATE outbox SET rejected = ? WHERE seq = ?');
    this.#setAside = db.prepare('UPDATE outbox SET set_aside = 1 WHERE seq = ?');
  }

  epoch(): string {
    return this.#link().epoch;
  }

  /** Highest row that is marked as acknowledged. */
  ackedUp(): number {
    return this.#link().acked_up;
  }

  highest(): number {
    return this.#highest.get() ?? 0;
  }

  /** The row at `seq` as it goes out; undefined when it was pruned. */
  at(seq: number): WireRow | undefined {
    return this.read(seq, seq, 0)[0];
  }

  /** The rows `from` to `to`, as many as `bytes` of their bodies hold, at least one. */
  read(from: number, to: number, bytes: number): WireRow[] {
    const rows: WireRow[] = [];
    let sum = 0;
    for (const row of this.#read.all(from, to)) {
      const body = row.set_aside === 1 ? inItsPlace(row) : row.body;
      sum += Buffer.byteLength(body);
      if (sum > bytes && rows.length > 0) break;
      rows.push({ seq: row.seq, kind: row.set_aside === 1 ? setAsideKind : row.kind, id: row.id, body });
    }
    return rows;
  }

  /** Marks everything up to `upTo` as acknowledged, and the rejected rows with their codes; one transaction. */
  mark(upTo: number, rejected: ReadonlyMap<number, string>): void {
    if (rejected.size === 0) {
      this.#mark.run(upTo);
      return;
    }
    this.#db.transaction(() => {
      for (const [seq, code] of rejected) this.#reject.run(code, seq);
      this.#mark.run(upTo);
    })();
  }

  setAside(seq: number): void {
    this.#setAside.run(seq);
  }

  #link(): { epoch: string; acked_up: number } {
    const state = this.#state.get();
    if (!state) throw new Error('outbox: the database has no link state');
    return state;
  }
}

const inItsPlace = (row: WireRow): string =>
  JSON.stringify({ kind: row.kind, sha256: createHash('sha256').update(row.body).digest('hex') });

/** For the screens, the console and `pos doctor`. */
export function outboxSummary(db: Sqlite.Database, nowMs: number): OutboxSummary {
  const row = db
    .prepare<[], { waiting: number; oldest: number | null; rejected: number; set_aside: number }>(
      `SELECT coalesce((SELECT max(seq) FROM outbox), 0) - acked_up AS waiting,
         (SELECT json_extract(body, '$.at') FROM outbox WHERE seq > acked_up ORDER BY seq LIMIT 1) AS oldest,
         (SELECT count(*) FROM outbox WHERE rejected IS NOT NULL) AS rejected,
         (SELECT count(*) FROM outbox WHERE set_aside = 1) AS set_aside
       FROM link_state`,
    )
    .get();
  return {
    waiting: row?.waiting ?? 0,
    oldestAgeMs: row?.oldest == null ? 0 : Math.max(0, nowMs - row.oldest),
    rejected: row?.rejected ?? 0,
    setAside: row?.set_aside ?? 0,
  };
}

/** Rows that the host rejected or that were set aside, oldest first. */
export const troubledRows = (db: Sqlite.Database): TroubledRow[] =>
  db
    .prepare<[], TroubledRow>(
      'SELECT seq, kind, id, rejected FROM outbox WHERE rejected IS NOT NULL OR set_aside = 1 ORDER BY seq',
    )
    .all();
