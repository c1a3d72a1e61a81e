import { createHash } from 'node:crypto';
import { audit } from '../base/audit.ts';
import { addDays, dayMs, hourMs, shanghai, startOfDay } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { type Database, inTransaction, perDatabase } from '../base/database.ts';
import { addFen, type Fen, fen, zeroFen } from '../base/money.ts';
import type { Steps } from '../base/steps.ts';
import { maxLines } from '../ledger/journal.ts';
import { firstPaymentAt, instrumentOf } from '../payments/day-rows.ts';
import { lineText, type Statement, type StatementLine, statementNo } from '../settlement/statement.ts';
import { deleteLines, getLastStatement, insertLine, insertStatement } from '../settlement/statement-store.ts';
import { clockWrongBySec } from './clock.ts';
import { inSlices } from './prove-book.ts';
import { changed, type World } from './world.ts';

/**
 * Daily statements (B-036, P-31). A day has the journals behind those of the statement before, up to the first that was posted on a later day. So each journal stands
 * in exactly one statement, also one that comes late or was posted while the clock was set back. One that has a time that is still to come, because the clock was ahead, stands with its
 * neighbours: it must not end a day.
 */

/** So many days are made without a host that has told the time: beyond, the clock may be the one that is wrong. */
const mostUnproved = 31;

/** Makes those of every day that is over, from the first of the book on, each once; nothing while the clock is wrong. */
export async function makeStatements(world: World, signal: AbortSignal): Promise<void> {
  const { db } = world;
  const last = getLastStatement(db);
  const days = daysDue(world, last);
  const isTold = world.link.status().clockOffsetMs !== null;
  if (days.length === 0 || clockWrongBySec(world) !== undefined || (!isTold && days.length > mostUnproved)) return;
  await inSlices(world, (reader) => statementSteps({ world, reader, days, last, signal }));
  if (db.open) changed(world);
}

function daysDue({ db, clock, config }: World, last: Statement | undefined): readonly string[] {
  const newest = shanghai(clock.now() - config.limits.statementHour * hourMs - dayMs).day;
  const days: string[] = [];
  for (let day = last ? addDays(last.date, 1) : firstDay(db, newest); day <= newest; day = addDays(day, 1))
    days.push(day);
  return days;
}

/** The book's first line, or its first payment where it came back from the host. */
function firstDay(db: Database, newest: string): string {
  const begun = db.prepare<[], number>('SELECT at FROM audit WHERE seq = 1').pluck().get();
  const times = [begun, firstPaymentAt(db)].filter((time) => time !== undefined);
  return times.length === 0 ? addDays(newest, 1) : shanghai(Math.min(...times)).day;
}

interface Making {
  readonly world: Pick<World, 'db' | 'clock'>;
  /** A snapshot of the book. */
  readonly reader: Database;
  readonly days: readonly string[];
  readonly last: Statement | undefined;
  readonly signal: AbortSignal;
}

function* statementSteps({ world, reader, days, last, signal }: Making): Steps<void> {
  const newest = statements(reader).newest.get() ?? 0;
  const nowMs = world.clock.now();
  let before = { closingFen: last?.closingFen ?? zeroFen, lastJournal: last?.lastJournal ?? 0 };
  yield* gatherHeads(reader, before.lastJournal, newest);
  for (const date of days) {
    if (signal.aborted || !world.db.open) return;
    while (inTransaction(world.db, (tx) => deleteLines(tx, date)) > 0) yield;
    const cut = yield* cutOf(reader, before.lastJournal, newest, startOfDay(addDays(date, 1)), nowMs);
    const statement = yield* oneStatement(
      { world, reader, date, openingFen: before.closingFen },
      before.lastJournal,
      cut,
      signal,
    );
    if (!statement) return;
    before = statement;
  }
}

/** Journals and lines that are read at once. */
const page = 500;
const head = 'temp.statement_head';

const statements = perDatabase((db) => ({
  newest: db.prepare<[], number>(`SELECT max(id) / ${maxLines} FROM entry`).pluck(),
  key: db
    .prepare<[string, number], string>('SELECT key FROM journal WHERE key > ? ORDER BY key LIMIT 1 OFFSET ?')
    .pluck(),
}));

/** Journals stand by their keys: those behind the last statement are put in the order of their ids, in a table of this reader's own. */
function* gatherHeads(reader: Database, after: number, newest: number): Steps<void> {
  reader.exec(`CREATE TEMP TABLE statement_head (id INTEGER PRIMARY KEY, event TEXT, no TEXT, at INTEGER)`);
  if (newest === after) return;
  const take = reader.prepare(
    `INSERT INTO ${head} SELECT id, event, no, at FROM journal WHERE key > ? AND key <= ? AND id > ?`,
  );
  for (let from = ''; ; ) {
    const to = statements(reader).key.get(from, page);
    take.run(from, to ?? '~', after);
    if (to === undefined) return;
    from = to;
    yield;
  }
}

/** The last journal before the first of a later day that has come. */
function* cutOf(reader: Database, after: number, newest: number, endMs: number, nowMs: number): Steps<number> {
  const first = reader
    .prepare<[number, number, number, number], number>(
      `SELECT min(id) FROM ${head} WHERE id > ? AND id <= ? AND at BETWEEN ? AND ?`,
    )
    .pluck();
  for (let from = after; from < newest; from += page) {
    const later = first.get(from, from + page, endMs, nowMs);
    if (later !== null && later !== undefined) return later - 1;
    yield;
  }
  return newest;
}

interface OfDay extends Pick<Making, 'world' | 'reader'> {
  readonly date: string;
  readonly openingFen: Fen;
}

/** Its lines page by page, then its head: only then it is there. Undefined when it was stopped. */
function* oneStatement(
  { world, reader, date, openingFen }: OfDay,
  after: number,
  cut: number,
  signal: AbortSignal,
): Steps<Statement | undefined> {
  const { db, clock } = world;
  const hash = createHash('sha256');
  let sums = { lines: 0, inFen: zeroFen, outFen: zeroFen, closingFen: openingFen };
  for (let from = after; from < cut; from += page) {
    if (signal.aborted || !db.open) return undefined;
    const lines = linesOf(reader, from, Math.min(from + page, cut), sums);
    for (const line of lines) {
      hash.update(lineText(line));
      sums = counted(sums, line);
    }
    if (lines.length > 0)
      inTransaction(db, (tx) => {
        for (const line of lines) insertLine(tx, date, line);
        at('statement.in-lines');
      });
    yield;
  }
  const no = statementNo(date);
  const statement = {
    no,
    date,
    openingFen,
    ...sums,
    sha256: hash.digest('hex'),
    lastJournal: cut,
    madeAt: clock.now(),
  };
  inTransaction(db, (tx) => {
    insertStatement(tx, statement);
    const details = { lines: sums.lines, closingFen: sums.closingFen };
    audit(tx, { at: clock.now(), by: 'SYS', action: 'statement', about: no, outcome: 'ok', details });
  });
  at('statement.after-head');
  return statement;
}

interface Sums {
  readonly lines: number;
  readonly inFen: Fen;
  readonly outFen: Fen;
  readonly closingFen: Fen;
}

const counted = ({ inFen, outFen }: Sums, { line, amountFen, balanceFen }: StatementLine): Sums => ({
  lines: line,
  inFen: amountFen > 0 ? addFen(inFen, fen(amountFen)) : inFen,
  outFen: amountFen < 0 ? addFen(outFen, fen(-amountFen)) : outFen,
  closingFen: balanceFen,
});

interface JournalLine {
  readonly id: number;
  readonly event: string;
  readonly no: string;
  readonly at: number;
  readonly account: string;
  readonly side: 'D' | 'C';
  readonly amountFen: number;
}

/** One line for each journal behind `from`, up to `to`, that moved 2002. */
function linesOf(
  reader: Database,
  from: number,
  to: number,
  { lines: last, closingFen }: Sums,
): readonly StatementLine[] {
  const rows = reader
    .prepare<[number, number], JournalLine>(
      `SELECT h.id, h.event, h.no, h.at, e.account, e.side, e.amount_fen AS amountFen FROM ${head} h
        JOIN entry e ON e.id >= h.id * ${maxLines} AND e.id < (h.id + 1) * ${maxLines} WHERE h.id > ? AND h.id <= ? ORDER BY e.id`,
    )
    .all(from, to);
  const journals = new Map<number, JournalLine[]>();
  for (const row of rows) {
    const journal = journals.get(row.id);
    if (journal) journal.push(row);
    else journals.set(row.id, [row]);
  }
  let [line, balanceFen] = [last, closingFen];
  return [...journals.values()].flatMap((journal) => {
    const amountFen = movedFen(journal);
    const [first] = journal;
    if (amountFen === 0 || !first) return [];
    line += 1;
    balanceFen = fen(balanceFen + amountFen);
    const { at: atMs, event, no } = first;
    return [{ line, at: atMs, event, no, ...lineParts(reader, journal, first), amountFen, balanceFen }];
  });
}

const movedFen = (journal: readonly JournalLine[]): number =>
  journal
    .filter(({ account }) => account === '2002')
    .reduce((sum, { side, amountFen }) => sum + (side === 'C' ? amountFen : -amountFen), 0);

const types: Readonly<Record<string, string>> = {
  'J-02r': 'void',
  'J-02f': 'void-released',
  'J-06': 'refund',
  'J-08': 'refund-released',
  'J-09': 'freeze',
  'J-10': 'unfreeze',
  'J-11': 'charge-back',
  'J-12': 'recovery',
  'J-20': 'settlement',
  'J-22': 'settlement-released',
  'J-23': 'settlement-returned',
};

/** From the journal itself, which never changes, wherever it has it. */
function lineParts(
  reader: Database,
  journal: readonly JournalLine[],
  { event, no }: JournalLine,
): Pick<StatementLine, 'type' | 'instrument' | 'grossFen' | 'feeFen'> {
  const gross = journal.find(({ account }) => account.startsWith('2001:') || account.startsWith('2302:'));
  if (!gross) return { type: types[event] ?? event, instrument: null, grossFen: null, feeFen: null };
  const of = instrumentOf(reader, no);
  const fee = journal.find(({ account }) => account === '4001');
  return {
    type: types[event] ?? of?.txn ?? event,
    instrument: of?.entry ?? null,
    grossFen: gross.amountFen,
    feeFen: fee?.amountFen ?? 0,
  };
}
