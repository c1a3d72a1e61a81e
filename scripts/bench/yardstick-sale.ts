import Sqlite from 'better-sqlite3';
import { checkpoint, growWal } from '../../terminal/base/database.ts';
import type { SaleBench } from './sale-bench.ts';

const schema = `
CREATE TABLE IF NOT EXISTS payment (
  no TEXT PRIMARY KEY, state TEXT NOT NULL, batch TEXT NOT NULL, stan INTEGER NOT NULL, amount_fen INTEGER NOT NULL, fee_fen INTEGER NOT NULL,
  card TEXT NOT NULL, rrn TEXT NOT NULL, auth_code TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS posting (
  id INTEGER PRIMARY KEY, payment TEXT NOT NULL, account TEXT NOT NULL, amount_fen INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO counter VALUES ('stan', 0);
`;

/** Y1: the sale as one would write it by hand: 1 payment, 4 postings, 1 outbox row, 1 counter; prepared statements, WAL, synchronous=FULL. */
export function openYardstickSale(file: string): SaleBench {
  const db = new Sqlite(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(schema);
  growWal(db);
  const counter = db.prepare("UPDATE counter SET value = value + 1 WHERE name = 'stan'");
  const stanNow = db.prepare<[], number>("SELECT value FROM counter WHERE name = 'stan'").pluck();
  const payment = db.prepare('INSERT INTO payment VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const posting = db.prepare('INSERT INTO posting (payment, account, amount_fen) VALUES (?, ?, ?)');
  const outbox = db.prepare('INSERT INTO outbox (kind, body) VALUES (?, ?)');
  const sale = db.transaction((stan: number) => {
    const no = `01KAN5V0000000${String(stan).padStart(12, '0')}`;
    const at = Date.now();
    counter.run();
    payment.run(no, 'PAID', '000001', stan, 12_345, 47, '621700******1234', '123456789012', '654321', at);
    posting.run(no, '1101:2026-11-20', 12_345);
    posting.run(no, `2001:${no}`, -12_345);
    posting.run(no, '2002', -12_298);
    posting.run(no, '4001', -47);
    outbox.run(
      'payment-recorded',
      JSON.stringify({ no, at, by: '01', batch: '000001', stan, amountFen: 12_345, feeFen: 47 }),
    );
  }).immediate;
  let next = stanNow.get() ?? 0;
  return {
    prepare: () => {},
    commit: () => sale(++next),
    checkpoint: () => checkpoint(db),
    close: () => db.close(),
  };
}
