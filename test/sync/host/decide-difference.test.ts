import { beforeEach, describe, expect, test } from 'vitest';
import { day, hostHas, numberOf } from './bill-rig.ts';
import { channel, DifferenceRig, found, sold, surplusLine, undone, voided } from './difference-rig.ts';
import { hostAndTill } from './host-and-till.ts';
import { clearingJournal, journal, saleJournal } from './journals.ts';
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

describe('what the terminal posts of a decision', () => {
  const fee = 38;
  const cases = [
    { kind: 'amount', decision: 'give-back', event: 'J-84', journals: () => [undone(100, 'D1', 'J-84')] },
    { kind: 'amount', decision: 'explained', event: 'J-80 undone', journals: () => [undone(100, 'D1', 'J-82')] },
    { kind: 'shortage', decision: 'explained', event: 'J-81 undone', journals: () => [undone(-10_000)] },
    {
      kind: 'shortage',
      decision: 'write-off',
      event: 'J-83',
      journals: () => [
        journal('J-83', 'D1', 'decided:D1', [
          ['5002', 'D', 10_000],
          ['1290:D1', 'C', 10_000],
        ]),
      ],
    },
    {
      kind: 'surplus',
      decision: 'missing-sale',
      event: 'J-82, then J-01',
      journals: () => [undone(10_000), saleJournal(surplusLine, 10_000)],
    },
  ] as const;

  test.each(cases)('$event for $decision of $kind, once', async ({ kind, decision, journals }) => {
    await rig.plant(kind);
    await rig.find(found[kind]);
    await rig.propose(decision);
    await rig.approve();
    await rig.post(...journals());
    expect(await rig.differs()).toEqual([]);
    const rest = await host.host.store
      .selectFrom('mirror')
      .selectAll()
      .where('account', 'in', ['2490:D1', '1290:D1'])
      .execute();
    expect(rest.map((row) => row.debit_fen - row.credit_fen)).toEqual([0]);
    const [first] = journals();
    if (first) await till.post('difference-decided', { ...first, key: 'again' });
    expect((await rig.differs()).length).toBeGreaterThan(0);
  });

  test('P-26 b: another decision than the one that was made differs', async () => {
    await rig.plant('shortage');
    await rig.find(found.shortage);
    await rig.propose('write-off');
    await rig.approve();
    await rig.post(undone(-10_000));
    expect((await rig.differs()).map(([account]) => account)).toEqual([channel, '5002']);
  });

  test('J-82 of a sale that the host has: its record comes from the host, and J-03 follows where it has cleared', async () => {
    const payment = numberOf(5);
    await hostHas(host, till, { payment, amount_fen: 5_000, fee_fen: 19, state: 'CLEARED', cleared_at: 1 });
    await rig.mend();
    await rig.find({ kind: 'surplus', payment, here: '-', hereFen: 0, thereFen: 5_000 });
    await rig.propose('missing-sale');
    await rig.approve();
    expect((await rig.decided())[0]?.record).toMatchObject({
      payment,
      original: null,
      batch: till.batch,
      businessDate: day,
      entry: 'CONTACTLESS',
      amountFen: 5_000,
      feeFen: 19,
      rate: { id: 'contactless-3800', ppm: 3_800 },
      cleared: true,
    });
    await rig.post(
      undone(5_000),
      saleJournal(payment, 5_000),
      clearingJournal({ payment, amountFen: 5_000, feeFen: 19 }),
    );
    expect(await rig.differs()).toEqual([]);
  });

  test('a sale of a planted line is the host’s from the decision on', async () => {
    await rig.plant('surplus');
    await rig.find(found.surplus);
    await rig.propose('missing-sale');
    await rig.approve();
    expect((await rig.decided())[0]?.record).toMatchObject({
      payment: surplusLine,
      amountFen: 10_000,
      feeFen: fee,
      cleared: false,
    });
    expect(await till.approvals()).toMatchObject({ [surplusLine]: 'APPROVED' });
  });

  test('J-82, J-06 and J-07 of a refund that the book lacks', async () => {
    await till.close();
    await till.postClearing();
    const no = numberOf(7);
    const refund = {
      merchant: till.ref.merchant,
      terminal: till.ref.terminal,
      no,
      batch: till.batch,
      business_date: day,
      stan: '000009',
      origin_terminal: till.ref.terminal,
      payment: sold,
    };
    await host.host.store
      .insertInto('refunds')
      .values({
        ...refund,
        amount_fen: 4_000,
        fee_fen: 15,
        cum_before: 0,
        source: '2002',
        card_group: 'domestic',
        entry: 'CONTACTLESS',
        state: 'SUCCEEDED',
        book_state: 'RESERVED',
        funded: 0,
        at: 1,
      })
      .execute();
    await rig.mend();
    await rig.find({ kind: 'surplus', payment: no, txn: 'refund', here: '-', hereFen: 0, thereFen: -4_000 });
    expect(await rig.propose('missing-sale')).toBe('ILLEGAL_STATE');
    expect(await rig.propose('missing-refund')).toBe('done');
    await rig.approve();
    expect((await rig.decided())[0]?.record).toMatchObject({
      payment: no,
      original: sold,
      amountFen: 4_000,
      feeFen: 15,
    });
    await rig.post(
      undone(-4_000),
      journal('J-06', no, `refund:${no}`, [
        ['2002', 'D', 3_985],
        ['4001', 'D', 15],
        [`2302:${no}`, 'C', 4_000],
      ]),
      journal('J-07', no, `refunded:${no}`, [
        [`2302:${no}`, 'D', 4_000],
        [channel, 'C', 4_000],
      ]),
    );
    expect(await rig.differs()).toEqual([]);
  });
});

describe('what has not been posted is decided anew', () => {
  const late = numberOf(5);
  const wholeSale = { kind: 'surplus', payment: late, here: '-', hereFen: 0, thereFen: 5_000 } as const;
  const shortage = journal('J-83', 'D1', 'decided:D1', [
    ['5002', 'D', 10_000],
    ['1290:D1', 'C', 10_000],
  ]);
  const decide = async (decision: Parameters<DifferenceRig['propose']>[0]) => [
    await rig.propose(decision),
    await rig.approve(),
  ];

  test('P-28 J-83: a decision that the terminal could not book is followed by another, and the newest is posted', async () => {
    await rig.plant('shortage');
    await rig.find(found.shortage);
    expect(await decide('explained')).toEqual(['done', 'done']);
    expect(await decide('write-off')).toEqual(['done', 'done']);
    expect((await rig.decided()).map(({ no, decision }) => [no, decision])).toEqual([
      ['decided:D1:1', 'explained'],
      ['decided:D1:2', 'write-off'],
    ]);
    await rig.post(shortage);
    expect(await rig.differs()).toEqual([]);
    expect(await decide('explained')).toEqual(['ILLEGAL_STATE', 'ILLEGAL_STATE']);
  });

  test('P-26 b: the one before it may have been posted already: it stands, whatever was proposed meanwhile', async () => {
    await rig.plant('shortage');
    await rig.find(found.shortage);
    await decide('write-off');
    await rig.propose('explained', 'u2');
    await rig.post(shortage);
    expect(await rig.differs()).toEqual([]);
    expect(await rig.stands()).toEqual({
      state: 'DECIDED',
      decision: 'write-off',
      proposed_by: 'u1',
      approved_by: 'u2',
      posted: 1,
    });
    expect(await rig.approve('u1')).toBe('ILLEGAL_STATE');
  });

  test('P-26 b: J-03 is expected as the terminal was told, though the batch has cleared since', async () => {
    await hostHas(host, till, { payment: late, amount_fen: 5_000, fee_fen: 19 });
    await rig.mend();
    await rig.find(wholeSale);
    await decide('missing-sale');
    expect((await rig.decided())[0]?.record).toMatchObject({ cleared: false });
    await host.host.store
      .updateTable('approvals')
      .set({ state: 'CLEARED', cleared_at: 2 })
      .where('payment', '=', late)
      .execute();
    await rig.post(undone(5_000), saleJournal(late, 5_000));
    expect(await rig.differs()).toEqual([]);
  });

  test('J-84: a surplus that was given back can not be refunded, nor given back twice', async () => {
    await hostHas(host, till, { payment: late, amount_fen: 5_000, fee_fen: 19, state: 'CLEARED', cleared_at: 1 });
    await rig.mend();
    await rig.find(wholeSale);
    await decide('give-back');
    expect(await till.approvals()).toMatchObject({ [late]: 'REVERSED' });
    const asked = await till.ask('f', { kind: 'find-original', stan: '000099', number: late, rrn: null, date: null });
    expect(asked).toMatchObject({ code: '25', original: null });
    await rig.post(undone(5_000, 'D1', 'J-84'));
    expect(await rig.differs()).toEqual([]);
  });

  test('a late sale that the terminal had posted before it heard of the give-back stands', async () => {
    await hostHas(host, till, { payment: late, amount_fen: 5_000, fee_fen: 19 });
    await rig.mend();
    await rig.find(wholeSale);
    await decide('missing-sale');
    const first = (await till.down('difference-decided'))[0];
    await decide('give-back');
    await rig.postFor(first?.id, undone(5_000), saleJournal(late, 5_000));
    expect(await rig.differs()).toEqual([]);
    expect(await till.approvals()).toMatchObject({ [late]: 'APPROVED' });
    expect(await rig.stands()).toMatchObject({ decision: 'missing-sale', posted: 1 });
  });

  test('J-84 of a part, and of a payment that was planted only, leaves the approval as it is', async () => {
    await rig.plant('amount');
    await rig.find(found.amount);
    await decide('give-back');
    expect(await till.approvals()).toMatchObject({ [sold]: 'APPROVED' });
  });

  test('J-84 of what was charged back since is refused', async () => {
    await hostHas(host, till, { payment: late, amount_fen: 5_000, fee_fen: 19, state: 'CLEARED', cleared_at: 1 });
    await rig.mend();
    await rig.find(wholeSale);
    const { merchant, terminal } = till.ref;
    const of = { merchant, terminal, no: 'C1', payment: late, freeze: null, account: '1101', date: day } as const;
    await host.host.store
      .insertInto('charge_backs')
      .values({ ...of, amount_fen: 100, posted: 0, at: 1 })
      .execute();
    expect(await decide('give-back')).toEqual(['done', 'ILLEGAL_STATE']);
    expect(await rig.decided()).toEqual([]);
  });

  test('the group of the card goes down with a late sale', async () => {
    await hostHas(host, till, { payment: late, amount_fen: 5_000, card_group: 'foreign' });
    await rig.mend();
    await rig.find(wholeSale);
    await decide('missing-sale');
    expect((await rig.decided())[0]?.record).toMatchObject({ group: 'foreign' });
  });

  test('what the terminal reopened waits for another decision, with what it said', async () => {
    await rig.plant('shortage');
    await rig.find(found.shortage);
    await decide('explained');
    const facts = { difference: 'D1', finding: 'investigating', text: 'ILLEGAL_STATE' } as const;
    const body = { no: 'D1:x', at: 1, by: 'SYS', facts, journals: [] };
    await till.up({ kind: 'difference-examined', id: 'D1:x', body });
    expect(await rig.stands()).toMatchObject({ state: 'FOUND', decision: null });
  });
});
