import { type Database, perDatabase, type Tx } from '../base/database.ts';
import type { SealedSecret } from './secret.ts';
import type { ConsoleUser } from './user.ts';

/** A user as the console shows one. */
export interface ConsoleUserRow extends ConsoleUser {
  readonly hasSecret: boolean;
  readonly lastSeenAt: number | undefined;
}

export interface SetUpCode extends SealedSecret {
  readonly validUntil: number;
}

type Row = Omit<ConsoleUserRow, 'hasSecret' | 'lastSeenAt'> & {
  readonly hasSecret: number;
  readonly lastSeenAt: number | null;
};

/** Begins the name under which the wrong secrets of somebody unknown are counted; so many of them are kept. */
export const strangerMark = '?';
const keptStrangers = 500;

const statements = perDatabase((db) => ({
  save: db.prepare(`INSERT INTO console_user (login, name, role, state) VALUES (?, ?, ?, ?)
    ON CONFLICT (login) DO UPDATE SET name = excluded.name, role = excluded.role, state = excluded.state`),
  user: db.prepare<[string], ConsoleUser>('SELECT login, name, role, state FROM console_user WHERE login = ?'),
  users: db.prepare<
    [],
    Row
  >(`SELECT u.login, name, role, state, last_seen_at AS lastSeenAt, s.login IS NOT NULL AS hasSecret
    FROM console_user u LEFT JOIN console_secret s ON s.login = u.login ORDER BY u.login`),
  seen: db.prepare('UPDATE console_user SET last_seen_at = ? WHERE login = ?'),
  secret: db.prepare<[string], SealedSecret>(
    'SELECT salt, secret_hash AS secretHash FROM console_secret WHERE login = ? AND application IS NULL',
  ),
  salt: db.prepare<[string], string>('SELECT hex(salt) FROM console_secret WHERE login = ?').pluck(),
  anySecret: db.prepare<[], { login: string }>('SELECT login FROM console_secret LIMIT 1'),
  saveSecret: db.prepare(`INSERT INTO console_secret (login, salt, secret_hash, application) VALUES (?, ?, ?, ?)
    ON CONFLICT (login) DO UPDATE SET salt = excluded.salt, secret_hash = excluded.secret_hash, application = excluded.application`),
  accept: db.prepare('UPDATE console_secret SET application = NULL WHERE login = ?'),
  forgetSecret: db.prepare('DELETE FROM console_secret WHERE login = ?'),
  forgetApplied: db.prepare('DELETE FROM console_secret WHERE application = ?'),
  code: db.prepare<[string], SetUpCode>(
    'SELECT salt, secret_hash AS secretHash, valid_until AS validUntil FROM set_up_code WHERE login = ?',
  ),
  saveCode: db.prepare(
    'INSERT OR REPLACE INTO set_up_code (login, salt, secret_hash, valid_until) VALUES (?, ?, ?, ?)',
  ),
  forgetCode: db.prepare('DELETE FROM set_up_code WHERE login = ?'),
  pruneStrangers: db.prepare(`DELETE FROM log_on WHERE no IN (SELECT no FROM log_on
    WHERE substr(no, 1, 1) = '${strangerMark}' ORDER BY locked_until DESC
    LIMIT -1 OFFSET ${keptStrangers})`),
}));

export const saveConsoleUser = (tx: Tx, { login, name, role, state }: ConsoleUser): void => {
  statements(tx.db).save.run(login, name, role, state);
};
export const getConsoleUser = (db: Database, login: string): ConsoleUser | undefined => statements(db).user.get(login);
export const getConsoleUsers = (db: Database): readonly ConsoleUserRow[] =>
  statements(db)
    .users.all()
    .map((row) => ({ ...row, hasSecret: row.hasSecret === 1, lastSeenAt: row.lastSeenAt ?? undefined }));
export const saveSeen = (tx: Tx, login: string, atMs: number): void => {
  statements(tx.db).seen.run(atMs, login);
};

/** Undefined also while upstream has not answered. */
export const consoleSecretOf = (db: Database, login: string): SealedSecret | undefined =>
  statements(db).secret.get(login);
/** Of the secret, also of one that upstream has not answered for: each has its own. */
export const saltOf = (db: Database, login: string): string | undefined => statements(db).salt.get(login);
/** Also one that upstream has not answered for. */
export const hasAnySecret = (db: Database): boolean => statements(db).anySecret.get() !== undefined;
/** `application`: under which the user applied, and without which the secret is good at once. */
export const saveConsoleSecret = (
  tx: Tx,
  login: string,
  { salt, secretHash }: SealedSecret,
  application: string | null,
): void => {
  statements(tx.db).saveSecret.run(login, salt, secretHash, application);
};
export const acceptSecret = (tx: Tx, login: string): void => {
  statements(tx.db).accept.run(login);
};
export const forgetSecret = (tx: Tx, login: string): void => {
  statements(tx.db).forgetSecret.run(login);
};
export const forgetApplied = (tx: Tx, application: string): void => {
  statements(tx.db).forgetApplied.run(application);
};

export const codeOf = (db: Database, login: string): SetUpCode | undefined => statements(db).code.get(login);
export const saveCode = (tx: Tx, login: string, { salt, secretHash }: SealedSecret, validUntil: number): void => {
  statements(tx.db).saveCode.run(login, salt, secretHash, validUntil);
};
export const forgetCode = (tx: Tx, login: string): void => {
  statements(tx.db).forgetCode.run(login);
};

/** Whoever tries names at random fills no disk. */
export const pruneStrangers = (tx: Tx): void => {
  statements(tx.db).pruneStrangers.run();
};
