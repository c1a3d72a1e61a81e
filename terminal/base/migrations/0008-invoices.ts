/** Customers' invoices (states.md 19): the instruction, what became of it, and of a red one what it takes back. */
export const invoiceTables = {
  name: '0008-invoices',
  sql: `
CREATE TABLE invoice (
  no TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('blue','red')),
  state TEXT NOT NULL CHECK (state IN ('REQUESTED','ISSUED','SENT','FAILED','RED')),
  payment TEXT NOT NULL,
  of TEXT REFERENCES invoice (no),
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  title_kind TEXT NOT NULL CHECK (title_kind IN ('personal','company')),
  title TEXT NOT NULL,
  tax_no TEXT,
  address TEXT,
  phone TEXT,
  email TEXT,
  operator TEXT NOT NULL,
  idempotency_key TEXT UNIQUE,
  requested_at INTEGER NOT NULL,
  ended_at INTEGER,
  refused INTEGER NOT NULL DEFAULT 0,
  reason TEXT,
  invoice_no TEXT,
  url TEXT,
  prints INTEGER NOT NULL DEFAULT 0,
  CHECK ((kind = 'red') = (of IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX invoice_of_payment ON invoice (payment);
CREATE INDEX invoice_of ON invoice (of) WHERE of IS NOT NULL;
CREATE INDEX invoice_standing ON invoice (requested_at) WHERE kind = 'blue' AND state IN ('ISSUED','SENT');
CREATE INDEX invoice_requested_at ON invoice (requested_at);
`,
};
