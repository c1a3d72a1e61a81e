import { type Database, perDatabase, type Tx } from '../base/database.ts';
import type { SealedSecret } from './secret.ts';

/** Wrong secrets since the last right one, and the lock that came of them. */
export interface Tries {
  readonly wrong: number;
  readonly lockOuts: number;
  /** Milliseconds since 1970; 0: never locked. */
  readonly lockedUntil: number;
}

const statements = perDatabase((db) => ({
  secret: db.prepare<[string], SealedSecret>('SELECT salt, secret_hash AS secretHash FROM user WHERE no = ?'),
  insert: db.prepare(
    'INSERT INTO user (no, salt, secret_hash, first_secret) VALUES (?, ?, ?, ?) ON CONFLICT (no) DO NOTHING',
  ),
  update: db.prepare('UPDATE user SET salt = ?, secret_hash = ?, first_secret = ? WHERE no = ?'),
  isFirst: db.prepare<[string], { first: number }>('SELECT first_secret AS first FROM user WHERE no = ?'),
  remove: db.prepare('DELETE FROM user WHERE no = ?'),
  all: db.prepare<[], { no: string }>('SELECT no FROM user ORDER BY no'),
  tries: db.prepare<[string], Tries>(
    'SELECT wrong, lock_outs AS lockOuts, locked_until AS lockedUntil FROM log_on WHERE no = ?',
  ),
  count: db.prepare(`INSERT INTO log_on (no, wrong, lock_outs, locked_until) VALUES (?, ?, ?, ?)
    ON CONFLICT (no) DO UPDATE SET wrong = excluded.wrong, lock_outs = excluded.lock_outs, locked_until = excluded.locked_until`),
  reset: db.prepare('DELETE FROM log_on WHERE no = ?'),
}));

export const secretOf = (db: Database, no: string): SealedSecret | undefined => statements(db).secret.get(no);

/** `first`: somebody else chose the secret. False when there is an operator of this number already. */
export const insertUser = (tx: Tx, no: string, { salt, secretHash }: SealedSecret, first: boolean): boolean =>
  statements(tx.db).insert.run(no, salt, secretHash, first ? 1 : 0).changes === 1;

/** False when there is no such operator. */
export const updateSecret = (tx: Tx, no: string, { salt, secretHash }: SealedSecret, first: boolean): boolean =>
  statements(tx.db).update.run(salt, secretHash, first ? 1 : 0, no).changes === 1;

/** The secret was chosen by somebody else and not changed since. */
export const isFirstSecret = (db: Database, no: string): boolean => statements(db).isFirst.get(no)?.first === 1;

/** False when there is no such operator. */
export const deleteUser = (tx: Tx, no: string): boolean => statements(tx.db).remove.run(no).changes === 1;

/** Their numbers. */
export const allUsers = (db: Database): readonly string[] =>
  statements(db)
    .all.all()
    .map((row) => row.no);

export const triesOf = (db: Database, no: string): Tries =>
  statements(db).tries.get(no) ?? { wrong: 0, lockOuts: 0, lockedUntil: 0 };

export const countTry = (tx: Tx, no: string, { wrong, lockOuts, lockedUntil }: Tries): void => {
  statements(tx.db).count.run(no, wrong, lockOuts, lockedUntil);
};

export const forgetTries = (tx: Tx, no: string): void => {
  statements(tx.db).reset.run(no);
};
