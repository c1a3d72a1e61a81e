import { beforeEach, describe, expect, test } from 'vitest';
import { decideRefund } from '../../../sync/host/decide-refund.ts';
import { freeze } from '../../../sync/host/freezes.ts';
import { refundFeeFen } from '../../../sync/host/refund-sums.ts';
import type { JournalOnWire } from '../../../sync/protocol/common.ts';
import type { Refund } from '../../../sync/protocol/refunds.ts';
import { ask, voidRequest } from './ask-card.ts';
import { hostAndTill } from './host-and-till.ts';
import { businessDate, journal, type Paid } from './journals.ts';
import { otherTerminal, type TestHost } from './start-host.ts';
import { Till } from './till.ts';

let host: TestHost;
let till: Till;
const again = hostAndTill((both) => {
  ({ host, till } = both);
});

interface RefundOptions {
  readonly amountFen?: number;
  readonly feeFen?: number;
  readonly cumBefore?: number;
  readonly source?: '2001' | '2002';
  readonly payment?: string;
  readonly no?: string;
  readonly journals?: JournalOnWire[];
  readonly of?: Till;
}

/** `refund` of a payment as the terminal sends it, whole and from what is not cleared if not told otherwise. */
async function refund(paid: Paid, options: RefundOptions = {}): Promise<string> {
  const { source = '2001', of = till } = options;
  const amountFen = options.amountFen ?? paid.amountFen;
  const feeFen = options.feeFen ?? Math.round((paid.feeFen * amountFen) / paid.amountFen);
  const no = options.no ?? `R${of.next().payment}`;
  const held: JournalOnWire['lines'] =
    source === '2001'
      ? [[`2001:${paid.payment}`, 'D', amountFen]]
      : [
          ['2002', 'D', amountFen - feeFen],
          ['4001', 'D', feeFen],
        ];
  const lines: JournalOnWire['lines'] = [...held, [`2302:${no}`, 'C', amountFen]];
  const journals = options.journals ?? [
    journal(
      source === '2001' ? 'J-06b' : 'J-06',
      no,
      `refund:${no}`,
      lines.filter(([, , fen]) => fen > 0),
    ),
  ];
  const origin = {
    payment: options.payment ?? paid.payment,
    terminal: till.ref.terminal,
    batch: '000001',
    stan: paid.stan,
    rrn: null,
  };
  const { entry, group } = paid;
  const facts: Refund['facts'] = {
    batch: of.batch,
    businessDate,
    stan: '000900',
    origin,
    amountFen,
    feeFen,
    cumBefore: options.cumBefore ?? 0,
    source,
    entry,
    group,
    card: null,
    rev: 1,
  };
  await of.up({ kind: 'refund', id: `${no}:${of.next().stan}`, body: { no, at: 1, by: '01', facts, journals } });
  return no;
}

const results = async (of = till) => (await of.down('refund-result')).map(({ body }) => [body.outcome, body.reason]);
const differs = async () =>
  (await till.down('mirror-differs')).map(({ body }) => [body.account, body.bookFen, body.mirrorFen]);
const freezeIt = (payment: string) =>
  host.host.store.transaction().execute((trx) => freeze(host.host, trx, till.ref, { payment, reason: 'TEST' }));

/** Cleared, so that there is an available balance. */
async function cleared(amountFen = 100_000): Promise<Paid> {
  const paid = await till.pay({ amountFen });
  await till.close();
  await till.postClearing();
  await till.signIn();
  till.paid.length = 0;
  return paid;
}

test('accepted, then succeeded by the due work; the book may post J-07', async () => {
  const paid = await till.pay({ amountFen: 100_000 });
  const no = await refund(paid);
  expect(await results()).toEqual([['accepted', null]]);
  await host.clock.advance(0);
  expect(await results()).toEqual([
    ['accepted', null],
    ['succeeded', null],
  ]);
  await till.post(
    'refund-result',
    journal('J-07', no, `refunded:${no}`, [
      [`2302:${no}`, 'D', 100_000],
      [`1101:${businessDate}`, 'C', 100_000],
    ]),
  );
  expect(await differs()).toEqual([]);
});

describe('refused', () => {
  test.each([
    { what: 'a payment that nobody made', reason: 'TXN_NOT_PAID', options: { payment: 'NOBODY' } },
    {
      what: 'more than was paid',
      reason: 'REFUND_EXCEEDS_PAID',
      options: { amountFen: 100_001, feeFen: 380, source: '2001' },
    },
    { what: 'on another base', reason: 'STALE_REFUND_BASE', options: { cumBefore: 1, amountFen: 10 } },
    { what: 'with money that the book does not have', reason: 'REFUND_FUNDS_INSUFFICIENT', options: { journals: [] } },
  ] as const)('$what: $reason', async ({ reason, options }) => {
    const paid = await till.pay({ amountFen: 100_000 });
    await refund(paid, options as RefundOptions);
    expect(await results()).toEqual([['refused', reason]]);
  });

  test('a second one while the first is under way, and none by another terminal either', async () => {
    await again({ parameters: { 'host.refundDecision': 'manual' } });
    const paid = await till.pay({ amountFen: 100_000 });
    await refund(paid, { amountFen: 10_000 });
    await refund(paid, { amountFen: 10_000 });
    expect(await results()).toEqual([
      ['accepted', null],
      ['refused', 'REFUND_IN_PROGRESS'],
    ]);
  });

  test('a frozen payment, a voided one, one of more than a year, more than the parameter allows', async () => {
    const frozen = await till.pay({ amountFen: 100_000 });
    await freezeIt(frozen.payment);
    await refund(frozen, { amountFen: 100 });
    const big = await till.pay({ amountFen: 2_000_000, entry: 'MAG' });
    await refund(big);
    host.clock.jump(366 * 86_400_000);
    const old = await till.record({ amountFen: 5_000 });
    await host.host.store
      .updateTable('approvals')
      .set({ payment: old.payment })
      .where('payment', '=', big.payment)
      .execute();
    await refund(old, { amountFen: 100 });
    expect((await till.down('refund-result')).map(({ body }) => [body.reason, body.limit?.name])).toEqual([
      ['RISK_BLOCKED', undefined],
      ['INVALID_AMOUNT', 'refund.maxFen'],
      ['REFUND_EXPIRED', 'refund.maxDays'],
    ]);
  });

  test('the same number again: one refund, one answer; with another amount it is rejected', async () => {
    const paid = await till.pay({ amountFen: 100_000 });
    const no = await refund(paid, { amountFen: 10_000 });
    await refund(paid, { amountFen: 10_000, no });
    expect(await results()).toEqual([['accepted', null]]);
    await expect(refund(paid, { amountFen: 9_000, no, journals: [] })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
  });

  test('a tester’s refusal', async () => {
    host.host.faults.arm({ kind: 'refund-refuse', reason: 'TEST_REFUSAL' }, 1);
    await refund(await till.pay());
    expect(await results()).toEqual([['refused', 'TEST_REFUSAL']]);
  });
});

describe('by hand', () => {
  beforeEach(async () => {
    await again({ parameters: { 'host.refundDecision': 'manual' } });
  });
  const decide = (no: string, outcome: 'succeeded' | 'failed') =>
    host.host.store
      .transaction()
      .execute((trx) => decideRefund(host.host, trx, till.ref, no, { outcome, reason: 'BANK_REFUSED' }, 'U'));

  test('failed: once, and what was reserved before the clearing goes back to 2001', async () => {
    const paid = await till.pay({ amountFen: 100_000 });
    const no = await refund(paid);
    expect([await decide(no, 'failed'), await decide(no, 'succeeded'), await decide('NOBODY', 'failed')]).toEqual([
      'done',
      'ILLEGAL_STATE',
      'NOT_FOUND',
    ]);
    await till.post(
      'refund-result',
      journal('J-08', no, `unrefund:${no}`, [
        [`2302:${no}`, 'D', 100_000],
        [`2001:${paid.payment}`, 'C', 100_000],
      ]),
    );
    expect(await differs()).toEqual([]);
  });

  test('cleared meanwhile: it goes back to 2002 and 4001, and back to 2001 is a difference', async () => {
    const paid = await till.pay({ amountFen: 100_000 });
    const no = await refund(paid);
    await till.sendTotals({
      totals: { ...till.totals(), domestic: { debitCount: 1, debitFen: 100_000, creditCount: 1, creditFen: 100_000 } },
    });
    await till.sendEnd();
    await decide(no, 'failed');
    await till.post(
      'refund-result',
      journal('J-08', no, `unrefund:${no}`, [
        [`2302:${no}`, 'D', 100_000],
        [`2001:${paid.payment}`, 'C', 100_000],
      ]),
    );
    expect((await differs()).map(([account]) => account)).toEqual([`2001:${paid.payment}`, '2002', '4001']);
  });

  test('succeeded after its batch was cleared: the channel takes it from the day of the batch', async () => {
    const paid = await till.pay({ amountFen: 100_000 });
    const no = await refund(paid, { amountFen: 30_000 });
    await till.sendTotals({
      totals: { ...till.totals(), domestic: { debitCount: 1, debitFen: 100_000, creditCount: 1, creditFen: 30_000 } },
    });
    expect((await till.down('batch-verdict'))[0]?.body.verdicts.domestic).toBe(1);
    await till.sendEnd();
    await decide(no, 'succeeded');
    expect((await till.down('funds-received')).map(({ body }) => body.amountFen)).toEqual([100_000, -30_000]);
    // ΣG over the whole payment, whatever was refunded of it.
    expect((await till.down('batch-cleared'))[0]?.body).toMatchObject({ grossFen: 100_000, feeFen: 380 });
  });
});

test('succeeded before the clearing: the channel pays the rest', async () => {
  const paid = await till.pay({ amountFen: 100_000 });
  await refund(paid, { amountFen: 30_000 });
  await host.clock.advance(0);
  await till.sendTotals({
    totals: { ...till.totals(), domestic: { debitCount: 1, debitFen: 100_000, creditCount: 1, creditFen: 30_000 } },
  });
  await till.sendEnd();
  expect((await till.down('funds-received')).map(({ body }) => body.amountFen)).toEqual([70_000]);
});

test('at another terminal: funded there, told to the terminal of the sale, counted for both', async () => {
  await cleared();
  const paid = await till.pay({ amountFen: 50_000 });
  const other = new Till(host, otherTerminal);
  await other.signIn();
  await other.pay({ amountFen: 100_000 });
  await other.close();
  await other.postClearing();
  await other.signIn();
  await refund(paid, { of: other, source: '2002', amountFen: 20_000, feeFen: 76 });
  await host.clock.advance(0);
  expect(await results(other)).toEqual([
    ['accepted', null],
    ['succeeded', null],
  ]);
  expect((await till.down('refunded-elsewhere')).map(({ body }) => body)).toMatchObject([
    { payment: paid.payment, terminal: '00000002', amountFen: 20_000, feeFen: 76 },
  ]);
  expect(host.woken).toContain('00000001');
  await refund(paid, { amountFen: 30_000 });
  expect((await results()).at(-1)).toEqual(['refused', 'STALE_REFUND_BASE']);
});

test('a sale with a refund, under way or done, is not voided: 12; after one that failed it is', async () => {
  const codes: (string | undefined)[] = [];
  const paid = await till.pay({ amountFen: 10_000 });
  const voiding = async () => codes.push((await ask(till, voidRequest(till, 'void', paid)))?.code);
  host.host.faults.arm({ kind: 'refund-fail', reason: 'BANK_REFUSED' }, 1);
  await refund(paid, { amountFen: 100 });
  await voiding();
  await host.clock.advance(0);
  await voiding();
  const other = await till.pay({ amountFen: 10_000 });
  await refund(other, { amountFen: 100 });
  await host.clock.advance(0);
  codes.push((await ask(till, voidRequest(till, 'void', other)))?.code);
  expect(codes).toEqual(['12', '00', '12']);
});

describe('the fee on a refund (accounting.md §4.2)', () => {
  test.each([
    { grossFen: 10_000, feeFen: 60, parts: [3_333, 3_333, 3_334], fees: [20, 20, 20] },
    { grossFen: 131, feeFen: 1, parts: [50, 50, 31], fees: [0, 1, 0] },
    { grossFen: 131, feeFen: 1, parts: [50, 81], fees: [0, 1] },
    { grossFen: 1, feeFen: 0, parts: [1], fees: [0] },
    {
      grossFen: 9_007_199_254_740_991,
      feeFen: 54_043_195_528_446,
      parts: [9_007_199_254_740_991],
      fees: [54_043_195_528_446],
    },
  ])('$feeFen of $grossFen in $parts: $fees', ({ grossFen, feeFen, parts, fees }) => {
    const before = { refundedFen: 0, feeFen: 0, inFlight: false };
    const got = parts.map((refundFen) => {
      const f = refundFeeFen({ grossFen, feeFen, refundFen, before, keep: false });
      before.refundedFen += refundFen;
      before.feeFen += f;
      return f;
    });
    expect(got).toEqual(fees);
  });

  test('KEEP: nothing of it, but for what is not cleared', async () => {
    await again({ parameters: { 'fee.refundPolicy': 'KEEP' } });
    await refund(await cleared(), { amountFen: 50_000, source: '2002', feeFen: 0 });
    await refund(await till.pay({ amountFen: 100_000 }), { amountFen: 50_000, feeFen: 190 });
    expect(await differs()).toEqual([]);
  });

  test('of another fee than the host computes: a difference, and it is refused', async () => {
    const paid = await cleared();
    await refund(paid, { amountFen: 50_000, source: '2002', feeFen: 189 });
    expect(await differs()).toEqual([
      ['2002', -49_811, -49_810],
      ['4001', -189, -190],
    ]);
    expect(await results()).toEqual([['refused', 'MIRROR_DIFFERS']]);
  });
});
