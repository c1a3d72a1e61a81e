import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newSettler, type Settler, takeCode } from '../flows/settler.ts';
import { deskRig } from './desk-rig.ts';

/** The same line typed again, as exit status 7 advises: the book knows the key, whatever happened in between. */

let at: Settler;
const { home, pos, serve, result, by00, by01 } = deskRig(() => at.system);
const rows = (table: 'settlement' | 'refund'): number => at.system.count(`SELECT count(*) FROM ${table}`);

beforeAll(async () => {
  at = await newSettler('2026-11-20T10:00', 'MANUAL');
  await takeCode(at.system, 10_000);
}, 30_000);
afterAll(() => at.system.stop());
beforeEach(() => serve());

describe('B-051: settle', () => {
  const all = () => `settle --all --idempotency-key retry-0001 --yes ${by00()}`;

  it('--all twice: the row of the key, although nothing is available any more', async () => {
    const first = await result(all());
    expect(first).toMatchObject({ settlement: { amountFen: 9_962, state: 'SUCCESS' } });
    expect(await result(all())).toEqual(first);
    expect(await pos(all().replace('--yes ', ''))).toMatchObject({ exit: 0, out: expect.stringContaining('99.62') });
    expect(rows('settlement')).toBe(1);
  });

  it('--all after a restart of the terminal and with new income', async () => {
    await takeCode(at.system, 20_000);
    expect(await result(all())).toMatchObject({ settlement: { amountFen: 9_962 } });
    expect(rows('settlement')).toBe(1);
  });

  it.each([
    [
      'another amount',
      () => `settle --amount 1 --idempotency-key retry-0001 --yes ${by00()}`,
      1,
      'IDEMPOTENCY_CONFLICT',
    ],
    ['a key that is none', () => `settle --all --idempotency-key short --yes ${by00()}`, 2, 'USAGE'],
    ['a cashier', () => `settle --all --idempotency-key retry-0001 --yes ${by01()}`, 3, 'FORBIDDEN'],
  ])('%s is refused', async (_, line, exit, code) => {
    expect(await result(line(), exit)).toMatchObject({ code });
    expect(rows('settlement')).toBe(1);
  });

  it('B-052, P-05: after the account was found to be in error; a new key is refused', async () => {
    const line = (key: string) => `settle --amount 1 --idempotency-key ${key} --yes ${by00()}`;
    await at.system.host.fault({ kind: 'settle-fail', reason: 'ACCOUNT_CLOSED' });
    expect(await result(line('retry-0002'), 5)).toMatchObject({ settlement: { state: 'FAILED' } });
    await at.system.eventually('errored', async () => (await pos('settle status')).out.includes('不能结算'));
    expect(await result(line('retry-0003'), 1)).toMatchObject({ code: 'SETTLE_ACCOUNT_ERRORED' });
    expect(await result(line('retry-0002'), 5)).toMatchObject({ settlement: { state: 'FAILED' } });
    expect(await result(all())).toMatchObject({ settlement: { amountFen: 9_962 } });
    expect(rows('settlement')).toBe(2);
  });
});

describe('B-051, P-05: refund make', () => {
  const supervisor = (): string => {
    const file = join(home(), 'of-00');
    writeFileSync(file, '123456\n');
    return `--supervisor-file ${file}`;
  };
  const line = (stan: string, key: string) =>
    `refund make --voucher ${stan} --all --idempotency-key ${key} --yes ${by01()}`;

  it('--all twice: the refund of the key, also without 主管密码 and offline', async () => {
    const sold = await at.system.sell(5_000);
    const stan = sold.kind === 'approved' ? sold.txn.stan : '';
    const first = await result(`${line(stan, 'refund-0001')} ${supervisor()}`);
    expect(first).toMatchObject({ outcome: { kind: 'succeeded', refund: { amountFen: 5_000 } } });
    at.system.wire.block();
    await at.system.eventually('offline', () => at.system.cashier.status().link !== 'online');
    const again = await result(line(stan, 'refund-0001'));
    at.system.wire.unblock();
    await at.system.ready();
    expect(again).toMatchObject({ outcome: { kind: 'succeeded', refund: { amountFen: 5_000 } } });
    expect(rows('refund')).toBe(1);
  });

  it('a person is told the key, to retry with', async () => {
    const sold = await at.system.sell(7_000);
    const stan = sold.kind === 'approved' ? sold.txn.stan : '';
    const ended = await pos(`refund make --voucher ${stan} --amount 1 --yes ${by01()} ${supervisor()}`);
    expect(ended).toMatchObject({ exit: 0, err: expect.stringContaining('--idempotency-key') });
    const invoice = await pos(`invoice issue ${stan} --title 张三 --phone 13800000000 ${by01()}`);
    expect(invoice).toMatchObject({ exit: 0, err: expect.stringContaining('--idempotency-key') });
    expect(
      await pos(`refund make --voucher ${stan} --all --yes ${by01().replace(/\S+$/, '-')} --supervisor-file -`, {
        stdin: '0000\n',
      }),
    ).toMatchObject({ exit: 2, err: expect.stringMatching(/--password-file .*--supervisor-file/) });
  });

  it('the key with another payment is refused', async () => {
    const sold = await at.system.sell(6_000);
    const stan = sold.kind === 'approved' ? sold.txn.stan : '';
    const before = rows('refund');
    expect(await result(`${line(stan, 'refund-0001')} ${supervisor()}`, 1)).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
    expect(rows('refund')).toBe(before);
  });
});
