import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  codeResult,
  differencesAnswer,
  exportResult,
  exportsAnswer,
  noticesAnswer,
  reportAnswer,
  statementAnswer,
  statementsAnswer,
} from '../../../terminal/cli/book-contract.ts';
import { dayMs, hourMs, newSettler, type Settler, takeCode } from '../flows/settler.ts';
import { deskRig } from './desk-rig.ts';

/** Reconciliation, statements, reports, files, notices and the way into the console. 100.00 by code bring 99.62. */

let at: Settler;
const { home, pos, serve, read, result, by00, by01 } = deskRig(() => at.system);
const friday = '2026-11-20';

beforeAll(async () => {
  at = await newSettler(`${friday}T10:00`, 'MANUAL');
  await takeCode(at.system, 10_000);
  await takeCode(at.system, 20_000);
  await at.system.atRest();
}, 30_000);
afterAll(() => at.system.stop());
beforeEach(() => serve('http://127.0.0.1:8021/'));

const differences = async (flags = '') =>
  v.parse(differencesAnswer, JSON.parse((await pos(`reconcile differences ${flags} --json`)).out)).differences;

describe('pos reconcile', () => {
  it('says that there is nothing yet', async () => {
    expect(await read('reconcile list')).toBe('还没有对账\n');
    expect(await read('reconcile differences')).toBe('没有差异\n');
  });

  it('B-032: each day with its result, and what differs', async () => {
    const plant = [{ kind: 'amount' }, { kind: 'surplus' }];
    await at.system.host.command({ command: 'publish-bill', date: friday, plant });
    await at.system.eventually('compared', async () => (await differences()).length === 2);
    await at.system.eventually('told', async () => (await read('reconcile list')).includes('不平'));
    expect(await read('reconcile list')).toMatch(new RegExp(`${friday} +1  不平 .* 2 +2`));
    expect(await read('reconcile differences --open')).toMatch(/D20261120-\S+ +金额不符 +新发现 +1\.00\n/);
    const [one] = await differences();
    expect(await read(`reconcile differences ${one?.no}`)).toMatch(/差额 +/);
    expect((await pos('reconcile differences D0')).exit).toBe(4);
  });

  it('B-032: examine notes what was found', async () => {
    const [one] = await differences('--open');
    const line = `reconcile examine ${one?.no} investigating --text asked-the-bank`;
    expect(await result(`${line} ${by01()}`, 3)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await result(`${line} ${by00()}`)).toMatchObject({ examined: one?.no });
    expect(await read(`reconcile differences ${one?.no}`)).toMatch(/状态 +核查中\n/);
    expect(await result(`reconcile examine D0 explained --text x ${by00()}`, 4)).toMatchObject({ code: 'NOT_FOUND' });
    expect((await pos(`reconcile examine ${one?.no} guessed --text x ${by00()}`)).exit).toBe(2);
    expect((await pos(`reconcile examine ${one?.no} explained ${by00()}`)).exit).toBe(2);
  });
});

describe('pos report', () => {
  it('B-039, B-043: by day, instrument and operator, with equal totals', async () => {
    const report = v.parse(reportAnswer, await result(`report --from ${friday} --to ${friday} ${by00()}`));
    expect(report.total).toMatchObject({ count: 2, grossFen: 30_000, feeFen: 114, netFen: 29_886 });
    expect(await read(`report --from ${friday} ${by00()}`)).toMatch(/微信 +2 +300\.00 +0 +0\.00 +1\.14 +298\.86\n/);
  });

  it('B-037: a cashier sees the own only', async () => {
    expect(v.parse(reportAnswer, await result(`report ${by01()}`))).toMatchObject({ of: '01', total: { count: 2 } });
    expect(await read(`report ${by01()}`)).toMatch(/^2026-11-20 {2}操作员01\n/);
  });

  it.each(['--from 2026-13-01', '--from yesterday', `--from ${friday} --to 2026-11-19`])('%s: 2', async (flags) => {
    expect((await pos(`report ${flags}`)).exit).toBe(2);
  });
});

describe('pos export', () => {
  const made = async (line: string) => v.parse(exportResult, await result(`export make ${line} ${by00()}`));

  it('makes a file, tells how far it is on standard error, and keeps it for its owner only', async () => {
    const out = join(home(), 'report.csv');
    const ended = await pos(`export make report --from ${friday} --to ${friday} --out ${out} ${by00()}`);
    expect(ended).toMatchObject({ exit: 0, out: expect.stringMatching(/^已存到 \S+report\.csv \(\d+ 行\)\n$/) });
    expect(ended.err).toContain('制作文件');
    expect(readFileSync(out, 'utf8')).toContain('300.00');
    expect(statSync(out).mode & 0o777).toBe(0o600);
  });

  it('into a folder under its own name; get keeps it once more; the language is that of the command', async () => {
    const folder = join(home(), 'files');
    mkdirSync(folder);
    const { export: file } = await made(
      `transactions --from ${friday} --to ${friday} --format html --lang en --out ${folder}`,
    );
    expect(readFileSync(join(folder, file.name), 'utf8')).toContain('Transactions');
    const again = join(home(), 'again.html');
    expect((await pos(`export get ${file.id} --out ${again} ${by00()}`)).exit).toBe(0);
    expect(readFileSync(again)).toEqual(readFileSync(join(folder, file.name)));
    const { exports } = v.parse(exportsAnswer, JSON.parse((await pos('export list --json')).out));
    expect(exports[0]).toMatchObject({ id: file.id, state: 'READY', by: '00' });
    expect((await pos('export list')).out).toContain(file.name);
  });

  it('--out - writes it to standard output, and what it is beside it', async () => {
    const { export: file } = await made(`report --from ${friday} --to ${friday} --out ${join(home(), 'a.csv')}`);
    const again = await pos(`export get ${file.id} --out - ${by00()}`);
    expect(again).toMatchObject({ exit: 0, out: readFileSync(join(home(), 'a.csv'), 'utf8') });
    expect(again.err).toContain(file.name);
    const anew = await pos(`export make report --from ${friday} --to ${friday} --out - ${by00()}`);
    expect(anew).toMatchObject({ exit: 0, out: expect.stringContaining('300.00') });
    expect((await pos(`export get ${file.id} --out - --json ${by00()}`)).exit).toBe(2);
    expect(await result(`export get ${file.id} --out /none/x ${by00()}`, 4)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('never writes over a file, and makes none for it', async () => {
    const out = join(home(), 'mine.csv');
    writeFileSync(out, 'mine');
    const count = at.system.count('SELECT count(*) FROM export');
    const ended = await result(`export make report --from ${friday} --to ${friday} --out ${out} ${by00()}`, 1);
    expect(ended).toMatchObject({ code: 'FILE_EXISTS' });
    expect(readFileSync(out, 'utf8')).toBe('mine');
    expect(at.system.count('SELECT count(*) FROM export')).toBe(count);
  });

  it.each([
    [`report --from ${friday} --to 2026-11-19`, 2, 'INVALID_RANGE'],
    ['report --from 2020-01-01 --to 2026-11-19', 2, 'EXPORT_RANGE_TOO_LARGE'],
    ['batch --about 999999', 4, 'NOT_FOUND'],
    ['nothing', 2, 'USAGE'],
    ['report --format pdf', 2, 'USAGE'],
  ])('%s is refused', async (line, exit, code) => {
    expect(await result(`export make ${line} --out ${home()}/none ${by00()}`, exit)).toMatchObject({ code });
    expect(existsSync(join(home(), 'none'))).toBe(false);
  });

  it('a cashier may neither make nor get one', async () => {
    expect((await pos(`export make audit --from ${friday} --to ${friday} --out ${home()}/none ${by01()}`)).exit).toBe(
      3,
    );
    const [file] = v.parse(exportsAnswer, JSON.parse((await pos('export list --json')).out)).exports;
    expect((await pos(`export get ${file?.id} --out ${home()}/none ${by01()}`)).exit).toBe(3);
    expect((await pos(`export get 01K0000000000000000000TEST --out ${home()}/none ${by00()}`)).exit).toBe(4);
  });
});

describe('pos notice', () => {
  it('N-05: list tells of the files, read marks them', async () => {
    const all = () => pos('notice list --json').then(({ out }) => v.parse(noticesAnswer, JSON.parse(out)));
    const { notices, unread } = await all();
    expect(unread).toBe(notices.length);
    const ended = await pos('notice list');
    expect(ended.out).toMatch(/● \d+ {2}2026-11-20 \S+\n {2}导出文件/);
    expect(ended.err).toContain(`${unread} 条未读`);
    const [first] = notices;
    expect((await pos(`notice read ${first?.id} ${by00()}`)).out).toBe('已读 1 条\n');
    expect((await all()).unread).toBe(unread - 1);
    expect((await pos(`notice read ${by00()}`)).out).toBe(`已读 ${unread - 1} 条\n`);
    expect((await all()).unread).toBe(0);
    expect((await pos(`notice read x ${by00()}`)).exit).toBe(2);
  });
});

describe('pos console', () => {
  it('code: with the secret of 00 alone, and where the console is', async () => {
    expect(await result(`console code ${by01()}`, 2)).toMatchObject({ code: 'USAGE' });
    expect((await pos('console code', { answers: ['654321'] })).exit).toBe(3);
    const asked = await pos('console code', { answers: ['123456'] });
    expect(asked.asked).toEqual(['hidden 操作员00密码: ']);
    expect(asked.out).toMatch(/^设置码 +[2-9A-Z]{10}\n有效至 +2026-11-21 \S+\n控制台 +http:\/\/127\.0\.0\.1:8021\/\n$/);
    expect(v.parse(codeResult, await result(`console code ${by00()}`)).code).toHaveLength(10);
    expect(await result(`console code nobody ${by00()}`, 4)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('users', async () => {
    expect(await read('console users')).toBe('没有控制台用户，请用 pos console code\n');
    const record = { login: 'li.na', name: 'Li Na', role: 'MO', state: 'ACTIVE' };
    await at.system.host.command({ command: 'set-user', record });
    await at.system.eventually('told', async () => (await pos('console users')).out.includes('li.na'));
    expect(await read('console users')).toMatch(/li\.na +Li Na +主账号兼结算员 +有效，无密码 +-\n/);
  });
});

describe('pos statement', () => {
  it('B-034: there is one the next day from 10:00 on; opening and movements make its closing', async () => {
    expect(await read('statement list')).toContain('没有对账单');
    await at.system.atRest();
    await at.clock.advance(dayMs + hourMs);
    const listed = async () =>
      v.parse(statementsAnswer, JSON.parse((await pos('statement list --json')).out)).statements;
    await at.system.eventually('made', async () => (await listed()).some(({ date }) => date === friday));
    expect(await read('statement list')).toMatch(new RegExp(`${friday} +0\\.00 +298\\.86 +0\\.00 +298\\.86 +2\n`));
    const shown = v.parse(statementAnswer, JSON.parse((await pos(`statement show ${friday} --json`)).out));
    expect(shown.head.openingFen + shown.lines.reduce((sum, one) => sum + one.amountFen, 0)).toBe(29_886);
    expect(await read(`statement show ${friday}`)).toMatch(/1 {2}2026-11-20 \S+ {2}扫码消费 +微信 +99\.62 +99\.62\n/);
    expect((await pos(`statement show ${friday} --limit 1`)).err).toContain('pos export make statement');
    expect((await pos('statement show 2026-11-30')).exit).toBe(4);
    expect((await pos('statement show friday')).exit).toBe(2);
  });

  it('B-035: paper is asked for by month', async () => {
    expect(await result(`statement paper 2026-11 ${by00()}`, 2)).toMatchObject({ code: 'ADDRESS_REQUIRED' });
    const ended = await pos(`statement paper 2026-11 --address 北京市海淀区1号 ${by00()}`);
    expect(ended).toMatchObject({ exit: 0, out: '纸质对账单 2026-11: 已登记\n' });
    expect(await result(`statement paper 2027-01 --address x ${by00()}`, 2)).toMatchObject({ code: 'INVALID_RANGE' });
  });
});
