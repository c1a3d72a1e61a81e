import { expect, test } from 'vitest';
import { hostAndTill } from './host-and-till.ts';
import type { TestHost } from './start-host.ts';
import type { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill((both) => {
  ({ host, till } = both);
});

test('an approval is given back: 00, and its totals are empty again', async () => {
  const request = till.saleRequest();
  await till.sale(request);
  expect((await till.reverse(request))?.code).toBe('00');
  expect(await till.approvals()).toEqual({ [request.payment]: 'REVERSED' });
  await till.sendTotals();
  expect((await till.down('batch-verdict'))[0]?.body).toMatchObject({
    verdicts: { domestic: 1 },
    hostTotals: { domestic: { debitCount: 0, debitFen: 0 } },
  });
});

test('asked again, the same is answered', async () => {
  const approved = till.saleRequest();
  await till.sale(approved);
  const unknown = till.saleRequest();
  for (const [request, code] of [
    [approved, '00'],
    [unknown, '25'],
  ] as const) {
    expect((await till.reverse(request))?.code).toBe(code);
    expect((await till.reverse(request))?.code).toBe(code);
  }
});

test('no original: 25, and the sale that arrives later is declined for ever', async () => {
  const request = till.saleRequest();
  expect((await till.reverse(request))?.code).toBe('25');
  expect((await till.sale(request))?.code).toBe('94');
  expect((await till.reverse(request))?.code).toBe('25');
  expect((await till.sale(request))?.code).toBe('94');
  expect(await till.approvals()).toEqual({ [request.payment]: 'DECLINED' });
});

test('a declined sale has no original: 25', async () => {
  const request = till.saleRequest({ amountFen: 12_351 });
  await till.sale(request);
  expect((await till.reverse(request))?.code).toBe('25');
});

test('an approval that the host forgot has no original: 25', async () => {
  host.host.faults.arm({ kind: 'forget-approval' }, 1);
  const request = till.saleRequest();
  expect((await till.sale(request))?.code).toBe('00');
  expect((await till.reverse(request))?.code).toBe('25');
});

test('of another amount: 96, which ends nothing, and the approval stays', async () => {
  const request = till.saleRequest();
  await till.sale(request);
  expect((await till.reverse(request, { amountFen: 1 }))?.code).toBe('96');
  expect(await till.approvals()).toEqual({ [request.payment]: 'APPROVED' });
  expect((await till.reverse(request))?.code).toBe('00');
});

test('after the totals were compared: 96, the compare is not undone', async () => {
  const request = till.saleRequest();
  await till.sale(request);
  await till.sendTotals();
  expect((await till.reverse(request))?.code).toBe('96');
});
