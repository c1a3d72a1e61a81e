import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import readXlsx from 'read-excel-file/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { shanghai } from '../../terminal/base/clock.ts';
import type { CrashPoint } from '../../terminal/base/crash-points.ts';
import { fen } from '../../terminal/base/money.ts';
import { exportDesk } from '../../terminal/flows/export.ts';
import type { ExportAsk, ExportView } from '../../terminal/flows/export-desk.ts';
import { noticeDesk } from '../../terminal/flows/notice.ts';
import { cutPowerAt } from '../support/power-cut.ts';
import { startTestSystem, type TestSystem } from '../support/terminal.ts';
import { parseCsv } from '../terminal/exports/library.ts';
import { refund } from './books.ts';

/** Files that the running terminal makes beside its sales. */

let system: TestSystem;
beforeEach(async () => {
  system = await startTestSystem();
});
afterEach(() => system.stop());

const owner = { no: '00', role: 'MO' } as const;
const desk = () => exportDesk(system.terminal.world);

async function made(ask: Partial<ExportAsk> & Pick<ExportAsk, 'kind'>): Promise<ExportView> {
  const { day } = shanghai(system.terminal.world.clock.now());
  const { id } = desk().begin(owner, { format: 'csv', language: 'zh', from: day, to: day, ...ask });
  const job = () =>
    desk()
      .list(owner, 50)
      .find((view) => view.id === id);
  await system.eventually('the file is made', () => job()?.state === 'READY' || job()?.state === 'FAILED');
  const view = job();
  if (!view) throw new Error('the job is gone');
  return view;
}
const fileOf = (view: ExportView): string => desk().open(owner, view.id).file;
const rowsOf = async (ask: Parameters<typeof made>[0]) => parseCsv(readFileSync(fileOf(await made(ask)), 'utf8'));
const yuan = (text: string | undefined): number => Math.round(Number(text) * 100);

describe('X-05, X-06: files of a day with sales, a refund and a settlement', () => {
  test('P-29: of the settlement: its payments come to its amount', async () => {
    await system.earn(100_000, 12_345);
    const settled = await system.settle();
    const rows = await rowsOf({ kind: 'settlement-payments', about: settled.no });
    const total = rows.find(([first]) => first === '合计');
    const lines = rows.slice(
      1,
      rows.findIndex(([first]) => first === '合计'),
    );
    expect(lines).toHaveLength(2);
    expect(lines.reduce((sum, line) => sum + yuan(line[7]), 0)).toBe(settled.amountFen);
    expect(yuan(total?.[7])).toBe(settled.amountFen);
    expect(rows.slice(1)).toEqual(
      expect.arrayContaining([
        ['结算号', settled.no],
        ['方式', '手动'],
        ['状态', '成功'],
      ]),
    );
  });

  test('P-29, B-039: the report of the day says what the list of its transactions says', async () => {
    await system.earn(100_000, 12_345);
    await system.sell(5_000);
    const list = await rowsOf({ kind: 'transactions' });
    const total = list.find(([first]) => first === '合计') ?? [];
    const report = await rowsOf({ kind: 'report' });
    const sum = report.find(([group]) => group === '合计') ?? [];
    expect(sum.slice(2, 4)).toEqual(['3', total[12]]);
    expect([sum[6], sum[7]]).toEqual([total[13], total[14]]);
    for (const group of ['按日', '按支付方式', '按操作员']) {
      const of = report.filter(([first]) => first === group);
      expect(of.reduce((all, line) => all + yuan(line[7]), 0)).toBe(yuan(total[14]));
    }
  });

  test('P-29: a void, a part refund and a decline: the total is what the receivables and the fees moved by', async () => {
    await system.sell(10_000);
    await system.sell(20_000);
    const { stan } = system.cashier.lastTransaction() ?? { stan: '' };
    const dialog = { signal: new AbortController().signal, progress: () => {}, confirm: async () => true };
    expect(await system.cashier.void(stan, '123456', dialog)).toMatchObject({ kind: 'approved' });
    expect(await refund(system, 3_000)).toMatchObject({ kind: 'succeeded' });
    const list = await rowsOf({ kind: 'transactions' });
    const total = list.find(([first]) => first === '合计') ?? [];
    expect(list.filter(([, , , , type]) => type === '消费撤销' || type === '退货').map((row) => row[12])).toEqual([
      '-200.00',
      '-30.00',
    ]);
    const moved = (account: string): number =>
      system.count("SELECT sum(iif(side = 'D', amount_fen, -amount_fen)) FROM entry WHERE account LIKE ?", account);
    expect(yuan(total[12])).toBe(moved('11%'));
    expect(yuan(total[12])).toBe(7_000);
    // Nothing has cleared: what a fee will be stands in 2001 with its payment.
    expect(yuan(total[14])).toBe(-moved('2001%') - yuan(total[13]));
  });

  test('B-053: of a batch: what counts in it, and its totals beside', async () => {
    await system.sell(10_000);
    await system.sell(2_500);
    const batch = system.db.prepare<[], string>('SELECT no FROM batch').pluck().get() ?? '';
    const rows = await rowsOf({ kind: 'batch', about: batch });
    expect(rows).toContainEqual(['内卡借记(元)', '125.00']);
    expect(rows.find(([first]) => first === '合计')?.[12]).toBe('125.00');
  });

  test('as XLSX: amounts are numbers, the second sheet tells rows and SHA-256', async () => {
    await system.sell(10_100);
    const sheets = await readXlsx(
      createReadStream(fileOf(await made({ kind: 'transactions', format: 'xlsx', language: 'en' }))),
    );
    expect(sheets.map(({ sheet }) => sheet)).toEqual(['Transactions', 'About']);
    const [head, row, total] = sheets[0]?.data ?? [];
    expect(head?.slice(11)).toEqual(['Amount (yuan)', 'Booked (yuan)', 'Fee (yuan)', 'Net (yuan)']);
    expect(row?.slice(11, 13)).toEqual([101, 101]);
    expect(total?.[0]).toBe('Total');
    expect(sheets[1]?.data).toEqual(
      expect.arrayContaining([
        ['Rows', '1'],
        ['SHA-256 of the sheet of rows (sheet1.xml)', expect.stringMatching(/^[0-9a-f]{64}$/)],
      ]),
    );
  });

  test('as a page: it may run nothing, names the settlement and masks its account', async () => {
    await system.earn(100_000);
    const { no, maskedAccount } = await system.settle();
    const view = await made({ kind: 'settlement-payments', format: 'html', about: no });
    const page = readFileSync(fileOf(view), 'utf8');
    expect(page).toContain("content=\"default-src 'none'; style-src 'sha256-");
    for (const part of ['<h1>资金结算单</h1>', no, maskedAccount, '996.20', 'lang="zh-CN"'])
      expect(page).toContain(part);
    expect(page).not.toMatch(/<script|onload|javascript:|https?:/);
    const english = await made({ kind: 'settlement-payments', format: 'html', about: no, language: 'en' });
    expect(readFileSync(fileOf(english), 'utf8')).toContain('<h1>Settlement slip</h1>');
  });

  test('a sale goes through while a file is made, and who asked is told', async () => {
    await system.sell(1_000);
    const making = made({ kind: 'audit' });
    expect(await system.sell(2_000)).toMatchObject({ kind: 'approved', txn: { amountFen: fen(2_000) } });
    const { id } = await making;
    expect(noticeDesk(system.terminal.world).list(owner, 5).notices).toContainEqual(
      expect.objectContaining({ text: 'N-05', about: id }),
    );
  });

  test('a terminal whose plug is pulled over a file makes it after its next start', async () => {
    await system.sell(1_000);
    const { day } = shanghai(system.terminal.world.clock.now());
    desk().begin(owner, { kind: 'transactions', format: 'csv', from: day, to: day, language: 'zh' });
    system.pullPlug();
    await system.startTerminal();
    await system.eventually('the file is made', () => desk().list(owner, 5)[0]?.state === 'READY');
    expect(readFileSync(desk().open(owner, desk().list(owner, 5)[0]?.id ?? '').file, 'utf8')).toContain('行数,1');
  });
});

describe('N-05: the power goes', () => {
  test.each<[CrashPoint, asked: number]>([
    ['export.in-request', 0],
    ['export.after-request', 1],
    ['export.running', 1],
    ['export.made', 1],
    ['export.in-ready', 1],
    ['export.after-ready', 1],
  ])('at %s: the file that was asked for is made whole, told once, and nothing else is left', async (point, asked) => {
    await system.sell(10_000);
    const { day } = shanghai(system.terminal.world.clock.now());
    const ask = { kind: 'transactions', format: 'csv', language: 'zh', from: day, to: day } as const;
    await cutPowerAt(system, point, async () => desk().begin(owner, ask));
    const jobs = () => desk().list(owner, 10);
    await system.eventually('made', () => jobs().every(({ state }) => state === 'READY'));
    expect(jobs()).toHaveLength(asked);
    for (const job of jobs()) expect(parseCsv(readFileSync(fileOf(job), 'utf8')).length).toBeGreaterThan(2);
    expect(
      noticeDesk(system.terminal.world)
        .list(owner, 10)
        .notices.filter(({ text }) => text === 'N-05'),
    ).toHaveLength(asked);
    if (asked > 0) expect(readdirSync(join(system.terminalHome, 'exports'))).toEqual(jobs().map(({ id }) => id));
  });
});
