import type Sqlite from 'better-sqlite3';

/**
 * P-07: every change of a state is an edge of states.md. The changes are taken down by triggers of the terminal's own handle, in a table that is on no disk; what happens
 * before they are there, at a start, must be reachable by edges.
 */

type Edges = Readonly<Record<string, readonly string[]>>;

/** The answer is stored in one step, so AUTHORIZING is passed over; a card in real time clears in it too. */
const money: Edges = {
  CREATED: ['AUTHORIZING', 'PAID', 'CLEARED', 'FAILED', 'REVERSING'],
  REVERSING: ['REVERSED', 'NEEDS_HUMAN'],
  PAID: ['CLEARED', 'VOIDING', 'PARTLY_REFUNDED', 'REFUNDED'],
  CLEARED: ['VOIDING', 'PARTLY_REFUNDED', 'REFUNDED'],
  VOIDING: ['VOIDED', 'PAID', 'CLEARED'],
  PARTLY_REFUNDED: ['REFUNDED'],
};
const code: Edges = {
  CREATED: ['AUTHORIZING', 'PAID', 'CLEARED', 'FAILED', 'UNKNOWN', 'REVERSED'],
  UNKNOWN: ['PAID', 'CLEARED', 'FAILED', 'REVERSED'],
  PAID: ['CLEARED', 'PARTLY_REFUNDED', 'REFUNDED'],
  CLEARED: ['PARTLY_REFUNDED', 'REFUNDED'],
  PARTLY_REFUNDED: ['REFUNDED'],
};
const told: Edges = { ...money, CREATED: ['STORED', 'FAILED'], STORED: ['PAID', 'FAILED'], REVERSING: [] };
const deed: Edges = { CREATED: ['AUTHORIZING', 'DONE', 'FAILED', 'REVERSING'], REVERSING: ['REVERSED', 'NEEDS_HUMAN'] };
const hold: Edges = {
  CREATED: ['AUTHORIZING', 'HELD', 'FAILED', 'REVERSING'],
  REVERSING: ['REVERSED', 'NEEDS_HUMAN'],
  HELD: ['COMPLETED', 'VOIDED', 'EXPIRED'],
  COMPLETED: ['HELD'],
};

const machines: Readonly<Record<string, Edges>> = {
  sale: money,
  completion: money,
  'code-sale': code,
  'stored-sale': told,
  'completion-advice': {
    ...told,
    PAID: ['CLEARED', 'PARTLY_REFUNDED', 'REFUNDED'],
    CLEARED: ['PARTLY_REFUNDED', 'REFUNDED'],
  },
  void: deed,
  'preauth-void': deed,
  'completion-void': deed,
  preauth: hold,
  refund: { REQUESTED: ['PROCESSING', 'SUCCESS', 'FAILED'], PROCESSING: ['SUCCESS', 'FAILED'] },
  settlement: {
    REQUESTED: ['PROCESSING', 'SUCCESS', 'FAILED', 'CANCELLED'],
    PROCESSING: ['SUCCESS', 'FAILED'],
    SUCCESS: ['RETURNED'],
  },
  batch: {
    OPEN: ['FROZEN'],
    FROZEN: ['COMPARING'],
    COMPARING: ['ENDING', 'UPLOADING', 'NEEDS_HUMAN'],
    NEEDS_HUMAN: ['COMPARING'],
    UPLOADING: ['ENDING'],
    ENDING: ['CLEAR_DUE'],
    CLEAR_DUE: ['CLOSED'],
  },
  freeze: { FLAGGED: ['FROZEN', 'RELEASED', 'CONFISCATED'], FROZEN: ['RELEASED', 'CONFISCATED'] },
};

const tables: readonly (readonly [table: string, machine: string, no: string])[] = [
  ['payment', '%.txn', '%.no'],
  ['refund', "'refund'", '%.no'],
  ['settlement', "'settlement'", '%.no'],
  ['batch', "'batch'", "%.no || ' ' || %.id"],
  ['freeze', "'freeze'", '%.no'],
];

interface Change {
  readonly machine: string;
  readonly no: string;
  readonly was: string;
  readonly is: string;
}

export class StateLog {
  #db: Sqlite.Database | undefined;
  #known = new Map<string, string>();
  #problems: string[] = [];

  /** From now on on this handle: a terminal has just been started. */
  watch(db: Sqlite.Database): void {
    this.#db = db;
    db.exec('CREATE TEMP TABLE state_log (machine TEXT, no TEXT, was TEXT, "is" TEXT)');
    for (const [table, machine, no] of tables)
      db.exec(`CREATE TEMP TRIGGER ${table}_states AFTER UPDATE ON main.${table} WHEN OLD.state <> NEW.state BEGIN
        INSERT INTO state_log VALUES (${machine.replaceAll('%', 'NEW')}, ${no.replaceAll('%', 'NEW')}, OLD.state, NEW.state); END`);
    for (const { machine, no, is } of this.#read()) {
      const was = this.#known.get(`${machine} ${no}`);
      if (was !== undefined && !reachable(machine, was).has(is))
        this.#problems.push(`P-07 ${machine} ${no}: ${was} → ${is}`);
    }
  }

  /** The book is another one. */
  forget(): void {
    this.#db?.exec('DELETE FROM state_log');
    this.#known.clear();
    this.#problems = [];
  }

  /** Changes since the last call that are no edges. */
  problems(): string[] {
    const db = this.#db;
    if (!db?.open) return [];
    const changes = db.prepare<[], Change>('SELECT machine, no, was, "is" FROM state_log').all();
    db.exec('DELETE FROM state_log');
    this.#known = new Map(this.#read().map(({ machine, no, is }) => [`${machine} ${no}`, is]));
    const wrong = changes.filter(({ machine, was, is }) => !machines[machine]?.[was]?.includes(is));
    const found = [
      ...this.#problems,
      ...wrong.map(({ machine, no, was, is }) => `P-07 ${machine} ${no}: ${was} → ${is}`),
    ];
    this.#problems = [];
    return found;
  }

  #read(): Pick<Change, 'machine' | 'no' | 'is'>[] {
    const all = tables.map(
      ([table, machine, no]) =>
        `SELECT ${machine.replaceAll('%', 't')} AS machine, ${no.replaceAll('%', 't')} AS no, t.state AS "is" FROM ${table} t`,
    );
    return this.#db?.prepare<[], Pick<Change, 'machine' | 'no' | 'is'>>(all.join(' UNION ALL ')).all() ?? [];
  }
}

function reachable(machine: string, from: string): ReadonlySet<string> {
  const found = new Set([from]);
  for (const state of found) for (const to of machines[machine]?.[state] ?? []) found.add(to);
  return found;
}
