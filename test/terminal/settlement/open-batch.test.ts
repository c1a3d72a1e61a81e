import { describe, expect, test } from 'vitest';
import { inTransaction } from '../../../terminal/base/database.ts';
import { systemRandom } from '../../../terminal/base/random.ts';
import { freezeBatch } from '../../../terminal/settlement/close-batch.ts';
import { businessDateAt, openBatch } from '../../../terminal/settlement/open-batch.ts';
import { currentBatch } from '../../../terminal/settlement/queries.ts';
import { newTill, sell } from '../till.ts';

const shanghai = (time: string): number => Date.parse(`${time}+08:00`);

describe('营业日', () => {
  test.each([
    ['2026-11-20T00:00:00', 23, '2026-11-20'],
    ['2026-11-20T22:59:59.999', 23, '2026-11-20'],
    ['2026-11-20T23:00:00', 23, '2026-11-21'],
    ['2026-11-20T23:59:59', 23, '2026-11-21'],
    ['2026-12-31T23:00:00', 23, '2027-01-01'],
    ['2028-02-28T23:00:00', 23, '2028-02-29'],
    ['2026-11-20T23:59:59', 24, '2026-11-20'],
    ['2026-11-20T17:59:59', 18, '2026-11-20'],
    ['2026-11-20T18:00:00', 18, '2026-11-21'],
  ])('a batch that opens at %s with the cut-off at %d belongs to %s', (time, cutoffHour, day) => {
    expect(businessDateAt(shanghai(time), cutoffHour)).toBe(day);
  });

  test('a sale after the cut-off in a batch from before it is booked on the day of its batch', () => {
    const till = newTill(shanghai('2026-11-20T22:59:00'));
    till.clock.jump(3_600_000);
    expect(sell(till, 10_000).businessDate).toBe('2026-11-20');
    expect(till.db.prepare("SELECT balance_fen FROM balance WHERE account = '1101:2026-11-20'").pluck().get()).toBe(
      10_000,
    );
  });
});

describe('the batch that is open', () => {
  test('signed in again, it stays as it is', () => {
    const till = newTill();
    sell(till, 10_000);
    const before = currentBatch(till.db);
    const again = inTransaction(till.db, (tx) => openBatch(tx, till.clock.now(), '000001', 23));
    expect(again).toEqual(before);
    expect(till.db.prepare('SELECT count(*) FROM batch').pluck().get()).toBe(1);
  });

  test('its totals, as they go up, are the sums of its approved rows, whatever was sold', () => {
    const till = newTill();
    for (let n = 0; n < 200; n++) {
      const amountFen = 1 + Math.floor(systemRandom.next() * 999_999);
      const foreign = systemRandom.next() < 0.3;
      const declined = systemRandom.next() < 0.2;
      sell(till, amountFen, { group: foreign ? 'foreign' : 'domestic', ...(declined && { code: '51', rate: null }) });
    }
    inTransaction(till.db, (tx) => freezeBatch(tx, till.clock.now(), '01'));
    const sums = (group: string) => ({
      ...(till.db
        .prepare<[string], Record<string, number>>(
          "SELECT count(*) AS debitCount, coalesce(sum(amount_fen), 0) AS debitFen FROM payment WHERE state = 'PAID' AND card_group = ?",
        )
        .get(group) ?? {}),
      creditCount: 0,
      creditFen: 0,
    });
    const sent = JSON.parse(
      String(till.db.prepare("SELECT body FROM outbox WHERE kind = 'batch-totals'").pluck().get()),
    );
    const paid = till.db.prepare("SELECT count(*) FROM payment WHERE state = 'PAID'").pluck().get();
    expect(sent.facts).toEqual({
      batch: '000001',
      businessDate: '2026-11-20',
      totals: { domestic: sums('domestic'), foreign: sums('foreign'), codes: sums('codes') },
      records: paid,
    });
  });
});
