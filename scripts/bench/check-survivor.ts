import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { streamMigrations } from '../../sync/stream/migrations.ts';
import { firstBrokenAuditLine } from '../../terminal/base/audit.ts';
import { type Database, openDatabase } from '../../terminal/base/database.ts';
import { finish } from '../../terminal/base/steps.ts';
import { openBook } from '../../terminal/flows/open-book.ts';
import { ledgerSteps } from '../../terminal/ledger/check.ts';
import { paymentSteps } from '../../terminal/payments/check-payments.ts';
import type { Fact } from './disk-trace.ts';
import { nextMigration } from './next-migration.ts';

/** What was told so far, the newest of each row. */
export type Told = ReadonlyMap<string, Fact>;

export interface Verdict {
  /** Rows that the cashier was told of and that are not there, or not as told. */
  readonly lost: readonly string[];
  /** Everything else that cannot be. */
  readonly broken: readonly string[];
}

/**
 * Opens the book that a power cut left in `home`, as the terminal does, and proves it. `write`: with everything that a start does to it, and one more
 * commit, a clean end and another look; else only the recovery of its log.
 */
export function checkSurvivor(home: string, told: Told, write: boolean): Verdict {
  try {
    const copies = brokenCopies(home);
    if (write) start(home);
    const verdict = inBook(home, (db) => proveBook(db, told));
    return { ...verdict, broken: [...verdict.broken, ...copies] };
  } catch (error) {
    return { lost: [], broken: [`does not open: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

/** A read-only handle recovers the log too, and leaves the files as they are. A rolled-back journal needs a start. */
function inBook<T>(home: string, work: (db: Database) => T): T {
  const db = openDatabase(join(home, 'terminal.db'), { readonly: true });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

function start(home: string): void {
  const file = join(home, 'terminal.db');
  const isNext = existsSync(file) && isMigrated(file);
  const db = openBook(file, isNext ? [...streamMigrations, nextMigration] : streamMigrations);
  db.exec("UPDATE counter SET value = value + 1 WHERE name = 'stan'");
  db.close();
}

function isMigrated(file: string): boolean {
  const db = openDatabase(file);
  try {
    const find = "SELECT count(*) FROM sqlite_schema WHERE name = 'migration'";
    if (db.prepare(find).pluck().get() === 0) return false;
    return db.prepare('SELECT count(*) FROM migration WHERE name = ?').pluck().get(nextMigration.name) === 1;
  } finally {
    db.close();
  }
}

/** Copies that were proved, by their content: the same ones stand in thousands of states. */
const soundCopies = new Set<string>();

/** Whatever bears the name of a finished copy is one. */
function brokenCopies(home: string): readonly string[] {
  const folder = join(home, 'backups');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.db') && !isSound(join(folder, name)))
    .map((name) => `the copy ${name} is not sound`);
}

function isSound(file: string): boolean {
  const content = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (soundCopies.has(content)) return true;
  const copy = openDatabase(file, { readonly: true });
  try {
    const sound = copy.pragma('integrity_check(1)', { simple: true }) === 'ok' && problemsOf(copy).length === 0;
    if (sound) soundCopies.add(content);
    return sound;
  } finally {
    copy.close();
  }
}

/** P-01 to P-04, P-08, P-09, P-14. The totals of batches are added up below, without the terminal's own words for them. */
const problemsOf = (db: Database): readonly string[] =>
  [...finish(ledgerSteps(db)).problems, ...finish(paymentSteps(db))].map(
    ({ rule, about, what }) => `${rule} ${about}: ${what}`,
  );

function proveBook(db: Database, told: Told): Verdict {
  const damage = db.pragma('quick_check(1)', { simple: true });
  if (damage !== 'ok') return { lost: [], broken: [`quick_check: ${String(damage)}`] };
  // The first start was cut short; the next one makes the tables.
  if (!hasTables(db)) return { lost: [...told.keys()], broken: [] };
  return {
    lost: lostFacts(db, told),
    broken: [...problemsOf(db), ...wrongTotals(db), ...holesInOutbox(db), ...brokenChains(db)],
  };
}

const hasTables = (db: Database): boolean =>
  db.prepare("SELECT count(*) FROM sqlite_schema WHERE name IN ('batch', 'refund', 'link_state')").pluck().get() === 3;

const states = {
  payment: 'SELECT state FROM payment WHERE no = ?',
  refund: 'SELECT state FROM refund WHERE no = ?',
  batch: 'SELECT state FROM batch WHERE no = ?',
  settlement: 'SELECT state FROM settlement WHERE no = ?',
  outbox: "SELECT 'there' FROM outbox WHERE seq = ?",
} as const satisfies Record<Fact['table'], string>;

function lostFacts(db: Database, told: Told): readonly string[] {
  const find = Object.fromEntries(
    Object.entries(states).map(([table, sql]) => [table, db.prepare<[string], string>(sql).pluck()]),
  );
  return [...told.values()].flatMap(({ table, no, states: wanted }) => {
    const state = find[table]?.get(no);
    if (state !== undefined && (wanted === 'any' || wanted.includes(state))) return [];
    return [`${table} ${no} is ${state ?? 'not there'}, told was ${wanted === 'any' ? 'that it is' : wanted[0]}`];
  });
}

const groups = ['domestic', 'foreign', 'codes'] as const;
const isCounted = "state IN ('PAID','CLEARED','VOIDING','VOIDED','PARTLY_REFUNDED','REFUNDED','DONE')";
const isCredit = "txn IN ('void','completion-void')";

/** Running totals of each batch against what counts in it, gross profile. */
function wrongTotals(db: Database): readonly string[] {
  const rows = db
    .prepare<[], Record<string, string | number>>(`
    SELECT no, card_group AS "group", side, sum(fen) AS fen, count(*) AS count FROM (
      SELECT batch AS no, business_date, card_group, iif(${isCredit}, 'credit', 'debit') AS side, amount_fen AS fen
        FROM payment WHERE ${isCounted} AND txn NOT IN ('preauth', 'preauth-void')
      UNION ALL SELECT batch, business_date, card_group, 'credit', amount_fen FROM refund WHERE counted = 1)
    GROUP BY no, "group", side`)
    .all();
  const counted = new Map(rows.map((row) => [`${row['no']} ${row['group']} ${row['side']}`, row]));
  const batches = db.prepare<[], Record<string, string | number>>('SELECT * FROM batch').all();
  return batches.flatMap((batch) =>
    groups.flatMap((group) =>
      (['debit', 'credit'] as const).flatMap((side) => {
        const row = counted.get(`${batch['no']} ${group} ${side}`);
        const same =
          batch[`${group}_${side}_count`] === (row?.['count'] ?? 0) &&
          batch[`${group}_${side}_fen`] === (row?.['fen'] ?? 0);
        return same ? [] : [`batch ${batch['no']}: ${group} ${side} is not what its records come to`];
      }),
    ),
  );
}

function holesInOutbox(db: Database): readonly string[] {
  const row = db
    .prepare<[], { rows: number; span: number; acked: number; last: number }>(
      `SELECT count(*) AS rows, coalesce(max(seq) - min(seq) + 1, 0) AS span, coalesce(max(seq), 0) AS last,
        (SELECT acked_up FROM link_state) AS acked FROM outbox`,
    )
    .get();
  if (!row) return [];
  return [
    ...(row.rows === row.span ? [] : [`outbox: ${row.rows} rows over ${row.span} numbers`]),
    ...(row.acked <= row.last ? [] : [`outbox: the host has ${row.acked} rows, here are ${row.last}`]),
  ];
}

function brokenChains(db: Database): readonly string[] {
  const line = firstBrokenAuditLine(db);
  const stan = db
    .prepare(
      "SELECT coalesce(max(CAST(stan AS INTEGER)), 0) - (SELECT value FROM counter WHERE name = 'stan') FROM payment",
    )
    .pluck()
    .get();
  return [
    ...(line === undefined ? [] : [`audit: broken at line ${line}`]),
    ...(Number(stan) <= 0 ? [] : ['the counter of STANs is behind its payments']),
  ];
}
