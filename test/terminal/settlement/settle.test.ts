import { expect, test } from 'vitest';
import { inTransaction } from '../../../terminal/base/database.ts';
import { fen } from '../../../terminal/base/money.ts';
import { post } from '../../../terminal/ledger/post.ts';
import { requestSettlement } from '../../../terminal/settlement/settle.ts';
import { saveAccount } from '../../../terminal/settlement/store.ts';
import { clear, sale } from '../ledger/book.ts';
import { newTill } from '../till.ts';

test('B-051: the same key for another account is IDEMPOTENCY_CONFLICT, for the same one the old settlement', () => {
  const till = newTill();
  const { db } = till;
  const about = { state: 'ACTIVE', name: '账平', bank: '工行', destination: 'bank', reason: null } as const;
  inTransaction(db, (tx) => {
    saveAccount(tx, { ...about, version: 1, maskedNumber: '*1' }, 1);
    post(tx, sale('A', 101));
    post(tx, clear('A', 101, 1));
  });
  const user = { no: '00', role: 'MO' } as const;
  const ask = (accountVersion: number | undefined) =>
    requestSettlement(db, till, { user, amount: fen(40), seenFen: fen(100), accountVersion, key: 'k' });
  const { no } = ask(1);
  inTransaction(db, (tx) => saveAccount(tx, { ...about, version: 2, maskedNumber: '*2' }, 2));
  expect(() => ask(2)).toThrow('IDEMPOTENCY_CONFLICT');
  expect([ask(1).no, ask(undefined).no]).toEqual([no, no]);
  expect(db.prepare('SELECT count(*) FROM settlement').pluck().get()).toBe(1);
});
