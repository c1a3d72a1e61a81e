import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  batchAnswer,
  closeResult,
  doctorAnswer,
  errorAnswer,
  ledgerAnswer,
  settlementsAnswer,
  settleResult,
  statusAnswer,
  transactionAnswer,
  transactionsAnswer,
} from '../../../terminal/cli/contract.ts';
import { card, lastLine, PosStage, secrets, until } from './pos-stage.ts';

/** One stage for all: a case arranges what it needs and leaves the terminal ready. */
let at: PosStage;

beforeAll(async () => {
  at = await PosStage.start();
  expect(await at.sell(25_60)).toBe('approved');
  expect(await at.sell(199_51, 'swipe')).toBe('declined');
  expect(await at.sell(45_98)).toBe('unknown');
  await at.cashierReady();
}, 30_000);
afterAll(() => at.stop());

const status = () => at.json(statusAnswer, 'status');
const openBatch = async () => (await at.json(batchAnswer, 'batch status')).batch;
const transaction = (stan: string) => at.json(transactionAnswer, `txn show ${stan}`);
const newest = async () => (await at.json(transactionsAnswer, 'txn list --limit 1')).transactions[0];
const settlements = async () => (await at.json(settlementsAnswer, 'settle list')).settlements;
const duplicate = '****重打印/DUPLICATED****';

describe('what anybody may read', () => {
  it('status: the terminal as the cashier has it', async () => {
    expect(await status()).toMatchObject({
      operator: { no: '01' },
      link: 'online',
      signedIn: true,
      simulated: true,
      batch: { no: '000001', records: 1 },
    });
    const { exit, out } = await at.pos('status');
    expect(exit).toBe(0);
    expect(out).toMatch(/操作员 +01\n/);
    expect(out).toMatch(/主机 +已连接, 已签到\n/);
    expect(out).toMatch(/批次 +000001 已打开, 1 笔/);
  });

  it('batch status', async () => {
    expect(await at.json(batchAnswer, 'batch status')).toMatchObject({
      batch: { no: '000001', state: 'OPEN', records: 1 },
    });
  });

  it('doctor: everything is well, in words of either language', async () => {
    const { checks } = await at.json(doctorAnswer, 'doctor');
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual([
      'power',
      'network',
      'broker',
      'host',
      'clock',
      'disk',
      'database',
      'card-reader',
      'keypad',
      'printer',
      'batch',
      'reversals',
      'outbox',
    ]);
    expect((await at.pos('doctor')).out).toMatch(/✓ +数据库完好\n/);
    const english = await at.pos('doctor --lang en');
    expect(english).toMatchObject({ exit: 0, out: expect.stringContaining('Printer fine') });
    expect(english.out).not.toMatch(/[\u4e00-\u9fff]/);
  });

  it('ledger check proves the running book', async () => {
    expect(await at.json(ledgerAnswer, 'ledger check')).toMatchObject({ ok: true, ledgerSumFen: 0, journals: 1 });
    expect(await at.pos('ledger check')).toMatchObject({ exit: 0, out: '账平: 1 笔凭证，借贷差 0.00 元\n' });
  });

  it.each([
    [
      'a sale',
      '2',
      { state: 'PAID', amountFen: 2_560, feeFen: 10, entry: 'CONTACTLESS', code: '00', prints: 1 },
      '已支付',
    ],
    ['a decline', '3', { state: 'FAILED', amountFen: 19_951, entry: 'MAG', code: '51', prints: 0 }, '失败'],
    ['a reversal', '000004', { state: 'REVERSED', amountFen: 4_598, feeFen: 0, prints: 0 }, '已冲正'],
  ])('txn show and txn list: %s', async (_, stan, facts, words) => {
    const found = await transaction(stan);
    expect(found).toMatchObject({
      ...facts,
      stan: stan.padStart(6, '0'),
      batch: '000001',
      card: '622202*********0128',
    });
    expect((await at.json(transactionsAnswer, 'txn list')).transactions).toContainEqual(found);
    expect((await at.pos(`txn show ${stan}`)).out).toMatch(new RegExp(`状态 +${words}\n`));
    expect((await at.pos('txn list')).out).toMatch(new RegExp(`${found.stan} .* ${words}`));
  });

  it('a STAN that there is not ends with 4', async () => {
    expect(await at.pos('txn show 987654')).toMatchObject({
      exit: 4,
      out: '',
      err: '错误: 找不到交易 987654 (NOT_FOUND)\n',
    });
    const { exit, out } = await at.pos('txn show 987654 --json --lang en');
    expect(exit).toBe(4);
    expect(v.parse(errorAnswer, JSON.parse(out))).toMatchObject({
      code: 'NOT_FOUND',
      en: 'transaction 987654 was not found',
    });
  });
});

describe('who acts', () => {
  it('a wrong secret ends with 3 and says how many tries are left', async () => {
    expect(await at.pos(`txn reprint --last ${at.by('00', 'wrong')}`)).toMatchObject({
      exit: 3,
      err: expect.stringContaining('还可试4次'),
    });
    const { exit, out } = await at.pos(`txn reprint --last ${at.by('00', 'wrong')} --json`);
    expect(exit).toBe(3);
    expect(lastLine(out)).toMatchObject({ code: 'SECRET_WRONG', details: { left: 3 } });
  });

  it('a cashier may not settle', async () => {
    await at.pos(`txn reprint --last ${at.by('00')}`);
    expect(await at.sell(1_000_00)).toBe('approved');
    expect((await at.pos(`batch close --yes ${at.by('01')}`)).exit).toBe(0);
    const { exit, out } = await at.pos(`settle --amount 1 --yes ${at.by('01')} --json`);
    expect(exit).toBe(3);
    expect(lastLine(out)).toMatchObject({ code: 'FORBIDDEN', details: { operator: '01', action: 'settle' } });
    expect(await settlements()).toEqual([]);
  });

  it("does not touch the cashier's session", async () => {
    await at.cashierReady();
    const before = await at.stage.cashier.screen();
    expect((await at.pos(`batch reprint ${at.by('00')}`)).exit).toBe(0);
    expect((await at.pos(`txn reprint --last ${at.by('01', 'wrong')}`)).exit).toBe(3);
    expect((await status()).operator?.no).toBe('01');
    expect((await at.stage.cashier.screen()).filter((row) => row.includes('操作员01'))).toHaveLength(1);
    expect(before.some((row) => row.includes('操作员01'))).toBe(true);
  });
});

describe('reprint', () => {
  it('by STAN and of the last: marked as a duplicate, and counted', async () => {
    expect(await at.sell(31_00)).toBe('approved');
    const stan = (await newest())?.stan ?? '';
    expect(await at.sell(32_00, 'swipe')).toBe('approved');
    expect(await at.sell(33_51)).toBe('declined');
    expect(at.slip(1)).not.toContain(duplicate);

    expect(await at.pos(`txn reprint ${Number(stan)} ${at.by('01')}`)).toMatchObject({
      exit: 0,
      out: '签购单已重打\n',
    });
    expect(at.slip(2)).toContain(duplicate);
    expect(at.slip(2)).toContain('RMB 31.00');
    expect(await transaction(stan)).toMatchObject({ prints: 2 });

    const { exit, out } = await at.pos(`txn reprint --last ${at.by('00')} --json`);
    expect({ exit, last: lastLine(out) }).toEqual({ exit: 0, last: { kind: 'result', reprinted: { kind: 'last' } } });
    expect(at.slip(2)).toContain('RMB 32.00'); // the decline after it has no slip
    expect(at.slip(2)).toContain(duplicate);
  });

  it('what was never booked has no slip', async () => {
    const printed = at.stage.devices.printer.slips.length;
    expect(await at.pos(`txn reprint 4 ${at.by('01')}`)).toMatchObject({
      exit: 1,
      err: expect.stringContaining('REVERSED'),
    });
    expect(await at.sell(34_51)).toBe('declined');
    const { exit, err } = await at.pos(`txn reprint ${(await newest())?.stan} ${at.by('01')}`);
    expect({ exit, err }).toEqual({ exit: 1, err: '错误: 现在不能重打印 (FAILED) (ILLEGAL_STATE)\n' });
    expect(at.stage.devices.printer.slips.length).toBe(printed);
  });

  it('without paper it ends with 8, and prints when there is paper again', async () => {
    at.stage.devices.printer.set({ paper: 'out' });
    const { exit, out } = await at.pos(`txn reprint --last ${at.by('01')} --json`);
    expect(exit).toBe(8);
    expect(lastLine(out)).toMatchObject({ code: 'PAPER_OUT' });
    await until('the printer to be seen without paper', async () => (await status()).printerProblem !== undefined);
    expect((await at.pos('doctor')).out).toMatch(/✗ +打印机缺纸，请装纸/);
    expect((await at.pos('doctor --lang en')).exit).toBe(1);
    expect((await at.pos('status')).out).toMatch(/打印机 +缺纸/);
    at.stage.devices.printer.set({ paper: 'ok' });
    await until('the paper', async () => (await at.pos(`txn reprint --last ${at.by('01')}`)).exit === 0);
  });
});

describe('batch close', () => {
  it('balanced: 0', async () => {
    expect(await at.sell(51_00)).toBe('approved');
    const batch = await openBatch();
    const { exit, out } = await at.pos(`batch close --yes ${at.by('01')}`);
    expect({ exit, out }).toEqual({ exit: 0, out: `批次 ${batch?.no} 已关闭，对账平\n` });
    expect(at.slip(1)).toContain('对账平');
  });

  it('not balanced: 6, with --json its steps and one result', async () => {
    await at.stage.control('POST', '/fault', { kind: 'forget-approval', times: 1 });
    expect(await at.sell(52_00)).toBe('approved');
    const { exit, out, err } = await at.pos(`batch close --yes ${at.by('00')} --json`);
    expect({ exit, err }).toEqual({ exit: 6, err: '' });
    expect(v.parse(closeResult, lastLine(out)).outcome).toMatchObject({ kind: 'closed', balanced: false });
    expect(out).toContain('"at":"uploading"');
    expect(at.slip(1)).toContain('对账不平');
    expect((await at.pos(`batch reprint ${at.by('00')}`)).exit).toBe(0);
    expect(at.slip(1)).toContain(duplicate);
  });

  it('while it is being closed: another follows, Ctrl-C leaves, the batch is closed once', async () => {
    expect(await at.sell(53_00)).toBe('approved');
    const batch = await openBatch();
    const printed = at.stage.devices.printer.slips.length;
    await at.stage.control('POST', '/fault', { kind: 'delay-link', ms: 1_200 });
    const first = at.begin(`batch close --yes ${at.by('01')}`);
    await until('a frozen batch', async () => (await openBatch())?.state !== 'OPEN');
    const follower = at.begin(`batch close --yes --json ${at.by('00')}`);
    await at.stage.control('POST', '/fault', { kind: 'delay-link', ms: 1_200 });
    first.interrupt();
    expect(await first.ended).toMatchObject({ exit: 130, err: expect.stringContaining('pos status') });
    const { exit, out } = await follower.ended;
    await at.stage.control('POST', '/reset', {});
    expect(exit).toBe(0);
    expect(v.parse(closeResult, lastLine(out)).outcome).toMatchObject({
      kind: 'closed',
      batch: batch?.no,
      balanced: true,
    });
    expect(at.stage.devices.printer.slips.length).toBe(printed + 1);
  });
});

describe('settle', () => {
  it('succeeds: 0, and stands in settle list', async () => {
    const { exit, out, err } = await at.pos(`settle --amount 10.00 --yes ${at.by('00')}`);
    expect(exit).toBe(0);
    expect(out).toMatch(/^结算 \w{26}: 10\.00 元 \(净额 10\.00\) 到 \*+0128，成功\n$/);
    expect(err).toContain('幂等号');
    expect((await settlements())[0]).toMatchObject({ amountFen: 1_000, state: 'SUCCESS' });
  });

  it('fails: 5, with the reason, also in settle list', async () => {
    await at.stage.control('POST', '/fault', { kind: 'settle-fail', reason: 'BANK_REFUSED', times: 1 });
    const { exit, out } = await at.pos(`settle --amount 11.00 --yes ${at.by('00')} --json`);
    expect(exit).toBe(5);
    const { settlement } = v.parse(settleResult, lastLine(out));
    expect(settlement).toMatchObject({ amountFen: 1_100, state: 'FAILED', reason: 'BANK_REFUSED' });
    expect((await settlements())[0]).toEqual(settlement);
    expect((await at.pos('settle list')).out).toMatch(new RegExp(`${settlement.no} .*11\\.00 .*失败 +BANK_REFUSED`));
  });

  it('once for a key: again the same answer, with another amount a conflict', async () => {
    const line = `--yes ${at.by('00')} --idempotency-key KEY-0000001 --json`;
    const ends = [await at.pos(`settle --amount 12.00 ${line}`), await at.pos(`settle --amount 12.00 ${line}`)];
    expect(ends.map(({ exit }) => exit)).toEqual([0, 0]);
    const [first, again] = ends.map(({ out }) => v.parse(settleResult, lastLine(out)).settlement);
    expect(again).toEqual(first);
    const other = await at.pos(`settle --amount 12.01 ${line}`);
    expect(other.exit).toBe(1);
    expect(lastLine(other.out)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect((await settlements()).filter(({ amountFen }) => amountFen >= 1_200 && amountFen <= 1_201)).toEqual([first]);
  });

  it('more than there is: refused', async () => {
    const { exit, err } = await at.pos(`settle --amount 9999999 --yes ${at.by('00')}`);
    expect(exit).toBe(1);
    expect(err).toMatch(/可用余额[\d,.]+元，不足9,999,999\.00元/);
  });

  it('all, and then nothing is left', async () => {
    expect((await at.pos(`settle --all --yes ${at.by('00')}`)).exit).toBe(0);
    const { exit, err } = await at.pos(`settle --all --yes ${at.by('00')}`);
    expect({ exit, err }).toEqual({ exit: 1, err: '错误: 可用余额0.00元，不足0.01元 (INSUFFICIENT_BALANCE)\n' });
  });
});

describe('without broker and host', () => {
  beforeAll(async () => {
    expect(await at.sell(61_00)).toBe('approved');
    await until('an empty outbox', async () => (await status()).waitingRows === 0);
    await at.stage.host.kill('SIGTERM');
    await at.stage.broker?.kill('SIGKILL');
    await until('the end of the link', async () => (await status()).link !== 'online');
  });

  it.each(['batch close', 'settle --amount 1'])('%s ends with 9 and changes nothing', async (command) => {
    const { exit, out } = await at.pos(`${command} --yes ${at.by('00')} --json`);
    expect(exit).toBe(9);
    expect(lastLine(out)).toMatchObject({ code: 'OFFLINE' });
    expect((await status()).batch?.state).toBe('OPEN');
  });

  it('reading goes on, and doctor says what is wrong', async () => {
    expect((await newest())?.amountFen).toBe(61_00);
    expect((await at.json(ledgerAnswer, 'ledger check')).ok).toBe(true);
    const { exit, out } = await at.pos('doctor');
    expect(exit).toBe(1);
    expect(out).toMatch(/✗ +未连接主机，请检查网络/);
  });

  it('reprinting needs no host', async () => {
    expect((await at.pos(`txn reprint --last ${at.by('01')}`)).exit).toBe(0);
  });
});

describe('when the terminal has stopped', () => {
  const file = () => join(at.stage.home, 'terminal.db');
  beforeAll(async () => {
    expect(await at.stage.terminal.kill('SIGTERM')).toBe(0);
  });

  it('says so', async () => {
    const { exit, err } = await at.pos('status');
    expect(exit).toBe(1);
    expect(err).toContain(`pos ledger check --db ${file()}`);
  });

  it('its book can still be proved', async () => {
    expect(await at.json(ledgerAnswer, `ledger check --db ${file()}`)).toMatchObject({ ok: true, ledgerSumFen: 0 });
    expect((await at.pos(`ledger check --db ${file()} --lang en`)).out).toMatch(
      /^The ledger balances: \d+ journals, difference 0\.00 yuan\n$/,
    );
  });

  it('no secret is in its log', () => {
    const logs = readdirSync(join(at.stage.home, 'log')).map((name) =>
      readFileSync(join(at.stage.home, 'log', name), 'utf8'),
    );
    expect(logs.join('\n')).toContain('"started"');
    for (const secret of [secrets['00'], secrets.wrong, card.pan]) expect(logs.join('\n')).not.toContain(secret);
  });
});
