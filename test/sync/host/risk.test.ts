import { describe, expect, test } from 'vitest';
import { chargeBack, freeze, unfreeze } from '../../../sync/host/freezes.ts';
import type { JournalOnWire } from '../../../sync/protocol/common.ts';
import { hostAndTill } from './host-and-till.ts';
import { businessDate, journal, type Paid } from './journals.ts';
import type { TestHost } from './start-host.ts';
import type { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill((both) => {
  ({ host, till } = both);
});

type Work = typeof freeze | typeof chargeBack;
const order = (work: Work, payment: string, amountFen?: number) =>
  host.host.store
    .transaction()
    .execute((trx) => work(host.host, trx, till.ref, { payment, amountFen, reason: 'TEST' }));
const free = (no: string) =>
  host.host.store.transaction().execute((trx) => unfreeze(host.host, trx, till.ref, { no, reason: 'TEST' }));

type Kind = 'freeze' | 'unfreeze' | 'charge-back';
/** The terminal's answer to the newest fact of a kind. */
async function posted(kind: Kind, ...journals: JournalOnWire[]): Promise<void> {
  const row = (await till.down(kind)).at(-1);
  if (!row) throw new Error(`no ${kind}`);
  const facts = { causeSeq: row.seq, causeKind: kind, causeId: row.id, batch: null };
  await till.up({ kind: 'posted', id: `${kind}:${row.seq}`, body: { no: 'p', at: 1, by: 'SYS', facts, journals } });
}

const lines = (event: string, no: string, ...all: JournalOnWire['lines']) => journal(event, no, `${event}:${no}`, all);
const differs = async () =>
  (await till.down('mirror-differs')).map(({ body }) => [body.account, body.bookFen, body.mirrorFen]);

/** Cleared: 2002 has its net. */
async function cleared(amountFen: number): Promise<Paid> {
  const paid = await till.pay({ amountFen });
  await till.close();
  await till.postClearing();
  await till.signIn();
  till.paid.length = 0;
  return paid;
}

const frozen = (fen: number, no = 'F0000000001') => lines('J-09', no, ['2002', 'D', fen], [`2004:${no}`, 'C', fen]);
const freed = (fen: number, no = 'F0000000001') => lines('J-10', no, [`2004:${no}`, 'D', fen], ['2002', 'C', fen]);

describe('freeze J-09, unfreeze J-10', () => {
  test('of what is cleared: 2002 gives what it has, and gets it back', async () => {
    const paid = await cleared(100_000);
    expect(await order(freeze, paid.payment)).toBe('done');
    // G = 100000, but only N = 99620 is there.
    await posted('freeze', frozen(99_620));
    expect(await free('F0000000001')).toBe('done');
    await posted('unfreeze', freed(99_620));
    expect(await differs()).toEqual([]);
  });

  test('an answer without a journal, though there is money: a difference', async () => {
    const paid = await cleared(100_000);
    await order(freeze, paid.payment, 500);
    await posted('freeze');
    expect(await differs()).toEqual([
      ['2002', 0, -500],
      ['2004:F0000000001', 0, 500],
    ]);
  });

  test('the rest comes with the next credits of 2002', async () => {
    const first = await cleared(100_000);
    await till.settle('S1', 99_620);
    await order(freeze, first.payment, 30_000);
    await posted('freeze');
    const next = await till.pay({ amountFen: 20_000 });
    await till.close();
    const clearing = lines(
      'J-03',
      next.payment,
      [`2001:${next.payment}`, 'D', 20_000],
      ['2002', 'C', 19_924],
      ['4001', 'C', 76],
    );
    await till.post('batch-cleared', clearing, frozen(19_924));
    expect(await differs()).toEqual([]);
  });

  test('of what is not cleared: a flag; the clearing holds at most the net', async () => {
    const paid = await till.pay({ amountFen: 100_000 });
    await order(freeze, paid.payment);
    await posted('freeze');
    await till.close();
    const held = 'F0000000001';
    await till.post(
      'batch-cleared',
      lines(
        'J-03',
        paid.payment,
        [`2001:${paid.payment}`, 'D', 100_000],
        [`2004:${held}`, 'C', 99_620],
        ['4001', 'C', 380],
      ),
    );
    expect(await differs()).toEqual([]);
  });

  test.each([
    { what: 'of nothing', payment: 'NOBODY', result: 'NOT_FOUND' },
    { what: 'a second time', payment: null, result: 'ILLEGAL_STATE' },
  ])('$what: $result', async ({ payment, result }) => {
    const paid = await till.pay();
    await order(freeze, paid.payment);
    expect(await order(freeze, payment ?? paid.payment)).toBe(result);
    expect(await free('F0000000009')).toBe('NOT_FOUND');
    expect([await free('F0000000001'), await free('F0000000001')]).toEqual(['done', 'ILLEGAL_STATE']);
  });
});

describe('charge-back J-11 and recovery J-12', () => {
  const channel = `1101:${businessDate}`;

  test('out of its freeze, the rest of which comes back', async () => {
    const paid = await cleared(100_000);
    await order(freeze, paid.payment, 50_000);
    await posted('freeze', frozen(50_000));
    expect(await order(chargeBack, paid.payment, 30_000)).toBe('done');
    const lost = lines('J-11', 'C0000000001', ['2004:F0000000001', 'D', 30_000], [channel, 'C', 30_000]);
    await posted('charge-back', lost, freed(20_000));
    expect(await differs()).toEqual([]);
    expect((await till.down('funds-received')).map(({ body }) => body.amountFen)).toEqual([100_000, -30_000]);
  });

  test('more than there is: 1202, paid back out of the next income', async () => {
    const paid = await cleared(100_000);
    await till.settle('S1', 99_620);
    await order(chargeBack, paid.payment);
    await posted('charge-back', lines('J-11', 'C0000000001', ['1202', 'D', 100_000], [channel, 'C', 100_000]));
    const next = await till.pay({ amountFen: 20_000 });
    await till.close();
    const clearing = lines(
      'J-03',
      next.payment,
      [`2001:${next.payment}`, 'D', 20_000],
      ['2002', 'C', 19_924],
      ['4001', 'C', 76],
    );
    await till.post('batch-cleared', clearing, lines('J-12', 'x', ['2002', 'D', 19_924], ['1202', 'C', 19_924]));
    expect(await differs()).toEqual([]);
  });

  test('income without the recovery: a difference', async () => {
    const paid = await cleared(100_000);
    await till.settle('S1', 99_620);
    await order(chargeBack, paid.payment);
    await posted('charge-back', lines('J-11', 'C0000000001', ['1202', 'D', 100_000], [channel, 'C', 100_000]));
    const next = await till.pay({ amountFen: 20_000 });
    await till.close();
    await till.post(
      'batch-cleared',
      lines('J-03', next.payment, [`2001:${next.payment}`, 'D', 20_000], ['2002', 'C', 19_924], ['4001', 'C', 76]),
    );
    expect(await differs()).toEqual([
      ['2002', 19_924, 0],
      ['1202', 0, -19_924],
    ]);
  });

  test('of more than was paid, and of what was charged back whole: refused', async () => {
    const paid = await till.pay({ amountFen: 10_000 });
    expect(await order(chargeBack, paid.payment, 10_001)).toBe('ILLEGAL_STATE');
    expect(await order(chargeBack, paid.payment)).toBe('done');
    expect(await order(chargeBack, paid.payment, 1)).toBe('ILLEGAL_STATE');
  });
});

describe('stop and report (B-046)', () => {
  const report = (payment: string | null) =>
    till.up({
      kind: 'stop-reported',
      id: 'stop',
      body: {
        no: 'stop',
        at: 1,
        by: '01',
        facts: { payment, batch: till.batch, reason: '可疑', where: 'sale' },
        journals: [],
      },
    });

  test('what was paid is frozen for review', async () => {
    const paid = await till.pay({ amountFen: 700 });
    await report(paid.payment);
    expect((await till.down('freeze')).map(({ body }) => [body.payment, body.amountFen])).toEqual([
      [paid.payment, 700],
    ]);
  });

  test.each([null, 'NOBODY'])('%s: nothing is frozen', async (payment) => {
    await report(payment);
    expect(await till.down('freeze')).toEqual([]);
  });
});
