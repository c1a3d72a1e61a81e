import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { proveBackup } from '../../../terminal/flows/backup-book.ts';
import { restoreHome } from '../../../terminal/flows/restore-home.ts';
import { restoreReport } from '../../../terminal/flows/restore-report.ts';
import { powerCutWhen, powerGoesAt } from '../../support/power-cut.ts';
import { startTestSystem, type TestSystem, visaCard } from '../../support/terminal.ts';

/** A copy of the book that is put back, with a real host and broker: afterwards the books are one again, and work goes on. */

let system: TestSystem;
let copies: number;
beforeEach(async () => {
  system = await startTestSystem({ hostParameters: { clearing: 'at-close' } });
  copies = 0;
});
afterEach(() => system.stop());

const report = () => restoreReport(system.db);
const copyName = () => join(system.home, `copy-${++copies}.db`);

async function copied(): Promise<string> {
  const file = copyName();
  await system.terminal.backUp(file, () => {});
  proveBackup(file);
  return file;
}

async function putBack(file: string): Promise<void> {
  await system.stopTerminal();
  restoreHome(system.home, file, system.config, Date.now());
  await system.startTerminal();
  await system.ready();
}

async function lose(): Promise<void> {
  await system.stopTerminal();
  for (const part of ['', '-wal', '-shm']) rmSync(join(system.home, `terminal.db${part}`), { force: true });
  await system.startTerminal();
  await system.ready();
}

/** What a person sees of a book, but for what is known not to come back. */
function seen() {
  const counter = system.terminal.counter();
  const { batch } = counter.status();
  return {
    transactions: counter.transactions(100).map(({ prints: _, at: __, ...txn }) => txn),
    settlements: counter.settlements(),
    batch: batch && { no: batch.no, records: batch.records },
    batches: system.db
      .prepare(
        `SELECT no, state, business_date, records, domestic_debit_fen, foreign_debit_fen, domestic_credit_fen, verdict, differing, next_batch,
           cleared_at IS NULL AS open FROM batch ORDER BY id`,
      )
      .all(),
    balances: system.db.prepare('SELECT account, balance_fen FROM balance WHERE balance_fen <> 0 ORDER BY 1').all(),
    journals: system.db.prepare('SELECT key, event, no, at, by FROM journal ORDER BY key').all(),
  };
}

/** A day: sales, a close, a settlement, more sales. */
async function day(): Promise<void> {
  await system.sell(10_000);
  await system.sell(25_051); // declined
  await system.sell(30_000, { card: visaCard });
  await system.earn(8_000);
  await system.settle(5_000);
  await system.sell(12_300);
  await system.atRest();
}

describe('a copy that is put back', () => {
  it('gets back everything that happened since: the books are one, and the next sale and close work', async () => {
    await system.sell(4_400);
    const file = await copied();
    await day();
    const before = seen();
    await putBack(file);
    expect(report()).toMatchObject({ state: 'restored', problems: 0, reversed: 0 });
    expect(await system.problems()).toEqual([]);
    expect(seen()).toEqual(before);
    expect((await system.sell(7_700)).kind).toBe('approved');
    expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: true });
    await system.ready();
    expect(await system.problems()).toEqual([]);
    expect((await system.settle()).state).toBe('SUCCESS');
    expect(await system.problems()).toEqual([]);
  });

  it('of the middle of each step of a day comes to the same', async () => {
    const files: string[] = [await copied()];
    const step = async (work: () => Promise<unknown>) => {
      await work();
      await system.atRest();
      files.push(await copied());
    };
    await step(() => system.sell(10_000));
    await step(() => system.sell(20_051));
    await step(() => system.closeBatch());
    await system.ready();
    await step(() => system.sell(3_000));
    await step(() => system.settle(2_000));
    await step(() => system.sell(4_000, { card: visaCard }));
    await system.atRest();
    const before = seen();
    for (const file of files) {
      await putBack(file);
      expect(report()).toMatchObject({ state: 'restored', problems: 0 });
      expect(await system.problems()).toEqual([]);
      expect(seen()).toEqual(before);
    }
  });

  it('of any moment of a close that does not balance: the close goes on, and nothing is compared or uploaded twice', async () => {
    await system.sell(10_000);
    await system.host.fault({ kind: 'forget-approval' });
    await system.sell(6_000);
    const files: string[] = [];
    await system.closeBatch(() => {
      const file = copyName();
      system.db.prepare('VACUUM INTO ?').run(file);
      files.push(file);
    });
    await system.atRest();
    await system.ready();
    const before = seen();
    expect(before.batches).toHaveLength(2);
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) {
      await putBack(file);
      expect(await system.problems()).toEqual([]);
      expect(seen()).toEqual(before);
      expect(report()).toMatchObject({ problems: 0 });
    }
    expect(system.host.count("SELECT count(*) FROM inbox WHERE state = 'quarantined'")).toBe(0);
  });

  it('does not forget a sale whose answer was lost with the book: it is reversed', async () => {
    await system.sell(10_000);
    await system.atRest();
    const file = await copied();
    await powerGoesAt(system, 'sale.after-send', (signal) => system.sell(5_000, { signal }));
    restoreHome(system.terminalHome, file, system.config, Date.now());
    await system.startTerminal();
    await system.ready();
    expect(system.count("SELECT count(*) FROM payment WHERE state = 'REVERSED'")).toBe(1);
    expect(await system.problems()).toEqual([]);
  });

  it('takes no STAN that was taken before', async () => {
    const file = await copied();
    for (const amount of [1_000, 2_000, 3_000]) await system.sell(amount);
    await system.atRest();
    await putBack(file);
    await system.sell(4_000);
    const stans = system.terminal
      .counter()
      .transactions(10)
      .map(({ stan }) => stan);
    expect(new Set(stans).size).toBe(4);
    expect(await system.problems()).toEqual([]);
  });

  it('keeps the old book beside the new one, which only its owner may read', async () => {
    const file = await copied();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await system.stopTerminal();
    const { aside } = restoreHome(system.home, file, system.config, Date.now());
    expect(existsSync(aside ?? '')).toBe(true);
    expect(statSync(join(system.home, 'terminal.db')).mode & 0o777).toBe(0o600);
    expect(existsSync(join(system.home, 'terminal.db-wal'))).toBe(false);
    await system.startTerminal();
    await system.ready();
  });

  it('of another terminal is refused, and nothing is changed', async () => {
    const file = await copied();
    await system.stopTerminal();
    const stranger = { ...system.config, terminal: '99999999' };
    expect(() => restoreHome(system.home, file, stranger, Date.now())).toThrow('BAD_REQUEST');
    await system.startTerminal();
    await system.ready();
    expect(report()).toBeUndefined();
  });

  it('may be put back twice, the second time over what was sold after the first', async () => {
    const file = await copied();
    await system.sell(1_000);
    await system.atRest();
    await putBack(file);
    await system.sell(2_000);
    await system.atRest();
    const before = seen();
    await putBack(file);
    expect(seen()).toEqual(before);
    expect(await system.problems()).toEqual([]);
  });
});

describe('a device that replaces a lost one', () => {
  it('has the book of the lost one, and goes on', async () => {
    await day();
    const before = seen();
    await lose();
    expect(report()).toMatchObject({ state: 'restored', problems: 0 });
    expect(await system.problems()).toEqual([]);
    // What is done again says nothing to the host.
    expect(system.host.count("SELECT count(*) FROM inbox WHERE state IN ('repeated', 'quarantined')")).toBe(0);
    expect(seen()).toEqual(before);
    expect((await system.sell(7_700)).kind).toBe('approved');
    expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: true });
    await system.ready();
    expect(await system.problems()).toEqual([]);
  });

  it('goes on where it was when the power is cut while it comes back', async () => {
    for (let n = 1; n <= 90; n++) await system.sell(100 * n);
    await system.earn(8_000);
    await system.settle(5_000);
    const before = seen();
    await system.stopTerminal();
    for (const part of ['', '-wal', '-shm']) rmSync(join(system.home, `terminal.db${part}`), { force: true });
    let passed = 0;
    const letThrough = system.wire.rule(({ topic }) =>
      topic.endsWith('/down/rows') && ++passed > 1 ? 'drop' : undefined,
    );
    await system.startTerminal();
    await powerCutWhen(system, 'a part of the book is there', () => report()?.state === 'restoring');
    await system.startTerminal();
    expect(report()?.state).toBe('restoring');
    await expect(system.sell(1_000)).rejects.toMatchObject({ code: 'OFFLINE' });
    expect(system.cashier.status()).toMatchObject({ restoring: true, signedIn: false });
    letThrough();
    await system.ready();
    expect(report()).toMatchObject({ state: 'restored', problems: 0 });
    expect(await system.problems()).toEqual([]);
    expect(seen()).toEqual(before);
  });

  it('sells nothing before it has it', async () => {
    await day();
    await system.stopTerminal();
    await system.host.stop();
    for (const part of ['', '-wal', '-shm']) rmSync(join(system.home, `terminal.db${part}`), { force: true });
    await system.startTerminal();
    expect(system.terminal.world.outbox.isWhole()).toBe(false);
    await expect(system.sell(1_000)).rejects.toMatchObject({ code: 'OFFLINE' });
    await system.host.start();
    await system.ready();
    expect(system.terminal.world.outbox.isWhole()).toBe(true);
    expect(await system.problems()).toEqual([]);
  });
});
