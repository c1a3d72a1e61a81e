import { describe, expect, test } from 'vitest';
import { freeze } from '../../../sync/host/freezes.ts';
import { ask, completionRequest, preauthRequest, reverse, voidRequest } from './ask-card.ts';
import { hostAndTill } from './host-and-till.ts';
import { sealed, type TestHost, unionpay, visa } from './start-host.ts';
import type { Till } from './till.ts';

let host: TestHost;
let till: Till;
const again = hostAndTill((both) => {
  ({ host, till } = both);
});

/** A sale that is approved, as its request. */
async function sold(amountFen = 10_000) {
  const request = till.saleRequest({ amountFen });
  expect((await till.sale(request))?.code).toBe('00');
  return request;
}

const stateOf = async (payment: string) => (await till.approvals())[payment];
const freezeIt = (payment: string) =>
  host.host.store.transaction().execute((trx) => freeze(host.host, trx, till.ref, { payment, reason: 'TEST' }));

describe('void 撤销', () => {
  test('of an approved sale: 00, the whole amount, and the sale is voided', async () => {
    const sale = await sold();
    const answer = await ask(till, voidRequest(till, 'void', sale));
    expect(answer).toMatchObject({ kind: 'void', code: '00', amountFen: 10_000, approvedFen: 10_000, rate: null });
    expect(await stateOf(sale.payment)).toBe('VOIDED');
  });

  test.each([
    { what: 'of nothing', code: '25', change: { original: 'NOBODY' } },
    { what: 'of another amount', code: '13', change: { amountFen: 9_999 } },
    { what: 'in a batch that is not open', code: '77', change: { batch: '000009' } },
  ])('$what: $code, and the sale stands', async ({ code, change }) => {
    const sale = await sold();
    expect((await ask(till, voidRequest(till, 'void', sale, change)))?.code).toBe(code);
    expect(await stateOf(sale.payment)).toBe('APPROVED');
  });

  test('of a sale that was declined, or reversed: 25', async () => {
    const declined = till.saleRequest({ amountFen: 12_351 });
    await till.sale(declined);
    const reversed = await sold();
    await till.reverse(reversed);
    for (const sale of [declined, reversed])
      expect((await ask(till, voidRequest(till, 'void', sale)))?.code).toBe('25');
  });

  test('of a voided sale: 12', async () => {
    const sale = await sold();
    await ask(till, voidRequest(till, 'void', sale));
    expect((await ask(till, voidRequest(till, 'void', sale)))?.code).toBe('12');
  });

  test('of a sale of an earlier batch: 12', async () => {
    const paid = await till.pay();
    await till.close();
    await till.signIn();
    expect((await ask(till, voidRequest(till, 'void', paid)))?.code).toBe('12');
  });

  test('of a sale whose money is frozen: 59', async () => {
    const sale = await sold();
    await freezeIt(sale.payment);
    expect((await ask(till, voidRequest(till, 'void', sale)))?.code).toBe('59');
  });

  test('with the card presented again: the same one is needed', async () => {
    const sale = await sold();
    const other = voidRequest(till, 'void', sale);
    expect((await ask(till, { ...other, card: sealed(visa, other.payment) }))?.code).toBe('14');
    const same = voidRequest(till, 'void', sale);
    expect((await ask(till, { ...same, card: sealed(unionpay, same.payment) }))?.code).toBe('00');
  });

  test('asked again, the same is answered; with another original, 94', async () => {
    const [sale, other] = [await sold(), await sold()];
    const request = voidRequest(till, 'void', sale);
    const first = await ask(till, request);
    expect(await ask(till, request)).toEqual(first);
    expect((await ask(till, { ...request, original: other.payment }))?.code).toBe('94');
    expect(await stateOf(other.payment)).toBe('APPROVED');
  });

  test('under the number of a sale: 94', async () => {
    const sale = await sold();
    expect((await ask(till, voidRequest(till, 'void', sale, { payment: sale.payment })))?.code).toBe('94');
    expect(await stateOf(sale.payment)).toBe('APPROVED');
  });

  test('reversed: 00, the sale stands again and may be voided anew', async () => {
    const sale = await sold();
    const request = voidRequest(till, 'void', sale);
    await ask(till, request);
    expect(await reverse(till, request, 'void')).toBe('00');
    expect(await stateOf(sale.payment)).toBe('APPROVED');
    expect((await ask(till, voidRequest(till, 'void', sale)))?.code).toBe('00');
  });

  test('reversed before it arrives: 25, and it is declined for ever', async () => {
    const sale = await sold();
    const request = voidRequest(till, 'void', sale);
    expect(await reverse(till, request, 'void')).toBe('25');
    expect((await ask(till, request))?.code).toBe('94');
    expect(await stateOf(sale.payment)).toBe('APPROVED');
  });

  test('a voided sale can not be reversed any more: 96', async () => {
    const sale = await sold();
    await ask(till, voidRequest(till, 'void', sale));
    expect((await till.reverse(sale))?.code).toBe('96');
  });

  test('a reversal that names another kind: 96', async () => {
    const sale = await sold();
    expect(await reverse(till, sale, 'void')).toBe('96');
  });
});

describe('pre-authorisation 预授权 and its completion', () => {
  async function held(amountFen = 10_000) {
    const request = preauthRequest(till, amountFen);
    expect((await ask(till, request))?.code).toBe('00');
    return request;
  }

  test('holds for thirty days, and counts in nothing', async () => {
    const answer = await ask(till, preauthRequest(till));
    const days = answer?.kind === 'preauth' ? ((answer.validUntil ?? 0) - host.clock.now()) / 86_400_000 : 0;
    expect(days).toBe(30);
    expect(answer).toMatchObject({ code: '00', rate: null, cleared: false });
    await till.sendTotals();
    expect((await till.down('batch-verdict'))[0]?.body.hostTotals.domestic.debitCount).toBe(0);
  });

  test.each([
    { heldFen: 10_000, askedFen: 11_500, code: '00' },
    { heldFen: 10_000, askedFen: 11_502, code: '61' },
    { heldFen: 10_000, askedFen: 100, code: '00' },
    { heldFen: 333, askedFen: 382, code: '00' }, // 382.95
    { heldFen: 333, askedFen: 383, code: '61' },
  ])('at most 115 %: $askedFen of $heldFen is $code', async ({ heldFen, askedFen, code }) => {
    const hold = await held(heldFen);
    expect((await ask(till, completionRequest(till, hold.payment, askedFen)))?.code).toBe(code);
  });

  test('takes the money once, with a fee rate', async () => {
    const hold = await held();
    const answer = await ask(till, completionRequest(till, hold.payment, 9_000));
    expect(answer).toMatchObject({ code: '00', approvedFen: 9_000, rate: { id: 'card-6000' } });
    expect(await stateOf(hold.payment)).toBe('COMPLETED');
    expect((await ask(till, completionRequest(till, hold.payment, 900)))?.code).toBe('12');
  });

  test('by authorisation code and card, where the terminal does not know the number', async () => {
    const request = preauthRequest(till);
    const { authCode } = (await ask(till, request)) ?? {};
    const withCard = (card: typeof unionpay) => {
      const completion = completionRequest(till, null, 9_000, { authCode: authCode ?? '' });
      return { ...completion, card: sealed(card, completion.payment) };
    };
    expect((await ask(till, withCard(visa)))?.code).toBe('25');
    expect((await ask(till, withCard(unionpay)))?.code).toBe('00');
  });

  test('after its validity: neither completed nor voided', async () => {
    const hold = await held();
    host.clock.jump(30 * 86_400_000);
    expect((await ask(till, completionRequest(till, hold.payment, 9_000)))?.code).toBe('12');
    expect((await ask(till, voidRequest(till, 'preauth-void', hold)))?.code).toBe('12');
  });

  test('voided: nothing is held any more', async () => {
    const hold = await held();
    const request = voidRequest(till, 'preauth-void', hold);
    expect((await ask(till, request))?.code).toBe('00');
    expect((await ask(till, completionRequest(till, hold.payment, 9_000)))?.code).toBe('12');
    expect(await reverse(till, request, 'preauth-void')).toBe('00');
    expect((await ask(till, completionRequest(till, hold.payment, 9_000)))?.code).toBe('00');
  });

  test('a completion reversed, or voided: the hold is there again', async () => {
    const hold = await held();
    const first = completionRequest(till, hold.payment, 9_000);
    await ask(till, first);
    expect(await reverse(till, first, 'completion')).toBe('00');
    expect(await stateOf(hold.payment)).toBe('APPROVED');

    const second = completionRequest(till, hold.payment, 8_000);
    await ask(till, second);
    const voiding = voidRequest(till, 'completion-void', second);
    expect((await ask(till, voiding))?.code).toBe('00');
    expect(await stateOf(hold.payment)).toBe('APPROVED');
    expect(await reverse(till, voiding, 'completion-void')).toBe('00');
    expect([await stateOf(second.payment), await stateOf(hold.payment)]).toEqual(['APPROVED', 'COMPLETED']);
  });

  test.each([
    ['void', 'preauth'],
    ['preauth-void', 'sale'],
    ['completion-void', 'sale'],
  ] as const)('a %s of a %s: 12', async (kind, of) => {
    const original = of === 'preauth' ? await held() : await sold();
    expect((await ask(till, voidRequest(till, kind, original)))?.code).toBe('12');
  });
});

describe('partial approval and discount', () => {
  test('…10: half is approved with code 10, and booked', async () => {
    const request = till.saleRequest({ amountFen: 12_310 });
    expect(await till.sale(request)).toMatchObject({
      code: '10',
      amountFen: 12_310,
      approvedFen: 6_155,
      discountFen: 0,
    });
    await till.sendTotals();
    expect((await till.down('batch-verdict'))[0]?.body.hostTotals.domestic.debitFen).toBe(6_155);
  });

  test('…10: not wanted after all, it is reversed by the amount that was asked', async () => {
    const request = till.saleRequest({ amountFen: 12_310 });
    await till.sale(request);
    expect((await till.reverse(request))?.code).toBe('00');
  });

  test('…11: a tenth is paid by a promoter; the fee is on the rest', async () => {
    const request = till.saleRequest({ amountFen: 100_011, entry: 'MAG' });
    expect(await till.sale(request)).toMatchObject({ code: '00', approvedFen: 100_011, discountFen: 10_001 });
    const row = await host.host.store.selectFrom('approvals').selectAll().executeTakeFirstOrThrow();
    // 90010 at 0.60 %: 540.06.
    expect(row).toMatchObject({ amount_fen: 90_010, discount_fen: 10_001, fee_fen: 540 });
  });

  test('the discount brings a contactless sale under the limit of its rate', async () => {
    await again({ parameters: { 'host.discountBps': 500, 'host.discountFromFen': 100_000 } });
    expect(await till.sale(till.saleRequest({ amountFen: 105_000 }))).toMatchObject({
      discountFen: 5_250,
      rate: { id: 'contactless-3800' },
    });
    expect(await till.sale(till.saleRequest({ amountFen: 99_900 }))).toMatchObject({ discountFen: 0 });
  });
});

describe('verification of the customer (B-023)', () => {
  const tell = async (otp: string | undefined, request = till.saleRequest({ amountFen: 12_308 })) => ({
    request,
    answer: await till.sale({ ...request, ...(otp !== undefined && { otp }) }),
  });

  test('…08: the code is sent, nothing is booked; with the code the same request is approved', async () => {
    const { request, answer } = await tell(undefined);
    expect(answer).toMatchObject({
      code: '1A',
      approvedFen: 0,
      verification: { by: 'sms', to: '138****5678', triesLeft: 3, problem: null },
    });
    expect(await till.approvals()).toEqual({});
    const approved = (await tell('246810', request)).answer;
    expect(approved).toMatchObject({ code: '00', verification: null });
    expect((await tell('999999', request)).answer).toEqual(approved);
  });

  test('a wrong code: asked again, one try less; the last one: 63 for ever', async () => {
    const { request } = await tell(undefined);
    const left: (number | undefined)[] = [];
    for (const otp of ['000000', '111111']) {
      const { answer } = await tell(otp, request);
      expect(answer).toMatchObject({ code: '1A', verification: { problem: 'OTP_WRONG' } });
      left.push(answer?.verification?.triesLeft);
    }
    expect(left).toEqual([2, 1]);
    expect((await tell('222222', request)).answer?.code).toBe('63');
    expect((await tell('246810', request)).answer?.code).toBe('63');
  });

  test('an old code: OTP_EXPIRED, until it is sent again', async () => {
    const { request } = await tell(undefined);
    host.clock.jump(300_000);
    expect((await tell('246810', request)).answer?.verification?.problem).toBe('OTP_EXPIRED');
    const { payment, stan } = request;
    const send = { kind: 'otp-send', payment, stan } as const;
    expect(await till.ask('send', send)).toMatchObject({ code: '00', verification: { triesLeft: 3 } });
    expect((await tell('246810', request)).answer?.code).toBe('00');
    expect(await till.ask('send', send)).toMatchObject({ code: '25', verification: null });
  });

  test('given up: its reversal finds nothing and bars it', async () => {
    const { request } = await tell(undefined);
    expect((await till.reverse(request))?.code).toBe('25');
    expect((await tell('246810', request)).answer?.code).toBe('94');
  });

  test.each([
    { amountFen: 50_000, code: '1A' },
    { amountFen: 49_900, code: '00' },
  ])('above an amount, by WeChat: $amountFen is $code', async ({ amountFen, code }) => {
    await again({ parameters: { 'verify.fromFen': 50_000, 'verify.by': 'wechat' } });
    const answer = await till.sale(till.saleRequest({ amountFen }));
    expect(answer).toMatchObject({ code, ...(code === '1A' && { verification: { by: 'wechat' } }) });
  });
});

describe('what is asked and not kept', () => {
  test.each([
    { what: 'a good card', card: unionpay, code: '00', balanceFen: 123_456 },
    { what: 'an expired card', card: { ...unionpay, expiry: '2001' }, code: '54', balanceFen: null },
  ])('balance of $what: $code', async ({ card, code, balanceFen }) => {
    const { payment, stan } = till.next();
    const asked = {
      kind: 'balance',
      payment,
      stan,
      operator: '01',
      entry: 'MAG',
      card: sealed(card, payment),
    } as const;
    expect(await till.ask('balance', asked)).toEqual({ kind: 'balance', payment, stan, code, balanceFen });
    expect(await till.approvals()).toEqual({});
  });

  test('sign-off: 12 with a sale in the open batch, 00 after the close and with an empty batch', async () => {
    const off = async () => {
      const answer = await till.ask('off', {
        kind: 'sign-off',
        stan: till.next().stan,
        operator: '01',
        batch: till.batch,
      });
      return answer?.kind === 'sign-off' ? answer.code : null;
    };
    expect(await off()).toBe('00');
    await till.pay();
    expect(await off()).toBe('12');
    await till.close();
    expect(await off()).toBe('00');
  });

  test('find-original: by number, or by reference number and day; 25 for what is not there', async () => {
    const sale = till.saleRequest({ amountFen: 20_000 });
    const rrn = (await till.sale(sale))?.rrn ?? '';
    const find = async (change: { number?: string; rrn?: string; date?: string }) => {
      const asked = { kind: 'find-original', stan: '000900', number: null, rrn: null, date: null, ...change } as const;
      const answer = await till.ask('find', asked);
      return answer?.kind === 'find-original' ? (answer.original?.payment ?? answer.code) : null;
    };
    expect(await find({ number: sale.payment })).toBe(sale.payment);
    expect(await find({ rrn, date: '2026-11-20' })).toBe(sale.payment);
    expect(await find({ rrn, date: '2026-11-21' })).toBe('25');
    expect(await find({ rrn })).toBe('25');
    expect(await find({ number: 'NOBODY' })).toBe('25');
  });
});

test.each(['void', 'preauth', 'completion', 'sale'] as const)(
  'fault decline: the next %s is declined, once',
  async (of) => {
    host.host.faults.arm({ kind: 'decline', of, code: '91' }, 1);
    const sale = till.saleRequest();
    const first = of === 'sale' ? await till.sale(sale) : ((await till.sale(sale)) ?? null);
    if (of === 'sale') expect(first?.code).toBe('91');
    else {
      const request =
        of === 'preauth'
          ? preauthRequest(till)
          : of === 'void'
            ? voidRequest(till, 'void', sale)
            : completionRequest(till, 'NOBODY', 100);
      expect((await ask(till, request))?.code).toBe('91');
    }
  },
);
