import { type Database, perDatabase, type Tx } from '../base/database.ts';
import type { Statement, StatementLine } from './statement.ts';

/** All SQL of statements. */

const columns = `no, date, opening_fen AS openingFen, in_fen AS inFen, out_fen AS outFen, closing_fen AS closingFen, lines, sha256,
  last_journal AS lastJournal, made_at AS madeAt`;
const lineColumns = `line, at, event, no, type, instrument, gross_fen AS grossFen, fee_fen AS feeFen, amount_fen AS amountFen, balance_fen AS balanceFen`;

const statements = perDatabase((db) => ({
  insert:
    db.prepare(`INSERT INTO statement (date, no, opening_fen, in_fen, out_fen, closing_fen, lines, sha256, last_journal, made_at)
    VALUES (@date, @no, @openingFen, @inFen, @outFen, @closingFen, @lines, @sha256, @lastJournal, @madeAt)`),
  insertLine:
    db.prepare(`INSERT INTO statement_line (date, line, at, event, no, type, instrument, gross_fen, fee_fen, amount_fen, balance_fen)
    VALUES (@date, @line, @at, @event, @no, @type, @instrument, @grossFen, @feeFen, @amountFen, @balanceFen)`),
  // A statement that was never finished has lines and no head.
  forget: db.prepare(
    'DELETE FROM statement_line WHERE date = ? AND line IN (SELECT line FROM statement_line WHERE date = ? LIMIT 500)',
  ),
  last: db.prepare<[], Statement>(`SELECT ${columns} FROM statement ORDER BY date DESC LIMIT 1`),
  byDate: db.prepare<[string], Statement>(`SELECT ${columns} FROM statement WHERE date = ?`),
  between: db.prepare<[string, string], Statement>(
    `SELECT ${columns} FROM statement WHERE date BETWEEN ? AND ? ORDER BY date DESC`,
  ),
  lines: db.prepare<[string, number, number], StatementLine>(
    `SELECT ${lineColumns} FROM statement_line WHERE date = ? AND line > ? ORDER BY line LIMIT ?`,
  ),
  all: db.prepare<[], Statement>(`SELECT ${columns} FROM statement ORDER BY date`),
}));

export const insertStatement = (tx: Tx, statement: Statement): void => {
  statements(tx.db).insert.run(statement);
};
export const insertLine = (tx: Tx, date: string, line: StatementLine): void => {
  statements(tx.db).insertLine.run({ ...line, date });
};
/** Some lines of a day without a statement; how many. */
export const deleteLines = (tx: Tx, date: string): number => statements(tx.db).forget.run(date, date).changes;

export const getLastStatement = (db: Database): Statement | undefined => statements(db).last.get();
export const getStatement = (db: Database, date: string): Statement | undefined => statements(db).byDate.get(date);
/** The newest first. */
export const getStatements = (db: Database, from: string, to: string): readonly Statement[] =>
  statements(db).between.all(from, to);
/** The oldest first. */
export const getAllStatements = (db: Database): readonly Statement[] => statements(db).all.all();
/** Behind line `after`. */
export const getLines = (db: Database, date: string, after: number, limit: number): readonly StatementLine[] =>
  statements(db).lines.all(date, after, limit);
