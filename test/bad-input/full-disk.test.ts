import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refusal } from '../support/refusal.ts';
import { startTestSystem, type TestSystem } from '../support/terminal.ts';

/**
 * The disk fills up right at a chosen commit: a trigger asks for more pages than the file may have, so SQLite itself says SQLITE_FULL. Each time
 * nothing half-done may stay, the process goes on, and once there is room the terminal puts the rest right by itself.
 */

let system: TestSystem;
beforeEach(async () => {
  system = await startTestSystem({ limits: { hostWaitMs: 400, reversalWaitMs: 400 } });
});
afterEach(() => system.stop());

/** `moment`: when the last page is taken, e.g. `BEFORE INSERT ON payment`. Room again: call what is returned. */
function fillAt(moment: string, when = '1'): () => void {
  const { db } = system;
  db.exec(`CREATE TABLE filler (data BLOB) STRICT;
    CREATE TRIGGER full ${moment} WHEN ${when} BEGIN INSERT INTO filler VALUES (zeroblob(16 * 1024 * 1024)); END`);
  db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
  return () => {
    db.pragma('max_page_count = 1000000');
    db.exec('DROP TRIGGER full; DROP TABLE filler');
    system.terminal.world.link.wake();
  };
}

const states = (): string => system.db.prepare('SELECT state FROM payment ORDER BY no').pluck().all().join(' ');
const approvals = (): string =>
  system.host
    .rows('SELECT state FROM approvals ORDER BY payment')
    .map(({ state }) => state)
    .join(' ');
const journals = (): number => system.count('SELECT count(*) FROM journal');

describe('a sale, and the disk is full', () => {
  test('at the intent: DISK_FULL, nothing written, nothing asked', async () => {
    const room = fillAt('BEFORE INSERT ON payment');
    expect(await refusal(() => system.sell(10_000))).toBe('DISK_FULL');
    expect([states(), approvals(), system.count("SELECT value FROM counter WHERE name = 'stan'")]).toEqual(['', '', 1]); // the sign-in's
    room();
    expect((await system.sell(10_000)).kind).toBe('approved');
    expect(await system.problems()).toEqual([]);
  });

  test.each([
    ['the journal', 'BEFORE INSERT ON journal'],
    ['the totals of the batch', 'BEFORE UPDATE ON batch'],
    ['the record for the host', 'BEFORE INSERT ON outbox'],
    ['the audit line', 'BEFORE INSERT ON audit'],
  ])(
    'at the approval, with %s: unknown to the cashier, nothing half-done, and the sale is reversed',
    async (_, moment) => {
      let room = () => {};
      const outcome = system.sell(10_000, {
        onStep: (step) => {
          if (step.at === 'host') room = fillAt(moment);
        },
      });
      expect(await outcome).toMatchObject({ kind: 'unknown', why: 'not-stored' });
      expect([journals(), system.count('SELECT records FROM batch'), system.slips().length]).toEqual([0, 0, 0]);
      expect(['CREATED', 'REVERSING']).toContain(states());
      room();
      await system.eventually('reversed', () => states() === 'REVERSED');
      expect(approvals()).toBe('REVERSED');
      expect((await system.sell(20_000)).kind).toBe('approved');
      expect(await system.problems()).toEqual([]);
    },
  );

  test('at the decline: unknown, and it ends as reversed with nothing to reverse', async () => {
    let room = () => {};
    const sale = system.sell(10_051, {
      onStep: (step) => {
        if (step.at === 'host') room = fillAt('BEFORE INSERT ON outbox');
      },
    });
    expect(await sale).toMatchObject({ kind: 'unknown', why: 'not-stored' });
    room();
    await system.eventually('reversed', () => states() === 'REVERSED');
    expect(await system.problems()).toEqual([]);
  });

  test('at an unknown outcome: it stays so; the reversal becomes due when there is room', async () => {
    let room = () => {};
    const sale = system.sell(10_099, {
      onStep: (step) => {
        if (step.at === 'host') room = fillAt('BEFORE INSERT ON audit');
      },
    });
    expect(await sale).toMatchObject({ kind: 'unknown', why: 'not-stored' });
    expect(states()).toBe('CREATED');
    expect(await refusal(() => system.sell(20_000))).toBe('DISK_FULL'); // not even a refusal can be written down
    room();
    await system.eventually('reversed', () => states().startsWith('REVERSED'));
    expect(await system.problems()).toEqual([]);
  });

  test('at a cancelled card: DISK_FULL; the open intent is reversed', async () => {
    let room = () => {};
    const abort = new AbortController();
    const sale = system.sell(10_000, {
      signal: abort.signal,
      atReader: () => {
        room = fillAt('BEFORE INSERT ON audit');
        abort.abort();
      },
    });
    expect(await refusal(() => sale)).toBe('DISK_FULL');
    room();
    await system.eventually('reversed', () => states() === 'REVERSED');
    expect(approvals()).toBe('');
    expect(await system.problems()).toEqual([]);
  });

  test('at the count of the slip: approved, and the cashier is told so', async () => {
    const room = fillAt('BEFORE UPDATE OF prints ON payment');
    expect(await system.sell(10_000)).toMatchObject({ kind: 'approved', printProblem: undefined });
    expect([states(), journals(), system.slips().length]).toEqual(['PAID', 1, 2]);
    room();
    expect(await system.problems()).toEqual([]);
  });
});

describe('a reversal, and the disk is full', () => {
  test.each([
    ['before it is sent', 'BEFORE UPDATE OF reversal_attempts ON payment', '1'],
    ['with its answer', 'BEFORE INSERT ON outbox', "NEW.kind = 'reversal-ended'"],
  ])('%s: it stays due, and ends when there is room', async (_, moment, when) => {
    const room = fillAt(moment, when);
    expect((await system.sell(10_099)).kind).toBe('unknown');
    await system.eventually('it was tried', () => system.logged.some((line) => line.includes('keep-up-refused')));
    expect(states()).toBe('REVERSING');
    expect(await refusal(() => system.sell(20_000))).toMatch(/DISK_FULL|REVERSAL_PENDING/);
    room();
    await system.eventually('reversed', () => states() === 'REVERSED');
    expect(await system.problems()).toEqual([]);
  });
});

describe('the end of the day, and the disk is full', () => {
  beforeEach(async () => {
    await system.sell(100_000);
  });

  test('at the freeze: DISK_FULL, the batch is open as before', async () => {
    const room = fillAt('BEFORE INSERT ON outbox', "NEW.kind = 'batch-totals'");
    expect(await refusal(() => system.closeBatch())).toBe('DISK_FULL');
    expect(system.cashier.status().batch).toMatchObject({ state: 'OPEN' });
    room();
    expect((await system.sell(20_000)).kind).toBe('approved');
    expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: true });
    expect(await system.problems()).toEqual([]);
  });

  test.each([
    ['the verdict', 'BEFORE UPDATE OF verdict ON batch', 'NEW.verdict IS NOT NULL AND OLD.verdict IS NULL'],
    ['the end', 'BEFORE UPDATE OF next_batch ON batch', 'NEW.next_batch IS NOT NULL'],
    ['the clearing', 'BEFORE INSERT ON journal', "NEW.event = 'J-03'"],
    ['the slip', 'BEFORE UPDATE OF state ON batch', "NEW.state = 'CLOSED'"],
  ])('at %s: the close waits, and goes on when there is room', async (_, moment, when) => {
    const room = fillAt(moment, when);
    const face = new AbortController();
    const closing = system.closeBatch(() => {}, face.signal);
    await system.eventually('it was tried', () =>
      system.logged.some((line) => /link.failed|keep-up-refused/.test(line)),
    );
    room();
    expect(await closing).toMatchObject({ kind: 'closed', balanced: true });
    await system.atRest();
    expect(system.slips().filter((slip) => slip.join('').includes('批结算单'))).toHaveLength(1);
    expect(system.count("SELECT count(*) FROM payment WHERE state = 'CLEARED'")).toBe(1);
    expect(await system.problems()).toEqual([]);
  });

  test('at a settlement: DISK_FULL, nothing is held, nothing asked', async () => {
    await system.earn();
    const room = fillAt('BEFORE INSERT ON settlement');
    expect(await refusal(() => system.settle())).toBe('DISK_FULL');
    expect(system.count('SELECT count(*) FROM settlement')).toBe(0);
    room();
    expect(await system.settle()).toMatchObject({ state: 'SUCCESS' });
    expect(await system.problems()).toEqual([]);
  });
});
