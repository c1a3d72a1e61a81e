import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { shanghai } from '../../terminal/base/clock.ts';
import type { CrashPoint } from '../../terminal/base/crash-points.ts';
import { checkBook } from '../../terminal/flows/check-book.ts';
import { reconciliationDesk } from '../../terminal/flows/reconciliation.ts';
import { balanceOf, journalsOf, sumByCode } from '../../terminal/ledger/queries.ts';
import { cutPowerAt } from '../support/power-cut.ts';
import { startTestSystem, type TestSystem } from '../support/terminal.ts';

/** Bills of the real host against the book, differences decided there by two persons. */

let system: TestSystem;
afterEach(() => system.stop());

const operator = { no: 'wang', role: 'O' } as const;
const today = () => shanghai(system.terminal.world.clock.now()).day;
const desk = () => reconciliationDesk(system.terminal.world);
const run = () => desk().runs(operator, 1)[0];
const open = () => desk().differences(operator, true, 100);
const noticesOf = (text: string) =>
  system.db.prepare<[string], string>('SELECT about FROM notice WHERE text = ? ORDER BY id').pluck().all(text);

async function publish(plant: readonly object[] = []): Promise<void> {
  const before = run()?.version ?? 0;
  await system.host.command({ command: 'publish-bill', date: today(), plant });
  await system.eventually('the bill is matched', () => {
    const now = run();
    return now !== undefined && now.version > before && !['OPEN', 'MATCHING'].includes(now.state);
  });
  await system.atRest();
}

async function decideThere(difference: string, decision: string): Promise<void> {
  await system.host.command({ command: 'difference-propose', difference, decision, by: 'li', reason: '核对' });
  await system.host.command({ command: 'difference-approve', difference, decision, proposedBy: 'li', by: 'zhao' });
}

async function decide(difference: string, decision: string): Promise<void> {
  await decideThere(difference, decision);
  await system.atRest();
}

const sellThree = async () => {
  for (const fen of [10_000, 20_000, 30_000]) await system.sell(fen);
  await system.atRest();
};
const paymentOf = (fen: number) =>
  system.db.prepare<[number], string>('SELECT no FROM payment WHERE amount_fen = ?').pluck().get(fen) ?? '';

describe('a bill of the host', () => {
  test('B-032 a bill that agrees line by line is balanced, and its file goes', async () => {
    system = await startTestSystem();
    await sellThree();
    await publish();
    expect(run()).toMatchObject({ state: 'BALANCED', rows: 3, matched: 3, differences: 0, problem: undefined });
    await system.eventually('the file is gone', () => system.count('SELECT count(*) FROM file_part') === 0);
    expect(await system.problems()).toEqual([]);
  });

  test('B-032 B-048 J-80 J-81 N-10 each kind of difference is found once, in suspense, and a second bill doubles nothing', async () => {
    system = await startTestSystem();
    await sellThree();
    const plant = [{ kind: 'surplus' }, { kind: 'shortage' }, { kind: 'amount' }];
    await publish(plant);
    expect(run()).toMatchObject({ state: 'DIFFERENCES', differences: 3, openDifferences: 3 });
    expect(
      open()
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(['amount', 'shortage', 'surplus']);
    expect(noticesOf('N-10')).toEqual([`${today()}:1`]);
    const suspense = () => [sumByCode(system.db, '2490'), sumByCode(system.db, '1290')];
    const before = suspense();
    expect(before.every((fen) => fen > 0)).toBe(true);
    const events = open().flatMap(({ no }) => journalsOf(system.db, no).map(({ event }) => event));
    expect(events.toSorted()).toEqual(['J-80', 'J-80', 'J-81']);
    await publish(plant);
    expect([run()?.version, open().length, suspense()]).toEqual([2, 3, before]);
    expect(checkBook(system.db).problems).toEqual([]);
  });

  test('B-032 what a newer bill does not show any more is explained and its suspense undone', async () => {
    system = await startTestSystem();
    await sellThree();
    await publish([{ kind: 'amount' }, { kind: 'state' }]);
    expect(open()).toHaveLength(2);
    await publish([]);
    expect(run()).toMatchObject({ state: 'BALANCED', version: 2 });
    expect(open()).toEqual([]);
    expect([sumByCode(system.db, '2490'), sumByCode(system.db, '1290')]).toEqual([0, 0]);
    expect(await system.problems()).toEqual([]);
  });

  test.each(['hash', 'rows', 'line', 'part'])(
    'B-032 a bad file (%s) blocks the day, is asked for again, and the next version is used',
    async (how) => {
      system = await startTestSystem();
      await sellThree();
      await system.host.command({ command: 'spoil-bill', how });
      await publish();
      await system.eventually('another version came and was matched', () => run()?.state === 'BALANCED');
      expect(run()?.version).toBe(2);
      expect(noticesOf('N-10b')).toEqual([`${today()}:1`]);
      expect(system.count("SELECT count(*) FROM bill_run WHERE state = 'BLOCKED'")).toBe(1);
      expect(system.host.count("SELECT count(*) FROM inbox WHERE kind = 'bill-wanted'")).toBe(1);
    },
  );
});

describe('two persons upstream decide (P-28)', () => {
  test('J-82 a missing sale is booked late, with its payment, and clears with its batch', async () => {
    system = await startTestSystem();
    await sellThree();
    await publish([{ kind: 'surplus' }]);
    const [difference] = open();
    await decide(difference?.no ?? '', 'missing-sale');
    expect(desk().differences(operator, false, 1)[0]).toMatchObject({
      state: 'ADJUSTED',
      decision: 'missing-sale',
      decidedBy: 'li',
      approvedBy: 'zhao',
    });
    expect(run()?.state).toBe('RESOLVED');
    const late = system.db.prepare("SELECT state FROM payment WHERE why = 'booked-late'").pluck().all();
    expect(late).toEqual(['PAID']);
    expect(sumByCode(system.db, '2490')).toBe(0);
    expect(checkBook(system.db).problems).toEqual([]);
    await publish([]);
    expect(run()?.state).toBe('BALANCED');
    expect(await system.problems()).toEqual([]);
  });

  test('J-83 a shortage is written off, and is not found again', async () => {
    system = await startTestSystem();
    await sellThree();
    const plant = [{ kind: 'shortage', payment: paymentOf(20_000) }];
    await publish(plant);
    await decide(open()[0]?.no ?? '', 'write-off');
    expect([sumByCode(system.db, '1290'), balanceOf(system.db, '5002')]).toEqual([0, 20_000]);
    await publish(plant);
    expect([open(), run()?.state]).toEqual([[], 'BALANCED']);
    expect(balanceOf(system.db, '5002')).toBe(20_000);
    expect(checkBook(system.db).problems).toEqual([]);
  });

  test.each<CrashPoint>(['bill.in-decision', 'bill.after-decision'])(
    'J-83 P-05 the power goes at %s: it is booked once',
    async (point) => {
      system = await startTestSystem();
      await sellThree();
      await publish([{ kind: 'shortage', payment: paymentOf(20_000) }]);
      const no = open()[0]?.no ?? '';
      await cutPowerAt(system, point, () => decideThere(no, 'write-off'));
      expect([open(), sumByCode(system.db, '1290'), balanceOf(system.db, '5002')]).toEqual([[], 0, 20_000]);
      expect(checkBook(system.db).problems).toEqual([]);
      expect(await system.problems()).toEqual([]);
    },
  );

  test('J-84 a surplus is given back to the payer', async () => {
    system = await startTestSystem();
    await sellThree();
    await publish([{ kind: 'amount', payment: paymentOf(10_000) }]);
    const [difference] = open();
    expect(difference).toMatchObject({ hereFen: 10_000, thereFen: 10_100, deltaFen: 100 });
    await decide(difference?.no ?? '', 'give-back');
    expect(sumByCode(system.db, '2490')).toBe(0);
    expect(journalsOf(system.db, difference?.no ?? '').map(({ event }) => event)).toEqual(['J-80', 'J-84']);
  });

  test('P-28 what O proposes ends nothing that has money in suspense; two persons do', async () => {
    system = await startTestSystem();
    await sellThree();
    await publish([{ kind: 'shortage', payment: paymentOf(20_000) }]);
    const no = open()[0]?.no ?? '';
    expect(() => desk().examine({ no: '01', role: 'C' }, no, 'explained', 'x')).toThrow('FORBIDDEN');
    expect(() => desk().examine(operator, no, 'explained', ' ')).toThrow('REASON_REQUIRED');
    desk().examine(operator, no, 'explained', '重复入账');
    expect(open()[0]).toMatchObject({ state: 'INVESTIGATING', finding: '重复入账' });
    await system.atRest();
    await decide(no, 'explained');
    expect(desk().differences(operator, false, 1)[0]).toMatchObject({ state: 'EXPLAINED' });
    expect(sumByCode(system.db, '1290')).toBe(0);
    expect(() => desk().examine(operator, no, 'investigating', '')).toThrow('ILLEGAL_STATE');
    const refused = "SELECT count(*) FROM audit WHERE action = 'difference-examined' AND outcome = 'refused'";
    expect(system.count(refused)).toBe(3);
  });
});

describe('a book that was lost and comes back', () => {
  const lose = async () => {
    await system.stopTerminal();
    for (const part of ['', '-wal', '-shm']) rmSync(join(system.home, `terminal.db${part}`), { force: true });
    await system.startTerminal();
    await system.ready();
    await system.atRest();
  };
  const seen = () =>
    desk()
      .differences(operator, false, 100)
      .map(({ no, kind, state, deltaFen, decision }) => ({ no, kind, state, deltaFen, decision }));

  test('B-032 has its differences, open and decided, and its bill is matched again', async () => {
    system = await startTestSystem();
    await sellThree();
    await publish([{ kind: 'surplus' }, { kind: 'shortage' }, { kind: 'amount' }]);
    const decided = open().find(({ kind }) => kind === 'shortage');
    await decide(decided?.no ?? '', 'write-off');
    const looked = open().find(({ kind }) => kind === 'amount');
    const record = { login: operator.no, name: '王', role: operator.role, state: 'ACTIVE' };
    await system.host.command({ command: 'set-user', record });
    desk().examine(operator, looked?.no ?? '', 'investigating', '查单');
    await system.atRest();
    const before = seen();
    expect(before).toHaveLength(3);
    await lose();
    await system.eventually('the bill is matched again', () => run()?.state === 'DIFFERENCES');
    expect(seen()).toEqual(before);
    expect([sumByCode(system.db, '2490') > 0, sumByCode(system.db, '1290')]).toEqual([true, 0]);
    expect(checkBook(system.db).problems).toEqual([]);
    expect(system.host.count("SELECT count(*) FROM inbox WHERE state IN ('repeated', 'quarantined')")).toBe(0);
  });
});
