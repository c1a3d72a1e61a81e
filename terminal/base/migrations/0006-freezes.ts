/**
 * What upstream holds back (accounting.md J-09). `freeze_rest`: what a freeze has not taken yet and takes from the next credits of 2002, the oldest first;
 * the row goes when it is zero or the freeze ends.
 */
export const freezeTables = {
  name: '0006-freezes',
  sql: `
CREATE TABLE freeze_rest (
  id INTEGER PRIMARY KEY,
  freeze TEXT NOT NULL UNIQUE,
  rest_fen INTEGER NOT NULL CHECK (rest_fen > 0),
  parts INTEGER NOT NULL
) STRICT;

CREATE TABLE freeze (
  no TEXT PRIMARY KEY,
  payment TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('FLAGGED','FROZEN','RELEASED','CONFISCATED')),
  amount_fen INTEGER NOT NULL CHECK (amount_fen >= 0),
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX freeze_live ON freeze (payment) WHERE state IN ('FLAGGED','FROZEN');

CREATE TABLE charge_back (
  no TEXT PRIMARY KEY,
  payment TEXT NOT NULL,
  freeze TEXT,
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  reason TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX charge_back_of ON charge_back (payment);
`,
};
