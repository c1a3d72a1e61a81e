import { describe, expect, test } from 'vitest';
import { nextBatchNumber } from '../../../sync/host/batches.ts';
import { HostReject } from '../../../sync/host/business.ts';
import { hostAndTill } from './host-and-till.ts';
import { businessDate } from './journals.ts';
import { startHost, type TestHost, visa } from './start-host.ts';
import { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill((both) => {
  ({ host, till } = both);
});

const rejected = (code: string) => expect.objectContaining({ name: 'HostReject', code });
const lastClosed = async () => (await till.down('batch-closed')).at(-1)?.body;

test('equal totals: every group balanced, closed without upload, batch + 1', async () => {
  await till.pay({ amountFen: 10_000 });
  await till.pay({ amountFen: 2_500, card: visa });
  await till.sendTotals();
  expect((await till.down('batch-verdict'))[0]?.body).toMatchObject({
    batch: '000001',
    verdicts: { domestic: 1, foreign: 1, codes: 1 },
    hostTotals: { domestic: { debitCount: 1, debitFen: 10_000 }, foreign: { debitCount: 1, debitFen: 2_500 } },
  });
  await till.sendEnd();
  expect(await lastClosed()).toMatchObject({ batch: '000001', nextBatch: '000002', balanced: true, differing: [] });
  expect((await till.signIn()).batch).toBe('000002');
});

test('only the group that differs is not balanced', async () => {
  await till.pay({ amountFen: 10_000 });
  const lost = till.saleRequest({ amountFen: 2_500, card: visa });
  await till.sale(lost);
  await till.sendTotals();
  const [verdict] = await till.down('batch-verdict');
  expect(verdict?.body.verdicts).toEqual({ domestic: 1, foreign: 2, codes: 1 });
});

describe('the host resolves every difference, and then both lists agree', () => {
  test('missing there: it forgot an approval; the signed record is booked', async () => {
    await till.pay({ amountFen: 10_000 });
    host.host.faults.arm({ kind: 'forget-approval' }, 1);
    const forgotten = await till.pay({ amountFen: 8_333, entry: 'MAG' });
    await till.close();
    expect(await lastClosed()).toMatchObject({
      balanced: false,
      differing: [
        {
          payment: forgotten.payment,
          stan: forgotten.stan,
          kind: 'missing-there',
          hereFen: 8_333,
          thereFen: null,
          decision: 'booked',
        },
      ],
    });
    // 10000 contactless: 38; 8333 swiped: 50.
    expect((await till.down('batch-cleared'))[0]?.body).toMatchObject({ grossFen: 18_333, feeFen: 88, netFen: 18_245 });
    expect((await till.approvals())[forgotten.payment]).toBe('CLEARED');
  });

  test('missing here: it approved what the terminal has no record of; the approval is rejected', async () => {
    await till.pay({ amountFen: 10_000 });
    const lost = till.saleRequest({ amountFen: 5_000 });
    await till.sale(lost);
    await till.close();
    expect(await lastClosed()).toMatchObject({
      balanced: false,
      differing: [
        {
          payment: lost.payment,
          stan: lost.stan,
          kind: 'missing-here',
          hereFen: null,
          thereFen: 5_000,
          decision: 'rejected',
        },
      ],
    });
    expect((await till.approvals())[lost.payment]).toBe('REJECTED');
    expect((await till.down('batch-cleared'))[0]?.body).toMatchObject({ grossFen: 10_000 });
  });

  test('another amount: the record is booked', async () => {
    const request = till.saleRequest({ amountFen: 10_000 });
    await till.sale(request);
    await till.record({ payment: request.payment, stan: request.stan, amountFen: 9_000 });
    await till.close();
    expect(await lastClosed()).toMatchObject({
      differing: [{ payment: request.payment, kind: 'amount', hereFen: 9_000, thereFen: 10_000, decision: 'booked' }],
    });
    expect((await till.down('batch-cleared'))[0]?.body).toMatchObject({ grossFen: 9_000, feeFen: 34 });
  });

  test('all three at once, with records that agree between them', async () => {
    await till.pay({ amountFen: 1_000 });
    const lost = till.saleRequest({ amountFen: 5_000 });
    await till.sale(lost);
    const changed = till.saleRequest({ amountFen: 7_000 });
    await till.sale(changed);
    await till.record({ payment: changed.payment, stan: changed.stan, amountFen: 6_000 });
    host.host.faults.arm({ kind: 'forget-approval' }, 1);
    await till.pay({ amountFen: 3_000 });
    await till.close();
    expect((await lastClosed())?.differing.map((d) => [d.kind, d.decision])).toEqual([
      ['amount', 'booked'],
      ['missing-there', 'booked'],
      ['missing-here', 'rejected'],
    ]);
    expect((await till.down('batch-cleared'))[0]?.body).toMatchObject({ grossFen: till.totals().domestic.debitFen });
  });

  test('a record that stands approved in another batch is not booked twice', async () => {
    const paid = await till.pay({ amountFen: 10_000 });
    await till.close();
    await till.signIn();
    await till.sendTotals();
    await till.sendRecord(paid);
    await till.sendEnd(1);
    expect((await lastClosed())?.differing).toMatchObject([{ kind: 'missing-there', decision: 'rejected' }]);
    expect((await till.down('batch-cleared')).at(-1)?.body).toMatchObject({ batch: '000002', grossFen: 0 });
  });
});

test('more differences than one row carries come before the end of the batch, each once', async () => {
  host.host.faults.arm({ kind: 'forget-approval' }, 203);
  for (let n = 0; n < 203; n++) await till.pay();
  await till.close();
  const before = (await till.down('batch-differences')).flatMap(({ body }) => body.differing);
  const last = (await lastClosed())?.differing ?? [];
  expect([before.length, last.length]).toEqual([200, 3]);
  expect(new Set([...before, ...last].map(({ payment }) => payment)).size).toBe(203);
});

describe('nothing is compared, closed or cleared twice', () => {
  test('totals again: no second verdict, also with other totals', async () => {
    await till.pay();
    await till.sendTotals();
    await till.sendTotals({ id: 'again' });
    await till.sendEnd();
    await till.sendTotals({
      id: 'and again',
      totals: { ...till.totals(), domestic: { debitCount: 9, debitFen: 9, creditCount: 0, creditFen: 0 } },
    });
    expect((await till.down('batch-verdict')).map((row) => row.body.verdicts.domestic)).toEqual([1]);
  });

  test('end again: one close, one clearing, one pay-in', async () => {
    await till.pay();
    await till.close();
    await till.sendEnd(0, 'again');
    for (const kind of ['batch-closed', 'batch-cleared', 'funds-received'] as const)
      expect(await till.down(kind)).toHaveLength(1);
  });
});

describe('what does not fit the state of the batch', () => {
  test('totals of a batch that was never opened: 3 for each group, a human must look', async () => {
    await till.sendTotals({ batch: '000777' });
    expect((await till.down('batch-verdict'))[0]?.body).toMatchObject({
      batch: '000777',
      verdicts: { domestic: 3, foreign: 3, codes: 3 },
    });
  });

  test('a record or an end before the compare is rejected', async () => {
    const paid = await till.pay();
    await expect(till.sendRecord(paid)).rejects.toEqual(rejected('BATCH_NOT_COMPARED'));
    await expect(till.sendEnd()).rejects.toEqual(rejected('BATCH_NOT_COMPARED'));
  });

  test('an end that counts more records than came is rejected: a record is in quarantine', async () => {
    host.host.faults.arm({ kind: 'forget-approval' }, 1);
    const paid = await till.pay();
    await till.sendTotals();
    await till.sendRecord(paid);
    await expect(till.sendEnd(2)).rejects.toBeInstanceOf(HostReject);
    expect(await till.down('batch-closed')).toEqual([]);
  });
});

describe('clearing', () => {
  test('at the close: ΣG, ΣF and ΣN over the sales, today in Shanghai, and the channel pays ΣG on the business date', async () => {
    await till.pay({ amountFen: 100_000 });
    await till.pay({ amountFen: 100_100, card: visa });
    await till.newDown();
    await till.close();
    expect(await till.newDown()).toEqual(['batch-verdict', 'batch-closed', 'batch-cleared', 'funds-received']);
    // 380 at 0.38 %, and 601 (600.6) at 0.60 %.
    expect((await till.down('batch-cleared'))[0]?.body).toMatchObject({
      batch: '000001',
      clearingDate: '2026-11-20',
      except: [],
      grossFen: 200_100,
      feeFen: 981,
      netFen: 199_119,
    });
    expect((await till.down('funds-received'))[0]?.body).toMatchObject({
      account: '1101',
      date: businessDate,
      n: 1,
      amountFen: 200_100,
    });
  });

  test('two batches of a day are two pay-ins', async () => {
    await till.pay();
    await till.close();
    await till.signIn();
    till.paid.length = 0;
    await till.pay();
    await till.close();
    expect((await till.down('funds-received')).map((row) => row.body.n)).toEqual([1, 2]);
  });

  test('an empty batch clears with zero and is paid nothing', async () => {
    await till.close();
    expect((await till.down('batch-cleared'))[0]?.body).toMatchObject({ grossFen: 0, feeFen: 0, netFen: 0 });
    expect(await till.down('funds-received')).toEqual([]);
  });

  test('a batch that is closed after midnight is paid on its business date and cleared on the new day', async () => {
    await till.pay();
    host.clock.jump(86_400_000);
    await till.close();
    expect((await till.down('batch-cleared'))[0]?.body.clearingDate).toBe('2026-11-21');
    expect((await till.down('funds-received'))[0]?.body.date).toBe(businessDate);
  });
});

test.each([
  { batch: '000001', next: '000002' },
  { batch: '000099', next: '000100' },
  { batch: '999999', next: '000001' },
])('after batch $batch comes $next', ({ batch, next }) => {
  expect(nextBatchNumber(batch)).toBe(next);
});

test('the number after 999999 is given at the close', async () => {
  const last = await startHost({ firstBatch: '999999' });
  const lastTill = new Till(last);
  await lastTill.signIn();
  await lastTill.close();
  expect((await lastTill.signIn()).batch).toBe('000001');
  await last.stop();
});

test.each(['never', 'manual'] as const)('clearing %s: the close clears nothing', async (clearing) => {
  const other = await startHost({ parameters: { clearing } });
  const otherTill = new Till(other);
  await otherTill.signIn();
  await otherTill.pay();
  await otherTill.close();
  expect(await otherTill.down('batch-closed')).toHaveLength(1);
  expect(await otherTill.down('batch-cleared')).toEqual([]);
  await other.stop();
});
