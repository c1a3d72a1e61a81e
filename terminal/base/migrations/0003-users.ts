/**
 * Operators and their secrets; `first_secret`: somebody else chose it. `log_on` counts wrong secrets by the number that was keyed, whether or not there is such an operator: else
 * the count would tell.
 *
 * A shift (班次) of an operator has the payments behind `after_payment`; what it came to is counted once, when it ends. So a sale writes nothing
 * here. What was undecided then waits in `shift_undecided` for the next end of a shift of that operator, as refunds do from their beginning.
 */
export const usersTables = {
  name: '0003-users',
  sql: `
CREATE TABLE user (
  no TEXT PRIMARY KEY CHECK (no GLOB '[0-9][0-9]'),
  salt BLOB NOT NULL,
  secret_hash BLOB NOT NULL,
  first_secret INTEGER NOT NULL CHECK (first_secret IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE log_on (
  no TEXT PRIMARY KEY CHECK (no GLOB '[0-9][0-9]'),
  wrong INTEGER NOT NULL,
  lock_outs INTEGER NOT NULL,
  locked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE shift (
  id INTEGER PRIMARY KEY,
  operator TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  after_payment INTEGER NOT NULL,
  ended_at INTEGER,
  ended_by TEXT,
  undecided INTEGER NOT NULL DEFAULT 0,
  prints INTEGER NOT NULL DEFAULT 0,
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX shift_open ON shift (operator) WHERE ended_at IS NULL;

CREATE TABLE shift_total (
  shift INTEGER NOT NULL REFERENCES shift (id),
  txn TEXT NOT NULL,
  instrument TEXT NOT NULL,
  debit_count INTEGER NOT NULL,
  debit_fen INTEGER NOT NULL,
  credit_count INTEGER NOT NULL,
  credit_fen INTEGER NOT NULL,
  PRIMARY KEY (shift, txn, instrument)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER shift_total_no_update BEFORE UPDATE ON shift_total BEGIN SELECT RAISE(ABORT, 'shift totals are never changed'); END;
CREATE TRIGGER shift_total_no_delete BEFORE DELETE ON shift_total BEGIN SELECT RAISE(ABORT, 'shift totals are never deleted'); END;

CREATE TABLE shift_undecided (
  payment TEXT PRIMARY KEY,
  operator TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
