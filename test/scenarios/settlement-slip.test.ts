import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inTransaction } from '../../terminal/base/database.ts';
import { fen } from '../../terminal/base/money.ts';
import { newSettlement } from '../../terminal/settlement/settlement.ts';
import { arrivalOf, settlementLines } from '../../terminal/settlement/settlement-slip.ts';
import { refusal } from '../support/refusal.ts';
import { startTestSystem, type TestSystem } from '../support/terminal.ts';

let system: TestSystem;
beforeEach(async () => {
  system = await startTestSystem();
});
afterEach(() => system.stop());
const { signal } = new AbortController();

describe('资金结算单 on paper', () => {
  test('B-029: has number, mode, gross, fee, net, masked account, arrival and state; the second is a duplicate', async () => {
    await system.earn(100_000);
    const { no, maskedAccount } = await system.settle();
    const counter = await system.supervisor();
    const before = system.slips().length;
    await counter.reprint({ kind: 'settlement', no }, signal);
    await counter.reprint({ kind: 'settlement', no }, signal);
    const [first = [], second = []] = system.slips().slice(before);
    const words = (slip: readonly string[]): string => slip.join('\n');
    for (const part of [
      '资金结算单',
      no,
      '手动 MANUAL',
      '996.20',
      '0.00',
      maskedAccount,
      '成功 SUCCESS',
      '到账日(VALUE DATE)',
    ])
      expect(words(first)).toContain(part);
    expect(words(first)).not.toContain('DUPLICATED');
    expect(words(second)).toContain('重打印/DUPLICATED');
    expect(system.count('SELECT prints FROM settlement WHERE no = ?', no)).toBe(2);
    expect(system.count("SELECT count(*) FROM audit WHERE action = 'reprint' AND about = ?", no)).toBe(1);
  });

  test('a cashier prints none, and there is none of what is not', async () => {
    expect(await refusal(() => system.cashier.reprint({ kind: 'settlement', no: 'S' }, signal))).toBe('FORBIDDEN');
    const counter = await system.supervisor();
    expect(await refusal(() => counter.reprint({ kind: 'settlement', no: 'S' }, signal))).toBe('NOT_FOUND');
  });

  test('the reason of a failure is printed in words', () => {
    const made = newSettlement({
      no: 'S1',
      mode: 'MANUAL',
      amountFen: fen(100),
      accountVersion: 1,
      requestedBy: '00',
      requestedAt: 0,
    });
    const lines = settlementLines({ ...made, state: 'FAILED', reason: 'FEE_EXCEEDS_AMOUNT' }, '-');
    for (const text of ['原因(REASON)', '  金额不足以支付服务费', '  the fee is not less than the amount'])
      expect(lines).toContainEqual({ kind: 'text', text });
    expect(JSON.stringify(lines)).not.toContain('FEE_EXCEEDS_AMOUNT');
  });

  test('B-025: before it has come, the slip names the day on which it is expected: a Friday settlement on Monday', () => {
    const friday = Date.UTC(2026, 10, 20, 8);
    const made = newSettlement({
      no: 'S1',
      mode: 'MANUAL',
      amountFen: fen(100),
      accountVersion: 1,
      requestedBy: '00',
      requestedAt: friday,
    });
    const arrival = inTransaction(system.db, (tx) => arrivalOf(tx.db, made));
    expect(arrival).toBe('2026-11-23');
    expect(arrivalOf(system.db, { ...made, mode: 'REALTIME' })).toBe('2026-11-20');
    expect(arrivalOf(system.db, { ...made, state: 'FAILED' })).toBe('-');
    expect(settlementLines(made, arrival)).toContainEqual({
      kind: 'pair',
      left: '预计到账(EXPECTED)',
      right: '2026-11-23',
    });
    expect(settlementLines({ ...made, valueDate: '2026-11-24' }, '2026-11-24')).toContainEqual({
      kind: 'pair',
      left: '到账日(VALUE DATE)',
      right: '2026-11-24',
    });
  });
});
