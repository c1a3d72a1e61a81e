/**
 * Payments and the counters that number them. A row is written before anything is asked of the world, so its state always says what to do next.
 *
 * Only the newest payment may be open (CREATED), which a trigger sees to: so open ones are found without an index, and the result of a sale
 * changes one page of this table and no other. SQLite builds a table in memory for each list of more than two in an `IN`, every time that a
 * row is written, so longer lists are spelt with OR.
 */
export const paymentTables = {
  name: '0004-payments',
  sql: `
CREATE TABLE payment (
  id INTEGER PRIMARY KEY,
  no TEXT NOT NULL UNIQUE,
  txn TEXT NOT NULL CHECK (txn = 'sale'),
  state TEXT NOT NULL CHECK (state = 'CREATED' OR state = 'AUTHORIZING' OR state = 'PAID' OR state = 'FAILED' OR state = 'REVERSING'
    OR state = 'REVERSED' OR state = 'NEEDS_HUMAN' OR state = 'CLEARED'),
  batch TEXT NOT NULL,
  business_date TEXT NOT NULL,
  stan TEXT NOT NULL,
  operator TEXT NOT NULL,
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  fee_fen INTEGER NOT NULL DEFAULT 0 CHECK (fee_fen BETWEEN 0 AND amount_fen),
  rate_id TEXT,
  card_group TEXT,
  entry TEXT,
  card TEXT,
  card_hash BLOB,
  chip TEXT,
  code TEXT,
  rrn TEXT,
  auth_code TEXT,
  issuer TEXT,
  acquirer TEXT,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  why TEXT,
  reversal TEXT CHECK (reversal = 'DUE' OR reversal = 'SENT' OR reversal = 'DONE' OR reversal = 'NEEDS_HUMAN'),
  reversal_attempts INTEGER NOT NULL DEFAULT 0,
  reversal_refusals INTEGER NOT NULL DEFAULT 0,
  reversal_code TEXT,
  late_code TEXT,
  prints INTEGER NOT NULL DEFAULT 0,
  CHECK (reversal IS NOT NULL OR state NOT IN ('CREATED','AUTHORIZING') AND state <> 'REVERSING'),
  CHECK (reversal IS NULL OR state NOT IN ('PAID','CLEARED'))
) STRICT;
CREATE UNIQUE INDEX payment_by_stan ON payment (batch, stan);
CREATE INDEX payment_undecided ON payment (state) WHERE reversal <> 'DONE' AND state <> 'CREATED';
CREATE TRIGGER payment_one_open BEFORE INSERT ON payment
  WHEN (SELECT state FROM payment ORDER BY id DESC LIMIT 1) IN ('CREATED','AUTHORIZING')
  BEGIN SELECT RAISE(ABORT, 'a payment is open'); END;

CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counter VALUES ('stan', 0);
`,
};
