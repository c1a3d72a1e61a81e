import { type Database, perDatabase } from '../base/database.ts';
import { type Fen, fen } from '../base/money.ts';
import { maxLines } from './journal.ts';

/** What came to the available balance (2002) and what left it, in the order of posting. */
export interface Movement {
  /** Its place in the book. */
  readonly entry: number;
  /** Below zero: it left. */
  readonly fen: Fen;
  /** The first other account of its journal that is kept for a number: `2001:<payment>`, `2302:<refund or void>`, `2004:<freeze>`, `2005:<settlement>`; undefined: none is. */
  readonly about: string | undefined;
}

const available = "account = '2002'";

const statements = perDatabase((db) => ({
  movements: db.prepare<[number, number], { entry: number; fen: number; about: string | null }>(
    `SELECT id AS entry, iif(side = 'C', amount_fen, -amount_fen) AS fen,
       (SELECT account FROM entry o WHERE o.id >= e.id / ${maxLines} * ${maxLines} AND o.id < (e.id / ${maxLines} + 1) * ${maxLines}
          AND o.account LIKE '2___:%' ORDER BY o.id LIMIT 1) AS about
     FROM entry e WHERE id >= ? AND id < ? AND ${available} ORDER BY id`,
  ),
  last: db.prepare<[], number | null>('SELECT max(id) FROM entry').pluck(),
  credit: db.prepare<[string], { entry: number; fen: number }>(
    `SELECT e.id AS entry, e.amount_fen AS fen FROM journal j JOIN entry e ON e.id >= j.id * ${maxLines} AND e.id < (j.id + 1) * ${maxLines}
     WHERE j.key = ? AND e.${available} AND e.side = 'C'`,
  ),
}));

/** From one place in the book to another, the latter not with it. */
export const availableMovements = (db: Database, from: number, before: number): readonly Movement[] =>
  statements(db)
    .movements.all(from, before)
    .map(({ entry, fen: moved, about }) => ({ entry, fen: fen(moved), about: about ?? undefined }));

/** Behind everything that was posted. */
export const endOfBook = (db: Database): number => (statements(db).last.get() ?? -1) + 1;

/** What the journal of this key brought to the available balance; undefined: nothing, or there is no such journal. */
export function creditOf(db: Database, key: string): { readonly entry: number; readonly fen: Fen } | undefined {
  const found = statements(db).credit.get(key);
  return found && { entry: found.entry, fen: fen(found.fen) };
}
