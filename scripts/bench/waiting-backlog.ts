import type Sqlite from 'better-sqlite3';

const items =
  '{"items":[{"name":"network","state":"ok","detail":"bench"},{"name":"clock","state":"ok","detail":"0 s"}]}';

/** Rows that wait in the outbox of a running terminal, so that its link always has something to drain. */
export class Backlog {
  readonly #db: Sqlite.Database;
  readonly #rows: number;
  #made = 0;

  /** `rows`: as many are put there whenever fewer wait. */
  constructor(db: Sqlite.Database, rows: number) {
    this.#db = db;
    this.#rows = rows;
  }

  fill(): void {
    if (this.#waiting() >= this.#rows) return;
    this.#db
      .prepare(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        INSERT INTO outbox (kind, id, body) SELECT 'telemetry', printf('bench-%d', ? + i),
          printf('{"no":"bench-%d","at":1790000000000,"by":"SYS","facts":${items},"journals":[]}', ? + i) FROM n`)
      .run(this.#rows, this.#made, this.#made);
    this.#made += this.#rows;
  }

  /** How many went to the host since the first. */
  drained(): number {
    return this.#made - this.#waiting();
  }

  #waiting(): number {
    const sql = 'SELECT (SELECT max(seq) FROM outbox) - acked_up FROM link_state';
    return Number(this.#db.prepare(sql).pluck().get());
  }
}
