/** Payments and the counters that number them. A row is written before anything is asked of the world, so its state always says what to do next. */
export const paymentTables = {
  name: '0004-payments',
  sql: `
CREATE TABLE payment (
  no TEXT PRIMARY KEY,
  txn TEXT NOT NULL CHECK (txn IN ('sale')),
  state TEXT NOT NULL CHECK (state IN ('CREATED','AUTHORIZING','PAID','FAILED','REVERSING','REVERSED','NEEDS_HUMAN','CLEARED')),
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
  reversal TEXT CHECK (reversal IN ('DUE','SENT','DONE','NEEDS_HUMAN')),
  reversal_attempts INTEGER NOT NULL DEFAULT 0,
  reversal_refusals INTEGER NOT NULL DEFAULT 0,
  reversal_code TEXT,
  late_code TEXT,
  prints INTEGER NOT NULL DEFAULT 0,
  CHECK (state NOT IN ('REVERSING','CREATED','AUTHORIZING') OR reversal IS NOT NULL),
  CHECK (state NOT IN ('PAID','CLEARED') OR reversal IS NULL)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX payment_by_stan ON payment (batch, stan);
CREATE INDEX payment_undecided ON payment (state) WHERE state IN ('CREATED','AUTHORIZING','REVERSING','NEEDS_HUMAN');

CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counter VALUES ('stan', 0);
`,
};
