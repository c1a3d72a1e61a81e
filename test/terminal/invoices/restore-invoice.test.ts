import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { proveBackup } from '../../../terminal/flows/backup-book.ts';
import { restoreHome } from '../../../terminal/flows/restore-home.ts';
import { restoreReport } from '../../../terminal/flows/restore-report.ts';
import { paymentNo, refund } from '../../scenarios/books.ts';
import { startTestSystem, type TestSystem } from '../../support/terminal.ts';

/** A book that comes back from the host has its invoices too. */

let system: TestSystem;
beforeEach(async () => {
  system = await startTestSystem({ hostParameters: { clearing: 'at-close' } });
});
afterEach(() => system.stop());

const seen = () =>
  system.terminal
    .counter()
    .invoices.list(50)
    .map(({ prints: _, ...invoice }) => invoice);

const { signal } = new AbortController();
const invoice = (n: number) =>
  system.cashier.invoices.issue(
    { payment: paymentNo(system, n), titleKind: 'personal', title: '张三', phone: '13800000000' },
    signal,
    () => undefined,
  );
const redOfFirst = () => system.cashier.invoices.red(seen().at(-1)?.no ?? '', signal, () => undefined);

/** Issued, failed and issued, taken back and issued again. Calls `between` after each step. */
async function day(between: () => Promise<void>): Promise<void> {
  await system.earn(10_000, 30_000);
  const steps = [
    () => invoice(1),
    () => system.host.fault({ kind: 'invoice-fail', reason: 'TAX_OFFICE_DOWN' }),
    () => invoice(2),
    () => invoice(2),
    () => refund(system, 4_000),
    redOfFirst,
    () => invoice(1),
  ];
  for (const step of steps) {
    await step();
    await between();
  }
}

test('after any step of a day, and with nothing left at all', async () => {
  const files: string[] = [];
  await day(async () => {
    await system.atRest();
    const file = join(system.home, `copy-${files.length}.db`);
    await system.terminal.backUp(file, () => {});
    proveBackup(file);
    files.push(file);
  });
  await system.eventually('sent', () => seen().every(({ state }) => state !== 'ISSUED'));
  await system.atRest();
  const before = seen();
  expect(before.map(({ kind, state, amountFen }) => `${kind} ${state} ${amountFen}`)).toEqual([
    'blue SENT 6000',
    'red SENT 10000',
    'blue SENT 30000',
    'blue FAILED 30000',
    'blue RED 10000',
  ]);
  for (const file of [...files, undefined]) {
    await system.stopTerminal();
    if (file !== undefined) restoreHome(system.home, file, system.config, Date.now());
    else for (const part of ['', '-wal', '-shm']) rmSync(join(system.home, `terminal.db${part}`), { force: true });
    await system.startTerminal();
    await system.ready();
    await system.eventually('restored', () => restoreReport(system.db)?.state === 'restored');
    expect(restoreReport(system.db)).toMatchObject({ problems: 0 });
    expect(await system.problems()).toEqual([]);
    expect(seen()).toEqual(before);
  }
  // It may be on paper already.
  expect(system.terminal.counter().invoices.list(1)[0]?.prints).toBe(1);
  expect(system.host.count('SELECT count(*) FROM invoices')).toBe(5);
});
