/**
 * Operators and their secrets. `log_on` counts wrong secrets by the number that was keyed, whether or not there is such an operator: else
 * the count would tell.
 */
export const usersTables = {
  name: '0003-users',
  sql: `
CREATE TABLE user (
  no TEXT PRIMARY KEY CHECK (no GLOB '[0-9][0-9]'),
  salt BLOB NOT NULL,
  secret_hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE log_on (
  no TEXT PRIMARY KEY CHECK (no GLOB '[0-9][0-9]'),
  wrong INTEGER NOT NULL,
  lock_outs INTEGER NOT NULL,
  locked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
