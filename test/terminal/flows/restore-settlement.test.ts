import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { restoreReport } from '../../../terminal/flows/restore-report.ts';
import { both, hourMs, newSettler, type Settler, settleAll, settled, settlements, sound, takeCode } from './settler.ts';

/** A book that is lost comes back with everything that settling keeps beside its journals (races.md). */

let at: Settler | undefined;
const begin = async (mode: string, options = {}): Promise<Settler> => {
  at = await newSettler('2026-11-19T22:50', mode, options);
  return at;
};
afterEach(async () => {
  await at?.system.stop();
  at = undefined;
});

async function lose({ system }: Settler): Promise<void> {
  await system.atRest();
  await system.stopTerminal();
  for (const part of ['', '-wal', '-shm']) rmSync(join(system.home, `terminal.db${part}`), { force: true });
  await system.startTerminal();
  await system.eventually('the book is back', () => restoreReport(system.db)?.state === 'restored');
  expect(restoreReport(system.db)).toMatchObject({ problems: 0, problem: null });
  await system.ready();
}

/** What the desk shows of all of it; a slip of the host's and its time may come a moment later. */
const shown = async ({ desk }: Settler) => {
  const { balances, mode, account, profile, lastCut } = desk().home(both);
  const settlements = desk().settlements(both, 20);
  return {
    home: { balances, mode, account, profile, lastCut },
    settlements: settlements.map(({ endedAt: _, ...rest }) => rest),
    details: await Promise.all(settlements.map(({ no }) => desk().details(both, no, 20))),
    applications: desk().applications(both, 20),
    tickets: desk().tickets(both),
  };
};

test('P-26: automatic settlement: mode, cut, details, applications and tickets', async () => {
  const it = await begin('AUTO');
  await takeCode(it.system, 10_000);
  await takeCode(it.system, 5_000);
  await it.clock.advance(hourMs / 2);
  await settled(it.system, 'AUTO 2026-11-19 14943 SUCCESS');
  const [first] = it.desk().settlements(both, 1);
  const ticket = it.desk().dispute(both, first?.no ?? '', undefined, '请复核', 'd');
  it.desk().check(both, first?.no ?? '');
  it.desk().applyMode(both, { mode: 'MANUAL' }, 'm');
  it.desk().applyProfile(both, { remindFromFen: 100 }, 'p');
  await it.system.eventually('by hand', () =>
    it
      .desk()
      .applications(both, 9)
      .every(({ state }) => state === 'DONE'),
  );
  await it.system.host.command({ command: 'ticket-answer', ticket: ticket.no, answer: '无误', by: '复核员' });
  await it.system.eventually('answered', () => it.desk().tickets(both)[0]?.state === 'ANSWERED');
  it.desk().closeTicket(both, ticket.no);
  await takeCode(it.system, 10_000);
  settleAll(it, 'part', 4_000);
  await settled(it.system, 'AUTO 2026-11-19 14943 SUCCESS', 'MANUAL 4000 SUCCESS');
  await it.system.eventually('both slips', () =>
    it
      .desk()
      .settlements(both, 9)
      .every(({ issued }) => issued !== undefined),
  );
  const before = await shown(it);
  await lose(it);
  expect(await shown(it)).toEqual(before);
  settleAll(it, 'rest');
  await it.system.eventually('paid', () => it.desk().settlements(both, 1)[0]?.state === 'SUCCESS');
  const { payments } = await it.desk().details(both, it.desk().settlements(both, 1)[0]?.no ?? '', 9);
  expect(payments.map(({ netFen }) => netFen)).toEqual([5_962]);
  await sound(it);
});

test('B-006: real time: which payment is in which settlement, and nothing is settled again', async () => {
  const it = await begin('REALTIME');
  await takeCode(it.system, 10_000);
  await settled(it.system, 'REALTIME 9962 SUCCESS');
  await it.system.host.fault({ kind: 'settle-fail', reason: 'BANK_REFUSED' });
  await takeCode(it.system, 20_000);
  await settled(it.system, 'REALTIME 9962 SUCCESS', 'REALTIME 19924 FAILED');
  await it.system.eventually('the slip', () => it.desk().settlements(both, 9)[1]?.issued !== undefined);
  const before = await shown(it);
  await lose(it);
  expect(await shown(it)).toEqual(before);
  await takeCode(it.system, 5_000);
  await settled(it.system, 'REALTIME 9962 SUCCESS', 'REALTIME 19924 FAILED', 'REALTIME 4981 SUCCESS');
  await sound(it);
});

test('B-006, B-012: in real time, what was refused and built anew: its details too, beside what stays back of an older payment', async () => {
  const it = await begin('REALTIME', { hostParameters: { 'settle.realtimeFeeFen': 15_000, 'settle.keepFen': 2_000 } });
  await takeCode(it.system, 20_000);
  await settled(it.system, 'REALTIME 17924 SUCCESS');
  await it.system.eventually('the slip', () => it.desk().settlements(both, 1)[0]?.issued !== undefined);
  const later = await takeCode(it.system, 10_000);
  await settled(it.system, 'REALTIME 17924 SUCCESS', 'REALTIME 9962 FAILED', 'REALTIME 9962 FAILED');
  const before = await shown(it);
  const details = before.details.map(({ payments }) => payments.map((line) => [line.payment, line.netFen]));
  expect(details.slice(0, 2)).toEqual([[[later, 9_962]], [[later, 9_962]]]);
  await lose(it);
  expect(await shown(it)).toEqual(before);
  await sound(it);
});

test('P-25: one that a person wants back stays held, and comes back when the host says so', async () => {
  const it = await begin('MANUAL', { hostParameters: { 'host.acceptDelayMs': 86_000_000 } });
  await takeCode(it.system, 10_000);
  const { no } = settleAll(it, 'x');
  await it.system.eventually('up', () => it.system.cashier.status().waitingRows === 0);
  await it.system.stopTerminal();
  for (const part of ['', '-wal', '-shm']) rmSync(join(it.system.home, `terminal.db${part}`), { force: true });
  await it.system.startTerminal();
  await it.system.eventually('the book is back', () => restoreReport(it.system.db)?.state === 'restored');
  expect(it.desk().settlement(both, no)).toMatchObject({ state: 'REQUESTED', stopping: false });
  it.desk().stop(both, no);
  await settled(it.system, 'MANUAL 9962 CANCELLED');
  await sound(it);
});

test('B-004, B-052: a cut that was caught up with a better account is not caught up again', async () => {
  const it = await begin('AUTO');
  await takeCode(it.system, 10_000);
  await it.system.host.fault({ kind: 'settle-fail', reason: 'ACCOUNT_CLOSED' });
  await it.clock.advance(hourMs / 2);
  await settled(it.system, 'AUTO 2026-11-19 9962 FAILED');
  await it.system.host.command({
    command: 'verify-account',
    name: '账平演示商户',
    number: '6222029999000019',
    bank: '中国工商银行',
  });
  const caughtUp = ['AUTO 2026-11-19 9962 FAILED', 'AUTO 2026-11-19 9962 SUCCESS'];
  await settled(it.system, ...caughtUp);
  await takeCode(it.system, 5_000);
  await lose(it);
  await it.system.sell(100);
  await it.system.atRest();
  expect(settlements(it.system)).toEqual(caughtUp);
  await sound(it);
});
