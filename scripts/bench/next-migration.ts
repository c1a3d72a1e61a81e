import type { Migration } from '../../terminal/base/migrate.ts';

/** What a next version of the program might do to a book that is in use: the last thing that is recorded for F12. */
export const nextMigration: Migration = {
  name: 'bench-next',
  sql: `
ALTER TABLE link_state ADD COLUMN bench TEXT;
CREATE TABLE bench_note (payment TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO bench_note SELECT no, state FROM payment;
CREATE INDEX bench_payment_by_card ON payment (card);
`,
};
