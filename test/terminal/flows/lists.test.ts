import { afterEach, beforeEach, expect, test } from 'vitest';
import { fen } from '../../../terminal/base/money.ts';
import { recordAnswer } from '../../../terminal/flows/record-answer.ts';
import { refusal } from '../../support/refusal.ts';
import { startTestSystem, type TestSystem } from '../../support/terminal.ts';
import { approval, card, intend } from '../till.ts';

/** 交易明细 on pages of fifty records, and whose records they are (payments.md, Slips; B-037). */

const { signal } = new AbortController();
let system: TestSystem;
beforeEach(async () => {
  system = await startTestSystem();
});
afterEach(() => system.stop());

/** Straight into the book: the host never hears of them. */
function sell(count: number, operator = '01'): void {
  const { world } = system.terminal;
  for (let n = 0; n < count; n++) {
    const payment = intend(world, 100, { user: { no: operator, role: 'C' }, amount: fen(100) });
    recordAnswer(world, payment, card, approval(payment));
  }
}

const slips = (): readonly string[] => system.slips().map((slip) => slip.join('\n'));
const pages = (): readonly string[] => slips().map((slip) => /^页\(PAGE\) +(\S+)$/m.exec(slip)?.[1] ?? 'sale');
const vouchers = (): readonly string[] => slips().flatMap((slip) => slip.match(/^\d{6}(?= 消费)/gm) ?? []);
const details = (): Promise<void> => system.cashier.reprint({ kind: 'details' }, signal);

test('each record once, in order; a subtotal a page, and behind the last one what all come to', async () => {
  sell(120);
  await details();
  expect(pages()).toEqual(['1/3', '2/3', '3/3']);
  expect(vouchers()).toHaveLength(120);
  expect(vouchers().toSorted()).toEqual(vouchers());
  expect(slips().map((slip) => slip.match(/^借记 DEBIT +\d+/gm)?.map((row) => row.split(/ +/)[2]))).toEqual([
    ['50'],
    ['50'],
    ['20', '120'],
  ]);
});

test('a customer’s slip comes between two pages', async () => {
  sell(120);
  const list = details();
  await Promise.all([list, system.cashier.reprint({ kind: 'last' }, signal)]);
  expect(pages().slice(0, 3)).toEqual(['1/3', 'sale', 'sale']);
  expect(pages().slice(3)).toEqual(['2/3', '3/3']);
});

test('the paper ends on the second page: the next try goes on there', async () => {
  sell(70);
  const narrow = 2 * 50 + 40;
  system.devices.printer.paperOutAfter(narrow);
  expect(await refusal(details)).toBe('PAPER_OUT');
  expect(pages()).toEqual(['1/2']);
  system.devices.printer.mend();
  await details();
  const all = [...system.devices.printer.slips, system.devices.printer.hanging()].flatMap(({ lines }) => lines);
  expect(all.filter((line) => /^\d{6} 消费/.test(line))).toHaveLength(70);
  expect(all.filter((line) => line.includes('***续打/CONTINUED***'))).toHaveLength(1);
});

test('a cashier gets what is his own, 00 gets all', async () => {
  sell(2);
  sell(3, '02');
  await details();
  expect(vouchers()).toHaveLength(2);
  expect(slips()[0]).toMatch(/只含操作员\(OPERATOR\) +01/);
  const supervisor = await system.supervisor();
  await supervisor.reprint({ kind: 'details' }, signal);
  expect(vouchers()).toHaveLength(7);
  await supervisor.reprint({ kind: 'summary' }, signal);
  expect(slips().at(-1)).toMatch(/消费 SALE\n 挥卡 TAP +5 +5\.00[\s\S]*净额 NET +5\.00/);
});

test('an empty batch says so', async () => {
  for (const kind of ['details', 'summary'] as const) await system.cashier.reprint({ kind }, signal);
  for (const slip of slips()) expect(slip).toContain('没有交易 NO TRANSACTIONS');
  expect(pages()[0]).toBe('1/1');
});
