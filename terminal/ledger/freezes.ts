import { perDatabase, type Tx } from '../base/database.ts';
import { type Fen, fen, subtractFen } from '../base/money.ts';
import { accountKey } from './accounts.ts';
import type { Deed, Journal } from './journal.ts';
import { post } from './post.ts';
import { balanceOf } from './queries.ts';
import { frozen } from './risk-journals.ts';

/** J-09 over time: a freeze takes what 2002 has; its rest stands here, the oldest first, and takes from each later credit of 2002. */

interface Rest {
  readonly freeze: string;
  readonly restFen: Fen;
  /** Parts posted so far. */
  readonly parts: number;
}

const statements = perDatabase((db) => ({
  insert: db.prepare('INSERT INTO freeze_rest (freeze, rest_fen, parts) VALUES (?, ?, 0)'),
  all: db.prepare<[], Rest>('SELECT freeze, rest_fen AS restFen, parts FROM freeze_rest ORDER BY id'),
  update: db.prepare('UPDATE freeze_rest SET rest_fen = ?, parts = ? WHERE freeze = ?'),
  remove: db.prepare('DELETE FROM freeze_rest WHERE freeze = ?'),
}));

/** Freezes as much as there is; returns the journal, or none when there is nothing. */
export function freezeAvailable(tx: Tx, freeze: string, amountFen: Fen, deed: Deed): readonly Journal[] {
  statements(tx.db).insert.run(freeze, amountFen);
  return take(tx, { freeze, restFen: amountFen, parts: 0 }, deed);
}

/** After a credit of 2002: the rests take what they can. */
export function takeRests(tx: Tx, cause: Deed): readonly Journal[] {
  return statements(tx.db)
    .all.all()
    .flatMap((rest) => take(tx, rest, cause));
}

/** The freeze ended: what it has not taken yet it never takes. */
export const dropRest = (tx: Tx, freeze: string): void => {
  statements(tx.db).remove.run(freeze);
};

/** What a freeze holds now. */
export const frozenFen = (tx: Tx, freeze: string): Fen => balanceOf(tx.db, accountKey('2004', freeze));

function take(tx: Tx, { freeze, restFen, parts }: Rest, { at, by }: Deed): readonly Journal[] {
  const amountFen = fen(Math.min(restFen, balanceOf(tx.db, '2002')));
  if (amountFen <= 0) return [];
  const journal = frozen(freeze, parts + 1, amountFen, { at, by });
  post(tx, journal);
  if (amountFen === restFen) dropRest(tx, freeze);
  else statements(tx.db).update.run(subtractFen(restFen, amountFen), parts + 1, freeze);
  return [journal];
}
