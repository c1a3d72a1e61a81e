/** Longer lists than of two in an `IN` cost a table in memory at every write, so they are spelt with OR. */
const oneOf = (column: string, ...values: readonly string[]): string =>
  `(${values.map((value) => `${column} = '${value}'`).join(' OR ')})`;

/** States whose rows wait for somebody, beside those with a reversal due. */
const waiting = oneOf('state', 'UNKNOWN', 'STORED', 'VOIDING');

/**
 * Payments and the counters that number them. A row is written before anything is asked of the world, so its state always says what to do next.
 *
 * Only the newest payment may be open (CREATED), which a trigger sees to: so open ones are found without an index, and the result of a sale
 * changes one page of this table and no other. What may wait behind newer ones stands in the two partial indexes, where a plain sale never is.
 */
export const paymentTables = {
  name: '0004-payments',
  sql: `
CREATE TABLE payment (
  id INTEGER PRIMARY KEY,
  no TEXT NOT NULL UNIQUE,
  txn TEXT NOT NULL CHECK ${oneOf('txn', 'sale', 'void', 'preauth', 'preauth-void', 'completion', 'completion-void', 'code-sale', 'stored-sale', 'completion-advice')},
  state TEXT NOT NULL CHECK ${oneOf(
    'state',
    'CREATED',
    'PAID',
    'AUTHORIZING',
    'FAILED',
    'CLEARED',
    'REVERSING',
    'REVERSED',
    'NEEDS_HUMAN',
    'UNKNOWN',
    'STORED',
    'VOIDING',
    'VOIDED',
    'PARTLY_REFUNDED',
    'REFUNDED',
    'HELD',
    'COMPLETED',
    'EXPIRED',
    'DONE',
  )},
  batch TEXT NOT NULL,
  business_date TEXT NOT NULL,
  stan TEXT NOT NULL,
  operator TEXT NOT NULL,
  approved_by TEXT,
  original TEXT,
  origin_auth_code TEXT,
  asked_fen INTEGER,
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  discount_fen INTEGER NOT NULL DEFAULT 0 CHECK (discount_fen >= 0),
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
  cleared INTEGER NOT NULL DEFAULT 0,
  refunded_fen INTEGER NOT NULL DEFAULT 0,
  refunded_fee_fen INTEGER NOT NULL DEFAULT 0,
  valid_until INTEGER,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  why TEXT,
  reversal TEXT CHECK (reversal = 'DUE' OR reversal = 'SENT' OR reversal = 'DONE' OR reversal = 'NEEDS_HUMAN'),
  reversal_attempts INTEGER NOT NULL DEFAULT 0,
  reversal_refusals INTEGER NOT NULL DEFAULT 0,
  reversal_code TEXT,
  late_code TEXT,
  prints INTEGER NOT NULL DEFAULT 0,
  -- Code orders are closed by number, and what is told has nothing to reverse.
  CHECK (reversal IS NOT NULL OR state NOT IN ('CREATED','AUTHORIZING') AND state <> 'REVERSING'
    OR txn = 'code-sale' OR txn = 'stored-sale' OR txn = 'completion-advice'),
  CHECK (reversal IS NULL OR state NOT IN ('PAID','CLEARED')),
  CHECK (refunded_fen BETWEEN 0 AND amount_fen AND refunded_fee_fen BETWEEN 0 AND fee_fen),
  CHECK (cleared = 1 OR state <> 'CLEARED')
) STRICT;
CREATE UNIQUE INDEX payment_by_stan ON payment (batch, stan);
CREATE INDEX payment_undecided ON payment (state) WHERE reversal <> 'DONE' AND state <> 'CREATED';
CREATE INDEX payment_waiting ON payment (state) WHERE ${waiting};
CREATE TRIGGER payment_one_open BEFORE INSERT ON payment
  WHEN (SELECT state FROM payment ORDER BY id DESC LIMIT 1) IN ('CREATED','AUTHORIZING')
  BEGIN SELECT RAISE(ABORT, 'a payment is open'); END;

CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO counter VALUES ('stan', 0);
`,
};
