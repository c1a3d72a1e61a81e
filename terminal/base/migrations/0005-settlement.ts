const totals = ['domestic', 'foreign', 'codes'].flatMap((group) =>
  ['debit', 'credit'].flatMap((side) => [
    `${group}_${side}_count INTEGER NOT NULL DEFAULT 0`,
    `${group}_${side}_fen INTEGER NOT NULL DEFAULT 0`,
  ]),
);

/** Batches with their running totals, settlement accounts as upstream decided them, settlements. */
export const settlementTables = {
  name: '0005-settlement',
  sql: `
CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  no TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('OPEN','FROZEN','COMPARING','UPLOADING','ENDING','CLEAR_DUE','CLOSED','NEEDS_HUMAN')),
  business_date TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  closed_by TEXT,
  records INTEGER NOT NULL DEFAULT 0,
  ${totals.join(',\n  ')},
  verdict TEXT,
  decided TEXT,
  differing TEXT,
  next_batch TEXT,
  uploaded INTEGER NOT NULL DEFAULT 0,
  cleared_at INTEGER,
  prints INTEGER NOT NULL DEFAULT 0
) STRICT;
-- One batch at a time; a number comes again only after 999,999 closes.
CREATE UNIQUE INDEX batch_not_closed ON batch ((1)) WHERE state <> 'CLOSED';
CREATE INDEX batch_by_no ON batch (no);

CREATE TABLE settlement_account (
  version INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('VERIFYING','ACTIVE','REJECTED','SUPERSEDED','ERRORED')),
  name TEXT NOT NULL,
  masked_number TEXT NOT NULL,
  bank TEXT NOT NULL,
  rev INTEGER NOT NULL
) STRICT;

CREATE TABLE settlement (
  no TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('REQUESTED','PROCESSING','SUCCESS','FAILED','RETURNED','CANCELLED')),
  mode TEXT NOT NULL CHECK (mode IN ('AUTO','MANUAL','REALTIME')),
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  service_fee_fen INTEGER NOT NULL DEFAULT 0,
  account_version INTEGER NOT NULL REFERENCES settlement_account (version),
  idempotency_key TEXT UNIQUE,
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  ended_at INTEGER,
  reason TEXT,
  host_ref TEXT,
  transfer_ref TEXT,
  value_date TEXT,
  checked_by TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX settlement_open ON settlement (state) WHERE state IN ('REQUESTED','PROCESSING');
`,
};
