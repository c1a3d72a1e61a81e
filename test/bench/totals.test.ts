import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { seedBatch } from '../../scripts/bench/seed-batch.ts';
import type { Database } from '../../terminal/base/database.ts';
import { checkBook, checkTotals } from '../../terminal/flows/check-book.ts';
import { currentBatch } from '../../terminal/settlement/queries.ts';

/** What F5 and F6 measure, small: the batch is one that the terminal could have made itself. */
describe('a seeded batch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pos-test-'));
  let db: Database;
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  it('has running totals that its rows come to, and a book that adds up', () => {
    db = seedBatch(join(folder, 'terminal.db'), 2_000);
    const batch = currentBatch(db);
    expect(batch).toMatchObject({ records: 2_000, state: 'OPEN' });
    expect((batch?.totals.domestic.debitCount ?? 0) + (batch?.totals.foreign.debitCount ?? 0)).toBe(2_000);
    expect(checkBook(db).problems).toEqual([]);
    db.exec("UPDATE payment SET amount_fen = amount_fen + 1 WHERE stan = '000777'");
    expect(checkTotals(db)).toMatchObject([{ rule: 'P-04', about: 'batch 000001', what: 'domestic debitFen' }]);
  });
});
