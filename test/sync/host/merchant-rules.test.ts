import { afterEach, describe, expect, test } from 'vitest';
import type { HostParameters } from '../../../sync/host/parameters.ts';
import type { CodeOpenRequest } from '../../../sync/protocol/code-requests.ts';
import { ask, completionRequest, preauthRequest, voidRequest } from './ask-card.ts';
import { sealed, startHost, type TestHost, unionpay } from './start-host.ts';
import { Till } from './till.ts';

/** What the host itself keeps of a merchant's rules, whatever its terminals do: category, instruments, offline limits, the card and PIN of a void. */

let host: TestHost;
let till: Till;
afterEach(() => host.stop());

async function begin(parameters: Partial<HostParameters> = {}): Promise<void> {
  host = await startHost({ parameters });
  till = new Till(host);
  await till.signIn();
}

const codeOpen = (change: Partial<CodeOpenRequest>): CodeOpenRequest => ({
  kind: 'code-open',
  ...till.next(),
  batch: till.batch,
  operator: '01',
  amountFen: 10_000,
  way: 'merchant-shows',
  instrument: 'QR_ALIPAY',
  code: null,
  ...change,
});

async function openCode(change: Partial<CodeOpenRequest>): Promise<string> {
  const answer = await till.ask('code', codeOpen(change));
  return answer && 'code' in answer ? answer.code : 'none';
}

async function store(change: { amountFen?: number; mcc?: string; at?: number } = {}) {
  const { payment, stan } = till.next();
  const { amountFen = 10_000, mcc = null, at = host.clock.now() } = change;
  const facts = {
    batch: till.batch,
    stan,
    amountFen,
    entry: 'CHIP',
    card: '622202*********5665',
    sealed: sealed(unionpay, payment),
    mcc,
  } as const;
  await till.up({ kind: 'store-sale', id: payment, body: { no: payment, at, by: '01', facts, journals: [] } });
  const result = (await till.down('stored-sale-result')).at(-1)?.body;
  return { outcome: result?.outcome, code: result?.code, reason: result?.reason, limit: result?.limit };
}

describe('E-073: a transaction with another category than the registered one', () => {
  test('is declined with 03; with the right one, or from a terminal that knows none, it is not', async () => {
    await begin();
    const sale = async (mcc?: string) => (await till.sale({ ...till.saleRequest(), ...(mcc && { mcc }) }))?.code;
    expect([await sale('5812'), await sale('5411'), await sale()]).toEqual(['03', '00', '00']);
    expect((await ask(till, { ...preauthRequest(till), mcc: '5812' }))?.code).toBe('03');
    expect((await ask(till, { ...completionRequest(till, 'NONE', 100), mcc: '5812' }))?.code).toBe('03');
    expect([await openCode({ mcc: '5812' }), await openCode({ mcc: '5411' })]).toEqual(['03', '00']);
  });

  test('told of an offline sale, it refuses it by name', async () => {
    await begin({ 'offline.enabled': true });
    expect(await store({ mcc: '5812' })).toMatchObject({ outcome: 'refused', code: '03', reason: 'MCC_MISMATCH' });
    expect(await store({ mcc: '5411' })).toMatchObject({ outcome: 'accepted' });
  });
});

describe('B-018: an instrument that is switched off', () => {
  test('58 for cards and codes; INSTRUMENT_NOT_SUPPORTED for what was taken offline', async () => {
    await begin({
      'offline.enabled': true,
      'instrument.CONTACTLESS': false,
      'instrument.CHIP': false,
      'instrument.QR_ALIPAY': false,
    });
    expect((await till.sale(till.saleRequest()))?.code).toBe('58');
    expect((await till.sale(till.saleRequest({ entry: 'MAG' })))?.code).toBe('00');
    expect(await openCode({})).toBe('58');
    const { payment, stan } = till.next();
    const code = sealed({ ...unionpay, pan: '281234567890123456' }, payment);
    expect(await openCode({ payment, stan, way: 'customer-shows', instrument: null, code })).toBe('58');
    expect(await openCode({ instrument: 'QR_WECHAT' })).toBe('00');
    expect(await store()).toMatchObject({ outcome: 'refused', code: '58', reason: 'INSTRUMENT_NOT_SUPPORTED' });
  });
});

describe('the limits of offline sales at their forwarding', () => {
  const refused = (name: string, used: number, limit: number) => ({
    outcome: 'refused',
    code: '57',
    reason: 'OFFLINE_NOT_ALLOWED',
    limit: { name, used, limit, who: 'merchant' },
  });

  test('too many at once: those that waited when it was made are counted, also the refused ones', async () => {
    await begin({ 'offline.enabled': true, 'offline.maxCount': 2 });
    const madeAt = host.clock.now();
    await host.clock.advance(60_000);
    expect(await store({ at: madeAt, amountFen: 30_000 })).toMatchObject({ outcome: 'refused' });
    expect(await store({ at: madeAt + 1 })).toMatchObject({ outcome: 'accepted' });
    expect(await store({ at: madeAt + 2 })).toEqual(refused('offline.maxCount', 3, 2));
    await host.clock.advance(60_000);
    expect(await store()).toMatchObject({ outcome: 'accepted' });
  });

  test('too much in all', async () => {
    await begin({ 'offline.enabled': true, 'offline.maxTotalFen': 25_000 });
    const madeAt = host.clock.now();
    await host.clock.advance(60_000);
    expect(await store({ at: madeAt })).toMatchObject({ outcome: 'accepted' });
    expect(await store({ at: madeAt, amountFen: 15_000 })).toMatchObject({ outcome: 'accepted' });
    expect(await store({ at: madeAt, amountFen: 100 })).toEqual(refused('offline.maxTotalFen', 25_100, 25_000));
  });

  test('too much at once, and too old', async () => {
    await begin({ 'offline.enabled': true });
    expect(await store({ amountFen: 20_001 })).toEqual(refused('offline.maxFen', 20_001, 20_000));
    expect(await store({ at: host.clock.now() - 25 * 3_600_000 })).toEqual(refused('offline.maxAgeHours', 25, 24));
  });
});

test('the card of a void: another number 14, a wrong PIN 55, and the void may be asked for again', async () => {
  await begin();
  const sold = await till.pay();
  const undo = async (card: typeof unionpay) => {
    const request = voidRequest(till, 'void', sold);
    return (await ask(till, { ...request, card: sealed(card, request.payment) }))?.code;
  };
  expect(await undo({ ...unionpay, pan: '6222021122334455673' })).toBe('14');
  const pin = { block: '0123456789ABCDEF', ksn: 'FFFF9876543210E00001' };
  expect(await undo({ ...unionpay, pin })).toBe('55');
  expect(await undo(unionpay)).toBe('00');
});
