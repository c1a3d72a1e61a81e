import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { paymentNo, refund } from '../../scenarios/books.ts';
import { startTestSystem, type TestSystem } from '../../support/terminal.ts';
import { posRig } from './pos-rig.ts';
import { lastLine } from './pos-stage.ts';

const { home, pos, serve } = posRig();
let system: TestSystem;
let n = 0;

beforeAll(async () => {
  system = await startTestSystem();
}, 30_000);
afterAll(() => system.stop());
beforeEach(async () => {
  await serve({ counter: system.terminal.counter, status: () => system.terminal.runner.status() });
  writeFileSync(join(home(), '01'), '0000\n');
});

const cashier = (): string => `--operator 01 --password-file ${join(home(), '01')}`;

let keys = 0;
const keyed = (): string => `--idempotency-key press-${++keys + 100} ${cashier()}`;

async function sold(amountFen: number): Promise<string> {
  const outcome = await system.sell(amountFen);
  if (outcome.kind !== 'approved') throw new Error(outcome.kind);
  n += 1;
  return outcome.txn.stan;
}
const newest = () => {
  const [invoice] = system.cashier.invoices.list(1);
  if (!invoice) throw new Error('no invoice');
  return invoice;
};

describe('pos invoice', () => {
  it('issue, list, show and reprint, in both languages', async () => {
    const stan = await sold(10_000);
    const company = '--company --title 某某公司 --tax-no 91110000MA00000001 --email fp@example.cn';
    const made = await pos(`invoice issue ${stan} ${company} ${keyed()}`);
    expect(made).toMatchObject({ exit: 0, out: expect.stringMatching(/^已开发票 I\d{10}，100\.00 元\n$/) });
    await system.eventually('sent', () => newest().state === 'SENT');
    const { no, url } = newest();
    expect((await pos('invoice list')).out).toMatch(new RegExp(`${no} .* ${stan} +100\\.00 +I\\d{10} +已发送`));
    const english = await pos('invoice list --lang en');
    expect(english.out).not.toMatch(/[\u4e00-\u9fff]/);
    expect((await pos(`invoice show ${no}`)).out).toMatch(/91110000MA00000001[\s\S]*fp@example\.cn/);
    expect(JSON.parse((await pos(`invoice show ${no} --json`)).out)).toMatchObject({
      no,
      url,
      state: 'SENT',
      prints: 1,
    });
    expect((await pos(`invoice reprint ${no} ${cashier()}`)).exit).toBe(0);
    expect(newest().prints).toBe(2);
  });

  it('red: after a refund, and the list says when it is due', async () => {
    const stan = await sold(20_000);
    await pos(`invoice issue ${stan} --title 张三 --phone 13800000000 ${keyed()}`);
    const { no } = newest();
    const early = await pos(`invoice red ${no} ${cashier()} --json`);
    expect([early.exit, lastLine(early.out)]).toMatchObject([
      1,
      { code: 'ILLEGAL_STATE', zh: expect.stringContaining('未退货') },
    ]);
    expect(await refund(system, 5_000, { n })).toMatchObject({ kind: 'succeeded' });
    expect((await pos('invoice list')).out).toContain('待红冲');
    const back = await pos(`invoice red ${no} ${cashier()}`);
    expect(back.out).toMatch(/^已红冲 200\.00 元，红字发票 I\d{10}\n$/);
    expect((await pos('invoice list')).out).toMatch(/-200\.00 .*\n.*已红冲/);
    const again = await pos(`invoice issue ${stan} --title 张三 --phone 13800000000 ${keyed()} --json`);
    expect(lastLine(again.out)).toMatchObject({ outcome: { kind: 'issued', invoice: { amountFen: 15_000 } } });
  });

  it('issue: once for each key, and another content under it is refused', async () => {
    const stan = await sold(10_100);
    const line = (title: string) =>
      `invoice issue ${stan} --title ${title} --phone 13800000000 --idempotency-key key-0001 ${cashier()} --json`;
    expect((await pos(line('张三'))).exit).toBe(0);
    expect((await pos(line('张三'))).exit).toBe(0);
    expect(lastLine((await pos(line('李四'))).out)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect(system.count('SELECT count(*) FROM invoice WHERE payment = ?', paymentNo(system, n))).toBe(1);
  });

  it.each([
    ['no tax number for a company', '--company --title 某某公司 --phone 13800000000', 2, 'TAX_NO_INVALID'],
    ['nowhere to send it', '--title 张三', 2, 'CONTACT_REQUIRED'],
    ['a telephone number that is none', '--title 张三 --phone abc', 2, 'INVALID_CONTACT'],
  ])('issue: %s is refused and nothing changes', async (_, flags, exit, code) => {
    const stan = await sold(10_200);
    const before = system.count('SELECT count(*) FROM invoice');
    const ended = await pos(`invoice issue ${stan} ${flags} ${cashier()} --json`);
    expect([ended.exit, lastLine(ended.out)]).toMatchObject([exit, { code }]);
    expect(system.count('SELECT count(*) FROM invoice')).toBe(before);
  });

  it('the host fails: it says so, and that it may be asked for again', async () => {
    const stan = await sold(10_300);
    await system.host.fault({ kind: 'invoice-fail', reason: 'TAX_OFFICE_DOWN' });
    expect(await pos(`invoice issue ${stan} --title 张三 --phone 13800000000 ${keyed()}`)).toMatchObject({
      exit: 5,
      out: '开票失败 (TAX_OFFICE_DOWN)，可重新申请\n',
    });
  });

  it.each([
    ['issue', 2],
    ['issue 000001', 2],
    ['issue 1234567 --title a', 2],
    ['show abc', 2],
    ['show 01M80JT5413NYD1AZNZRDKVR78', 4],
    ['list --limit 0', 2],
  ])('%s: usage or not found', async (line, exit) => {
    expect((await pos(`invoice ${line}`)).exit).toBe(exit);
  });
});
