import { beforeEach, describe, expect, test } from 'vitest';
import { clearBatch } from '../../../sync/host/clear-batch.ts';
import type { VoidRequest } from '../../../sync/protocol/card-requests.ts';
import type { JournalOnWire, TxnKind } from '../../../sync/protocol/common.ts';
import { ask, voidRequest } from './ask-card.ts';
import { hostAndTill } from './host-and-till.ts';
import { businessDate, journal, type Paid } from './journals.ts';
import type { TestHost } from './start-host.ts';
import type { Till } from './till.ts';

let host: TestHost;
let till: Till;
const again = hostAndTill((both) => {
  ({ host, till } = both);
});

type State = 'REQUESTED' | 'DONE' | 'FAILED';

/** The terminal's record of a void. */
async function recorded(request: VoidRequest, paid: Paid, state: State, ...journals: JournalOnWire[]): Promise<void> {
  const { payment, batch, stan } = request;
  const { amountFen, feeFen, entry, group } = paid;
  const none = { rate: null, card: null, rrn: null, authCode: null, code: '00', cleared: false };
  const facts = {
    txn: 'void',
    state,
    batch,
    stan,
    amountFen,
    discountFen: 0,
    feeFen,
    entry,
    group,
    ...none,
    original: paid.payment,
  } as const;
  const id = state === 'REQUESTED' ? `${payment}:requested` : payment;
  await till.up({ kind: 'payment-recorded', id, body: { no: payment, at: 1, by: '01', facts, journals } });
}

const lines = (event: string, no: string, ...all: JournalOnWire['lines']) => journal(event, no, `${event}:${no}`, all);
const channel = `1101:${businessDate}`;
const undone = (paid: Paid, fen = paid.amountFen) =>
  lines('J-02', paid.payment, [`2001:${paid.payment}`, 'D', fen], [channel, 'C', fen]);

async function voided(paid: Paid): Promise<VoidRequest> {
  const request = voidRequest(till, 'void', paid);
  expect((await ask(till, request))?.code).toBe('00');
  await recorded(request, paid, 'DONE', undone(paid));
  return request;
}

const differs = async () => (await till.down('mirror-differs')).map(({ body }) => body.account);
const verdicts = async () => (await till.down('batch-verdict')).at(-1)?.body;
const closed = async () => (await till.down('batch-closed')).at(-1)?.body;

describe('the second opinion on a void', () => {
  test('J-02 of a void that was approved', async () => {
    await voided(await till.pay());
    expect(await differs()).toEqual([]);
  });

  test('J-02 of another amount, or of a void that was declined or reversed', async () => {
    const paid = await till.pay();
    const request = voidRequest(till, 'void', paid, { amountFen: 9_999 });
    expect((await ask(till, request))?.code).toBe('13');
    await recorded(request, paid, 'DONE', undone(paid));
    expect(await differs()).toEqual([`2001:${paid.payment}`, channel]);
  });

  describe('of what cleared at once', () => {
    beforeEach(async () => {
      await again({ parameters: { 'settle.cardCycle': 'real-time' } });
    });

    async function sold(): Promise<Paid> {
      const request = till.saleRequest({ amountFen: 100_000 });
      expect(await till.sale(request)).toMatchObject({ code: '00', cleared: true });
      const paid: Paid = {
        ...request,
        group: 'domestic',
        entry: 'CONTACTLESS',
        feeFen: 380,
        rateId: 'contactless-3800',
      };
      const { payment, stan, batch } = request;
      const facts = {
        txn: 'sale',
        state: 'PAID',
        batch,
        stan,
        amountFen: 100_000,
        discountFen: 0,
        feeFen: 380,
        rate: null,
        entry: 'CONTACTLESS',
        group: 'domestic',
        card: null,
        rrn: null,
        authCode: null,
        code: '00',
        cleared: true,
        original: null,
      } as const;
      const own = `2001:${payment}`;
      const journals = [
        lines('J-01', payment, [channel, 'D', 100_000], [own, 'C', 100_000]),
        lines('J-03', payment, [own, 'D', 100_000], ['2002', 'C', 99_620], ['4001', 'C', 380]),
      ];
      await till.up({ kind: 'payment-recorded', id: payment, body: { no: payment, at: 1, by: '01', facts, journals } });
      return paid;
    }

    const reserved = (no: string) =>
      lines('J-02r', no, ['2002', 'D', 99_620], ['4001', 'D', 380], [`2302:${no}`, 'C', 100_000]);
    const succeeded = (no: string) => lines('J-02s', no, [`2302:${no}`, 'D', 100_000], [channel, 'C', 100_000]);
    const failed = (no: string) =>
      lines('J-02f', no, [`2302:${no}`, 'D', 100_000], ['2002', 'C', 99_620], ['4001', 'C', 380]);

    test('J-02r, then J-02s when it was approved', async () => {
      const paid = await sold();
      const request = voidRequest(till, 'void', paid);
      await recorded(request, paid, 'REQUESTED', reserved(request.payment));
      expect((await ask(till, request))?.code).toBe('00');
      await recorded(request, paid, 'DONE', succeeded(request.payment));
      expect(await differs()).toEqual([]);
      await till.sendTotals({
        totals: {
          ...till.totals(),
          domestic: { debitCount: 1, debitFen: 100_000, creditCount: 1, creditFen: 100_000 },
        },
      });
      await till.sendEnd();
      expect(await till.down('funds-received')).toEqual([]);
    });

    test.each([
      { approved: false, ending: 'J-02f', expected: 0 },
      { approved: true, ending: 'J-02f', expected: 3 },
      { approved: false, ending: 'J-02s', expected: 2 },
    ])('$ending when approved is $approved: $expected accounts differ', async ({ approved, ending, expected }) => {
      const paid = await sold();
      const request = voidRequest(till, 'void', paid);
      await recorded(request, paid, 'REQUESTED', reserved(request.payment));
      if (!approved) host.host.faults.arm({ kind: 'decline', of: 'void', code: '91' }, 1);
      await ask(till, request);
      const [state, end] = ending === 'J-02f' ? (['FAILED', failed] as const) : (['DONE', succeeded] as const);
      await recorded(request, paid, state, end(request.payment));
      expect(await differs()).toHaveLength(expected);
    });
  });
});

describe('the totals', () => {
  test.each([
    { profile: 'gross', debitCount: 2, creditCount: 1 },
    { profile: 'net', debitCount: 1, creditCount: 0 },
  ] as const)(
    '$profile: $debitCount debit, $creditCount credit; only what is left clears',
    async ({ profile, debitCount, creditCount }) => {
      await again({ parameters: { profile } });
      await till.pay({ amountFen: 10_000 });
      await voided(await till.pay({ amountFen: 5_000 }));
      const totals = till.totals();
      await till.sendTotals({
        totals: {
          ...totals,
          domestic: {
            debitCount,
            debitFen: debitCount === 2 ? 15_000 : 10_000,
            creditCount,
            creditFen: creditCount * 5_000,
          },
        },
      });
      expect((await verdicts())?.verdicts.domestic).toBe(1);
      await till.sendEnd();
      expect((await till.down('batch-cleared'))[0]?.body).toMatchObject({ grossFen: 10_000 });
    },
  );
});

describe('a group that did not balance', () => {
  const upload = (no: string, txn: TxnKind | 'refund', amountFen: number, credit = true) =>
    till.up({
      kind: 'batch-record',
      id: no,
      body: {
        no,
        at: 1,
        by: 'SYS',
        facts: {
          batch: till.batch,
          payment: no,
          stan: '000901',
          txn,
          side: credit ? 'credit' : 'debit',
          group: 'domestic',
          amountFen,
          feeFen: 0,
          rateId: credit ? null : 'contactless-3800',
          entry: 'CONTACTLESS',
          rrn: null,
        },
        journals: [],
      },
    });

  test('a void that the host forgot is booked, and its sale does not clear', async () => {
    const paid = await till.pay({ amountFen: 10_000 });
    const request = voidRequest(till, 'void', paid);
    host.host.faults.arm({ kind: 'forget-approval' }, 1);
    await ask(till, request);
    await recorded(request, paid, 'DONE', undone(paid));
    expect(await differs()).toEqual([]);
    // Answered and forgotten: at the host the sale stands.
    await till.sendTotals({
      totals: { ...till.totals(), domestic: { debitCount: 1, debitFen: 10_000, creditCount: 1, creditFen: 10_000 } },
    });
    expect((await verdicts())?.verdicts.domestic).toBe(2);
    await till.sendRecord(paid);
    await upload(request.payment, 'void', 10_000);
    await till.sendEnd(2);
    expect((await closed())?.differing).toMatchObject([
      { payment: request.payment, txn: 'void', kind: 'missing-there', decision: 'booked' },
    ]);
    expect(await till.approvals()).toEqual({ [paid.payment]: 'VOIDED', [request.payment]: 'APPROVED' });
    expect((await till.down('batch-cleared'))[0]?.body).toMatchObject({ grossFen: 0 });
  });

  test('a void that the terminal does not have is rejected, and its sale clears', async () => {
    const paid = await till.pay({ amountFen: 10_000 });
    const request = voidRequest(till, 'void', paid);
    await ask(till, request);
    await till.sendTotals();
    await till.sendRecord(paid);
    await till.sendEnd(1);
    expect((await closed())?.differing).toMatchObject([
      { payment: request.payment, kind: 'missing-here', decision: 'rejected' },
    ]);
    expect((await till.down('batch-cleared'))[0]?.body).toMatchObject({ grossFen: 10_000 });
  });

  test('a void of nothing and a refund that never came are rejected', async () => {
    await till.sendTotals({
      totals: { ...till.totals(), domestic: { debitCount: 0, debitFen: 0, creditCount: 2, creditFen: 200 } },
    });
    await upload('V1', 'void', 100);
    await upload('R1', 'refund', 100);
    await till.sendEnd(2);
    expect((await closed())?.differing.map((d) => [d.txn, d.decision])).toEqual([
      ['refund', 'rejected'],
      ['void', 'rejected'],
    ]);
  });
});

test('clearing with an exception: it comes later, and nothing is cleared twice', async () => {
  await again({ parameters: { clearing: 'manual' } });
  const [first, second] = [await till.pay({ amountFen: 10_000 }), await till.pay({ amountFen: 5_000 })];
  await till.close();
  const clear = (except: string[] = []) =>
    host.host.store.transaction().execute((trx) => clearBatch(host.host, trx, till.ref, till.batch, except));
  expect([
    await clear([second.payment, 'NOBODY']),
    await clear([second.payment]),
    await clear(),
    await clear(),
  ]).toEqual([true, false, true, false]);
  expect((await till.down('batch-cleared')).map(({ body }) => [body.grossFen, body.except])).toEqual([
    [10_000, [second.payment]],
    [5_000, []],
  ]);
  expect((await till.down('funds-received')).map(({ body }) => body.amountFen)).toEqual([10_000, 5_000]);
  expect(await till.approvals()).toEqual({ [first.payment]: 'CLEARED', [second.payment]: 'CLEARED' });
});
