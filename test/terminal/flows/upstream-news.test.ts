import { describe, expect, test } from 'vitest';
import type { DownRow } from '../../../sync/protocol/rows.ts';
import type { SettleResult } from '../../../sync/protocol/settlement.ts';
import { inTransaction } from '../../../terminal/base/database.ts';
import { fen } from '../../../terminal/base/money.ts';
import { applyNews, type News as Heard } from '../../../terminal/flows/upstream-news.ts';
import { checkLedger } from '../../../terminal/ledger/check.ts';
import { balanceOf } from '../../../terminal/ledger/queries.ts';
import { finishClose, freezeBatch } from '../../../terminal/settlement/close-batch.ts';
import { currentBatch } from '../../../terminal/settlement/queries.ts';
import { requestSettlement } from '../../../terminal/settlement/settle.ts';
import { contents, newTill, sell, supervisor, type Till } from '../till.ts';

/** What comes from above, row by row, and again: a step that finds its work done changes nothing. */

type News = DownRow extends infer R ? (R extends DownRow ? Omit<R, 'seq' | 'id'> : never) : never;

let seq = 0;
function hear(till: Till, news: News): void {
  seq += 1;
  inTransaction(till.db, (tx) => applyNews(tx, till.clock, { ...news, seq, id: `news-${seq}` } as Heard));
}

const at = Date.UTC(2026, 10, 20, 15);
const group = { debitCount: 0, debitFen: 0, creditCount: 0, creditFen: 0 };
const verdict: News = {
  kind: 'batch-verdict',
  body: {
    no: 'v',
    at,
    batch: '000001',
    verdicts: { domestic: 1, foreign: 1, codes: 1 },
    hostTotals: { domestic: group, foreign: group, codes: group },
  },
};
const closed: News = {
  kind: 'batch-closed',
  body: { no: 'c', at, batch: '000001', nextBatch: '000002', balanced: true, differing: [] },
};
/** Two sales of 100.00 at 0.6 %. */
const clearing: News = {
  kind: 'batch-cleared',
  body: {
    no: 'cl',
    at,
    batch: '000001',
    clearingDate: '2026-11-21',
    except: [],
    grossFen: 20_000,
    feeFen: 120,
    netFen: 19_880,
  },
};
const funds: News = {
  kind: 'funds-received',
  body: { no: 'f', at, account: '1101', date: '2026-11-20', n: 1, amountFen: 20_000 },
};
const account = (rev: number, version: number, state: 'ACTIVE' | 'ERRORED'): News => ({
  kind: 'merchant-data',
  body: {
    kind: 'account',
    no: `account:${rev}`,
    at,
    rev,
    record: {
      version,
      state,
      name: '账平',
      maskedNumber: `****000${version}`,
      bank: '工商银行',
      destination: 'bank',
      reason: null,
    },
  },
});
const differs: News = {
  kind: 'mirror-differs',
  body: { no: 'd', at, seq: 3, account: '2002', bookFen: 1, mirrorFen: 2 },
};

/** Two sales, closed, cleared, paid in: 198.80 is there, and an account to settle to. */
function earned(): Till {
  const till = newTill();
  sell(till, 10_000);
  sell(till, 10_000);
  inTransaction(till.db, (tx) => freezeBatch(tx, at, '01'));
  for (const news of [verdict, closed, account(1, 1, 'ACTIVE')]) hear(till, news);
  inTransaction(till.db, (tx) => {
    const batch = currentBatch(till.db);
    if (batch) finishClose(tx, at, batch, true);
  });
  hear(till, clearing);
  hear(till, funds);
  return till;
}

describe('news that comes twice', () => {
  test.each([verdict, closed, clearing, account(1, 1, 'ACTIVE')])('$kind changes nothing the second time', (news) => {
    const till = earned();
    expect([balanceOf(till.db, '2002'), balanceOf(till.db, '1001')]).toEqual([19_880, 20_000]);
    const before = contents(till.db);
    hear(till, news);
    const posted = "DELETE FROM outbox WHERE kind = 'posted' AND json_array_length(body, '$.journals') = 0";
    expect(till.db.prepare(posted).run().changes).toBe(0);
    expect(contents(till.db)).toBe(before);
  });

  test('the same money is received once; other money under the same number is refused (P-05)', () => {
    const till = earned();
    hear(till, funds);
    expect(balanceOf(till.db, '1001')).toBe(20_000);
    expect(() => hear(till, { ...funds, body: { ...funds.body, amountFen: 1 } } as News)).toThrow(
      'IDEMPOTENCY_CONFLICT',
    );
    expect(balanceOf(till.db, '1001')).toBe(20_000);
  });

  test('an older record of the account does not replace a newer one', () => {
    const till = earned();
    hear(till, account(3, 1, 'ERRORED'));
    hear(till, account(2, 1, 'ACTIVE'));
    expect(till.db.prepare('SELECT state FROM settlement_account').pluck().get()).toBe('ERRORED');
    hear(till, account(4, 2, 'ACTIVE'));
    expect(till.db.prepare('SELECT version, state FROM settlement_account ORDER BY version').raw().all()).toEqual([
      [1, 'SUPERSEDED'],
      [2, 'ACTIVE'],
    ]);
  });

  test('a difference in the mirror is written down and moves no money', () => {
    const till = earned();
    const before = [balanceOf(till.db, '2002'), balanceOf(till.db, '1001')];
    hear(till, differs);
    expect([balanceOf(till.db, '2002'), balanceOf(till.db, '1001')]).toEqual(before);
    expect(till.db.prepare("SELECT value FROM setting WHERE name = 'mirror-differs'").pluck().get()).toContain(
      '"mirrorFen":2',
    );
  });
});

describe('the outcome of a settlement', () => {
  const result = (no: string, outcome: SettleResult['outcome'], serviceFeeFen = 0): News => ({
    kind: 'settle-result',
    body: {
      no,
      at,
      outcome,
      reason: null,
      limit: null,
      hostRef: 'H1',
      transferRef: null,
      serviceFeeFen,
      valueDate: null,
      rev: 1,
    },
  });
  const request = (till: Till) =>
    requestSettlement(till.db, till, {
      user: supervisor,
      amount: fen(10_000),
      seenFen: fen(19_880),
      accountVersion: 1,
    });
  const state = (till: Till) => till.db.prepare('SELECT state FROM settlement').pluck().get();

  const ways: readonly [string, readonly SettleResult['outcome'][], string, readonly number[]][] = [
    ['refused', ['refused'], 'FAILED', [19_880, 0, 20_000]],
    ['accepted, then paid', ['accepted', 'succeeded'], 'SUCCESS', [9_880, 0, 10_000]],
    ['accepted, then not paid', ['accepted', 'failed'], 'FAILED', [19_880, 0, 20_000]],
    ['paid before it was accepted', ['succeeded'], 'SUCCESS', [9_880, 0, 10_000]],
    ['paid and returned', ['accepted', 'succeeded', 'returned'], 'RETURNED', [19_880, 0, 20_000]],
  ];
  test.each(ways)('%s', (_, outcomes, end, money) => {
    const till = earned();
    const { no } = request(till);
    for (const outcome of outcomes) hear(till, result(no, outcome));
    const balances = ['2002', `2005:${no}`, '1001'].map((key) => balanceOf(till.db, key));
    expect([state(till), balances]).toEqual([end, money]);
    expect(checkLedger(till.db).ok).toBe(true);
  });

  test.each(ways)('%s, and every word of it again', (_, outcomes, end) => {
    const till = earned();
    const { no } = request(till);
    for (const outcome of outcomes) hear(till, result(no, outcome));
    const journals = till.db.prepare('SELECT count(*) FROM journal').pluck().get();
    for (const outcome of outcomes) hear(till, result(no, outcome));
    expect([state(till), till.db.prepare('SELECT count(*) FROM journal').pluck().get()]).toEqual([end, journals]);
  });

  test('the service fee that upstream kept stays there when the money comes back', () => {
    const till = earned();
    const { no } = request(till);
    for (const outcome of ['accepted', 'succeeded', 'returned'] as const) hear(till, result(no, outcome, 30));
    expect([balanceOf(till.db, '2002'), balanceOf(till.db, '4002'), balanceOf(till.db, '1001')]).toEqual([
      19_850, 30, 20_000,
    ]);
    expect(till.db.prepare('SELECT service_fee_fen FROM settlement').pluck().get()).toBe(30);
  });

  test.each([
    ['paid after it failed', ['failed', 'succeeded']],
    ['failed after it was paid', ['succeeded', 'failed']],
    ['returned before it was paid', ['accepted', 'returned']],
  ] as const)('%s is refused: ILLEGAL_STATE, and nothing is posted', (_, [first, second]) => {
    const till = earned();
    const { no } = request(till);
    hear(till, result(no, first));
    const before = contents(till.db);
    expect(() => hear(till, result(no, second))).toThrow('ILLEGAL_STATE');
    expect(contents(till.db)).toBe(before);
  });
});
