import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../../../terminal/base/database.ts';
import { fen } from '../../../terminal/base/money.ts';
import { insertDifference } from '../../../terminal/settlement/reconcile-store.ts';
import { statementNo } from '../../../terminal/settlement/statement.ts';
import { insertLine, insertStatement } from '../../../terminal/settlement/statement-store.ts';
import { refusal } from '../../support/refusal.ts';
import { newLibrary, parseCsv, type TestLibrary } from './library.ts';

let library: TestLibrary;
beforeEach(() => {
  library = newLibrary();
});
afterEach(() => library.close());

const at = Date.UTC(2026, 10, 18, 3);

/** A day on which so much came and went, in fen. */
function statement(date: string, openingFen: number, ...moved: readonly number[]): number {
  const sum = (sign: number) => fen(moved.reduce((all, one) => all + Math.max(0, sign * one), 0));
  let balance = openingFen;
  inTransaction(library.db, (tx) => {
    for (const [index, amountFen] of moved.entries()) {
      balance += amountFen;
      const ofPayment = amountFen > 0;
      insertLine(tx, date, {
        line: index + 1,
        at: at + index,
        event: ofPayment ? 'J-03' : 'J-20',
        no: `N${index}`,
        type: ofPayment ? 'sale' : 'settlement',
        instrument: ofPayment ? 'QR_WECHAT' : null,
        grossFen: ofPayment ? amountFen + 10 : null,
        feeFen: ofPayment ? 10 : null,
        amountFen,
        balanceFen: fen(balance),
      });
    }
    insertStatement(tx, {
      no: statementNo(date),
      date,
      openingFen: fen(openingFen),
      inFen: sum(1),
      outFen: sum(-1),
      closingFen: fen(balance),
      lines: moved.length,
      sha256: 'a'.repeat(64),
      lastJournal: 1,
      madeAt: at,
    });
  });
  return balance;
}

describe('X-05: a statement', () => {
  test('P-29, P-31, B-036: of two days goes from the opening of the first to the closing of the last', async () => {
    const between = statement('2026-11-18', 500, 1_000, 2_345, -3_000);
    statement('2026-11-19', between, 99, -100);
    const rows = parseCsv(await library.text({ kind: 'statement', from: '2026-11-18', to: '2026-11-19' }));
    const total = rows.findIndex(([first]) => first === '合计');
    const lines = rows.slice(1, total);
    expect(rows[0]).toEqual([
      '时间',
      '账期',
      '行号',
      '业务号',
      '类型',
      '支付方式',
      '交易金额(元)',
      '手续费(元)',
      '收支金额(元)',
      '余额(元)',
    ]);
    expect(lines.map((line) => line[8])).toEqual(['10.00', '23.45', '-30.00', '0.99', '-1.00']);
    expect(lines.at(-1)).toEqual(['2026-11-18 11:00:00', '2026-11-19', '2', 'N1', '结算', '', '', '', '-1.00', '8.44']);
    expect(rows[total]?.[8]).toBe('3.44');
    const fact = (name: string) => rows.find(([head]) => head === name)?.[1];
    expect([fact('期初余额(元)'), fact('收入(元)'), fact('支出(元)'), fact('期末余额(元)')]).toEqual([
      '5.00',
      '34.44',
      '31.00',
      '8.44',
    ]);
    expect(fact('账单号')).toBe('ST20261118 – ST20261119');
  });

  test('of a day on which nothing moved has its balances all the same', async () => {
    statement('2026-11-18', 500);
    const rows = parseCsv(
      await library.text({ kind: 'statement', about: '2026-11-18', from: undefined, to: undefined }),
    );
    expect(rows).toContainEqual(['期末余额(元)', '5.00']);
    expect(rows).toContainEqual(['行数', '0']);
  });

  test('of a day that is not over is not there', async () => {
    expect(await refusal(() => library.make({ kind: 'statement', about: '2026-11-20' }))).toBe('NOT_FOUND');
    expect(await refusal(() => library.make({ kind: 'statement', about: 'yesterday' }))).toBe('INVALID_RANGE');
  });
});

test('X-06: differences of days, with what was decided', async () => {
  inTransaction(library.db, (tx) => {
    for (const n of [1, 2, 3])
      insertDifference(tx, {
        no: `D20261118-P${n}`,
        date: n === 3 ? '2026-11-21' : '2026-11-18',
        kind: 'surplus',
        state: n === 1 ? 'ADJUSTED' : 'FOUND',
        ...{ payment: `P${n}`, txn: 'sale', batch: '000001', entry: 'CHIP', stan: '000001', here: '-', there: 'PAID' },
        ...{ hereFen: 0, thereFen: 500, deltaFen: 500, channel: '1101', waits: null, at },
        ...(n === 1
          ? { decision: 'give-back', decidedBy: 'li', approvedBy: 'zhao', reason: '多收', finding: '=1+1', endedAt: at }
          : { decision: null, decidedBy: null, approvedBy: null, reason: null, finding: null, endedAt: null }),
      });
  });
  const rows = parseCsv(await library.text({ kind: 'differences', from: '2026-11-18', to: '2026-11-20' }));
  expect(rows.slice(1, 4).map((row) => [row[1], row[2], row[3], row[10], row[11], row[12]])).toEqual([
    ['D20261118-P1', '长款', '已调账', '5.00', "'=1+1", '退还付款人'],
    ['D20261118-P2', '长款', '新发现', '5.00', '', ''],
    ['', '', '', '10.00', '', ''],
  ]);
});
