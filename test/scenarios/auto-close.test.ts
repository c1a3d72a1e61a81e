import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { doctor } from '../../terminal/flows/doctor.ts';
import { powerCutWhen } from '../support/power-cut.ts';
import { startTestSystem, type TestSystem, type TestSystemOptions } from '../support/terminal.ts';
import { leapingClock, type TurnableClock } from '../support/turnable-clock.ts';
import { rewriteDown } from './scenario.ts';

/** 自动批结算 at 23:00 (B-054): closes what nobody closed, once, whatever happens to terminal, host and clock. */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let clock: TurnableClock;
let system: TestSystem;
beforeEach(() => begin('2026-11-20T22:40'));
afterEach(() => system.stop());

async function begin(at: string, options: Pick<TestSystemOptions, 'limits'> = {}): Promise<void> {
  clock = leapingClock(Date.parse(`${at}:00+08:00`));
  // A request that the clock passed by while it was on its way has no answer.
  system = await startTestSystem({ clock, limits: { hostWaitMs: 1_000, ...options.limits } });
}

const batches = (): unknown =>
  system.db.prepare('SELECT no, state, business_date, closed_by FROM batch ORDER BY id').raw().all();
const slips = () => system.slips().filter((slip) => slip.join('').includes('批结算单')).length;
const closed = (no: string) =>
  system.eventually(
    `batch ${no} is closed`,
    () => system.count("SELECT count(*) FROM batch WHERE no = ? AND state = 'CLOSED'", no) === 1,
  );
const nextIsOpen = (no: string) =>
  system.eventually(
    `batch ${no} is open`,
    () => system.cashier.status().batch?.no === no && system.cashier.status().signedIn,
  );

const first = ['000001', 'CLOSED', '2026-11-20', 'SYS'];
const second = ['000002', 'OPEN', '2026-11-21', null];

async function sound(): Promise<void> {
  await system.atRest();
  expect(system.host.count("SELECT count(*) FROM outbox WHERE kind = 'batch-verdict'")).toBe(
    system.host.count("SELECT count(*) FROM batches WHERE state <> 'OPEN'"),
  );
  expect(await system.problems()).toEqual([]);
}

it('B-054: closes a batch that nobody closed, prints its slip, and opens the next on the next business day', async () => {
  await system.sell(10_000);
  await clock.advance(25 * minuteMs);
  await closed('000001');
  await nextIsOpen('000002');
  expect(batches()).toEqual([first, second]);
  expect(slips()).toBe(1);
  await sound();
  expect(await system.sell(2_000)).toMatchObject({ kind: 'approved', txn: { batch: '000002' } });
  await sound();
});

it('leaves alone what was closed by hand, and closes the next one only on its own day', async () => {
  await system.sell(10_000);
  await clock.advance(10 * minuteMs);
  await system.closeBatch();
  await nextIsOpen('000002');
  await clock.advance(15 * minuteMs);
  // Opened before the cut-off it belongs to the same day and ends with it; it was empty, so that nobody needs its slip.
  await closed('000002');
  expect(slips()).toBe(1);
  await nextIsOpen('000003');
  await clock.advance(24 * hourMs);
  await closed('000003');
  await nextIsOpen('000004');
  expect(batches()).toHaveLength(4);
  await sound();
});

it('B-054: of a terminal that was off for three days: closes once when it comes back', async () => {
  await system.sell(10_000);
  await system.atRest();
  await system.stopTerminal();
  await clock.advance(72 * hourMs);
  await system.startTerminal();
  await closed('000001');
  await nextIsOpen('000002');
  expect(batches()).toEqual([first, ['000002', 'OPEN', '2026-11-23', null]]);
  expect(slips()).toBe(1);
  await sound();
});

it('of a terminal whose power goes right behind the freeze: goes on, and is not closed again', async () => {
  await system.sell(10_000);
  const find = system.wire.rule(({ towards, topic }) =>
    towards === 'broker' && topic.endsWith('/rows') ? 'drop' : undefined,
  );
  void clock.advance(25 * minuteMs);
  await powerCutWhen(system, 'it is frozen', () => system.cashier.status().batch?.state === 'FROZEN');
  find();
  await system.startTerminal();
  await closed('000001');
  await nextIsOpen('000002');
  expect(batches()).toEqual([first, second]);
  await sound();
});

it('does not close twice when the clock is set back behind the cut-off, nor early when it is set right', async () => {
  await system.sell(10_000);
  await clock.advance(25 * minuteMs);
  await closed('000001');
  await nextIsOpen('000002');
  await clock.advance(-2 * hourMs);
  await system.sell(1_000);
  await clock.advance(2 * hourMs + minuteMs);
  await system.atRest();
  expect(batches()).toEqual([first, second]);
  await sound();
});

describe('B-054: what keeps it from closing is shown at idle and in the self-check, and it is tried again', () => {
  const alert = () => system.cashier.status().batchAlert;
  const checked = async () => (await doctor(system.terminal.world)).checks.find(({ name }) => name === 'batch');

  it('no link', async () => {
    await system.sell(10_000);
    await system.atRest();
    system.wire.block();
    await system.eventually('offline', () => system.cashier.status().link !== 'online');
    await clock.advance(30 * minuteMs);
    expect(alert()).toMatchObject({ is: 'overdue', code: 'OFFLINE' });
    expect(await checked()).toMatchObject({ ok: false, zh: expect.stringContaining('已过日切未结算') });
    await system.eventually(
      'it was refused',
      () => system.count("SELECT count(*) FROM audit WHERE action = 'batch-close'") > 0,
    );
    await clock.advance(10 * minuteMs);
    expect(system.count("SELECT count(*) FROM audit WHERE action = 'batch-close'")).toBe(1);
    system.wire.unblock();
    await system.ready();
    await clock.advance(2 * minuteMs);
    await closed('000001');
    await nextIsOpen('000002');
    expect(alert()).toBeUndefined();
    await sound();
  });

  it('a reversal that the host does not end, until two persons let it', async () => {
    await system.stop();
    await begin('2026-11-20T22:40', { limits: { maxReversalRefusals: 2 } });
    await system.host.fault({ kind: 'decline', of: 'reverse', code: '96', times: 3 });
    expect(await system.sell(10_098)).toMatchObject({ kind: 'unknown' });
    await system.eventually('it needs a person', () => system.cashier.status().reversalsStuck === 1);
    const { signal } = new AbortController();
    const { batches: desk } = system.cashier;
    await expect(desk.resumeReversal('000002', signal)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(desk.resumeReversal('000002', signal, '000000')).rejects.toMatchObject({ code: 'SECRET_WRONG' });
    expect(await desk.resumeReversal('000002', signal, '123456')).toBe('needs-human');
    await clock.advance(30 * minuteMs);
    await system.eventually('it is shown', () => alert()?.is === 'overdue');
    expect(alert()).toMatchObject({ code: 'NEEDS_HUMAN' });
    await desk.resumeReversal('000002', signal, '123456');
    await system.eventually(
      'it is reversed',
      () => system.count("SELECT count(*) FROM payment WHERE state = 'REVERSED'") === 1,
    );
    expect(system.count("SELECT count(*) FROM audit WHERE action = 'reversal-resume' AND outcome = 'ok'")).toBe(2);
    await closed('000001');
    await nextIsOpen('000002');
    await sound();
  });

  it('a clock that is ten minutes off, for sales too', async () => {
    await system.sell(10_000);
    await system.atRest();
    const right = rewriteDown(system, 'welcome', (message) => ({
      ...message,
      hostTime: Number(message['hostTime']) + 10 * minuteMs,
    }));
    system.wire.cut();
    await system.eventually('the clock is wrong', () => system.cashier.status().clockWrong);
    await clock.advance(25 * minuteMs);
    await system.eventually('it was refused', () => alert()?.is === 'overdue' && alert()?.is !== undefined);
    await system.eventually(
      'CLOCK_WRONG',
      () => system.count("SELECT count(*) FROM audit WHERE details LIKE '%CLOCK_WRONG%'") > 0,
    );
    expect(alert()).toMatchObject({ is: 'overdue', code: 'CLOCK_WRONG' });
    await expect(system.sell(1_000)).rejects.toMatchObject({ code: 'CLOCK_WRONG' });
    right();
    system.wire.cut();
    await system.eventually('the clock is right', () => !system.cashier.status().clockWrong);
    await clock.advance(2 * minuteMs);
    await closed('000001');
    await nextIsOpen('000002');
    await sound();
  });

  it('a book that does not add up', async () => {
    await system.sell(10_000);
    system.db.exec("UPDATE batch SET domestic_debit_fen = 10001 WHERE no = '000001'");
    await clock.advance(25 * minuteMs);
    await system.eventually('it was refused', () => alert()?.is === 'overdue');
    expect(alert()).toMatchObject({ code: 'NEEDS_HUMAN' });
    expect((await doctor(system.terminal.world)).checks.find(({ name }) => name === 'database')).toMatchObject({
      ok: false,
      zh: '账本不平，请联系上游',
    });
    system.db.exec("UPDATE batch SET domestic_debit_fen = 10000 WHERE no = '000001'");
    expect(await system.closeBatch()).toMatchObject({ kind: 'closed' });
    await nextIsOpen('000002');
    expect(alert()).toBeUndefined();
    await sound();
  });
});

it('joins with a cashier who closes at the same moment: one close', async () => {
  await system.sell(10_000);
  const ended = await Promise.all([system.closeBatch(), clock.advance(25 * minuteMs), system.closeBatch()]);
  expect(ended[0]).toMatchObject({ kind: 'closed', batch: '000001' });
  expect(ended[2]).toMatchObject({ kind: 'closed', batch: '000001' });
  await system.atRest();
  expect(slips()).toBe(1);
});
