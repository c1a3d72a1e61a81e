/**
 * The book (accounting.md §1). Journals and entries are written once; `balance` is a running row for each account that is not zero.
 *
 * Every tree that a sale touches costs a page in the log, so there are three: journals by key, entries in the order of posting (the id is
 * 64 × the journal's id + the line's place in it), balances by side and account: so those that every sale moves (1101, 2002, 4001) stand
 * behind the newest 2001 and, nearly always, in the same page.
 */
export const ledgerTables = {
  name: '0002-ledger',
  sql: `
CREATE TABLE journal (
  key TEXT PRIMARY KEY,
  id INTEGER NOT NULL CHECK (id > 0),
  event TEXT NOT NULL,
  no TEXT NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('D', 'C')),
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0)
) STRICT;

CREATE TABLE balance (
  account TEXT NOT NULL,
  side TEXT NOT NULL CHECK (side = iif(account < '2' OR account >= '5', 'D', 'C')),
  may_be_negative INTEGER NOT NULL,
  balance_fen INTEGER NOT NULL,
  CHECK (may_be_negative = 1 OR balance_fen >= 0),
  PRIMARY KEY (side, account)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'journals are never changed'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'journals are never deleted'); END;
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
`,
};
