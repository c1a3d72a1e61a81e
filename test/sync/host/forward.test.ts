import { describe, expect, test } from 'vitest';
import { ask, completionRequest, preauthRequest, voidRequest } from './ask-card.ts';
import { hostAndTill } from './host-and-till.ts';
import { saleJournal } from './journals.ts';
import { sealed, type TestHost, unionpay } from './start-host.ts';
import type { Till } from './till.ts';

let host: TestHost;
let till: Till;
const again = hostAndTill(
  (both) => {
    ({ host, till } = both);
  },
  { parameters: { 'offline.enabled': true } },
);

interface Stored {
  readonly amountFen?: number;
  readonly card?: typeof unionpay;
  readonly batch?: string;
  readonly ageHours?: number;
  readonly no?: string;
}

async function store({ amountFen = 10_000, card = unionpay, batch = till.batch, ageHours = 0, no }: Stored = {}) {
  const { payment, stan } = till.next();
  const number = no ?? payment;
  const facts = {
    batch,
    stan,
    amountFen,
    entry: 'CHIP',
    card: '622202*********5665',
    sealed: sealed(card, number),
    mcc: null,
  } as const;
  const at = host.clock.now() - ageHours * 3_600_000;
  await till.up({
    kind: 'store-sale',
    id: `${number}:${stan}`,
    body: { no: number, at, by: '01', facts, journals: [] },
  });
  return { payment: number, amountFen };
}

const last = async (kind: 'stored-sale-result' | 'advice-result') => (await till.down(kind)).at(-1)?.body;
const differs = async () => (await till.down('mirror-differs')).map(({ body }) => body.account);

describe('offline sales', () => {
  test('accepted, with group and rate; then J-01 may be posted, once, and it counts', async () => {
    const { payment } = await store();
    expect(await last('stored-sale-result')).toMatchObject({
      no: payment,
      outcome: 'accepted',
      code: '00',
      group: 'domestic',
      rate: { id: 'card-6000' },
    });
    await till.post('stored-sale-result', saleJournal(payment, 10_000));
    expect(await differs()).toEqual([]);
    await till.sendTotals();
    expect((await till.down('batch-verdict'))[0]?.body.hostTotals.domestic).toMatchObject({
      debitCount: 1,
      debitFen: 10_000,
    });
  });

  test.each([
    {
      what: 'over the limit',
      given: { amountFen: 20_001 },
      code: '57',
      reason: 'OFFLINE_NOT_ALLOWED',
      limit: 'offline.maxFen',
    },
    {
      what: 'too old',
      given: { ageHours: 25 },
      code: '57',
      reason: 'OFFLINE_NOT_ALLOWED',
      limit: 'offline.maxAgeHours',
    },
    { what: 'an expired card', given: { card: { ...unionpay, expiry: '2001' } }, code: '54', reason: 'CODE_54' },
    { what: 'declined by its amount', given: { amountFen: 10_051 }, code: '51', reason: 'CODE_51' },
    { what: 'of a batch that is not open', given: { batch: '000009' }, code: '77', reason: 'CODE_77' },
  ])('$what: refused with $code, and J-01 is a difference', async ({ given, code, reason, limit }) => {
    const { payment, amountFen } = await store(given);
    const result = await last('stored-sale-result');
    expect([result?.outcome, result?.code, result?.reason, result?.limit?.name]).toEqual([
      'refused',
      code,
      reason,
      limit,
    ]);
    await till.post('stored-sale-result', saleJournal(payment, amountFen));
    expect(await differs()).toHaveLength(2);
  });

  test('switched off: refused', async () => {
    await again({ parameters: {} });
    await store();
    expect(await last('stored-sale-result')).toMatchObject({ outcome: 'refused', limit: { name: 'offline.enabled' } });
  });

  test('the same number again is one sale', async () => {
    const { payment } = await store();
    await expect(store({ no: payment, amountFen: 1 })).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    expect(await till.down('stored-sale-result')).toHaveLength(1);
  });

  test('accepted, it may be voided like any other sale', async () => {
    const stored = await store();
    expect((await ask(till, voidRequest(till, 'void', stored)))?.code).toBe('00');
  });
});

describe('completions by advice', () => {
  async function advise(original: string, amountFen: number) {
    const { payment, stan } = till.next();
    const facts = {
      batch: till.batch,
      stan,
      amountFen,
      entry: 'MAG',
      card: '622202*********5665',
      original,
      authCode: null,
      mcc: null,
    } as const;
    await till.up({
      kind: 'complete-by-advice',
      id: payment,
      body: { no: payment, at: 1, by: '01', facts, journals: [] },
    });
    return { payment, amountFen };
  }

  test.each([
    { amountFen: 11_500, outcome: 'accepted', code: '00' },
    { amountFen: 11_502, outcome: 'refused', code: '61' },
  ])('$amountFen of 10000 held: $outcome', async ({ amountFen, outcome, code }) => {
    const hold = preauthRequest(till);
    await ask(till, hold);
    await advise(hold.payment, amountFen);
    expect(await last('advice-result')).toMatchObject({ outcome, code });
  });

  test('once, and not voided: an advice stands', async () => {
    const hold = preauthRequest(till);
    await ask(till, hold);
    const first = await advise(hold.payment, 9_000);
    await advise(hold.payment, 1_000);
    expect(await last('advice-result')).toMatchObject({ outcome: 'refused', code: '12' });
    expect((await ask(till, completionRequest(till, hold.payment, 1_000)))?.code).toBe('12');
    expect((await ask(till, voidRequest(till, 'completion-void', first)))?.code).toBe('12');
  });

  test('a tester’s refusal', async () => {
    host.host.faults.arm({ kind: 'forward-refuse', code: '05' }, 1);
    await advise('NOBODY', 100);
    expect(await last('advice-result')).toMatchObject({ outcome: 'refused', code: '05' });
  });
});
