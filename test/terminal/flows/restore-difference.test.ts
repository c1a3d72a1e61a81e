import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shanghai } from '../../../terminal/base/clock.ts';
import { idsFrom } from '../../../terminal/base/ids.ts';
import { reconciliationDesk } from '../../../terminal/flows/reconciliation.ts';
import { restoreReport } from '../../../terminal/flows/restore-report.ts';
import { balanceOf, journalsOf } from '../../../terminal/ledger/queries.ts';
import { getRefund } from '../../../terminal/payments/refund-store.ts';
import type { TestSystem } from '../../support/terminal.ts';
import { settleAll, settled, settlerOfTest, sound, takeCode } from './settler.ts';

/** A decision that waits for money (J-82), and a book that is lost meanwhile. */

const operator = { no: 'wang', role: 'O' } as const;
const refundFen = 4_000;

async function lose(system: TestSystem): Promise<void> {
  await system.atRest();
  await system.stopTerminal();
  for (const part of ['', '-wal', '-shm']) rmSync(join(system.home, `terminal.db${part}`), { force: true });
  await system.startTerminal();
  await system.eventually('the book is back', () => restoreReport(system.db)?.state === 'restored');
  expect(restoreReport(system.db)).toMatchObject({ problems: 0, problem: null });
  await system.ready();
}

/** Upstream has a refund that this book lacks, and two persons say that it is to be booked; all the money was settled. */
async function decided() {
  const it = await settlerOfTest('2026-11-20T10:00', 'MANUAL');
  const { system } = it;
  const payment = await takeCode(system, 10_000);
  settleAll(it, 'all');
  await settled(system, 'MANUAL 9962 SUCCESS');
  const refund = `${idsFrom(it.clock.now())}${'0'.repeat(16)}`;
  const day = shanghai(it.clock.now()).day;
  system.host.tamper(`INSERT INTO refunds (merchant, terminal, no, batch, business_date, stan, origin_terminal, payment, amount_fen, fee_fen,
      cum_before, source, card_group, entry, state, book_state, funded, at)
    SELECT merchant, terminal, '${refund}', batch, '${day}', '900001', terminal, payment, ${refundFen}, 15, 0, '2002', card_group, entry, 'SUCCEEDED',
      'RESERVED', 0, at FROM approvals WHERE payment = '${payment}'`);
  await system.host.command({ command: 'publish-bill', date: day });
  const open = () => reconciliationDesk(system.terminal.world).differences(operator, true, 9)[0];
  await system.eventually('found', () => open() !== undefined);
  await system.atRest();
  const difference = open()?.no ?? '';
  const of = { difference, decision: 'missing-refund' };
  await system.host.command({ command: 'difference-propose', ...of, by: 'li', reason: '核对' });
  await system.host.command({ command: 'difference-approve', ...of, proposedBy: 'li', by: 'zhao' });
  await system.atRest();
  // What came down later, and was answered: so the decision had come before.
  await takeCode(system, 1_000);
  settleAll(it, 'small');
  await settled(system, 'MANUAL 9962 SUCCESS', 'MANUAL 996 SUCCESS');
  expect(open()).toMatchObject({ state: 'INVESTIGATING', decision: 'missing-refund' });
  return { it, refund, difference, open };
}

async function money({ it, refund, open }: Awaited<ReturnType<typeof decided>>): Promise<void> {
  await takeCode(it.system, 20_000);
  await it.system.eventually('booked', () => open() === undefined);
  await it.system.atRest();
  expect(getRefund(it.system.db, refund)).toMatchObject({ state: 'SUCCESS', amountFen: refundFen });
  await sound(it);
}

test('J-82 P-26 b: the book is lost between decision and money: it is booked when there is enough, and both books agree', async () => {
  const wait = await decided();
  await lose(wait.it.system);
  expect(wait.open()).toMatchObject({ state: 'INVESTIGATING', decision: 'missing-refund' });
  await money(wait);
});

test('J-82 P-26: the book is lost after the money came: what waited is booked as it was', async () => {
  const wait = await decided();
  await money(wait);
  const { system } = wait.it;
  const shown = () => [
    journalsOf(system.db, wait.difference).map(({ event }) => event),
    journalsOf(system.db, wait.refund).map(({ event }) => event),
    balanceOf(system.db, '2002'),
    getRefund(system.db, wait.refund),
    wait.open(),
  ];
  const before = shown();
  await wait.it.clock.advance(60_000);
  await lose(system);
  expect(shown()).toEqual(before);
  await sound(wait.it);
});
