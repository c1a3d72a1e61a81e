import Sqlite from 'better-sqlite3';
import { shanghai } from '../../terminal/base/clock.ts';
import type { TestSystem } from '../support/terminal.ts';

const elsewhere = '20000002';
let sales = 0;

/**
 * The host knows a sale of 100.00, 38 fen of it fee, of the same merchant's other terminal, which hears of its refunds at once. Returns its reference and the day of
 * the month on which it was made, as they are typed.
 */
export function sellElsewhere({ host, config }: TestSystem): { readonly rrn: string; readonly day: string } {
  sales += 1;
  const rrn = String(999_000_000_000 + sales);
  const now = Date.now();
  const db = new Sqlite(host.file);
  try {
    for (const event of ['INSERT', 'UPDATE OF down_highest'])
      db.exec(`CREATE TRIGGER IF NOT EXISTS heard_${event.slice(0, 6)} AFTER ${event} ON stream WHEN new.terminal = '${elsewhere}'
        BEGIN UPDATE stream SET down_acked = new.down_highest WHERE id = new.id; END`);
    db.prepare(
      `INSERT INTO approvals (merchant, terminal, payment, txn, original, batch, stan, asked_fen, amount_fen, discount_fen, fee_fen,
        rate_id, card_group, entry, card_masked, code, rrn, auth_code, state, booked_by, at, cleared_at, valid_until)
      VALUES (?, '${elsewhere}', ?, 'sale', NULL, '000007', '000123', 10000, 10000, 0, 38, NULL, 'domestic',
        'CONTACTLESS', '622202*********0128', '00', ?, '123456', 'CLEARED', 'request', ?, ?, NULL)`,
    ).run(config.merchant, `THERE${sales}`, rrn, now, now);
  } finally {
    db.close();
  }
  return { rrn, day: shanghai(now).day.slice(5).replace('-', '') };
}
