import { afterEach, describe, expect, test } from 'vitest';
import type { CrashPoint } from '../../../terminal/base/crash-points.ts';
import { refund } from '../../scenarios/books.ts';
import { cutPowerAt } from '../../support/power-cut.ts';
import { both, newSettler, offFor, type Settler, settleAll, settled, settlements, sound, takeCode } from './settler.ts';

/** 实时结算 (B-006; races.md, REALTIME). 100.00 by code bring 99.62. */

let at: Settler | undefined;
const begin = async (mode = 'REALTIME', options = {}): Promise<Settler> => {
  at = await newSettler('2026-11-19T10:00', mode, options);
  return at;
};
afterEach(async () => {
  await at?.system.stop();
  at = undefined;
});

const paid = 'REALTIME 9962 SUCCESS';
const available = ({ desk }: Settler): number => desk().home(both).balances.availableFen;

describe('B-006: what clears is settled at once', () => {
  test('in its answer; each payment alone, found in its settlement (B-012)', async () => {
    const it = await begin();
    const first = await takeCode(it.system, 10_000);
    await settled(it.system, paid);
    const second = await takeCode(it.system, 20_000);
    await settled(it.system, paid, 'REALTIME 19924 SUCCESS');
    const nos = it
      .desk()
      .settlements(both, 10)
      .map(({ no }) => no);
    const details = await Promise.all(nos.map((no) => it.desk().details(both, no, 10)));
    expect(details.map(({ payments }) => payments.map(({ payment, netFen }) => [payment, netFen]))).toEqual([
      [[second, 19_924]],
      [[first, 9_962]],
    ]);
    await sound(it);
  });

  test('B-025: cards by batch-cleared, at T+1; a card sale that has not cleared is not even noted', async () => {
    const it = await begin('REALTIME', { hostParameters: { clearing: 'manual' } });
    await it.system.earn(10_000, 20_000);
    expect(it.system.count('SELECT count(*) FROM realtime_credit')).toBe(0);
    expect(settlements(it.system)).toEqual([]);
    await it.system.host.command({ command: 'clear-batch', batch: '000001' });
    await settled(it.system, 'REALTIME 29886 SUCCESS');
    const { payments } = await it.desk().details(both, it.desk().settlements(both, 1)[0]?.no ?? '', 10);
    expect(payments).toHaveLength(2);
    await sound(it);
  });

  test('cards in their answer where upstream advances the money', async () => {
    const it = await begin('REALTIME', { hostParameters: { 'settle.cardCycle': 'real-time' } });
    await it.system.sell(10_000);
    await settled(it.system, paid);
    await sound(it);
  });

  test('with the service fee of upstream (J-21): 4002 has it, and 1001 the rest', async () => {
    const it = await begin('REALTIME', { hostParameters: { 'settle.realtimeFeeFen': 10 } });
    await takeCode(it.system, 10_000);
    await settled(it.system, paid);
    expect(it.desk().settlements(both, 1)[0]).toMatchObject({ serviceFeeFen: 10, netFen: 9_952 });
    expect(it.system.count("SELECT balance_fen FROM balance WHERE account = '4002'")).toBe(10);
    await sound(it);
  });

  test('what stays back stays back, and a later sale is not settled for an earlier one', async () => {
    const it = await begin('REALTIME', { hostParameters: { 'settle.keepFen': 5_000 } });
    await takeCode(it.system, 10_000);
    await settled(it.system, 'REALTIME 4962 SUCCESS');
    await takeCode(it.system, 10_000);
    await settled(it.system, 'REALTIME 4962 SUCCESS', paid);
    expect(available(it)).toBe(5_000);
    await sound(it);
  });

  test('J-12: after what is owed was recovered; what is left is settled', async () => {
    const it = await begin('MANUAL');
    const payment = await takeCode(it.system, 10_000);
    settleAll(it, 'all');
    await settled(it.system, 'MANUAL 9962 SUCCESS');
    await it.system.host.command({ command: 'charge-back', payment, amountFen: 3_000 });
    await it.system.eventually('owed', () => it.desk().home(both).balances.owedFen === 3_000);
    await it.system.host.command({ command: 'set-mode', mode: 'REALTIME' });
    await it.system.eventually('real time', () => it.desk().home(both).mode.mode === 'REALTIME');
    await takeCode(it.system, 10_000);
    await settled(it.system, 'MANUAL 9962 SUCCESS', 'REALTIME 6962 SUCCESS');
    await sound(it);
  });

  test('never what J-22, J-23 or J-08 bring back', async () => {
    const it = await begin();
    await it.system.host.fault({ kind: 'settle-fail', reason: 'BANK_REFUSED' });
    await takeCode(it.system, 10_000);
    await settled(it.system, 'REALTIME 9962 FAILED');
    await it.system.host.fault({ kind: 'refund-fail', reason: 'BANK_REFUSED' });
    await refund(it.system, 4_000);
    await it.system.atRest();
    expect([settlements(it.system).length, available(it)]).toEqual([1, 9_962]);
    await takeCode(it.system, 20_000);
    await settled(it.system, 'REALTIME 9962 FAILED', 'REALTIME 19924 SUCCESS');
    await it.system.host.fault({ kind: 'settle-return', no: it.desk().settlements(both, 1)[0]?.no });
    await settled(it.system, 'REALTIME 9962 FAILED', 'REALTIME 19924 RETURNED');
    await it.system.atRest();
    expect([settlements(it.system).length, available(it)]).toEqual([2, 9_962 + 19_924]);
    await sound(it);
  });

  test('B-052: stops at an account in error, and catches up once, with all that cleared meanwhile', async () => {
    const it = await begin();
    await it.system.host.fault({ kind: 'settle-fail', reason: 'ACCOUNT_CLOSED' });
    await takeCode(it.system, 10_000);
    await settled(it.system, 'REALTIME 9962 FAILED');
    await it.system.eventually('errored', () => it.desk().home(both).account?.state === 'ERRORED');
    await takeCode(it.system, 20_000);
    await takeCode(it.system, 30_000);
    expect(settlements(it.system)).toHaveLength(1);
    const account = { name: '账平演示商户', number: '6222029999000019', bank: '中国工商银行' };
    await it.system.host.command({ command: 'verify-account', ...account });
    await settled(it.system, 'REALTIME 9962 FAILED', 'REALTIME 49810 SUCCESS');
    await sound(it);
  });

  test('B-051: what the host refused is built anew once; refused again, it is left', async () => {
    const it = await begin('REALTIME', { hostParameters: { 'settle.realtimeFeeFen': 20_000 } });
    await takeCode(it.system, 10_000);
    await settled(it.system, 'REALTIME 9962 FAILED', 'REALTIME 9962 FAILED');
    await offFor(it, 1_000);
    expect(settlements(it.system)).toHaveLength(2);
    expect(it.system.count("SELECT count(*) FROM notice WHERE text = 'N-07'")).toBe(1);
    await sound(it);
  });

  test('B-012: a charge-back that later income paid, and the fee that a returned settlement left, belong to no payment', async () => {
    const it = await begin('MANUAL', { hostParameters: { 'settle.realtimeFeeFen': 10 } });
    const payment = await takeCode(it.system, 10_000);
    settleAll(it, 'all');
    await settled(it.system, 'MANUAL 9962 SUCCESS');
    await it.system.host.command({ command: 'charge-back', payment, amountFen: 3_000 });
    await it.system.eventually('owed', () => it.desk().home(both).balances.owedFen === 3_000);
    const second = await takeCode(it.system, 10_000);
    const { no } = settleAll(it, 'rest');
    await settled(it.system, 'MANUAL 9962 SUCCESS', 'MANUAL 6962 SUCCESS');
    const { payments, otherFen } = await it.desk().details(both, no, 10);
    expect([payments.map((line) => [line.payment, line.netFen]), otherFen]).toEqual([[[second, 9_962]], -3_000]);
    await sound(it);
  });

  test('B-007: what was noted in a mode that is over is left for the new one', async () => {
    const it = await begin('REALTIME', { hostMerchant: { account: null } });
    await takeCode(it.system, 10_000);
    await it.system.host.command({ command: 'set-mode', mode: 'MANUAL' });
    await it.system.eventually('by hand', () => it.system.count('SELECT count(*) FROM realtime_credit') === 0);
    expect([settlements(it.system).length, available(it)]).toEqual([0, 9_962]);
    await sound(it);
  });
});

test.each<CrashPoint>([
  'code.in-result',
  'code.after-result',
  'settle.in-auto',
  'settle.after-auto',
  'settle.in-result',
  'settle.after-result',
])('B-006, P-05: the power goes at %s: settled once', async (point) => {
  const it = await begin();
  await cutPowerAt(it.system, point, () => takeCode(it.system, 10_000));
  await settled(it.system, paid);
  await sound(it);
});
