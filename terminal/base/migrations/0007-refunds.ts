/** Refunds (states.md 2) keyed here, and those of this terminal's payments that were keyed at others. */
export const refundTables = {
  name: '0007-refunds',
  sql: `
CREATE TABLE refund (
  no TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('REQUESTED','PROCESSING','SUCCESS','FAILED')),
  payment TEXT NOT NULL,
  origin_terminal TEXT NOT NULL,
  origin_batch TEXT NOT NULL,
  origin_stan TEXT NOT NULL,
  origin_rrn TEXT,
  origin_auth_code TEXT,
  origin_at INTEGER NOT NULL,
  batch TEXT NOT NULL,
  business_date TEXT NOT NULL,
  stan TEXT NOT NULL,
  operator TEXT NOT NULL,
  approved_by TEXT,
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  fee_fen INTEGER NOT NULL CHECK (fee_fen BETWEEN 0 AND amount_fen),
  cum_before_fen INTEGER NOT NULL CHECK (cum_before_fen >= 0),
  source TEXT NOT NULL,
  entry TEXT NOT NULL,
  card_group TEXT NOT NULL,
  card TEXT,
  counted INTEGER NOT NULL DEFAULT 0,
  idempotency_key TEXT UNIQUE,
  requested_at INTEGER NOT NULL,
  ended_at INTEGER,
  reason TEXT,
  host_ref TEXT,
  rrn TEXT,
  prints INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
-- One refund of a payment in flight.
CREATE UNIQUE INDEX refund_in_flight ON refund (payment) WHERE state IN ('REQUESTED','PROCESSING');
CREATE INDEX refund_of_payment ON refund (payment);
CREATE INDEX refund_of_batch ON refund (batch, business_date);

CREATE TABLE refund_elsewhere (
  no TEXT PRIMARY KEY,
  payment TEXT NOT NULL,
  terminal TEXT NOT NULL,
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  fee_fen INTEGER NOT NULL CHECK (fee_fen >= 0),
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX refund_elsewhere_of ON refund_elsewhere (payment);
`,
};
