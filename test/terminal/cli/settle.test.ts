import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { disputeResult, homeAnswer, settlementShown } from '../../../terminal/cli/settlement-contract.ts';
import { newSettler, type Settler, takeCode } from '../flows/settler.ts';
import { deskRig } from './desk-rig.ts';

/** The five steps at the command line, with nothing but `pos`. 100.00 by code bring 99.62. */

let at: Settler;
const { home, pos, serve, read, result, by00, by01 } = deskRig(() => at.system);
const names = ['账平演示商户', '中国工商银行北京分行', '演示联系人', '北京市海淀区1号', '金额不对', '无误', '复核员'];

beforeAll(async () => {
  at = await newSettler('2026-11-20T10:00', 'MANUAL');
  await takeCode(at.system, 10_000);
  await takeCode(at.system, 20_000);
}, 30_000);
afterAll(() => at.system.stop());
beforeEach(() => serve());

const homeNow = async () => v.parse(homeAnswer, JSON.parse((await pos('settle status --json')).out));
const newest = (): string => at.desk().settlements({ no: '00', role: 'MO' }, 1)[0]?.no ?? '';

describe('step 1: pos settle status', () => {
  it('B-008: balances, mode, account, arrival; nobody need log on to look', async () => {
    const out = await read('settle status', names);
    expect(out).toMatch(/可用余额 +298\.86 元\n/);
    expect(out).toMatch(/结算方式 +手动\n/);
    expect(out).toMatch(/结算账户 +\S+0128 账平演示商户 中国工商银行北京分行\n/);
    expect(out).toMatch(/现在结算到账 +2026-11-23/);
    expect(await homeNow()).toMatchObject({ balances: { availableFen: 29_886 }, mode: { mode: 'MANUAL' } });
  });
});

describe('step 2: mode, account, profile', () => {
  it.each([
    ['AUTO --daily', { mode: 'AUTO', cycle: { every: 'DAILY' } }, '自动，每个工作日'],
    ['auto --weekly 3', { mode: 'AUTO', cycle: { every: 'WEEKLY', weekday: 3 } }, '自动，每周三'],
    ['AUTO --monthly 15', { mode: 'AUTO', cycle: { every: 'MONTHLY', monthDay: 15 } }, '自动，每月 15 日'],
    ['REALTIME', { mode: 'REALTIME' }, '实时'],
    ['MANUAL', { mode: 'MANUAL' }, '手动'],
  ])('B-001, B-003: settle mode %s', async (flags, mode, words) => {
    expect(await result(`settle mode ${flags} ${by00()}`)).toMatchObject({ application: { state: 'DONE' } });
    expect((await homeNow()).mode).toMatchObject(mode);
    expect(await read('settle status', names)).toMatch(new RegExp(`结算方式 +${words}\n`));
  });

  it.each([
    ['SOMETIMES', 2, 'INVALID_SETTLE_MODE'],
    ['AUTO', 2, 'CYCLE_REQUIRED'],
    ['AUTO --weekly 8', 2, 'USAGE'],
    ['AUTO --monthly 29', 2, 'USAGE'],
    ['AUTO --daily --weekly 1', 2, 'USAGE'],
    ['MANUAL --daily', 2, 'USAGE'],
  ])('settle mode %s is refused', async (flags, exit, code) => {
    expect(await result(`settle mode ${flags} ${by00()}`, exit)).toMatchObject({ code });
  });

  it('a cashier may not, and the same key is the same application', async () => {
    expect(await result(`settle mode MANUAL ${by01()}`, 3)).toMatchObject({ code: 'FORBIDDEN' });
    const line = `settle mode MANUAL --idempotency-key mode-0001 ${by00()}`;
    expect(await result(line)).toEqual(await result(line));
    const other = `settle mode REALTIME --idempotency-key mode-0001 ${by00()}`;
    expect(await result(other, 1)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  });

  it('an application that upstream does not answer: 等待上游, and 7', async () => {
    const deaf = at.system.wire.rule(({ topic }) => (topic.endsWith('/rows') ? 'drop' : undefined));
    const ended = await pos(`settle mode REALTIME ${by00()}`);
    expect(ended).toMatchObject({ exit: 7, out: '结算方式 实时: 等待上游\n' });
    expect(ended.err).toContain('pos settle status');
    expect(await read('settle status', names)).toMatch(/已申请改为 +实时\n/);
    deaf();
    await at.system.eventually('answered', async () => (await homeNow()).mode.mode === 'REALTIME');
    expect(await result(`settle mode MANUAL ${by00()}`)).toMatchObject({ application: { state: 'DONE' } });
  }, 20_000);

  it('B-013: account add asks for number and identity without echo, and shows neither', async () => {
    const answers = [
      '账平演示商户',
      '工商银行',
      '6222021234567890128',
      '6222021234567890128',
      '91110000600037341L',
      'yes',
    ];
    const ended = await pos(`settle account add ${by00()}`, { answers });
    expect(ended.asked.filter((question) => question.startsWith('hidden'))).toHaveLength(3);
    expect(ended.asked.at(-1)).toContain('***0128');
    // There is an account: another comes only by a change of the settler.
    expect(ended).toMatchObject({ exit: 1, err: expect.stringContaining('ILLEGAL_STATE') });
    expect(ended.out + ended.err + at.system.logged.join()).not.toMatch(/6222021234567890128|91110000600037341L/);
  });

  it.each([
    ['', { answers: ['a', 'b', '12345678', '12345679'] }, 2],
    ['', {}, 2],
    ['--from-file /none', {}, 4],
    ['--from-file -', { stdin: '{"name":"甲"}' }, 2],
    ['--from-file - --no-input', { stdin: '{"name":"甲","number":"1","id":"2","bank":"乙"}' }, 2],
  ])('account add %s %o is refused', async (flags, shell, exit) => {
    expect((await pos(`settle account add ${flags} ${by00()}`, shell)).exit).toBe(exit);
  });

  it('B-013: account add from a file; what is wrong with it the terminal says', async () => {
    const file = join(home(), 'account.json');
    writeFileSync(file, JSON.stringify({ name: '账平演示商户', number: '12', id: '91110000600037341L', bank: '工行' }));
    const refused = await result(`settle account add --from-file ${file} --yes ${by00()}`, 2);
    expect(refused).toMatchObject({ code: 'ACCOUNT_INVALID', details: { what: 'number' } });
  });

  it('B-052: account list', async () => {
    expect(await read('settle account list', names)).toMatch(/1 +有效 +\S+0128 +账平演示商户/);
  });

  it('B-015, B-017, B-020: profile set changes what is named, and show tells it', async () => {
    const line = `profile set --email a@example.com --address 北京市海淀区1号 --remind 500 --agree 2026-01 ${by00()}`;
    expect(await result(line)).toMatchObject({ application: { state: 'DONE' } });
    const out = await read('profile show', names);
    for (const row of [/联系人 +演示联系人/, /邮箱 +a@example\.com/, /余额提醒 +500\.00/, /协议 +2026-01\n/])
      expect(out).toMatch(row);
    const ended = await pos(`profile set --email= --remind 0 ${by00()}`);
    expect(ended).toMatchObject({ exit: 0, out: '商户资料 邮箱、余额提醒: 已生效\n' });
    expect(await read('profile show', names)).toMatch(/邮箱 +-\n/);
  });

  it.each([
    ['', 2, 'USAGE'],
    ['--remind x', 2, 'INVALID_AMOUNT'],
    ['--mobile 12', 2, 'INVALID_MOBILE'],
    ['--email a', 2, 'INVALID_CONTACT'],
  ])('profile set %s is refused', async (flags, exit, code) => {
    expect(await result(`profile set ${flags} ${by00()}`, exit)).toMatchObject({ code });
  });
});

describe('steps 3 and 4: pos settle', () => {
  it('B-010: shows amount, fee, net, account and arrival, and asks; a word other than yes does nothing', async () => {
    const ended = await pos(`settle --amount 99.62 ${by00()}`, { answers: ['no'] });
    expect(ended.exit).toBe(1);
    for (const row of [/结算金额 +99\.62 元/, /服务费 +0\.00 元/, /到账金额 +99\.62/, /预计到账 +2026-11-23/])
      expect(ended.err).toMatch(row);
    expect(ended.err).toMatch(/账号 +\S*\*\S*0128/);
    expect(newest()).toBe('');
  });

  it('B-005, B-011: a part, to its success', async () => {
    const ended = await pos(`settle --amount 99.62 ${by00()}`, { answers: ['yes'] });
    expect(ended).toMatchObject({ exit: 0, out: expect.stringContaining('成功') });
    expect(await read('settle list --limit 5')).toMatch(new RegExp(`${newest()}  2026-11-20 +99\\.62  成功`));
  });

  it('states.md 5: settle stop asks; what has ended can not be stopped', async () => {
    expect((await pos(`settle stop ${newest()} ${by00()}`, { answers: ['no'] })).exit).toBe(1);
    const refused = await result(`settle stop ${newest()} --yes ${by00()}`, 1);
    expect(refused).toMatchObject({ code: 'ILLEGAL_STATE' });
  });
});

describe('step 5: the details', () => {
  const shown = async () => v.parse(settlementShown, JSON.parse((await pos(`settle show ${newest()} --json`)).out));

  it('B-012: settle show has every payment with gross, fee, net and its mark', async () => {
    const { settlement, payments, more } = await shown();
    expect(payments.map(({ grossFen, feeFen, netFen }) => [grossFen, feeFen, netFen])).toEqual([[10_000, 38, 9_962]]);
    expect({ net: settlement.netFen, more }).toEqual({ net: 9_962, more: false });
    const out = await read(`settle show ${newest().toLowerCase()}`);
    expect(out).toMatch(/到账金额 +99\.62 元/);
    expect(out).toMatch(/100\.00 +0\.38 +99\.62\n/);
  });

  it('settle check marks it as confirmed', async () => {
    expect(await pos(`settle check ${newest()} ${by00()}`)).toMatchObject({ exit: 0, out: '已确认\n' });
    expect(await read(`settle show ${newest()}`)).toMatch(/99\.62 {2}已确认/);
    expect((await pos('settle list')).out).toContain('成功 ✓');
  });

  it('B-014: a dispute of one payment by its STAN, its answer, its end', async () => {
    const [payment] = (await shown()).payments;
    const line = `settle dispute ${newest()} --payment ${payment?.stan} --text 金额不对 ${by00()}`;
    const { ticket } = v.parse(disputeResult, await result(`${line} --idempotency-key dispute-01`));
    expect(ticket).toMatchObject({ payment: payment?.payment, state: 'OPEN' });
    expect(await result(`${line} --idempotency-key dispute-01`)).toMatchObject({ ticket: { no: ticket.no } });
    expect(await read(`settle show ${newest()}`, names)).toMatch(/99\.62 {2}有异议/);
    expect(await result(`settle ticket close ${ticket.no} ${by00()}`, 1)).toMatchObject({ code: 'ILLEGAL_STATE' });
    await at.system.atRest();
    await at.system.host.command({ command: 'ticket-answer', ticket: ticket.no, answer: '无误', by: '复核员' });
    await at.system.eventually('answered', async () => (await pos('settle ticket list')).out.includes('已答复'));
    expect(await read('settle ticket list', names)).toMatch(/答复 +无误 \(复核员\)/);
    expect((await pos(`settle ticket close ${ticket.no} ${by00()}`)).out).toBe('工单已关闭\n');
    expect((await pos('settle ticket list')).out).toContain(`${ticket.no} 已关闭`);
  });

  it.each([
    ['settle show 12', 2, 'USAGE'],
    ['settle show 01K0000000000000000000TEST', 4, 'NOT_FOUND'],
    ['settle check 01K0000000000000000000TEST', 4, 'NOT_FOUND'],
    ['settle ticket close 01K0000000000000000000TEST', 4, 'NOT_FOUND'],
    ['settle slip 01K0000000000000000000TEST', 4, 'NOT_FOUND'],
    ['settle list --limit 0', 2, 'USAGE'],
  ])('%s', async (line, exit, code) => {
    const who = line.includes('show') || line.includes('list') ? '' : by00();
    expect(JSON.parse((await pos(`${line} ${who} --json`)).out)).toMatchObject({ code });
    expect((await pos(`${line} ${who}`)).exit).toBe(exit);
  });

  it('a STAN that is not in it, and a dispute without words', async () => {
    expect((await pos(`settle dispute ${newest()} --payment 999999 --text x ${by00()}`)).exit).toBe(2);
    expect((await pos(`settle dispute ${newest()} ${by00()}`)).exit).toBe(2);
  });

  it('B-029: settle slip prints it', async () => {
    const printed = at.system.slips().length;
    expect((await pos(`settle slip ${newest()} ${by00()}`)).out).toBe('资金结算单已打印\n');
    expect(at.system.slips()).toHaveLength(printed + 1);
    expect(at.system.slips().at(-1)?.join('\n')).toContain('99.62');
  });
});
