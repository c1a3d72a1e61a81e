import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { shanghai } from '../../../terminal/base/clock.ts';
import { hearPoints } from '../../../terminal/base/crash-points.ts';
import { newId } from '../../../terminal/base/ids.ts';
import { checkBook } from '../../../terminal/flows/check-book.ts';
import { makeStatements } from '../../../terminal/flows/make-statements.ts';
import { statementDesk } from '../../../terminal/flows/statements.ts';
import type { World } from '../../../terminal/flows/world.ts';
import { balanceOf } from '../../../terminal/ledger/queries.ts';
import { lineText } from '../../../terminal/settlement/statement.ts';
import { getAllStatements, getLines } from '../../../terminal/settlement/statement-store.ts';
import { newTill, sell, type Till } from '../till.ts';
import { turning, worldOf } from './bill-rig.ts';

/** Daily statements of the available balance: made once for each day, each going on from the one before. */

const hourMs = 3_600_000;
const operator = { no: 'wang', role: 'O' } as const;
const cashier = { no: '01', role: 'C' } as const;

let folder: string;
let till: Till;
let world: World;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'statements-'));
  till = newTill(undefined, join(folder, 'terminal.db')); // 2026-11-20 10:00
  world = worldOf(till.db, till.clock);
});
afterEach(() => {
  till.db.close();
  rmSync(folder, { recursive: true, force: true });
});

const make = (): Promise<void> => turning(till.clock, makeStatements(world, new AbortController().signal));
/** Turns the clock to a time of a day in Shanghai. */
const turnTo = (day: string, hour: number): void =>
  till.clock.jump(Date.parse(`${day}T00:00:00+08:00`) + hour * hourMs - till.clock.now());
const earn = (fen: number) => sell(till, fen, { cleared: true });
const chain = () =>
  getAllStatements(till.db).map((s) => [s.date, s.openingFen, s.inFen, s.outFen, s.closingFen, s.lines]);

describe('B-036 a daily statement', () => {
  test('P-31 is made the next day at 10:00, once, and its closing is the opening of the next', async () => {
    earn(10_000);
    turnTo('2026-11-21', 9.9);
    earn(20_000);
    await make();
    expect(chain()).toEqual([]);
    turnTo('2026-11-21', 10);
    await make();
    await make();
    expect(chain()).toEqual([['2026-11-20', 0, 9_940, 0, 9_940, 1]]);
    turnTo('2026-11-22', 10);
    await make();
    expect(chain().at(-1)).toEqual(['2026-11-21', 9_940, 19_880, 0, 29_820, 1]);
    expect(balanceOf(till.db, '2002')).toBe(29_820);
    expect(checkBook(till.db).problems).toEqual([]);
  });

  test('P-31 is there for each day that the terminal was off, also without a movement', async () => {
    earn(10_000);
    turnTo('2026-11-24', 12);
    await make();
    expect(chain()).toEqual([
      ['2026-11-20', 0, 9_940, 0, 9_940, 1],
      ['2026-11-21', 9_940, 0, 0, 9_940, 0],
      ['2026-11-22', 9_940, 0, 0, 9_940, 0],
      ['2026-11-23', 9_940, 0, 0, 9_940, 0],
    ]);
    expect(getAllStatements(till.db).map(({ no }) => no)).toEqual([
      'ST20261120',
      'ST20261121',
      'ST20261122',
      'ST20261123',
    ]);
  });

  test('P-31 each journal stands in one statement, also one that was posted while the clock was set back', async () => {
    earn(10_000);
    turnTo('2026-11-21', 12);
    earn(20_000);
    await make();
    turnTo('2026-11-20', 23); // set back after the statement of that day was made
    earn(30_000);
    turnTo('2026-11-23', 12);
    earn(40_000);
    await make();
    expect(chain()).toEqual([
      ['2026-11-20', 0, 9_940, 0, 9_940, 1],
      ['2026-11-21', 9_940, 49_700, 0, 59_640, 2],
      ['2026-11-22', 59_640, 0, 0, 59_640, 0],
    ]);
    turnTo('2026-11-24', 12);
    await make();
    expect(chain().at(-1)?.[4]).toBe(balanceOf(till.db, '2002'));
    expect(checkBook(till.db).problems).toEqual([]);
  });

  test('P-31 one that was posted while the clock was a year ahead ends no day: each movement stands in one statement, on the day of its neighbours', async () => {
    earn(10_000);
    turnTo('2027-11-20', 12);
    earn(20_000);
    turnTo('2026-11-20', 14);
    earn(30_000);
    for (const day of ['2026-11-21', '2026-11-22']) {
      turnTo(day, 12);
      await make();
      earn(40_000);
    }
    turnTo('2026-11-23', 12);
    await make();
    expect(chain().map(([date, , , , , lines]) => [date, lines])).toEqual([
      ['2026-11-20', 3],
      ['2026-11-21', 1],
      ['2026-11-22', 1],
    ]);
    expect(chain().at(-1)?.[4]).toBe(balanceOf(till.db, '2002'));
    expect(checkBook(till.db).problems).toEqual([]);
  });

  test('has time, number, type, instrument, gross, fee, net and balance of each movement, and a hash over them', async () => {
    const sale = earn(10_000);
    turnTo('2026-11-21', 10);
    await make();
    const { head, lines } = statementDesk(world).statement(operator, '2026-11-20', 100, 0);
    expect(lines).toEqual([
      {
        line: 1,
        at: till.clock.now() - 24 * hourMs,
        event: 'J-03',
        no: sale.no,
        type: 'sale',
        instrument: 'CONTACTLESS',
        grossFen: 10_000,
        feeFen: 60,
        amountFen: 9_940,
        balanceFen: 9_940,
      },
    ]);
    const text = getLines(till.db, '2026-11-20', 0, 100).map(lineText).join('');
    expect(head.sha256).toBe(createHash('sha256').update(text).digest('hex'));
  });

  test('is never changed, and a changed line is found out (P-31)', async () => {
    earn(10_000);
    turnTo('2026-11-21', 10);
    await make();
    const change = (sql: string) => () => till.db.exec(sql);
    expect(change('UPDATE statement SET closing_fen = 1')).toThrow('never changed');
    expect(change('DELETE FROM statement')).toThrow('never deleted');
    expect(change('UPDATE statement_line SET amount_fen = 1')).toThrow('never changed');
    expect(change('DELETE FROM statement_line')).toThrow('never deleted');
    till.db.exec("DROP TRIGGER statement_line_no_update; UPDATE statement_line SET no = 'X'");
    expect(checkBook(till.db).problems).toMatchObject([{ rule: 'P-31', about: 'ST20261120' }]);
  });

  test('that was not finished when the power was cut is begun again', async () => {
    earn(10_000);
    till.db.exec("INSERT INTO statement_line VALUES ('2026-11-20', 1, 0, 'J-03', 'X', 'sale', NULL, 1, 0, 1, 1)");
    turnTo('2026-11-21', 10);
    await make();
    expect(chain()).toEqual([['2026-11-20', 0, 9_940, 0, 9_940, 1]]);
    expect(checkBook(till.db).problems).toEqual([]);
  });

  test.each(['statement.in-lines', 'statement.after-head'] as const)(
    'P-31 a power cut at %s: it is made once',
    async (point) => {
      earn(10_000);
      turnTo('2026-11-22', 10);
      hearPoints((reached) => {
        if (reached === point) throw new Error(point);
      });
      await expect(make()).rejects.toThrow(point);
      hearPoints(undefined);
      await make();
      expect(chain()).toEqual([
        ['2026-11-20', 0, 9_940, 0, 9_940, 1],
        ['2026-11-21', 9_940, 0, 0, 9_940, 0],
      ]);
      expect(checkBook(till.db).problems).toEqual([]);
    },
  );

  test('is not made while the clock is wrong, nor for years at once by a clock that nobody has told', async () => {
    earn(10_000);
    turnTo('2026-11-21', 10);
    const told = (clockOffsetMs: number | null) => ({
      ...world,
      link: { ...world.link, status: () => ({ ...world.link.status(), clockOffsetMs }) },
    });
    await makeStatements(told(600_000), new AbortController().signal);
    turnTo('2027-11-21', 10);
    await makeStatements(told(null), new AbortController().signal);
    expect(chain()).toEqual([]);
  });
});

describe('B-034 asking for statements', () => {
  test('by days, the newest first; a day that is not ready is NOT_FOUND; only who may', async () => {
    earn(10_000);
    turnTo('2026-11-22', 12);
    await make();
    const desk = statementDesk(world);
    expect(desk.statements(operator, '2026-11-01', '2026-11-30').map(({ date }) => date)).toEqual([
      '2026-11-21',
      '2026-11-20',
    ]);
    expect(() => desk.statement(operator, '2026-11-22', 10, 0)).toThrow('NOT_FOUND');
    expect(() => desk.statements(cashier, '2026-11-01', '2026-11-30')).toThrow('FORBIDDEN');
    for (const [from, to] of [
      ['2026-11-30', '2026-11-01'],
      ['2026-13-01', '2026-13-02'],
      ['x', 'y'],
      ['2020-01-01', '2026-11-30'],
    ] as const)
      expect(() => desk.statements(operator, from, to)).toThrow('INVALID_RANGE');
  });

  test('line by line in pages', async () => {
    for (let n = 1; n <= 7; n++) earn(10_000 * n);
    turnTo('2026-11-21', 12);
    await make();
    const page = (after: number) =>
      statementDesk(world)
        .statement(operator, '2026-11-20', 3, after)
        .lines.map(({ line }) => line);
    expect([page(0), page(3), page(6)]).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });
});

describe('B-039 B-043 reports', () => {
  const report = (by: { readonly no: string; readonly role: 'C' | 'O' }, from: string, to: string) =>
    turning(till.clock, statementDesk(world).report(by, from, to));

  test('by day, instrument and operator: the same payments, so the same totals', async () => {
    earn(10_000);
    sell(till, 20_000);
    turnTo('2026-11-21', 12);
    sell(till, 30_000);
    sell(till, 5_000, { code: '51' });
    const { byDay, byInstrument, byOperator, total } = await report(operator, '2026-11-20', '2026-11-21');
    expect(total).toEqual({
      name: 'total',
      count: 3,
      grossFen: 60_000,
      refundCount: 0,
      refundFen: 0,
      feeFen: 360,
      netFen: 59_640,
    });
    expect(byDay.map(({ name, grossFen }) => [name, grossFen])).toEqual([
      ['2026-11-20', 30_000],
      ['2026-11-21', 30_000],
    ]);
    for (const lines of [byDay, byInstrument, byOperator]) {
      const sum = (pick: (line: (typeof lines)[number]) => number) => lines.reduce((all, line) => all + pick(line), 0);
      expect([sum((l) => l.count), sum((l) => l.feeFen), sum((l) => l.netFen)]).toEqual([3, 360, 59_640]);
    }
    expect(shanghai(till.clock.now()).day).toBe('2026-11-21');
  });

  test('B-039: settlements by day and state, and the newest 500 of them one by one', async () => {
    till.db.exec(
      `INSERT INTO settlement_account (version, state, name, masked_number, bank, rev) VALUES (1, 'ACTIVE', 'a', '*1', 'b', 1)`,
    );
    const insert =
      till.db.prepare(`INSERT INTO settlement (no, state, mode, amount_fen, account_version, requested_by, requested_at)
      VALUES (?, ?, 'REALTIME', 10, 1, 'SYS', ?)`);
    till.db.exec('BEGIN');
    for (let i = 0; i < 1_201; i++)
      insert.run(newId(till.clock, till.random), i % 3 === 0 ? 'FAILED' : 'SUCCESS', till.clock.now());
    till.db.exec('COMMIT');
    const { settlements, bySettlement } = await report(operator, '2026-11-20', '2026-11-20');
    expect(bySettlement).toEqual([
      { day: '2026-11-20', state: 'FAILED', count: 401, amountFen: 4_010 },
      { day: '2026-11-20', state: 'SUCCESS', count: 800, amountFen: 8_000 },
    ]);
    expect(settlements).toHaveLength(500);
  });

  test('a cashier sees the own ones only; a wrong range is refused', async () => {
    earn(10_000);
    expect((await report({ no: '02', role: 'C' }, '2026-11-20', '2026-11-20')).total.count).toBe(0);
    expect((await report(cashier, '2026-11-20', '2026-11-20')).total.count).toBe(1);
    await expect(report(operator, '2026-11-20', '2026-11-19')).rejects.toThrow('INVALID_RANGE');
  });
});
