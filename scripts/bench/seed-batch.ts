import { streamMigrations } from '../../sync/stream/migrations.ts';
import { systemClock } from '../../terminal/base/clock.ts';
import { type Database, inTransaction } from '../../terminal/base/database.ts';
import { openBook } from '../../terminal/flows/open-book.ts';
import { openBatch } from '../../terminal/settlement/open-batch.ts';

const batchNo = '000001';
const cutoffHour = 24;

/**
 * A terminal's book with one open batch of so many approved sales, printed and not cleared, and its running totals. Only what a batch is made of: rows and
 * journals are put there by SQL, in seconds, and no host has heard of them.
 */
export function seedBatch(file: string, records: number): Database {
  const db = openBook(file, streamMigrations);
  db.pragma('synchronous = OFF');
  inTransaction(db, (tx) => {
    const { businessDate } = openBatch(tx, systemClock.now(), batchNo, cutoffHour);
    insertPayments(db, records, businessDate);
    insertJournals(db);
    db.exec(`UPDATE batch SET records = ${records}, (domestic_debit_count, domestic_debit_fen) =
      (SELECT count(*), sum(amount_fen) FROM payment WHERE card_group = 'domestic'), (foreign_debit_count, foreign_debit_fen) =
      (SELECT count(*), sum(amount_fen) FROM payment WHERE card_group = 'foreign')`);
    db.exec(`UPDATE counter SET value = ${records - 1} WHERE name = 'stan'`);
  });
  db.exec('UPDATE link_state SET restoring = 0');
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.pragma('synchronous = FULL');
  return db;
}

function insertPayments(db: Database, records: number, businessDate: string): void {
  db.prepare(`
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
    INSERT INTO payment (no, txn, state, batch, business_date, stan, operator, amount_fen, fee_fen, rate_id, card_group, entry, card, card_hash,
      chip, code, rrn, auth_code, issuer, acquirer, created_at, ended_at, prints)
    SELECT printf('01JDA7K8%018d', i), 'sale', 'PAID', ?, ?, printf('%06d', i), '01', 1 + i % 100000, i % 60 * (i % 100000 > 60), 'card-normal-2026',
      iif(i % 9 = 0, 'foreign', 'domestic'), 'CONTACTLESS', '621700******1234', zeroblob(32),
      '{"AID":"A000000333010101","ARQC":"0123456789ABCDEF","TVR":"0000000000","ATC":"0001"}', '00', printf('%012d', i), printf('%06d', i), '建设银行',
      '银联商务', ?, ?, 1 FROM n`).run(records, batchNo, businessDate, systemClock.now(), systemClock.now());
}

function insertJournals(db: Database): void {
  db.exec(`
    INSERT INTO journal (key, id, event, no, at, by) SELECT 'sale:' || no, id, 'J-01', no, created_at, operator FROM payment;
    INSERT INTO entry SELECT id * 64, '1101:' || business_date, 'D', amount_fen FROM payment;
    INSERT INTO entry SELECT id * 64 + 1, '2001:' || no, 'C', amount_fen FROM payment;
    INSERT INTO balance (account, side, may_be_negative, balance_fen)
      SELECT '1101:' || business_date, 'D', 1, sum(amount_fen) FROM payment GROUP BY business_date
      UNION ALL SELECT '2001:' || no, 'C', 0, amount_fen FROM payment`);
}
