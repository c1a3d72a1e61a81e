/**
 * Bills of the host, in parts until they are matched, the runs that match them with the book (states.md 21), the differences that were found; statements of the available balance.
 *
 * A part stands here and in no file: it is written in the transaction that records its row as applied. The rows go when the run has its end.
 */
export const reconciliationTables = {
  name: '0010-reconciliation',
  sql: `
CREATE TABLE file_part (
  sha256 TEXT NOT NULL,
  i INTEGER NOT NULL,
  at INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (sha256, i)
) STRICT;

CREATE TABLE bill_run (
  date TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('OPEN','MATCHING','BALANCED','DIFFERENCES','RESOLVED','BLOCKED')),
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  gross_fen INTEGER NOT NULL,
  fee_fen INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  heard_at INTEGER NOT NULL,
  matched INTEGER NOT NULL DEFAULT 0,
  differences INTEGER NOT NULL DEFAULT 0,
  waiting INTEGER NOT NULL DEFAULT 0,
  problem TEXT,
  PRIMARY KEY (date, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX bill_run_due ON bill_run (state) WHERE state IN ('OPEN','MATCHING');

CREATE TABLE difference (
  no TEXT PRIMARY KEY,
  date TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('surplus','shortage','amount','state','clearing')),
  state TEXT NOT NULL CHECK (state IN ('FOUND','INVESTIGATING','ADJUSTED','EXPLAINED')),
  payment TEXT,
  txn TEXT,
  batch TEXT,
  entry TEXT,
  stan TEXT,
  here TEXT NOT NULL,
  there TEXT NOT NULL,
  here_fen INTEGER NOT NULL,
  there_fen INTEGER NOT NULL,
  delta_fen INTEGER NOT NULL,
  -- The receivable against which the suspense stands; null where there is none.
  channel TEXT,
  finding TEXT,
  decision TEXT,
  decided_by TEXT,
  approved_by TEXT,
  reason TEXT,
  -- The row of a decision that can not be booked yet: its refund waits for money.
  waits TEXT,
  at INTEGER NOT NULL,
  ended_at INTEGER,
  CHECK ((ended_at IS NULL) = (state IN ('FOUND','INVESTIGATING')))
) STRICT, WITHOUT ROWID;
CREATE INDEX difference_of ON difference (date, payment);
CREATE INDEX difference_live ON difference (date) WHERE state IN ('FOUND','INVESTIGATING');

CREATE TABLE statement (
  date TEXT PRIMARY KEY,
  no TEXT NOT NULL UNIQUE,
  opening_fen INTEGER NOT NULL,
  in_fen INTEGER NOT NULL CHECK (in_fen >= 0),
  out_fen INTEGER NOT NULL CHECK (out_fen >= 0),
  closing_fen INTEGER NOT NULL CHECK (closing_fen = opening_fen + in_fen - out_fen),
  lines INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  -- The last journal that belongs to it: the next statement goes on behind.
  last_journal INTEGER NOT NULL,
  made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE statement_line (
  date TEXT NOT NULL,
  line INTEGER NOT NULL,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  no TEXT NOT NULL,
  type TEXT NOT NULL,
  instrument TEXT,
  gross_fen INTEGER,
  fee_fen INTEGER,
  amount_fen INTEGER NOT NULL,
  balance_fen INTEGER NOT NULL,
  PRIMARY KEY (date, line)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER statement_no_update BEFORE UPDATE ON statement BEGIN SELECT RAISE(ABORT, 'statements are never changed'); END;
CREATE TRIGGER statement_no_delete BEFORE DELETE ON statement BEGIN SELECT RAISE(ABORT, 'statements are never deleted'); END;
-- Lines are written before their head; of a statement that was never finished they go.
CREATE TRIGGER statement_line_no_insert BEFORE INSERT ON statement_line WHEN EXISTS (SELECT 1 FROM statement WHERE date = NEW.date)
  BEGIN SELECT RAISE(ABORT, 'statements are never changed'); END;
CREATE TRIGGER statement_line_no_update BEFORE UPDATE ON statement_line BEGIN SELECT RAISE(ABORT, 'statements are never changed'); END;
CREATE TRIGGER statement_line_no_delete BEFORE DELETE ON statement_line WHEN EXISTS (SELECT 1 FROM statement WHERE date = OLD.date)
  BEGIN SELECT RAISE(ABORT, 'statements are never deleted'); END;
`,
};
