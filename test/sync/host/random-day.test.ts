import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkMirror } from '../../../sync/host/check-mirror.ts';
import { decideRefund } from '../../../sync/host/decide-refund.ts';
import { chargeBack, freeze, unfreeze } from '../../../sync/host/freezes.ts';
import { mirrorBalances } from '../../../sync/host/mirror.ts';
import type { HostParameters } from '../../../sync/host/parameters.ts';
import { close, hear, rest } from './model-news.ts';
import { refund, refundElsewhere } from './model-refunds.ts';
import { complete, forward, hold, sell, sellByCode, voidPayment } from './model-sales.ts';
import { type ModelPayment, ModelTill } from './model-till.ts';
import { otherTerminal, startHost, type TestHost, terminal } from './start-host.ts';

/**
 * Random days of two terminals that keep their books by the rules, their rows and news under way for any time, against the host: whatever comes, the host's
 * second opinion never differs, and its mirror is the book.
 */

/** Whole yuan: the endings of the amount table are another test's. */
const amount = fc.integer({ min: 1, max: 900 }).map((yuan) => yuan * 100);
const which = fc.nat({ max: 50 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('sale'),
      amount,
      entry: fc.constantFrom('MAG' as const, 'CONTACTLESS' as const),
      foreign: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('code'), amount }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('void'), which, lost: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('preauth'), amount }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('complete'), which, told: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('offline'), amount }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('refund'), which, percent: fc.constantFrom(1, 33, 50, 100, 100, 110) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('refund-elsewhere'), which, percent: fc.constantFrom(30, 100) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refund-fails') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('decide-refund'), which, fails: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('freeze'), which, percent: fc.constantFrom(40, 100, 150) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unfreeze'), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('charge-back'), which, percent: fc.constantFrom(50, 100) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('deliver'), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('hear'), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('close') }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const day = fc.record({
  steps: fc.array(fc.record({ other: fc.integer({ max: 5, min: 0 }).map((n) => n === 0), step }), {
    minLength: 40,
    maxLength: 90,
  }),
  realTime: fc.boolean(),
  byHand: fc.boolean(),
});

const runDays = Number(process.env['HOST_DAYS'] ?? 12);

describe('a random day', () => {
  test('P-01 to P-04, P-08, P-14, P-26: the mirror is the book, and no opinion differs', async () => {
    const seen = { refunds: 0, voids: 0, freezes: 0, full: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(day, async ({ steps, realTime, byHand }) => {
        const parameters: Partial<HostParameters> = {
          'offline.enabled': true,
          'offline.maxFen': 100_000,
          'offline.maxCount': 1000,
        };
        const host = await startHost({
          parameters: {
            ...parameters,
            ...(realTime && { 'settle.cardCycle': 'real-time' }),
            ...(byHand && { 'host.refundDecision': 'manual' }),
          },
        });
        try {
          const [here, there] = [new ModelTill(host, terminal), new ModelTill(host, otherTerminal)];
          for (const till of [here, there]) await till.till.signIn();
          for (const { other, step: one } of steps) {
            const [till, elsewhere] = other ? [there, here] : [here, there];
            await play(host, till, elsewhere, one);
            check(till);
          }
          for (const till of [here, there]) await close(till);
          for (const till of [here, there]) await rest(till);
          for (const till of [here, there]) await checkAtRest(host, till);
          seen.refunds += here.refunds.size + there.refunds.size;
          seen.voids += here.voids.length;
          seen.freezes += here.book.journals.filter((j) => j.event === 'J-09' || j.event === 'J-12').length;
          seen.full += [...here.payments.values()].filter((p) => p.refundedFen === p.grossFen).length;
          seen.failed += [...here.refunds.values()].filter((r) => r.state === 'FAILED').length;
          expect(host.failures).toEqual([]);
        } finally {
          await host.stop();
        }
      }),
      { numRuns: runDays, seed: 20261120 },
    );
    // The days are of use only where all of it happened.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(1);
  }, 120_000);
});

const pick = <T>(list: readonly T[], at: number): T | undefined => list[at % Math.max(1, list.length)];

async function play(host: TestHost, till: ModelTill, elsewhere: ModelTill, s: Step): Promise<void> {
  const inTrx = <T>(work: Parameters<ReturnType<typeof host.host.store.transaction>['execute']>[0]) =>
    host.host.store.transaction().execute(work) as Promise<T>;
  const payments = [...till.payments.values()];
  const chosen = 'which' in s ? pick(payments, s.which) : undefined;
  const to = till.till.ref;
  if (s.do === 'sale' && 'entry' in s) await sell(till, s.amount, s);
  if (s.do === 'code' && 'amount' in s) await sellByCode(till, s.amount);
  if (s.do === 'preauth' && 'amount' in s) await hold(till, s.amount);
  if (s.do === 'offline' && 'amount' in s) forward(till, 'stored-sale', s.amount, null);
  if (s.do === 'void' && 'lost' in s && chosen) {
    const kind = chosen.txn === 'completion' ? 'completion-void' : 'void';
    if (s.lost) host.host.faults.arm({ kind: 'drop-answer', of: kind }, 1);
    await voidPayment(till, chosen);
    host.host.faults.reset();
  }
  if (s.do === 'complete' && 'told' in s) {
    const held = pick([...till.held.entries()], s.which);
    if (held && s.told) forward(till, 'completion-advice', held[1], held[0]);
    else if (held) await complete(till, held[0], Math.floor(held[1] / 200) * 100 + 100);
  }
  if (s.do === 'refund' && 'percent' in s && chosen)
    refund(till, chosen, Math.ceil(((chosen.grossFen - chosen.refundedFen) * s.percent) / 100));
  if (s.do === 'refund-elsewhere' && 'percent' in s) {
    const original = pick([...elsewhere.payments.values()], s.which);
    if (original) await refundElsewhere(till, original.no, Math.ceil((original.grossFen * s.percent) / 100));
  }
  if (s.do === 'refund-fails') host.host.faults.arm({ kind: 'refund-fail', reason: 'BANK_REFUSED' }, 1);
  if (s.do === 'decide-refund' && 'fails' in s) {
    const accepted = pick(
      [...till.refunds.values()].filter((r) => r.state === 'ACCEPTED'),
      s.which,
    );
    const outcome = s.fails
      ? ({ outcome: 'failed', reason: 'BANK_REFUSED' } as const)
      : ({ outcome: 'succeeded' } as const);
    if (accepted) await inTrx((trx) => decideRefund(host.host, trx, to, accepted.no, outcome, 'U'));
  }
  if (s.do === 'freeze' && 'percent' in s && chosen)
    await inTrx((trx) =>
      freeze(host.host, trx, to, { payment: chosen.no, amountFen: share(chosen, s.percent), reason: 'TEST' }),
    );
  if (s.do === 'unfreeze' && 'which' in s) {
    const found = pick(till.book.freezes, s.which);
    if (found) await inTrx((trx) => unfreeze(host.host, trx, to, { no: found.no, reason: 'TEST' }));
  }
  if (s.do === 'charge-back' && 'percent' in s && chosen)
    await inTrx((trx) =>
      chargeBack(host.host, trx, to, { payment: chosen.no, amountFen: share(chosen, s.percent), reason: 'TEST' }),
    );
  if (s.do === 'deliver' && 'count' in s) await till.deliver(s.count);
  if (s.do === 'hear' && 'count' in s) {
    await host.clock.advance(0);
    await hear(till, s.count);
  }
  if (s.do === 'close') await close(till);
}

const share = (p: ModelPayment, percent: number): number => Math.ceil((p.grossFen * percent) / 100);

/** P-02, P-08, P-14 in the book. */
function check({ book, payments }: ModelTill): void {
  let assets = 0;
  for (const [account, fen] of book.balances) assets += account.startsWith('1') ? fen : -fen;
  expect(assets).toBe(0);
  for (const p of payments.values()) {
    expect(book.of(`2001:${p.no}`)).toBe(p.cleared || p.voided ? 0 : p.grossFen - p.takenFen);
    expect(p.refundedFen).toBeLessThanOrEqual(p.grossFen);
    expect(p.refundedFeeFen).toBeLessThanOrEqual(p.feeFen);
    if (p.refundedFen === p.grossFen) expect(p.refundedFeeFen).toBe(p.feeFen);
  }
}

async function checkAtRest(host: TestHost, { till, book }: ModelTill): Promise<void> {
  expect((await till.down('mirror-differs')).map(({ body }) => body)).toEqual([]);
  const { store } = host.host;
  expect(await checkMirror(store, till.ref)).toMatchObject({ sumFen: 0, wrong: [], journals: book.journals.length });
  await store.transaction().execute(async (trx) => {
    const mirror = await mirrorBalances(trx, till.ref);
    const nonZero = (balances: Map<string, number>) => [...balances].filter(([, fen]) => fen !== 0).toSorted();
    expect(nonZero(mirror)).toEqual(nonZero(book.balances));
  });
  const verdicts = await till.down('batch-verdict');
  for (const { body } of verdicts) expect(body.verdicts).toEqual({ domestic: 1, foreign: 1, codes: 1 });
}
