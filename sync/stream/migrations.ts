/**
 * The terminal's end of the streams. The terminal runs this with its own migrations, in its own database.
 *
 * `outbox`: rows for the host, in the order of their commits; they stay there when they are acknowledged (`link_state.acked_up`), so that
 * a host restored from a backup can have them again, until they are pruned (prune.ts). The highest is never deleted, so no seq comes twice, without the
 * extra page that AUTOINCREMENT writes in every commit. A seq of zero or below: the host had the row already when it gave this database its book back
 * (epoch.ts). `link_state`: one row; `epoch` is made with the database, so that a restored or replaced database is never taken for the old one;
 * `restoring`: whatever the host has of this terminal that is not here, after `since_…` where that is known, comes down before anything else is done.
 * `down_rejected`: rows from above that could not be understood.
 */
export const streamMigrations: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: 'stream-1',
    sql: `
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  rejected TEXT,
  set_aside INTEGER NOT NULL DEFAULT 0 CHECK (set_aside IN (0, 1)),
  UNIQUE (kind, id)
) STRICT;
CREATE INDEX outbox_trouble ON outbox (seq) WHERE rejected IS NOT NULL OR set_aside = 1;

CREATE TABLE link_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch TEXT NOT NULL,
  acked_up INTEGER NOT NULL DEFAULT 0,
  down_epoch TEXT,
  applied_down INTEGER NOT NULL DEFAULT 0,
  restoring INTEGER NOT NULL DEFAULT 1 CHECK (restoring IN (0, 1)),
  since_epoch TEXT,
  since_seq INTEGER NOT NULL DEFAULT 0,
  since_down INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO link_state (id, epoch) VALUES (1, lower(hex(randomblob(8))));

CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox
  WHEN OLD.seq > (SELECT acked_up FROM link_state) OR OLD.seq = (SELECT max(seq) FROM outbox)
    OR OLD.rejected IS NOT NULL OR OLD.set_aside = 1
  BEGIN SELECT RAISE(ABORT, 'only rows that the host has are deleted, and never the highest'); END;

CREATE TABLE down_rejected (
  epoch TEXT NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  code TEXT NOT NULL,
  error TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (epoch, seq)
) STRICT, WITHOUT ROWID;
`,
  },
];
