import { beforeEach, describe, expect, test } from 'vitest';
import type { JournalOnWire } from '../../../sync/protocol/common.ts';
import { numberOf } from './bill-rig.ts';
import { channel, DifferenceRig, found, sold, suspense, undone, voided } from './difference-rig.ts';
import { hostAndTill } from './host-and-till.ts';
import type { TestHost } from './start-host.ts';
import type { Till } from './till.ts';

let host: TestHost;
let till: Till;
let rig: DifferenceRig;

hostAndTill((both) => {
  ({ host, till } = both);
});
beforeEach(async () => {
  rig = new DifferenceRig(host, till);
  for (const payment of [sold, voided]) await till.pay({ payment, amountFen: 10_000 });
});

const bad = {
  'another amount there': { thereFen: 10_001 },
  'a delta that is not there less here': { deltaFen: 1 },
  'another state there': { there: 'VOIDED' },
  'a payment that is not in the bill': { payment: numberOf(9) },
} as const;

describe('the second opinion on what was found', () => {
  test.each([
    { kind: 'surplus', event: 'J-80' },
    { kind: 'amount', event: 'J-80' },
    { kind: 'shortage', event: 'J-81' },
    { kind: 'state', event: 'J-81' },
  ] as const)('$event for $kind: book and host agree', async ({ kind }) => {
    await rig.plant(kind);
    await rig.find(found[kind]);
    expect(await rig.differs()).toEqual([]);
  });

  test.each(Object.entries(bad))('P-26 b: %s differs', async (_, change) => {
    await rig.plant('amount');
    await rig.find({ ...found.amount, ...change });
    expect((await rig.differs()).length).toBeGreaterThan(0);
  });

  test('P-26 b: J-80 of another amount, and J-81 in place of J-80', async () => {
    await rig.plant('amount');
    await rig.find(found.amount, { journals: suspense('D1', 99) });
    await rig.find(found.amount, { no: 'D2', journals: suspense('D2', -100) });
    expect(await rig.differs()).toEqual([
      [channel, 99, 100],
      ['2490:D1', 99, 100],
      ['1290:D2', 100, 0],
      [channel, -100, 100],
      ['2490:D2', 0, 100],
    ]);
  });

  test('of a batch that the terminal does not have, it is on the day of the bill', async () => {
    await rig.plant('surplus');
    const to = '1101:2026-11-21';
    await rig.find({ ...found.surplus, batch: '000777' }, { journals: suspense('D1', 10_000, to) });
    expect((await rig.differs()).map(([account]) => account)).toEqual([to, channel]);
    await rig.find({ ...found.surplus, batch: '000777' }, { no: 'D2' });
    expect(await rig.differs()).toHaveLength(2);
  });

  test('a difference of the clearing is one of the mirror: nothing is accepted until it is decided', async () => {
    const facts = { batch: till.batch, what: 'gross', hereFen: 1, thereFen: 2, bill: null };
    await till.up({ kind: 'difference-found', id: 'C1', body: { no: 'C1', at: 1, by: 'SYS', facts, journals: [] } });
    expect(await rig.differs()).toEqual([[`batch:${till.batch}:gross`, 1, 2]]);
    expect(await rig.propose('explained', 'u1', 'C1')).toBe('ILLEGAL_STATE');
  });
});

describe('P-28: two persons decide', () => {
  beforeEach(async () => {
    await rig.plant('surplus');
    await rig.find(found.surplus);
  });

  test('whoever proposed may not approve; another may, once', async () => {
    expect(await rig.approve()).toBe('ILLEGAL_STATE');
    expect(await rig.propose('give-back')).toBe('done');
    expect(await rig.approve('u1')).toBe('SELF_APPROVAL_FORBIDDEN');
    expect(await rig.decided()).toEqual([]);
    expect(await rig.approve()).toBe('done');
    expect(await rig.approve()).toBe('ILLEGAL_STATE');
    expect(await rig.decided()).toEqual([
      {
        no: 'decided:D1:1',
        at: host.clock.now(),
        difference: 'D1',
        decision: 'give-back',
        by: 'u1',
        approvedBy: 'u2',
        reason: '查过',
        record: null,
      },
    ]);
  });

  test('proposed again by the other, the first may approve: what was said last is decided', async () => {
    await rig.propose('give-back', 'u1');
    await rig.propose('explained', 'u2');
    expect(await rig.approve('u2')).toBe('SELF_APPROVAL_FORBIDDEN');
    expect(await rig.approve('u1')).toBe('done');
    expect(await rig.decided()).toMatchObject([{ decision: 'explained', by: 'u2', approvedBy: 'u1' }]);
  });

  test('what fits no surplus is refused, and a difference that is not there', async () => {
    for (const decision of ['write-off', 'missing-refund'] as const)
      expect(await rig.propose(decision)).toBe('ILLEGAL_STATE');
    expect(await rig.propose('give-back', 'u1', 'D9')).toBe('NOT_FOUND');
    expect(await rig.approve('u2', 'D9')).toBe('NOT_FOUND');
  });

  test('what the operator found is noted for them; of an unknown difference it is set apart', async () => {
    const examined = (difference: string, by = '00') =>
      till.up({
        kind: 'difference-examined',
        id: difference,
        body: {
          no: difference,
          at: 1,
          by,
          facts: { difference, finding: 'explained', text: '测试' },
          journals: [],
        },
      });
    await examined('D1');
    expect(
      await host.host.store.selectFrom('bill_differences').select(['finding', 'finding_text', 'state']).execute(),
    ).toEqual([{ finding: 'explained', finding_text: '测试', state: 'FOUND' }]);
    await expect(examined('D9')).rejects.toMatchObject({ code: 'DIFFERENCE_UNKNOWN' });
    for (const by of ['01', 'removed']) await expect(examined('D1', by)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a newer bill', () => {
  const examined = (journals: JournalOnWire[]) => {
    const facts = { difference: 'D1', finding: 'explained', text: 'bill version 2' } as const;
    return till.up({
      kind: 'difference-examined',
      id: 'D1:gone',
      body: { no: 'D1:gone', at: 1, by: 'SYS', facts, journals },
    });
  };
  const states = () => host.host.store.selectFrom('bill_differences').select('state').execute();

  test('that is on its way does not put in doubt what the one before it said', async () => {
    await rig.plant('amount');
    await rig.mend();
    await rig.find(found.amount);
    expect(await rig.differs()).toEqual([]);
  });

  test('that does not show a difference any more: it is gone, J-82 undoes the suspense, and nobody decides', async () => {
    await rig.plant('amount');
    await rig.find(found.amount);
    await rig.propose('give-back');
    await rig.mend();
    await examined([undone(100)]);
    expect(await rig.differs()).toEqual([]);
    expect(await states()).toEqual([{ state: 'GONE' }]);
    expect(await rig.approve()).toBe('ILLEGAL_STATE');
    expect(await rig.propose('explained')).toBe('ILLEGAL_STATE');
  });

  test('P-26 b: without a newer bill the terminal may not undo it', async () => {
    await rig.plant('amount');
    await rig.find(found.amount);
    await examined([undone(100)]);
    expect((await rig.differs()).map(([account]) => account)).toEqual(['2490:D1', channel]);
  });

  test('a decision that it crosses comes to nothing', async () => {
    await rig.plant('amount');
    await rig.find(found.amount);
    await rig.propose('give-back');
    await rig.approve();
    await rig.mend();
    await examined([undone(100)]);
    expect(await rig.differs()).toEqual([]);
    await rig.post({ ...undone(100, 'D1', 'J-84'), key: 'too-late' });
    expect((await rig.differs()).length).toBeGreaterThan(0);
  });
});
