import { describe, expect, test } from 'vitest';
import { walletTable } from '../../../sync/host/amount-table.ts';
import { customerDecides } from '../../../sync/host/order-life.ts';
import type { CodeAnswer, CodeOpenRequest } from '../../../sync/protocol/code-requests.ts';
import { hostAndTill } from './host-and-till.ts';
import { sealed, type TestHost, unionpay } from './start-host.ts';
import type { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill((both) => {
  ({ host, till } = both);
});

const texts = { QR_WECHAT: '134567890123456789', QR_ALIPAY: '2812345678901234', QR_UNIONPAY: '6212345678901234567' };

function scanned(amountFen: number, text = texts.QR_WECHAT): CodeOpenRequest {
  const { payment, stan } = till.next();
  const base = { kind: 'code-open', payment, stan, batch: till.batch, operator: '01', amountFen } as const;
  return { ...base, way: 'customer-shows', instrument: null, code: sealed({ ...unionpay, pan: text }, payment) };
}

const shown = (amountFen: number): CodeOpenRequest => ({
  ...scanned(amountFen),
  way: 'merchant-shows',
  instrument: 'QR_ALIPAY',
  code: null,
});

async function say(
  request: CodeOpenRequest | { kind: 'code-query' | 'code-close'; of: CodeOpenRequest },
): Promise<CodeAnswer | null> {
  const of = 'of' in request ? request.of : request;
  const { payment, stan, batch } = of;
  const asked =
    request.kind === 'code-open'
      ? request
      : request.kind === 'code-query'
        ? ({ kind: 'code-query', payment, stan } as const)
        : ({ kind: 'code-close', payment, stan, batch, reason: 'TEST' } as const);
  const answer = await till.ask(`${payment}:${asked.kind}:${stan}`, asked);
  if (answer !== null && !('codeUrl' in answer)) throw new Error('another kind of answer');
  return answer;
}

const query = async (of: CodeOpenRequest) => (await say({ kind: 'code-query', of }))?.state;
const close = async (of: CodeOpenRequest) => (await say({ kind: 'code-close', of }))?.state;

describe('the customer shows a code 付款码', () => {
  test.each(Object.entries(texts))('%s: paid at once, cleared, with the rate of codes', async (instrument, text) => {
    expect(await say(scanned(20_000, text))).toMatchObject({
      state: 'SUCCESS',
      code: '00',
      instrument,
      cleared: true,
      rate: { id: 'qr-3800' },
    });
  });

  test.each(walletTable.filter((row) => row.rule.does === 'decline').map((row) => row.ending))(
    '…%s: closed with that code, and never paid',
    async (ending) => {
      const request = scanned(20_000 + Number(ending));
      expect(await say(request)).toMatchObject({ state: 'CLOSED', code: ending });
      await host.clock.advance(60_000);
      expect(await query(request)).toBe('CLOSED');
      expect(await till.approvals()).toEqual({});
    },
  );

  test('…55: waits for the customer’s PIN, then it is paid', async () => {
    const request = scanned(20_055);
    expect(await say(request)).toMatchObject({ state: 'WAITING', needsPin: true });
    await host.clock.advance(4_999);
    expect(await query(request)).toBe('WAITING');
    await host.clock.advance(1);
    expect(await query(request)).toBe('SUCCESS');
  });

  test('…97: never paid; closed by number, or by its own time', async () => {
    const [first, second] = [scanned(20_097), scanned(20_097)];
    for (const request of [first, second]) expect((await say(request))?.state).toBe('WAITING');
    expect(await close(first)).toBe('CLOSED');
    await host.clock.advance(120_000);
    expect(await query(second)).toBe('CLOSED');
  });

  test('…98: no order; closed by number the late request is refused for ever', async () => {
    const request = scanned(20_098);
    expect(await say(request)).toBeNull();
    expect(await query(request)).toBe('NOT_FOUND');
    expect(await close(request)).toBe('CLOSED');
    expect(await query(request)).toBe('CLOSED');
    expect(await say({ ...request, amountFen: 20_000 })).toMatchObject({ state: 'CLOSED', code: '94' });
  });

  test('…99: the answer is lost, a query finds it paid', async () => {
    const request = scanned(20_099);
    expect(await say(request)).toBeNull();
    expect(await query(request)).toBe('SUCCESS');
  });

  test.each([
    { what: 'a text that is no payment code', code: '14', change: () => scanned(20_000, 'hello') },
    { what: 'a batch that is not open', code: '77', change: () => ({ ...scanned(20_000), batch: '000009' }) },
    { what: 'an amount over the limit', code: '61', change: () => scanned(1_000_000_000) },
  ])('$what: closed with $code', async ({ code, change }) => {
    expect(await say(change())).toMatchObject({ state: 'CLOSED', code });
  });

  test('asked again: how it stands now; with another amount: closed, 94, and the first stays', async () => {
    const request = scanned(20_055);
    await say(request);
    await host.clock.advance(5_000);
    expect((await say(request))?.state).toBe('SUCCESS');
    expect(await say({ ...request, amountFen: 1 })).toMatchObject({ state: 'CLOSED', code: '94' });
    expect(await query(request)).toBe('SUCCESS');
    expect(Object.keys(await till.approvals())).toHaveLength(1);
  });
});

describe('the merchant shows a code 收款码', () => {
  test('waits with a code to show, until the customer has paid', async () => {
    const request = shown(20_000);
    expect(await say(request)).toMatchObject({ state: 'WAITING', codeUrl: `https://qr.alipay.com/${request.payment}` });
    await host.clock.advance(3_000);
    expect(await say({ kind: 'code-query', of: request })).toMatchObject({ state: 'SUCCESS', codeUrl: null });
  });

  test.each([
    { pays: true, state: 'SUCCESS' },
    { pays: false, state: 'CLOSED' },
  ])('a tester’s customer decides, pays $pays: $state', async ({ pays, state }) => {
    host.host.faults.arm({ kind: 'wallet-silent' }, 1);
    const request = shown(20_000);
    await say(request);
    await host.clock.advance(60_000);
    expect(await query(request)).toBe('WAITING');
    const decide = () =>
      host.host.store.transaction().execute((trx) => customerDecides(host.host, trx, till.ref, request.payment, pays));
    expect(await decide()).toBe('done');
    expect(await query(request)).toBe(state);
    expect(await decide()).toBe('ILLEGAL_STATE');
  });
});

describe('the end of an order', () => {
  test('paid and closed by number: revoked, and it counts no more', async () => {
    const request = scanned(20_000);
    await say(request);
    expect(await close(request)).toBe('REVOKED');
    expect(await close(request)).toBe('REVOKED');
    await till.sendTotals();
    expect((await till.down('batch-verdict'))[0]?.body.hostTotals.codes.debitCount).toBe(0);
  });

  test('after the totals were compared it stays paid', async () => {
    const request = scanned(20_000);
    await say(request);
    await till.sendTotals();
    expect(await close(request)).toBe('SUCCESS');
  });

  test('the compare ends what waits: nobody pays for a batch that is counted', async () => {
    const request = shown(20_000);
    await say(request);
    await till.sendTotals();
    await host.clock.advance(10_000);
    expect(await query(request)).toBe('CLOSED');
    expect(await till.approvals()).toEqual({});
  });
});
