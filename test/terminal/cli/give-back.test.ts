import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestSystem, type TestSystem } from '../../support/terminal.ts';
import { posRig } from './pos-rig.ts';
import { lastLine } from './pos-stage.ts';

const { home, pos, serve } = posRig();
let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
  await system.earn(50_000);
}, 30_000);
afterAll(() => system.stop());
beforeEach(async () => {
  await serve({ counter: system.terminal.counter, status: () => system.terminal.runner.status() });
  writeFileSync(join(home(), '01'), '0000\n');
  writeFileSync(join(home(), '00'), '123456\n');
  writeFileSync(join(home(), 'wrong'), '654321\n');
});

const cashier = (): string => `--operator 01 --password-file ${join(home(), '01')}`;
const supervisor = (name = '00'): string => `--supervisor-file ${join(home(), name)}`;

async function sold(amountFen: number): Promise<string> {
  const outcome = await system.sell(amountFen);
  if (outcome.kind !== 'approved') throw new Error(outcome.kind);
  return outcome.txn.stan;
}

describe('pos refund', () => {
  it('make: finds by voucher, asks, refunds with 主管密码; list shows it in both languages', async () => {
    const stan = await sold(10_000);
    const made = await pos(`refund make --voucher ${stan} --amount 33.33 ${cashier()} ${supervisor()} --yes`);
    expect(made).toMatchObject({ exit: 0 });
    expect(made.out).toMatch(/^已退货 33\.33 元，流水号 \d{6}\n$/);
    expect((await pos('refund list')).out).toMatch(new RegExp(`33\\.33 .* ${stan} .*成功`));
    expect((await pos('refund list --lang en')).out).not.toMatch(/[\u4e00-\u9fff]/);
    expect((await pos(`txn show ${stan}`)).out).toMatch(/部分退货/);
  });

  it('make: once for each key, and another content under it is refused', async () => {
    const stan = await sold(20_000);
    const line = (yuan: string) =>
      `refund make --voucher ${stan} --amount ${yuan} --idempotency-key key-0001 ${cashier()} ${supervisor()} --yes --json`;
    const first = await pos(line('50'));
    expect(first.exit).toBe(0);
    expect((await pos(line('50'))).exit).toBe(0);
    expect(lastLine((await pos(line('60'))).out)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect(system.count('SELECT sum(amount_fen) FROM refund WHERE origin_stan = ?', stan)).toBe(5_000);
  });

  it.each([
    ['more than is left', '--amount 300', '00', 1, 'REFUND_EXCEEDS_PAID'],
    ['the wrong 主管密码', '--amount 10', 'wrong', 3, 'SECRET_WRONG'],
    ['an amount of nothing', '--amount 0', '00', 2, 'INVALID_AMOUNT'],
  ])('make: %s is refused and nothing changes', async (_, amount, secret, exit, code) => {
    const stan = await sold(10_100);
    const before = system.count('SELECT count(*) FROM refund');
    const key = `try-${code}`;
    const ended = await pos(
      `refund make --voucher ${stan} ${amount} --idempotency-key ${key} ${cashier()} ${supervisor(secret)} --yes --json`,
    );
    expect([ended.exit, lastLine(ended.out)]).toMatchObject([exit, { code }]);
    expect(system.count('SELECT count(*) FROM refund')).toBe(before);
  });

  it.each([
    ['--amount 10'],
    ['--voucher 000001 --rrn 000000000001 --date 2026-01-01 --amount 1'],
    ['--rrn 000000000001 --amount 1'],
    ['--voucher 000001'],
    ['--voucher 000001 --amount 1 --all'],
  ])('make %s: usage', async (flags) => {
    expect((await pos(`refund make ${flags} ${cashier()}`)).exit).toBe(2);
  });

  it('make: asks a person; another word than yes ends it with nothing done', async () => {
    const stan = await sold(10_200);
    const before = system.count('SELECT count(*) FROM refund');
    const ended = await pos(`refund make --voucher ${stan} --all ${cashier()}`, { answers: ['no'] });
    expect(ended.exit).toBe(1);
    expect(ended.asked[0]).toContain('退货 102.00 元');
    expect(system.count('SELECT count(*) FROM refund')).toBe(before);
  });
});

describe('pos txn', () => {
  it('void: takes back a sale of the open batch; a second time is refused', async () => {
    const stan = await sold(12_300);
    const line = `txn void ${stan} ${cashier()} ${supervisor()} --yes`;
    expect(await pos(line)).toMatchObject({ exit: 0, out: '已撤销\n' });
    expect((await pos('txn list')).out).toMatch(/撤销 .*123\.00/);
    expect((await pos(`${line} --json`)).exit).toBe(1);
  });

  it('report: the money of a suspicious sale is held for review', async () => {
    const stan = await sold(12_400);
    expect((await pos(`txn report ${stan} --reason stolen-card ${cashier()}`)).exit).toBe(0);
    const payment = system.terminal.counter().transaction(stan)?.payment ?? '';
    await system.eventually('frozen', () => system.terminal.counter().risk.isFrozen(payment));
    expect((await pos(`txn report 999999 --reason stolen-card ${cashier()}`)).exit).toBe(4);
  });

  it('waiting: says that nothing waits', async () => {
    expect(await pos('txn waiting')).toMatchObject({ exit: 0, out: '没有待上送的交易\n' });
  });
});
