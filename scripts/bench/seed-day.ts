import { streamMigrations } from '../../sync/stream/migrations.ts';
import { startOfDay } from '../../terminal/base/clock.ts';
import type { Database } from '../../terminal/base/database.ts';
import { idsFrom } from '../../terminal/base/ids.ts';
import { openBook } from '../../terminal/flows/open-book.ts';

export const seededDay = '2026-11-20';

/** A terminal's book with so many payments of one day, cleared, and nothing else: rows are put there by SQL, and no host has heard of them. */
export function seedDay(file: string, count: number): Database {
  const db = openBook(file, streamMigrations);
  db.pragma('synchronous = OFF');
  const fromMs = startOfDay(seededDay);
  const perMs = 86_400_000 / (count + 1);
  // Numbers of one millisecond are told apart and put in order by what stands behind its ten letters.
  db.function('time_of_id', { deterministic: true }, (ms: unknown) => idsFrom(Number(ms)));
  db.prepare(`
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1),
      t(i, at) AS (SELECT i, ? + CAST(i * ? AS INTEGER) FROM n)
    INSERT INTO payment (no, txn, state, batch, business_date, stan, operator, amount_fen, fee_fen, rate_id, card_group, entry, card, card_hash,
      chip, code, rrn, auth_code, issuer, acquirer, cleared, created_at, ended_at, prints)
    SELECT time_of_id(at) || printf('%016d', i), 'sale', 'CLEARED', printf('%06d', 1 + i / 500), '${seededDay}', printf('%06d', i % 1000000), '01',
      100 + i % 100000, i % 60, 'card-normal-2026', iif(i % 9 = 0, 'foreign', 'domestic'), iif(i % 7 = 0, 'QR_WECHAT', 'CONTACTLESS'), '621700******1234',
      zeroblob(32), '{"AID":"A000000333010101","ARQC":"0123456789ABCDEF","TVR":"0000000000","ATC":"0001"}', '00', printf('%012d', i),
      printf('%06d', i % 1000000), '建设银行', '银联商务', 1, at, at + 900, 1 FROM t`).run(count, fromMs, perMs);
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.pragma('synchronous = FULL');
  return db;
}
