import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AssertionFailed } from '../../../terminal/base/assert.ts';
import { type Database, inTransaction } from '../../../terminal/base/database.ts';
import { fen } from '../../../terminal/base/money.ts';
import { chart } from '../../../terminal/ledger/accounts.ts';
import type { Journal } from '../../../terminal/ledger/journal.ts';
import { post } from '../../../terminal/ledger/post.ts';
import { balanceOf } from '../../../terminal/ledger/queries.ts';
import { at, clear, contents, funds, newBook, postAll, returned, sale, settle, settled } from './book.ts';

let db: Database;
beforeEach(() => {
  db = newBook();
});
afterEach(() => {
  db.close();
});

test('a day: sold, cleared, settled, paid by the channel, returned by the bank', () => {
  postAll(db, sale('T1', 10_000), clear('T1', 10_000, 60), settle('S1', 9_940), settled('S1', 9_940, 20));
  expect(balanceOf(db, '2002')).toBe(0);
  expect(balanceOf(db, '1001')).toBe(-9_920);
  postAll(db, funds(10_000), returned('S1', 9_940, 20));
  expect(
    ['1001', '1101:2026-11-20', '2001:T1', '2002', '2005:S1', '4001', '4002'].map((a) => balanceOf(db, a)),
  ).toEqual([10_000, 0, 0, 9_920, 0, 60, 20]);
});

describe('a key is posted once (P-05)', () => {
  test('the same content again, at another time by somebody else, adds nothing', () => {
    postAll(db, sale('T1', 10_000));
    const before = contents(db);
    expect(postAll(db, { ...sale('T1', 10_000), at: at + 1, by: '02' })).toEqual(['already']);
    expect(contents(db)).toBe(before);
  });

  test('a repeated settlement is not asked again whether the balance covers it', () => {
    postAll(db, sale('T1', 100), clear('T1', 100, 0), settle('S1', 100));
    expect(postAll(db, settle('S1', 100))).toEqual(['already']);
  });

  test.each<[string, Journal]>([
    ['amount', sale('T1', 10_001)],
    ['date', sale('T1', 10_000, '2026-11-21')],
    ['number', { ...sale('T1', 10_000), no: 'T2' }],
    ['event', { ...sale('T1', 10_000), event: 'J-03' }],
    ['order of lines', { ...sale('T1', 10_000), lines: sale('T1', 10_000).lines.toReversed() }],
    ['number of lines', { ...sale('T1', 10_000), lines: [...sale('T1', 10_000).lines, ...sale('T2', 5).lines] }],
  ])('another %s is a conflict and adds nothing', (_, other) => {
    postAll(db, sale('T1', 10_000));
    const before = contents(db);
    expect(() => postAll(db, other)).toThrow(expect.objectContaining({ code: 'IDEMPOTENCY_CONFLICT' }));
    expect(contents(db)).toBe(before);
  });
});

describe('no account goes below zero that may not (P-03)', () => {
  test('a settlement over the available balance is refused with both amounts', () => {
    postAll(db, sale('T1', 10_000), clear('T1', 10_000, 60));
    expect(() => postAll(db, settle('S1', 9_941))).toThrow(
      expect.objectContaining({ code: 'INSUFFICIENT_BALANCE', details: { limit: '99.40', value: '99.41' } }),
    );
  });

  test('nothing is written before a refusal, even if the caller goes on with the transaction', () => {
    const before = contents(db);
    inTransaction(db, (tx) => expect(() => post(tx, settle('S1', 1))).toThrow());
    expect(contents(db)).toBe(before);
  });

  test.each<[string, Journal]>([
    ['clearing what was not sold', clear('T1', 100, 0)],
    ['success of what was not requested', settled('S1', 100)],
  ])('%s is a bug', (_, journal) => {
    expect(() => postAll(db, journal)).toThrow(AssertionFailed);
    expect(balanceOf(db, '2002')).toBe(0);
  });

  test('clearing more than was sold is a bug', () => {
    postAll(db, sale('T1', 100));
    expect(() => postAll(db, clear('T1', 101, 0))).toThrow(AssertionFailed);
  });

  test('upstream may advance money: its account may be negative, and so may a day’s receivable', () => {
    postAll(db, sale('T1', 100), clear('T1', 100, 0), settle('S1', 100), settled('S1', 100), funds(150));
    expect([balanceOf(db, '1001'), balanceOf(db, '1101:2026-11-20')]).toEqual([50, -50]);
  });

  test('lines that increase an account count first, in whatever order they stand', () => {
    const lines = [
      { account: '2002', side: 'D', amount: fen(30) },
      { account: '2005:S1', side: 'C', amount: fen(30) },
      { account: '1001', side: 'D', amount: fen(40) },
      { account: '2002', side: 'C', amount: fen(40) },
    ] as const;
    expect(postAll(db, { ...settle('S1', 30), lines })).toEqual(['posted']);
    expect(balanceOf(db, '2002')).toBe(10);
  });

  test('the database forbids it too', () => {
    postAll(db, sale('T1', 100));
    expect(() => db.prepare("UPDATE balance SET balance_fen = -1 WHERE account = '2001:T1'").run()).toThrow('CHECK');
    expect(() => db.prepare("INSERT INTO balance VALUES ('2002', 'C', 0, -1)").run()).toThrow('CHECK');
  });

  test.each(chart.map(({ code, side }) => [code, side] as const))('%s stands on side %s only', (code, side) => {
    const other = side === 'D' ? 'C' : 'D';
    expect(() => db.prepare('INSERT INTO balance VALUES (?, ?, 0, 1)').run(code, other)).toThrow('CHECK');
    db.prepare('INSERT INTO balance VALUES (?, ?, 0, 1)').run(code, side);
  });
});

describe('a journal that is none is a bug and writes nothing (P-01)', () => {
  const good = sale('T1', 100);
  const [debit, credit] = [
    { account: '1101:2026-11-20', side: 'D', amount: fen(100) },
    { account: '2001:T1', side: 'C', amount: fen(100) },
  ] as const;
  test.each<[string, Journal['lines']]>([
    ['without lines', []],
    ['of one line', [debit]],
    ['that does not balance', [debit, { ...credit, amount: fen(99) }]],
    ['of debits only', [debit, { ...credit, side: 'D' }]],
    ['with a zero line', [debit, credit, { ...credit, amount: fen(0) }]],
    [
      'with negative lines',
      [
        { ...debit, amount: fen(-1) },
        { ...credit, amount: fen(-1) },
      ],
    ],
    ['on an unknown account', [debit, { ...credit, account: '2999' }]],
    ['on an account without its dimension', [debit, { ...credit, account: '2001' }]],
    [
      'of 65 lines',
      [...Array.from({ length: 64 }, () => ({ ...debit, amount: fen(1) })), { ...credit, amount: fen(64) }],
    ],
  ])('%s', (_, lines) => {
    const before = contents(db);
    inTransaction(db, (tx) => expect(() => post(tx, { ...good, lines })).toThrow(AssertionFailed));
    expect(contents(db)).toBe(before);
  });

  test('64 lines are the most', () => {
    const lines = [...Array.from({ length: 63 }, () => ({ ...debit, amount: fen(1) })), { ...credit, amount: fen(63) }];
    expect(postAll(db, { ...good, lines }, sale('T2', 5))).toEqual(['posted', 'posted']);
    expect(balanceOf(db, '1101:2026-11-20')).toBe(68);
  });
});

describe('what is posted is never changed', () => {
  test.each([
    ['UPDATE journal SET at = 0', 'journals are never changed'],
    ['DELETE FROM journal', 'journals are never deleted'],
    ['UPDATE entry SET amount_fen = 1', 'entries are never changed'],
    ['DELETE FROM entry', 'entries are never deleted'],
    ["INSERT INTO entry VALUES (6400, '2002', 'C', 0)", 'CHECK'],
    ["INSERT INTO entry VALUES (6400, '2002', 'X', 1)", 'CHECK'],
    ["INSERT INTO entry VALUES (6400, '2002', 'C', 1.5)", 'cannot store REAL'],
    ["INSERT INTO journal VALUES ('sale:T1', 9, 'J-01', 'T1', 0, '01')", 'UNIQUE'],
  ])('%s', (sql, message) => {
    postAll(db, sale('T1', 100));
    const before = contents(db);
    expect(() => db.exec(sql)).toThrow(message);
    expect(contents(db)).toBe(before);
  });
});

test('what is over leaves no row: the running balances stay as small as what is open', () => {
  for (let n = 1; n <= 20; n++) postAll(db, sale(`T${n}`, 100), clear(`T${n}`, 100, 0), settle(`S${n}`, 100));
  for (let n = 1; n <= 20; n++) postAll(db, settled(`S${n}`, 100));
  expect(db.prepare('SELECT account FROM balance ORDER BY account').pluck().all()).toEqual([
    '1001',
    '1101:2026-11-20',
    '2002',
  ]);
});
