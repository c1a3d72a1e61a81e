/**
 * 站内信: one row for each event and recipient, what went out beside it by e-mail and SMS, and who has read it. An event is told once (cross-cutting.md, delivery rules), which the
 * keys see to.
 */
export const noticeTables = {
  name: '0011-notices',
  sql: `
CREATE TABLE notice (
  id INTEGER PRIMARY KEY,
  event TEXT NOT NULL,
  recipient TEXT NOT NULL,
  text TEXT NOT NULL,
  about TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('info','warning')),
  "values" TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (event, recipient)
) STRICT;

CREATE TABLE notice_sent (
  event TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('email','sms')),
  state TEXT NOT NULL DEFAULT 'QUEUED' CHECK (state IN ('QUEUED','SENT','FAILED','DEAD')),
  attempts INTEGER NOT NULL DEFAULT 0,
  sent_to TEXT,
  reason TEXT,
  PRIMARY KEY (event, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE notice_read (
  notice INTEGER NOT NULL REFERENCES notice (id),
  by TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (notice, by)
) STRICT, WITHOUT ROWID;
`,
};
