import { afterEach, describe, expect, test } from 'vitest';
import { dayMs, hourMs, newSettler, offFor, type Settler, settled, settlements, sound, takeCode } from './settler.ts';

/** 自动结算 (B-002 to B-004, B-007, B-052). 100.00 by code bring 99.62. */

let at: Settler | undefined;
const begin = async (time: string, mode = 'AUTO', options = {}): Promise<Settler> => {
  at = await newSettler(time, mode, options);
  return at;
};
afterEach(async () => {
  await at?.system.stop();
  at = undefined;
});

const nextCut = ({ desk }: Settler) => desk().home({ no: '00', role: 'MO' }).nextCut?.day;
const blockedLines = ({ system }: Settler): number =>
  system.count("SELECT count(*) FROM audit WHERE action = 'settle' AND outcome = 'refused' AND by = 'SYS'");

describe('B-004: at the cut', () => {
  test('everything that is available is settled, once a cycle, and nothing when there is nothing (P-05, P-09)', async () => {
    const it = await begin('2026-11-19T22:50');
    await takeCode(it.system, 10_000);
    expect(nextCut(it)).toBe('2026-11-19');
    expect(settlements(it.system)).toEqual([]);
    await it.clock.advance(hourMs / 2);
    await settled(it.system, 'AUTO 2026-11-19 9962 SUCCESS');
    expect(it.system.count("SELECT count(*) FROM journal WHERE event = 'J-20' AND by = 'SYS'")).toBe(1);
    await it.system.eventually('the next is planned', () => nextCut(it) === '2026-11-20');
    await offFor(it, dayMs);
    await it.system.eventually('an empty cut is over', () => nextCut(it) === '2026-11-23');
    expect(settlements(it.system)).toEqual(['AUTO 2026-11-19 9962 SUCCESS']);
    await sound(it);
  });

  test('B-025: a cut on a holiday waits for the next business day', async () => {
    const it = await begin('2026-09-30T22:50');
    await offFor(it, hourMs);
    await takeCode(it.system, 10_000);
    await it.system.eventually('planned', () => nextCut(it) === '2026-10-08');
    await offFor(it, 5 * dayMs);
    expect(settlements(it.system)).toEqual([]);
    await offFor(it, 3 * dayMs);
    await settled(it.system, 'AUTO 2026-10-08 9962 SUCCESS');
    await sound(it);
  });

  test('of a terminal that was off over three cuts: caught up once, for the last of them; restarted again, not once more', async () => {
    const it = await begin('2026-11-16T10:00');
    await takeCode(it.system, 10_000);
    await offFor(it, 3 * dayMs);
    await settled(it.system, 'AUTO 2026-11-18 9962 SUCCESS');
    await offFor(it, hourMs);
    await takeCode(it.system, 10_000);
    expect(settlements(it.system)).toHaveLength(1);
    expect(nextCut(it)).toBe('2026-11-19');
    await sound(it);
  });

  test('a clock that is set back settles nothing twice', async () => {
    const it = await begin('2026-11-19T22:50');
    await takeCode(it.system, 10_000);
    await it.clock.advance(hourMs / 2);
    await settled(it.system, 'AUTO 2026-11-19 9962 SUCCESS');
    await it.system.atRest();
    await it.system.ready();
    await it.clock.advance(-2 * hourMs);
    await takeCode(it.system, 10_000);
    await it.clock.advance(3 * hourMs);
    await it.system.sell(100);
    await it.system.atRest();
    expect(settlements(it.system)).toHaveLength(1);
    await it.clock.advance(dayMs - hourMs);
    await settled(it.system, 'AUTO 2026-11-19 9962 SUCCESS', 'AUTO 2026-11-20 9962 SUCCESS');
    await sound(it);
  });

  test('races.md, Gate: waits for the link, and then settles', async () => {
    const it = await begin('2026-11-19T22:50');
    await takeCode(it.system, 10_000);
    it.system.wire.block();
    await it.system.eventually('offline', () => it.system.cashier.status().link !== 'online');
    await it.clock.advance(hourMs / 2);
    await it.system.eventually(
      'it has looked',
      () => it.system.count("SELECT count(*) FROM due_work WHERE kind = 'settle-cut'") === 0,
    );
    expect(settlements(it.system)).toEqual([]);
    it.system.wire.unblock();
    await settled(it.system, 'AUTO 2026-11-19 9962 SUCCESS');
    expect(blockedLines(it)).toBe(0);
    await sound(it);
  });

  test('what is to stay back for refunds stays back', async () => {
    const it = await begin('2026-11-19T22:50', 'AUTO', { hostParameters: { 'settle.keepFen': 5_000 } });
    await takeCode(it.system, 10_000);
    await it.clock.advance(hourMs / 2);
    await settled(it.system, 'AUTO 2026-11-19 4962 SUCCESS');
    await sound(it);
  });
});

describe('B-004, B-052: without a good account', () => {
  test('no request, an alert once; one catch-up when there is a good one', async () => {
    const it = await begin('2026-11-16T22:50');
    await takeCode(it.system, 10_000);
    await it.system.host.fault({ kind: 'settle-fail', reason: 'ACCOUNT_CLOSED' });
    await it.clock.advance(hourMs / 2);
    await settled(it.system, 'AUTO 2026-11-16 9962 FAILED');
    await it.system.eventually('blocked', () => blockedLines(it) === 1);
    await offFor(it, 2 * dayMs);
    await takeCode(it.system, 5_000);
    expect(it.desk().home({ no: '00', role: 'MO' })).toMatchObject({
      obstacles: ['SETTLE_ACCOUNT_ERRORED'],
      account: { state: 'ERRORED' },
    });
    expect([settlements(it.system).length, blockedLines(it)]).toEqual([1, 1]);
    expect(it.system.count("SELECT count(*) FROM notice WHERE text = 'N-07a'")).toBe(1);
    await it.system.host.command({
      command: 'verify-account',
      name: '账平演示商户',
      number: '6222029999000019',
      bank: '中国工商银行',
    });
    await it.system.eventually('caught up', () => settlements(it.system).length === 2);
    await settled(it.system, 'AUTO 2026-11-16 9962 FAILED', 'AUTO 2026-11-16 14943 SUCCESS');
    await sound(it);
  });

  test('B-009: of a merchant that has none yet, nothing is requested', async () => {
    const it = await begin('2026-11-16T22:50', 'AUTO', { hostMerchant: { account: null } });
    await takeCode(it.system, 10_000);
    await it.clock.advance(hourMs / 2);
    await it.system.eventually('blocked', () => blockedLines(it) === 1);
    expect(it.desk().home({ no: '00', role: 'MO' }).obstacles).toEqual(['NO_SETTLE_ACCOUNT']);
    expect(settlements(it.system)).toEqual([]);
    await sound(it);
  });
});

describe('B-007: a mode that changes', () => {
  test('holds from its row on: by hand nothing is settled at the cut, automatic again it is at the next one', async () => {
    const it = await begin('2026-11-16T10:00');
    await takeCode(it.system, 10_000);
    await it.system.host.command({ command: 'set-mode', mode: 'MANUAL' });
    await it.system.eventually('by hand', () => nextCut(it) === undefined);
    await offFor(it, dayMs);
    expect(settlements(it.system)).toEqual([]);
    await it.system.host.command({ command: 'set-mode', mode: 'AUTO', cycle: { every: 'WEEKLY', weekday: 3 } });
    await it.system.eventually('planned', () => nextCut(it) === '2026-11-18');
    await offFor(it, 2 * dayMs);
    await settled(it.system, 'AUTO 2026-11-18 9962 SUCCESS');
    expect(nextCut(it)).toBe('2026-11-25');
    await sound(it);
  });

  test('what is in flight finishes in the old mode', async () => {
    const it = await begin('2026-11-16T22:50', 'AUTO', { hostParameters: { 'host.settleDecision': 'manual' } });
    await takeCode(it.system, 10_000);
    await it.clock.advance(hourMs / 2);
    await settled(it.system, 'AUTO 2026-11-16 9962 PROCESSING');
    await it.system.host.command({ command: 'set-mode', mode: 'MANUAL' });
    await it.system.eventually('by hand', () => nextCut(it) === undefined);
    const no = it.system.db.prepare<[], string>('SELECT no FROM settlement').pluck().get();
    await it.system.host.command({ command: 'settle-decide', no, outcome: 'succeeded' });
    await settled(it.system, 'AUTO 2026-11-16 9962 SUCCESS');
    await sound(it);
  });
});

test('B-051, races.md, Again: what the host refused is built anew once, under a new number, when the reason is known here', async () => {
  const it = await begin('2026-11-16T22:50');
  await takeCode(it.system, 10_000);
  const deaf = it.system.wire.rule(({ towards, topic }) =>
    towards === 'client' && topic.endsWith('/down/rows') ? 'drop' : undefined,
  );
  it.system.host.tamper("UPDATE accounts SET state = 'ERRORED' WHERE version = 1");
  await it.system.host.command({
    command: 'verify-account',
    name: '账平演示商户',
    number: '6222029999000019',
    bank: '中国工商银行',
  });
  await it.clock.advance(hourMs / 2);
  await it.system.eventually('the host has it', () => it.system.host.count('SELECT count(*) FROM settlements') === 1);
  deaf();
  await settled(it.system, 'AUTO 2026-11-16 9962 FAILED', 'AUTO 2026-11-16 9962 SUCCESS');
  expect(it.system.count('SELECT count(DISTINCT no) FROM settlement')).toBe(2);
  expect(it.system.count("SELECT count(*) FROM notice WHERE text = 'N-07'")).toBe(0);
  await sound(it);
});
