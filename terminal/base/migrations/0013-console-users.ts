/**
 * Named users of the console: the copy of upstream's records, and the secrets that are kept here alone. `application`: the first user applied under it and is not in upstream's records yet.
 * A set-up code is for one user, or, under the empty log-in, for whoever is first; it is kept as a hash.
 *
 * Wrong secrets of the console are counted beside those of the keypad, so `log_on` takes its names, too.
 */
export const consoleUserTables = {
  name: '0013-console-users',
  sql: `
CREATE TABLE console_user (
  login TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('M', 'O', 'MO', 'S')),
  state TEXT NOT NULL CHECK (state IN ('ACTIVE', 'REMOVED')),
  last_seen_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE console_secret (
  login TEXT PRIMARY KEY,
  salt BLOB NOT NULL,
  secret_hash BLOB NOT NULL,
  application TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE set_up_code (
  login TEXT PRIMARY KEY,
  salt BLOB NOT NULL,
  secret_hash BLOB NOT NULL,
  valid_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE log_on RENAME TO log_on_before;
CREATE TABLE log_on (
  no TEXT PRIMARY KEY,
  wrong INTEGER NOT NULL,
  lock_outs INTEGER NOT NULL,
  locked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO log_on SELECT no, wrong, lock_outs, locked_until FROM log_on_before;
DROP TABLE log_on_before;
`,
};
