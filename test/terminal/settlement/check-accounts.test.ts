import { expect, test } from 'vitest';
import { inTransaction } from '../../../terminal/base/database.ts';
import { fen } from '../../../terminal/base/money.ts';
import { checkBook } from '../../../terminal/flows/check-book.ts';
import { post } from '../../../terminal/ledger/post.ts';
import { newSettlement } from '../../../terminal/settlement/settlement.ts';
import { insertSettlement, saveAccount } from '../../../terminal/settlement/store.ts';
import { clear, sale, settle } from '../ledger/book.ts';
import { newTill } from '../till.ts';

/** What the proof of the book finds beside the ledger. */

test('P-09: 2005 of a settlement is its amount while it is on its way, and of no other is there any', () => {
  const { db } = newTill();
  const account = {
    version: 1,
    state: 'ACTIVE',
    name: '账平',
    maskedNumber: '*1',
    bank: '工行',
    destination: 'bank',
  } as const;
  inTransaction(db, (tx) => {
    saveAccount(tx, { ...account, reason: null }, 1);
    post(tx, sale('A', 101));
    post(tx, clear('A', 101, 1));
    for (const no of ['S1', 'S2']) {
      const asked = {
        no,
        mode: 'MANUAL',
        amountFen: fen(40),
        accountVersion: 1,
        requestedBy: '00',
        requestedAt: 1,
      } as const;
      insertSettlement(tx, newSettlement(asked));
      post(tx, settle(no, 40));
    }
  });
  const found = () => checkBook(db).problems.filter(({ about }) => about.startsWith('2005'));
  expect(found()).toEqual([]);
  db.exec(
    "UPDATE settlement SET state = 'SUCCESS' WHERE no = 'S1'; UPDATE settlement SET amount_fen = 41 WHERE no = 'S2'",
  );
  expect(found()).toMatchObject([
    { rule: 'P-09', about: '2005:S1', foundFen: 40, expectedFen: 0 },
    { rule: 'P-09', about: '2005:S2', foundFen: 40, expectedFen: 41 },
  ]);
});
