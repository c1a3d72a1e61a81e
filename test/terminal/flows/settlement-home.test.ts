import { describe, expect, test } from 'vitest';
import { readerFaults } from '../../../drivers/simulator/reader-faults.ts';
import { fen } from '../../../terminal/base/money.ts';
import { balanceOf } from '../../../terminal/ledger/queries.ts';
import type { User } from '../../../terminal/users/user.ts';
import { refusal } from '../../support/refusal.ts';
import {
  both,
  cashier,
  dayMs,
  goodAccount,
  newestSettlement,
  offFor,
  type Settler,
  service,
  settleAll,
  settled,
  settlements,
  settlerOfTest,
  sound,
  takeCode,
} from './settler.ts';

/** The first steps at the console (B-008 to B-011, B-015 to B-017, B-049, B-051): the home page and the request. 100.00 by code bring 99.62. */

const begin = (options = {}, mode = 'MANUAL'): Promise<Settler> => settlerOfTest('2026-11-20T10:00', mode, options);

describe('step 1: the home page', () => {
  test('B-008: what there is, what is under way, how it is settled', async () => {
    const it = await begin();
    await takeCode(it.system, 10_000);
    await it.system.sell(5_000);
    expect(it.desk().home(both)).toMatchObject({
      balances: { availableFen: 9_962, unclearedFen: 5_000, inTransitFen: 0, frozenFen: 0, owedFen: 0, keepFen: 0 },
      mode: { mode: 'MANUAL' },
      nextCut: undefined,
      account: { version: 1, state: 'ACTIVE' },
      obstacles: [],
      remind: false,
      clearingOverdue: [],
      // Friday.
      expectedArrival: '2026-11-23',
    });
  });

  test('B-033, B-025: a sale of Friday is recorded, closed and due on Friday; its money is told for Monday, and comes then', async () => {
    const it = await begin({ hostParameters: { clearing: 'next-business-day' } });
    await it.system.sell(10_000);
    await it.system.closeBatch();
    await it.system.atRest();
    const closed =
      "SELECT count(*) FROM batch WHERE no = '000001' AND business_date = '2026-11-20' AND closed_at IS NOT NULL";
    expect(it.system.count(closed)).toBe(1);
    expect(balanceOf(it.system.db, '1101:2026-11-20')).toBe(10_000);
    expect(it.desk().home(both)).toMatchObject({
      balances: { unclearedFen: 10_000, availableFen: 0 },
      expectedArrival: '2026-11-23',
    });
    await offFor(it, 2 * dayMs);
    expect(it.desk().home(both).balances).toMatchObject({ unclearedFen: 10_000, availableFen: 0 });
    await offFor(it, dayMs);
    await it.system.eventually('cleared', () => it.desk().home(both).balances.availableFen === 9_962);
    expect(balanceOf(it.system.db, '1101:2026-11-20')).toBe(0);
  });

  test('B-006: in real time it arrives today', async () => {
    const it = await begin({}, 'REALTIME');
    expect(it.desk().home(both).expectedArrival).toBe('2026-11-20');
  });

  test('B-015: reminds from the balance on that the merchant chose', async () => {
    const it = await begin({
      hostMerchant: { profile: { contact: '王', mobile: '13800138000', remindFromFen: 15_000 } },
    });
    await takeCode(it.system, 10_000);
    expect(it.desk().home(both).remind).toBe(false);
    await it.system.sell(5_038);
    expect(it.desk().home(both).remind).toBe(true);
  });

  test('CLEARING_OVERDUE (states.md 3): one business day late, and no longer when it came', async () => {
    const it = await begin({ hostParameters: { clearing: 'manual' } });
    await it.system.earn(10_000);
    await offFor(it, 3 * dayMs);
    expect(it.desk().home(both).clearingOverdue).toEqual([]);
    await offFor(it, dayMs);
    expect(it.desk().home(both).clearingOverdue).toEqual([{ batch: '000001', expected: '2026-11-23' }]);
    await it.system.host.command({ command: 'clear-batch', batch: '000001' });
    await it.system.eventually('cleared', () => it.desk().home(both).clearingOverdue.length === 0);
  });

  test('who may not look may not (FORBIDDEN)', async () => {
    const it = await begin();
    expect(await refusal(() => it.desk().home(service))).toBe('FORBIDDEN');
    expect(await refusal(() => it.desk().settlements(cashier, 1))).toBe('FORBIDDEN');
  });
});

describe('steps 3 and 4: settle', () => {
  test('B-005, B-010, B-011: a part, under one number for its life (B-051); N-06 tells of it', async () => {
    const it = await begin();
    await takeCode(it.system, 10_000);
    const made = settleAll(it, 'key', 4_000);
    expect(made).toMatchObject({ state: 'REQUESTED', mode: 'MANUAL', amountFen: 4_000, by: '00', accountVersion: 1 });
    await settled(it.system, 'MANUAL 4000 SUCCESS');
    const again = { amountFen: fen(4_000), seenAvailableFen: fen(9_962), accountVersion: 1, key: 'key' };
    expect(it.desk().settle(both, again).no).toBe(made.no);
    expect(await refusal(() => it.desk().settle(both, { ...again, amountFen: fen(1) }))).toBe('IDEMPOTENCY_CONFLICT');
    const another: User = { no: 'wang', role: 'O' };
    expect(await refusal(() => it.desk().settle(another, again))).toBe('IDEMPOTENCY_CONFLICT');
    expect(newestSettlement(it)).toMatchObject({ no: made.no, state: 'SUCCESS', valueDate: '2026-11-20' });
    await it.system.eventually('N-06', () => it.system.count("SELECT count(*) FROM notice WHERE text = 'N-06'") === 1);
    await sound(it);
  });

  test('B-049: INSUFFICIENT_BALANCE names what can not be settled', async () => {
    const it = await begin();
    await it.system.sell(5_000);
    await takeCode(it.system, 10_000);
    expect(await refusal(() => settleAll(it, 'x', 12_000))).toBe('INSUFFICIENT_BALANCE');
    expect(it.system.count(`SELECT count(*) FROM audit WHERE details LIKE '%"unclearedFen":5000%'`)).toBe(1);
    expect(await refusal(() => settleAll(it, 'y', 0))).toBe('INVALID_AMOUNT');
    await takeCode(it.system, 1_000);
    const stale = { amountFen: fen(9_962), seenAvailableFen: fen(9_962), accountVersion: 1, key: 'z' };
    expect(await refusal(() => it.desk().settle(both, stale))).toBe('STALE_BALANCE');
    expect(await refusal(() => it.desk().settle(service, stale))).toBe('FORBIDDEN');
    expect(settlements(it.system)).toEqual([]);
  });

  test('B-049: what is frozen and what is under way is not available either, and is named', async () => {
    const it = await begin({ hostParameters: { 'host.acceptDelayMs': 86_000_000 } });
    const payment = await takeCode(it.system, 10_000);
    await takeCode(it.system, 20_000);
    await it.system.host.command({ command: 'freeze', payment });
    await it.system.eventually('frozen', () => it.desk().home(both).balances.frozenFen === 10_000);
    settleAll(it, 'x', 9_886);
    expect(it.desk().home(both).balances).toMatchObject({ availableFen: 10_000, inTransitFen: 9_886 });
    expect(await refusal(() => settleAll(it, 'y', 10_001))).toBe('INSUFFICIENT_BALANCE');
    expect(
      it.system.count(`SELECT count(*) FROM audit WHERE details LIKE '%"frozenFen":10000%"inTransitFen":9886%'`),
    ).toBe(1);
    settleAll(it, 'z', 10_000);
    expect(it.desk().home(both).balances).toMatchObject({ availableFen: 0, inTransitFen: 19_886, frozenFen: 10_000 });
  });

  test.each([
    ['AGREEMENT_REQUIRED', 'B-017', { agreementInForce: '2027-01' }],
    ['PROFILE_INCOMPLETE', 'B-020', { contact: null }],
    ['ID_EXPIRED', 'B-021', { idValidUntil: '2026-11-19' }],
  ])('%s (%s), until it is mended', async (code, _, change) => {
    const it = await begin();
    await takeCode(it.system, 10_000);
    await it.system.host.command({ command: 'set-profile', ...change });
    await it.system.eventually('told', () => it.desk().home(both).obstacles[0] === code);
    expect(await refusal(() => settleAll(it, 'x'))).toBe(code);
    expect(await refusal(() => it.desk().applyAccount(both, goodAccount, 'y'))).toBe(code);
    await it.system.host.command({
      command: 'set-profile',
      agreementInForce: '2026-01',
      contact: '王',
      idValidUntil: null,
    });
    await it.system.eventually('mended', () => it.desk().home(both).obstacles.length === 0);
    settleAll(it, 'z');
    await settled(it.system, 'MANUAL 9962 SUCCESS');
  });

  test('B-016: DEVICE_ABNORMAL when a device was opened, until it works again', async () => {
    const it = await begin();
    await takeCode(it.system, 10_000);
    const { reader } = it.system.devices;
    readerFaults.tamper.apply(reader, { value: 0, times: 1, chance: () => true });
    await it.system.sell(5_000);
    expect(it.desk().home(both).obstacles).toEqual(['DEVICE_ABNORMAL']);
    expect(await refusal(() => settleAll(it, 'x'))).toBe('DEVICE_ABNORMAL');
    reader.reset();
    await it.system.cashier.selfCheck();
    expect(it.desk().home(both).obstacles).toEqual([]);
    settleAll(it, 'y');
    await settled(it.system, 'MANUAL 9962 SUCCESS');
  });

  test('OFFLINE without the link', async () => {
    const it = await begin();
    await takeCode(it.system, 10_000);
    it.system.wire.block();
    await it.system.eventually('offline', () => it.system.cashier.status().link !== 'online');
    expect(it.desk().home(both).obstacles).toEqual(['OFFLINE']);
    expect(await refusal(() => settleAll(it, 'x'))).toBe('OFFLINE');
    expect(await refusal(() => it.desk().applyMode(both, { mode: 'REALTIME' }, 'y'))).toBe('OFFLINE');
    it.system.wire.unblock();
  });
});
