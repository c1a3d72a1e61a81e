import { describe, expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import type { CloseStep } from '../../terminal/flows/counter.ts';
import { refusal } from '../support/refusal.ts';
import { type TestSystem, visaCard } from '../support/terminal.ts';
import { rewriteDown, scenarios } from './scenario.ts';

const lastSlip = (system: TestSystem): string => system.slips().at(-1)?.join('\n') ?? '';
const verdicts = (system: TestSystem): number =>
  system.host.count("SELECT count(*) FROM outbox WHERE kind = 'batch-verdict'");
const batchSlips = (system: TestSystem): number =>
  system.slips().filter((slip) => slip.join('').includes('批结算单')).length;

describe('批结算, balanced (B-053)', () => {
  scenarios(
    {
      given: 'domestic and foreign sales, a declined one and a reversed one',
      expect: '对账平 with the right counts and sums, cleared, the next batch open',
      system: { limits: { hostWaitMs: 400 } },
      async play(system) {
        await system.sell(10_000);
        await system.sell(20_000, { how: 'swipe' });
        await system.sell(5_000, { card: visaCard });
        await system.sell(10_051);
        await system.sell(10_099);
        await system.ready();
        const steps: CloseStep['at'][] = [];
        const outcome = await system.closeBatch((step) => steps.push(step.at));
        expect(outcome).toEqual({ kind: 'closed', batch: '000001', balanced: true, printProblem: undefined });
        expect(steps).not.toContain('uploading');
        expect(lastSlip(system)).toMatch(
          /内卡 DOMESTIC +平 BALANCED\n借记 DEBIT +2 +300\.00[\s\S]*外卡 FOREIGN +平 BALANCED\n借记 DEBIT +1 +50\.00[\s\S]*对账平/,
        );
        await system.atRest();
        expect(system.count("SELECT count(*) FROM payment WHERE state = 'CLEARED'")).toBe(3);
        await system.ready();
        expect(system.cashier.status().batch).toMatchObject({ no: '000002', state: 'OPEN', records: 0 });
      },
    },
    {
      given: 'a batch that opens at 23:30, after the cut-off',
      expect: 'its sales are booked, closed and paid in on the next day, on both sides',
      system: { now: Date.parse('2026-12-31T23:30:00+08:00') },
      async play(system) {
        await system.sell(10_000);
        const owed = "SELECT balance_fen FROM balance WHERE account = '1101:2027-01-01'";
        expect(system.count(owed)).toBe(10_000);
        expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: true });
        await system.atRest();
        expect([
          system.count(owed),
          system.count('SELECT count(*) FROM balance WHERE account LIKE ?', '1101%'),
        ]).toEqual([0, 0]);
        expect(lastSlip(system)).toContain('2026-12-31 23:3');
      },
    },
    {
      given: 'an empty batch',
      expect: '对账平 over nothing',
      async play(system) {
        expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: true });
        expect(lastSlip(system)).toMatch(/内卡 DOMESTIC[^\n]*\n借记 DEBIT +0 +0\.00[\s\S]*对账平/);
      },
    },
    {
      given: 'the paper is out',
      expect: 'closed all the same; the slip comes with a reprint, then as a duplicate',
      async play(system) {
        await system.sell(10_000);
        system.devices.printer.set({ paper: 'out' });
        expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: true, printProblem: 'PAPER_OUT' });
        system.devices.printer.set({ paper: 'ok' });
        const { signal } = new AbortController();
        await system.cashier.reprint({ kind: 'batch-slip' }, signal);
        expect(lastSlip(system)).toContain('对账平');
        expect(lastSlip(system)).not.toContain('DUPLICATED');
        await system.cashier.reprint({ kind: 'batch-slip' }, signal);
        expect(lastSlip(system)).toContain('DUPLICATED');
      },
    },
    {
      given: 'the cashier presses 批结算 twice at once, at two faces',
      expect: 'one close, one verdict, one slip; both see how it ended',
      async play(system) {
        await system.sell(10_000);
        const both = await Promise.all([system.closeBatch(), system.closeBatch()]);
        expect(both).toMatchObject([
          { kind: 'closed', batch: '000001' },
          { kind: 'closed', batch: '000001' },
        ]);
        await system.atRest();
        expect([verdicts(system), batchSlips(system)]).toEqual([1, 1]);
      },
    },
  );
});

describe('批结算, not balanced (B-053)', () => {
  const differing = (system: TestSystem): unknown =>
    JSON.parse(String(system.db.prepare('SELECT differing FROM batch ORDER BY id LIMIT 1').pluck().get()));

  scenarios(
    {
      given: 'the host forgot an approval',
      expect: '对账不平, every record of that group is uploaded, the host books what it missed: 主机缺 已补记',
      async play(system) {
        await system.host.fault({ kind: 'forget-approval' });
        await system.sell(10_000);
        await system.sell(20_000);
        await system.sell(5_000, { card: visaCard });
        expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: false });
        expect(differing(system)).toMatchObject([
          { kind: 'missing-there', hereFen: 10_000, thereFen: null, decision: 'booked' },
        ]);
        expect(system.count('SELECT uploaded FROM batch WHERE no = ?', '000001')).toBe(2);
        expect(lastSlip(system)).toMatch(
          /内卡 DOMESTIC +不平[\s\S]*对账不平[\s\S]*000002 主机缺 NOT AT HOST 已补记\n +终端 HERE +100\.00\n +主机 HOST +缺/,
        );
      },
    },
    {
      given: 'the host charged what the terminal reversed',
      expect: '对账不平, the host gives it back: 终端缺 已撤除',
      system: { limits: { hostWaitMs: 400 } },
      async play(system) {
        await system.sell(10_099);
        await system.ready();
        await system.sell(20_000);
        system.host.tamper("UPDATE approvals SET state = 'APPROVED' WHERE amount_fen = 10099");
        expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: false });
        expect(differing(system)).toMatchObject([
          { kind: 'missing-here', hereFen: null, thereFen: 10_099, decision: 'rejected' },
        ]);
        expect(lastSlip(system)).toMatch(
          /对账不平[\s\S]*终端缺 NOT HERE +已撤除\n +终端 HERE +缺 MISSING\n +主机 HOST +100\.99/,
        );
      },
    },
    {
      given: 'the host booked one sale with a fen more',
      expect: '对账不平, the amount of the terminal stands: 金额不符 已补记',
      async play(system) {
        await system.sell(10_000);
        system.host.tamper('UPDATE approvals SET amount_fen = 10001');
        expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: false });
        expect(differing(system)).toMatchObject([
          { kind: 'amount', hereFen: 10_000, thereFen: 10_001, decision: 'booked' },
        ]);
        expect(lastSlip(system)).toMatch(
          /对账不平[\s\S]*金额不符 AMOUNT +已补记\n +终端 HERE +100\.00\n +主机 HOST +100\.01/,
        );
      },
    },
    {
      given: 'differences of all three kinds at once, in a batch of 30',
      expect: 'each is decided, and both lists agree',
      system: { limits: { hostWaitMs: 400 } },
      async play(system) {
        await system.host.fault({ kind: 'forget-approval' });
        for (let n = 0; n < 30; n++) await system.sell(10_000 + n * 100);
        await system.sell(90_099);
        await system.ready();
        system.host.tamper("UPDATE approvals SET state = 'APPROVED' WHERE amount_fen = 90099");
        system.host.tamper('UPDATE approvals SET amount_fen = 1 WHERE amount_fen = 10500');
        const progress: CloseStep[] = [];
        expect(await system.closeBatch((step) => progress.push(step))).toMatchObject({ balanced: false });
        expect(progress.some((step) => step.at === 'uploading' && step.of === 30)).toBe(true);
        expect(differing(system)).toHaveLength(3);
      },
    },
    {
      given: 'the host does not know the batch (verdict 3)',
      expect: 'needs a human, the batch stays as it is, sales are refused',
      async play(system) {
        await system.sell(10_000);
        const off = rewriteDown(system, 'rows', (message) => ({
          ...message,
          rows: (message['rows'] as [number, string, string, Record<string, unknown>][]).map((row) =>
            row[1] === 'batch-verdict'
              ? [...row.slice(0, 3), { ...row[3], verdicts: { domestic: 3, foreign: 3, codes: 3 } }]
              : row,
          ),
        }));
        expect(await system.closeBatch()).toEqual({ kind: 'needs-human', batch: '000001' });
        off();
        expect(system.cashier.status().batch).toMatchObject({ state: 'NEEDS_HUMAN' });
        expect(await refusal(() => system.sell(10_000))).toBe('BATCH_CLOSING');
        expect(await system.closeBatch()).toEqual({ kind: 'needs-human', batch: '000001' });
      },
    },
  );
});

describe('批结算 and sales (B-053)', () => {
  scenarios(
    {
      given: 'the batch holds as many records as it may',
      expect: 'the next sale is refused with BATCH_FULL until the batch is closed',
      system: { limits: { maxRecords: 3 } },
      async play(system) {
        for (let n = 0; n < 3; n++) await system.sell(10_000);
        expect(await refusal(() => system.sell(10_000))).toBe('BATCH_FULL');
        expect(system.count('SELECT count(*) FROM payment')).toBe(3);
        await system.closeBatch();
        await system.ready();
        expect((await system.sell(10_000)).kind).toBe('approved');
      },
    },
    {
      given: 'a sale while the close waits for the host',
      expect: 'refused with BATCH_CLOSING; after the verdict the next batch takes it',
      async play(system) {
        await system.sell(10_000);
        await system.host.fault({ kind: 'drop-rows', times: 1_000_000 });
        const closing = system.closeBatch();
        await system.eventually('the close waits', () => system.cashier.status().batch?.state === 'COMPARING');
        expect(await refusal(() => system.sell(20_000))).toBe('BATCH_CLOSING');
        expect(system.count('SELECT count(*) FROM payment')).toBe(1);
        await system.host.stop(); // a restart of the host forgets its faults
        await system.host.start();
        expect(await closing).toMatchObject({ kind: 'closed', balanced: true });
        await system.ready();
        expect(await system.sell(20_000)).toMatchObject({ kind: 'approved', txn: { batch: '000002' } });
      },
    },
    {
      given: 'a close while a sale waits for its card',
      expect: 'refused with BATCH_HAS_UNKNOWN; the sale goes on',
      async play(system) {
        let refused = '';
        const outcome = await system.sell(10_000, {
          atReader: () => {
            void refusal(() => system.closeBatch()).then((code) => {
              refused = code;
              system.devices.reader.present({ pan: '6222021234567890128', expiry: '3012' });
            });
          },
        });
        expect([refused, outcome.kind]).toEqual(['BATCH_HAS_UNKNOWN', 'approved']);
      },
    },
    {
      given: 'the host says that the batch numbers differ (code 77)',
      expect: 'declined, signed in again by itself, the next sale goes',
      async play(system) {
        expect(await system.sell(10_077)).toMatchObject({ kind: 'declined', code: '77' });
        await system.ready();
        expect((await system.sell(10_000)).kind).toBe('approved');
        const signIns = system.wire.seen.filter(({ payload }) => payload.includes('"request":{"kind":"sign-in"'));
        expect(signIns.length).toBeGreaterThanOrEqual(2);
      },
    },
    {
      given: 'nobody is logged on, or the administrator is',
      expect: 'sale and close are refused',
      async play(system) {
        const stranger = system.terminal.counter();
        const { signal } = new AbortController();
        const sell = () =>
          stranger.sale(
            fen(10_000),
            signal,
            () => {},
            () => Promise.resolve(true),
          );
        expect(await refusal(sell)).toBe('UNAUTHENTICATED');
        expect(await refusal(() => stranger.closeBatch(signal, () => {}))).toBe('UNAUTHENTICATED');
        await stranger.logOn('99', '12345678');
        expect(await refusal(sell)).toBe('FORBIDDEN');
        expect(await refusal(() => stranger.closeBatch(signal, () => {}))).toBe('FORBIDDEN');
        expect(system.count("SELECT count(*) FROM audit WHERE outcome = 'refused'")).toBe(4);
      },
    },
  );
});
