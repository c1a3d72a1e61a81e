import { afterEach, describe, expect, test } from 'vitest';
import { armFault } from '../../../sync/host/commands.ts';
import { noLinkFaults } from '../../../sync/host/link-faults.ts';
import { mirrorBalances } from '../../../sync/host/mirror.ts';
import type { HostParameters } from '../../../sync/host/parameters.ts';
import { order, report } from './ask-desk.ts';
import { journal } from './journals.ts';
import { otherTerminal, startHost, type TestHost } from './start-host.ts';
import { Till } from './till.ts';

let host: TestHost;
let till: Till;
let available = 0;
afterEach(async () => {
  expect(host.failures).toEqual([]);
  await host.stop();
});

async function begin(parameters: Partial<HostParameters> = {}): Promise<void> {
  host = await startHost({ parameters });
  till = new Till(host);
  available = await till.earn(100_000);
}

const results = async (of = till) =>
  (await of.down('settle-result')).map(({ body }) =>
    [body.no, body.outcome, body.reason].filter((part) => part !== null).join(' '),
  );
const stop = (no: string, by = '00') =>
  till.up({
    kind: 'stop-settle',
    id: `stop:${no}`,
    body: { no: `stop:${no}`, at: 1, by, facts: { settlement: no }, journals: [] },
  });
const ended = (no: string, event: 'J-21' | 'J-22' | 'J-23', fen: number, feeFen = 0) => {
  const lines = {
    'J-21': [
      [`2005:${no}`, 'D', fen],
      ['1001', 'C', fen - feeFen],
      ...(feeFen > 0 ? [['4002', 'C', feeFen] as const] : []),
    ],
    'J-22': [
      [`2005:${no}`, 'D', fen],
      ['2002', 'C', fen],
    ],
    'J-23': [
      ['1001', 'D', fen - feeFen],
      ['2002', 'C', fen - feeFen],
    ],
  } as const;
  return journal(
    event,
    no,
    `${event}:${no}`,
    lines[event].map(([account, side, amount]) => [account, side, amount]),
  );
};
const differs = async () => (await till.down('mirror-differs')).map(({ body }) => body);

describe('refusals, in order of precedence', () => {
  test('SYS settles by itself, 00 and settlers by hand, a cashier never', async () => {
    await begin();
    await till.settle('S1', 100, { by: 'SYS', mode: 'AUTO', cut: '2026-11-20' });
    await till.settle('S2', 100, { by: '00' });
    await till.settle('S3', 100, { by: '01' });
    expect(await results()).toEqual(['S1 accepted', 'S2 accepted', 'S3 refused FORBIDDEN']);
  });

  test('the account before the fee, the fee before the balance, the balance before a difference', async () => {
    await begin({ 'settle.realtimeFeeFen': 200 });
    await till.post(
      'batch-cleared',
      journal('J-99', 'x', 'x', [
        ['1001', 'D', 5],
        ['4001', 'C', 5],
      ]),
    );
    const realtime = { mode: 'REALTIME' } as const;
    await till.settle('S1', 200, { ...realtime, accountVersion: 7, journals: [] });
    await till.settle('S2', 200, { ...realtime, journals: [] });
    await till.settle('S3', 201, { ...realtime, journals: [] });
    await till.settle('S4', 201, realtime);
    expect(await results()).toEqual([
      'S1 refused ACCOUNT_INVALID',
      'S2 refused FEE_EXCEEDS_AMOUNT',
      'S3 refused INSUFFICIENT_BALANCE',
      'S4 refused MIRROR_DIFFERS',
    ]);
    const limits = (await till.down('settle-result')).map(({ body }) => body.limit);
    expect(limits[1]).toEqual({ name: 'serviceFee', used: 200, limit: 200, who: 'settlement' });
  });
});

describe('B-006: the fee of a settlement in real time', () => {
  test('J-21, J-23: d is the host’s, and what the terminal posts with it is what the host expects', async () => {
    await begin({ 'settle.realtimeFeeFen': 10, 'settle.realtimeFeeBps': 3 });
    // 10 fen and 0.03 % of 50,000.
    await till.settle('S1', 50_000, { mode: 'REALTIME' });
    await host.clock.advance(0);
    expect((await till.down('settle-result')).map(({ body }) => body.serviceFeeFen)).toEqual([25, 25]);
    await till.post('settle-result', ended('S1', 'J-21', 50_000, 25));
    await order(host, till, { command: 'settle-decide', no: 'S1', outcome: 'returned' });
    await till.post('settle-result', ended('S1', 'J-23', 50_000, 25));
    expect(await differs()).toEqual([]);
    const balances = await host.host.store
      .transaction()
      .execute((trx) => mirrorBalances(trx, till.ref, ['2002', '4002', '2005:S1']));
    expect(Object.fromEntries(balances)).toEqual({ '2002': available - 25, '4002': 25, '2005:S1': 0 });
  });

  test('P-26: a terminal that posts another fee is found out', async () => {
    await begin({ 'settle.realtimeFeeFen': 10 });
    await till.settle('S1', 1_000, { mode: 'REALTIME' });
    await host.clock.advance(0);
    await till.post('settle-result', ended('S1', 'J-21', 1_000, 5));
    expect(await differs()).toMatchObject([{ account: '1001' }, { account: '4002', bookFen: 5, mirrorFen: 10 }]);
  });

  test('the other modes cost nothing', async () => {
    await begin({ 'settle.realtimeFeeFen': 10 });
    await till.settle('S1', 10, { mode: 'MANUAL' });
    await till.settle('S2', 10, { mode: 'AUTO', cut: '2026-11-20' });
    expect((await till.down('settle-result')).map(({ body }) => [body.outcome, body.serviceFeeFen])).toEqual([
      ['accepted', 0],
      ['accepted', 0],
    ]);
  });
});

describe('stop-settle', () => {
  test('what is not accepted yet is refused, STOPPED, and the terminal may release it (J-22)', async () => {
    await begin({ 'host.acceptDelayMs': 5_000 });
    await till.settle('S1', available);
    expect(await results()).toEqual([]);
    await stop('S1');
    await host.clock.advance(60_000);
    expect(await results()).toEqual(['S1 refused STOPPED']);
    await till.post('settle-result', ended('S1', 'J-22', available));
    expect(await differs()).toEqual([]);
  });

  test('P-25: what is accepted runs to its end', async () => {
    await begin({ 'host.settleDelayMs': 5_000 });
    await till.settle('S1', available);
    await stop('S1');
    await host.clock.advance(5_000);
    expect(await results()).toEqual(['S1 accepted', 'S1 succeeded']);
  });

  test('acceptance counts when it happens: an account that fell into error meanwhile is not paid to', async () => {
    await begin({ 'host.acceptDelayMs': 5_000 });
    await till.settle('S1', 100);
    await host.clock.advance(2_000);
    host.host.faults.arm({ kind: 'settle-fail', reason: 'ACCOUNT_CLOSED' }, 1);
    await till.settle('S2', 100);
    expect(await results()).toEqual([]);
    await host.clock.advance(5_000);
    expect(await results()).toEqual(['S1 accepted', 'S1 failed ACCOUNT_CLOSED', 'S2 refused SETTLE_ACCOUNT_ERRORED']);
  });

  test('of one that was never here, or by whoever may not, it is rejected', async () => {
    await begin({ 'host.acceptDelayMs': 5_000 });
    await expect(stop('S9')).rejects.toMatchObject({ code: 'SETTLEMENT_UNKNOWN' });
    await till.settle('S1', available);
    await expect(stop('S1', '01')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(stop('S1', 'stranger')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await host.clock.advance(5_000);
    expect(await results()).toEqual(['S1 accepted', 'S1 succeeded']);
  });
});

describe('B-004: one transfer for the settlements of one cut', () => {
  const auto = { mode: 'AUTO', by: 'SYS', cut: '2026-11-20' } as const;
  let other: Till;
  const transfers = async () =>
    Object.fromEntries((await report(host)).settlements.map(({ no, transferRef }) => [no, transferRef]));

  const beginTwo = async (parameters: Partial<HostParameters> = {}) => {
    await begin(parameters);
    other = new Till(host, otherTerminal);
    await other.earn(50_000);
  };

  test('those of all terminals share it; another cut, another mode do not', async () => {
    await beginTwo();
    await till.settle('S1', 100, auto);
    await other.settle('S2', 100, auto);
    await till.settle('S3', 100, { ...auto, cut: '2026-11-19' });
    await till.settle('S4', 100);
    await host.clock.advance(0);
    expect(await transfers()).toEqual({ S1: 'T0000000001', S2: 'T0000000001', S3: 'T0000000002', S4: 'T0000000003' });
  });

  test('what succeeds on a later day is another transfer', async () => {
    await beginTwo();
    await till.settle('S1', 100, auto);
    await host.clock.advance(86_400_000);
    await other.settle('S2', 100, auto);
    await host.clock.advance(0);
    expect(await transfers()).toEqual({ S1: 'T0000000001', S2: 'T0000000002' });
  });

  test('B-050: a bank return returns each of them, and what follows is paid anew', async () => {
    await beginTwo();
    await till.settle('S1', 100, auto);
    await other.settle('S2', 100, auto);
    await host.clock.advance(0);
    const back = { kind: 'settle-return', no: 'next', transferRef: 'T0000000001', times: 1 } as const;
    const fault = (fault: Parameters<typeof armFault>[3]) =>
      host.host.store.transaction().execute((trx) => armFault(host.host, trx, till.ref, fault, noLinkFaults()));
    expect(await fault(back)).toBe('done');
    expect(await fault(back)).toBe('ILLEGAL_STATE');
    expect(await fault({ ...back, transferRef: 'T9' })).toBe('NOT_FOUND');
    expect((await results()).at(-1)).toBe('S1 returned RETURNED_BY_BANK');
    expect((await results(other)).at(-1)).toBe('S2 returned RETURNED_BY_BANK');
    await till.settle('S3', 100, auto);
    await host.clock.advance(0);
    expect((await transfers())['S3']).toBe('T0000000002');
  });

  test('a planned return of one takes the others with it, and both terminals hear of it', async () => {
    await beginTwo({ 'host.returnDelayMs': 60_000 });
    host.host.faults.arm({ kind: 'settle-return' }, 1);
    await till.settle('S1', 100, auto);
    await other.settle('S2', 100, auto);
    await host.clock.advance(0);
    host.woken.length = 0;
    await host.clock.advance(60_000);
    expect((await report(host)).settlements.map(({ state }) => state)).toEqual(['RETURNED', 'RETURNED']);
    expect(host.woken).toEqual(['00000001', '00000002']);
  });
});

describe('B-029, B-030: the settlement slip', () => {
  const issued = async () => (await till.down('statement-issued')).map(({ body }) => body);

  test('one for each success, numbered, from the host’s own records; without an address it says so at once', async () => {
    await begin();
    await till.settle('S1', 60_000);
    await host.clock.advance(1);
    await till.settle('S2', 1_000);
    await host.clock.advance(0);
    expect(await issued()).toMatchObject([
      { no: 'S0000000001', settlement: 'S1', channel: 'none', to: null },
      { no: 'S0000000002', settlement: 'S2', channel: 'none' },
    ]);
    expect((await report(host)).statements).toMatchObject([
      { no: 'S0000000002', facts: { settlement: 'S2', payments: '0' } },
      {
        no: 'S0000000001',
        facts: {
          settlement: 'S1',
          amountFen: '60000',
          serviceFeeFen: '0',
          netFen: '60000',
          account: '************1234',
          transferRef: 'T0000000001',
          valueDate: '2026-11-20',
          payments: '1',
        },
      },
    ]);
  });

  test.each([
    ['e-mail', { email: 'shop@example.com', mobile: '13800138000' }, 'email', 'shop@example.com'],
    ['SMS', { mobile: '13800138000' }, 'sms', '13800138000'],
  ] as const)(
    'N-08: by %s it is queued, and the terminal hears nothing until it went',
    async (_, address, channel, to) => {
      await begin();
      await order(host, till, { command: 'set-profile', ...address });
      await till.settle('S1', available);
      await host.clock.advance(0);
      expect(await host.host.store.selectFrom('outgoing').selectAll().execute()).toMatchObject([
        {
          no: 'S0000000001',
          kind: 'statement',
          channel,
          address: to,
          text: 'N-08',
          state: 'QUEUED',
          due_at: host.clock.now(),
        },
      ]);
      expect(await issued()).toEqual([]);
    },
  );

  test('a failure has none', async () => {
    await begin();
    host.host.faults.arm({ kind: 'settle-fail', reason: 'BANK_REFUSED' }, 1);
    await till.settle('S1', available);
    await host.clock.advance(0);
    expect((await report(host)).statements).toEqual([]);
  });
});
