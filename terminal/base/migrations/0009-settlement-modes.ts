/**
 * Modes, applications and tickets (settlement.md). A settlement takes the money of 2002 in the order in which it came: from a place in the entries to another, or, in real time,
 * the credits that stand in `realtime_credit` under its number (settled-parts.ts). `settled-to`: where the next one begins.
 */
export const settlementModeTables = {
  name: '0009-settlement-modes',
  sql: `
ALTER TABLE settlement_account ADD COLUMN destination TEXT NOT NULL DEFAULT 'bank' CHECK (destination IN ('bank','payment'));
ALTER TABLE settlement_account ADD COLUMN reason TEXT;

ALTER TABLE settlement ADD COLUMN cut TEXT;
ALTER TABLE settlement ADD COLUMN again_of TEXT;
-- The rev from which on it is built anew; null: never, or it was.
ALTER TABLE settlement ADD COLUMN again_from_rev INTEGER;
ALTER TABLE settlement ADD COLUMN stop_by TEXT;
ALTER TABLE settlement ADD COLUMN issued_channel TEXT CHECK (issued_channel IN ('email','sms','none','failed'));
ALTER TABLE settlement ADD COLUMN issued_to TEXT;
ALTER TABLE settlement ADD COLUMN from_entry INTEGER;
ALTER TABLE settlement ADD COLUMN from_taken_fen INTEGER;
ALTER TABLE settlement ADD COLUMN to_entry INTEGER;
ALTER TABLE settlement ADD COLUMN to_taken_fen INTEGER;
CREATE INDEX settlement_again ON settlement (again_from_rev) WHERE again_from_rev IS NOT NULL;

CREATE TABLE realtime_credit (
  entry INTEGER PRIMARY KEY,
  fen INTEGER NOT NULL CHECK (fen > 0),
  settlement TEXT
) STRICT;
CREATE INDEX realtime_due ON realtime_credit (entry) WHERE settlement IS NULL;
CREATE INDEX realtime_of ON realtime_credit (settlement) WHERE settlement IS NOT NULL;

-- What upstream decided for the merchant, whole.
CREATE TABLE merchant_record (kind TEXT PRIMARY KEY, rev INTEGER NOT NULL, record TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE application (
  no TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('account','mode','profile','user','paper-statement')),
  state TEXT NOT NULL CHECK (state IN ('SENT','ACCEPTED','DONE','REFUSED')),
  facts TEXT NOT NULL,
  about TEXT NOT NULL,
  stage TEXT,
  reason TEXT,
  remark TEXT,
  idempotency_key TEXT UNIQUE,
  fingerprint TEXT NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE ticket (
  no TEXT PRIMARY KEY,
  settlement TEXT NOT NULL REFERENCES settlement (no),
  payment TEXT,
  text TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('OPEN','ANSWERED','CLOSED')),
  answer TEXT,
  answered_by TEXT,
  idempotency_key TEXT UNIQUE,
  by TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_of ON ticket (settlement);

-- What was settled before there were places: the next one begins behind the last of them.
INSERT INTO setting SELECT 'settled-to', (max(id) + 1) || ':0' FROM entry
  WHERE account LIKE '2005:%' AND side = 'C' HAVING max(id) IS NOT NULL;
`,
};
