import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { amountTable } from '../../../sync/host/amount-table.ts';
import { hostAndTill } from './host-and-till.ts';
import { type TestHost, unionpay, visa } from './start-host.ts';
import { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill((both) => {
  ({ host, till } = both);
});

describe('the amount table of shared/faces.md', () => {
  test('has exactly the endings that are promised', () => {
    const promised = '00 01 03 04 05 08 10 11 13 14 30 41 43 51 54 55 57 58 59 61 65 68 75 77 91 94 96 98 99';
    expect(amountTable.map((row) => row.ending).join(' ')).toBe(promised);
    expect(amountTable.every((row) => row.zh !== '' && row.en !== '')).toBe(true);
  });

  const declines = amountTable.filter((row) => row.rule.does === 'decline').map((row) => row.ending);
  test.each(declines)('…%s is declined with that code and books nothing', async (ending) => {
    const request = till.saleRequest({ amountFen: 12_300 + Number(ending) });
    const answer = await till.sale(request);
    expect(answer).toMatchObject({ code: ending, stan: request.stan, authCode: null, rate: null });
    expect(await till.approvals()).toEqual({ [request.payment]: 'DECLINED' });
  });

  test.each([12_300, 12_302, 12_388, 7, 100])('%s fen is approved', async (amountFen) => {
    const answer = await till.sale(till.saleRequest({ amountFen }));
    expect(answer).toMatchObject({ code: '00', amountFen, cleared: false });
    expect(answer?.rrn).toMatch(/^1120\d{8}$/);
    expect(answer?.authCode).toMatch(/^\d{6}$/);
  });

  test('…98 is neither answered nor booked: its reversal finds nothing', async () => {
    const request = till.saleRequest({ amountFen: 12_398 });
    expect(await till.sale(request)).toBeNull();
    expect(await till.approvals()).toEqual({});
    expect((await till.reverse(request))?.code).toBe('25');
  });

  test('…99 is booked and never answered: its reversal finds it', async () => {
    const request = till.saleRequest({ amountFen: 12_399 });
    expect(await till.sale(request)).toBeNull();
    expect(await till.sale(request)).toBeNull();
    expect(await till.approvals()).toEqual({ [request.payment]: 'APPROVED' });
    expect((await till.reverse(request))?.code).toBe('00');
  });

  test('…68 is booked at once and answered after 40 s, also when it is asked again', async () => {
    const request = till.saleRequest({ amountFen: 12_368 });
    const codes: string[] = [];
    const asked = [till.sale(request).then((a) => codes.push(a?.code ?? 'none'))];
    await host.clock.advance(10_000);
    asked.push(till.sale(request).then((a) => codes.push(a?.code ?? 'none')));
    await host.clock.advance(29_999);
    expect(codes).toEqual([]);
    expect(await till.approvals()).toEqual({ [request.payment]: 'APPROVED' });
    await host.clock.advance(1);
    await Promise.all(asked);
    expect(codes).toEqual(['00', '00']);
  });
});

describe('checks come before the amount', () => {
  test.each([
    { what: 'another batch', code: '77', change: { batch: '000002' } },
    { what: 'a card number that is none', code: '14', change: { card: { ...visa, pan: '4111111111111112' } } },
    { what: 'an expired card', code: '54', change: { card: { ...visa, expiry: '2610' } } },
    { what: 'an amount over the limit', code: '61', change: { amountFen: 1_000_000_000 } },
  ])('$what: $code', async ({ code, change }) => {
    expect((await till.sale(till.saleRequest({ amountFen: 12_351, ...change })))?.code).toBe(code);
  });

  test('a card block of another payment does not open: 14', async () => {
    const stolen = till.saleRequest();
    expect((await till.sale({ ...till.saleRequest(), card: stolen.card }))?.code).toBe('14');
  });

  test('a terminal that is not registered gets no answer', async () => {
    const stranger = new Till(host, { merchant: till.ref.merchant, terminal: '00000009' });
    expect(await stranger.sale(stranger.saleRequest())).toBeNull();
  });

  test('a batch whose totals are frozen takes no sale: 77', async () => {
    await till.pay();
    await till.sendTotals();
    expect((await till.sale(till.saleRequest()))?.code).toBe('77');
  });
});

describe('what an approval says', () => {
  test.each([
    { what: 'a UnionPay card', card: unionpay, group: 'domestic', issuer: '中国银联' },
    { what: 'a foreign card', card: visa, group: 'foreign', issuer: 'VISA' },
  ])('$what is $group', async ({ card, group, issuer }) => {
    expect(await till.sale(till.saleRequest({ card }))).toMatchObject({ group, issuer });
  });

  test.each([
    { entry: 'CONTACTLESS', amountFen: 100_000, rate: { id: 'contactless-3800', ppm: 3800, capFen: null } },
    { entry: 'CONTACTLESS', amountFen: 100_100, rate: { id: 'card-6000', ppm: 6000, capFen: null } },
    { entry: 'MAG', amountFen: 100_000, rate: { id: 'card-6000', ppm: 6000, capFen: null } },
  ] as const)('E-070…E-072: $entry of $amountFen fen gets $rate.id', async ({ entry, amountFen, rate }) => {
    expect((await till.sale(till.saleRequest({ entry, amountFen })))?.rate).toEqual(rate);
  });
});

describe('idempotency', () => {
  test('asked again, the same is answered and nothing is booked twice', async () => {
    const request = till.saleRequest();
    const first = await till.sale(request);
    const again = { ...request, card: till.saleRequest({ payment: request.payment }).card };
    expect(await till.sale(again)).toEqual(first);
    expect(Object.keys(await till.approvals())).toEqual([request.payment]);
  });

  test('a decline is answered again as it was', async () => {
    const request = till.saleRequest({ amountFen: 12_351 });
    const first = await till.sale(request);
    expect(await till.sale(request)).toEqual(first);
  });

  test('the same number with another amount is a duplicate: 94, and what was approved stays', async () => {
    const request = till.saleRequest();
    await till.sale(request);
    expect((await till.sale({ ...request, amountFen: 20_000 }))?.code).toBe('94');
    expect(await till.approvals()).toEqual({ [request.payment]: 'APPROVED' });
  });

  test('two questions at once are one approval with one reference number', async () => {
    const request = till.saleRequest();
    const [a, b] = await Promise.all([till.sale(request), till.sale(request)]);
    expect(a).toEqual(b);
    expect(a?.code).toBe('00');
  });
});

test('card data is nowhere in the files of the host', async () => {
  const canary = { ...unionpay, track2: `${unionpay.pan}=30121019999`, emv: { '5F20': 'CANARYNAME' } };
  expect((await till.sale(till.saleRequest({ card: canary })))?.code).toBe('00');
  await till.sale(till.saleRequest({ card: canary, amountFen: 12_351 }));
  for (const file of ['host.db', 'host.db-wal']) {
    const bytes = readFileSync(join(host.folder, file)).toString('latin1');
    expect(bytes.includes('2021122334455')).toBe(false);
    expect(bytes.includes('CANARYNAME')).toBe(false);
  }
});

describe('faults for testers', () => {
  test('drop-answer: booked, not answered once; asked again it is answered', async () => {
    host.host.faults.arm({ kind: 'drop-answer', of: 'sale' }, 1);
    const request = till.saleRequest();
    expect(await till.sale(request)).toBeNull();
    expect((await till.sale(request))?.code).toBe('00');
  });

  test('delay-answer: answered so much later', async () => {
    host.host.faults.arm({ kind: 'delay-answer', of: 'sale', ms: 500 }, 1);
    const answer = till.sale(till.saleRequest());
    await host.clock.advance(500);
    expect((await answer)?.code).toBe('00');
  });

  test('silence: nothing is heard, so nothing is booked, until it is over', async () => {
    host.host.faults.silence(host.clock.now() + 1000);
    const request = till.saleRequest();
    expect(await till.sale(request)).toBeNull();
    expect(await till.approvals()).toEqual({});
    await host.clock.advance(1000);
    expect((await till.sale(request))?.code).toBe('00');
  });

  test('reset: nothing stays armed', async () => {
    host.host.faults.arm({ kind: 'drop-answer', of: 'sale' }, 5);
    host.host.faults.silence(host.clock.now() + 60_000);
    host.host.faults.reset();
    expect((await till.sale(till.saleRequest()))?.code).toBe('00');
  });

  test('stopping drops an answer that is held back', async () => {
    const answer = till.sale(till.saleRequest({ amountFen: 12_368 }));
    await host.clock.advance(1);
    await host.upstream.stop();
    expect(await answer).toBeNull();
  });
});
