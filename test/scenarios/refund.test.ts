import { describe, expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import { powerCutWhen } from '../support/power-cut.ts';
import { refusal } from '../support/refusal.ts';
import type { TestSystem } from '../support/terminal.ts';
import { book, credit, journals, paymentNo, refund, stateOf } from './books.ts';
import { scenarios } from './scenario.ts';

const gross = 10_000; // held to the reader: 38 of it is fee
const byHand = { hostParameters: { 'host.refundDecision': 'manual' } };
const noClearing = { hostParameters: { clearing: 'manual' } };
const { signal } = new AbortController();

/** The newest refund as it stands. */
const last = (system: TestSystem): string =>
  system.db
    .prepare<[], string>("SELECT state || ' ' || source || ' ' || fee_fen FROM refund ORDER BY no DESC LIMIT 1")
    .pluck()
    .get() ?? 'none';

/** The host decides about the newest refund. */
async function decide(system: TestSystem, outcome: 'succeeded' | 'failed'): Promise<void> {
  const no = system.db.prepare<[], string>('SELECT max(no) FROM refund').pluck().get();
  await system.host.command({ command: 'refund-decide', no, outcome });
}

/** Begins a refund that the host has accepted and not decided. */
async function accepted(system: TestSystem, amountFen: number): Promise<AbortController> {
  const face = new AbortController();
  void refund(system, amountFen, { signal: face.signal }).catch(() => undefined);
  await system.eventually('accepted', () => last(system).startsWith('PROCESSING'));
  return face;
}

describe('退货 from the record of this terminal (B-038)', () => {
  scenarios(
    {
      given: 'a sale that has cleared, and part of it is given back, then the rest',
      expect: 'J-06 out of 2002 with its part of the fee, J-07; PARTLY_REFUNDED, then REFUNDED; all of the fee is back',
      async play(system) {
        await system.earn(gross, 30_000);
        expect(await refund(system, 3_333)).toMatchObject({ kind: 'succeeded', refund: { feeFen: 13 } });
        expect([stateOf(system), credit(system)]).toEqual(['PARTLY_REFUNDED', [1, 3_333]]);
        expect(await refund(system, 6_667)).toMatchObject({ kind: 'succeeded', refund: { feeFen: 25 } });
        expect([stateOf(system), credit(system)]).toEqual(['REFUNDED', [2, 10_000]]);
        expect(journals(system)).toMatch(/J-06 J-07 J-06 J-07$/);
        expect(book(system)).toMatchObject({ '2002': 30_000 - 114, '4001': 114 });
        expect(await refusal(() => refund(system, 1))).toBe('REFUND_EXCEEDS_PAID');
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    },
    {
      given: 'a sale that has not cleared, its batch open',
      expect: 'J-06b out of 2001; it counts as credit in the batch; the clearing takes what is left, fee and all',
      system: noClearing,
      async play(system) {
        await system.sell(gross);
        expect(await refund(system, 5_000)).toMatchObject({ kind: 'succeeded', refund: { feeFen: 19 } });
        expect(book(system)).toEqual({ '1101': 5_000, '2001': 5_000 });
        expect([stateOf(system), credit(system), last(system)]).toEqual([
          'PARTLY_REFUNDED',
          [1, 5_000],
          'SUCCESS 2001 19',
        ]);
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
        await system.host.command({ command: 'clear-batch', batch: '000001' });
        await system.eventually('cleared', () => book(system)['2002'] === 4_981);
        expect(book(system)).toMatchObject({ '2002': 4_981, '4001': 19 });
        expect(stateOf(system)).toBe('PARTLY_REFUNDED');
      },
    },
    {
      given: 'a sale that is given back whole before it clears',
      expect: 'nothing is left to clear: no J-03, and the sums of the clearing agree all the same',
      system: noClearing,
      async play(system) {
        await system.sell(gross);
        await system.sell(30_000);
        expect(await refund(system, gross)).toMatchObject({ kind: 'succeeded' });
        await system.closeBatch();
        await system.host.command({ command: 'clear-batch', batch: '000001' });
        await system.eventually('cleared', () => book(system)['2002'] === 30_000 - 114);
        expect([stateOf(system), stateOf(system, 2)]).toEqual(['REFUNDED', 'CLEARED']);
        expect(system.count("SELECT count(*) FROM journal WHERE event = 'J-03'")).toBe(1);
      },
    },
    {
      given: 'a refund of what had not cleared, which fails after the clearing',
      expect: 'J-08 into 2002, net of its fee: no exact mirror of J-06b',
      system: { hostParameters: { clearing: 'manual', 'host.refundDecision': 'manual' } },
      async play(system) {
        await system.sell(gross);
        const face = await accepted(system, 5_000);
        await system.closeBatch();
        await system.host.command({ command: 'clear-batch', batch: '000001' });
        await system.eventually('cleared', () => book(system)['2002'] === 4_981);
        await decide(system, 'failed');
        await system.eventually('failed', () => last(system).startsWith('FAILED'));
        expect(book(system)).toMatchObject({ '2002': 9_962, '4001': 38 });
        expect(stateOf(system)).toBe('CLEARED');
        face.abort();
      },
    },
    {
      given: 'a refund that the host accepts and that fails before the clearing',
      expect: 'J-08 back into 2001; the sale stands as before, the credit of the batch keeps it',
      system: { hostParameters: { clearing: 'manual' } },
      async play(system) {
        await system.sell(gross);
        await system.host.fault({ kind: 'refund-fail', reason: 'BANK_REFUSED' });
        expect(await refund(system, 5_000)).toMatchObject({ kind: 'failed', reason: 'BANK_REFUSED' });
        expect(book(system)).toEqual({ '1101': gross, '2001': gross });
        expect([stateOf(system), credit(system)]).toEqual(['PAID', [1, 5_000]]);
        expect(await refund(system, gross)).toMatchObject({ kind: 'succeeded' });
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    },
    {
      given: 'a refund that the host refuses',
      expect: 'J-08, and it counts in no batch; the cashier reads why',
      async play(system) {
        await system.earn(gross);
        await system.host.fault({ kind: 'refund-refuse', reason: 'RISK_BLOCKED' });
        expect(await refund(system, 5_000)).toMatchObject({ kind: 'failed', reason: 'RISK_BLOCKED' });
        expect([last(system), credit(system)]).toEqual(['FAILED 2002 19', [0, 0]]);
        expect(book(system)).toMatchObject({ '2002': 9_962, '4001': 38 });
        expect(journals(system)).toMatch(/J-06 J-08$/);
      },
    },
    {
      given: 'the merchant gives no fee back (KEEP)',
      expect: 'all of R out of 2002; of what has not cleared its part of the fee never is earned',
      system: { hostParameters: { 'fee.refundPolicy': 'KEEP' } },
      async play(system) {
        await system.earn(gross);
        expect(await refund(system, 5_000)).toMatchObject({ refund: { feeFen: 0 } });
        expect(book(system)).toMatchObject({ '2002': 4_962, '4001': 38 });
        await system.sell(gross);
        expect(await refund(system, 5_000, { n: 2 })).toMatchObject({ refund: { feeFen: 19 } });
      },
    },
  );
});

describe('退货 that is on its way', () => {
  scenarios(
    {
      given: 'another refund and a void of the same sale while one is in flight',
      expect: 'REFUND_IN_PROGRESS; the close does not wait for the outcome, only for the acceptance',
      system: byHand,
      async play(system) {
        await system.sell(gross);
        const face = await accepted(system, 1_000);
        expect(await refusal(() => refund(system, 1_000))).toBe('REFUND_IN_PROGRESS');
        const stan = system.cashier.transactions(2).at(-1)?.stan ?? '';
        const dialog = { signal, progress: () => undefined, confirm: async () => true };
        expect(await refusal(() => system.cashier.void(stan, '123456', dialog))).toBe('REFUND_IN_PROGRESS');
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
        await decide(system, 'succeeded');
        await system.eventually('done', () => last(system).startsWith('SUCCESS'));
        face.abort();
      },
    },
    {
      given: 'the screen is left, and the power goes before the host has decided',
      expect: 'the reserve stays; the result finds it after the restart; pressed again with its key it is the same',
      system: byHand,
      async play(system) {
        await system.earn(gross);
        const face = new AbortController();
        const left = refund(system, 5_000, { signal: face.signal, key: 'press-1' });
        await powerCutWhen(system, 'it is accepted', () => last(system).startsWith('PROCESSING'), face);
        expect(await left).toMatchObject({ kind: 'continues' });
        await system.startTerminal();
        await system.ready();
        expect(book(system)).toMatchObject({ '2302': 5_000 });
        await decide(system, 'succeeded');
        await system.eventually('done', () => last(system).startsWith('SUCCESS'));
        expect(await refund(system, 5_000, { key: 'press-1' })).toMatchObject({ kind: 'succeeded' });
        expect(await refusal(() => refund(system, 4_000, { key: 'press-1' }))).toBe('IDEMPOTENCY_CONFLICT');
        expect(system.count('SELECT count(*) FROM refund')).toBe(1);
        expect(system.slips().at(-1)?.join('\n')).toMatch(/退货 REFUND[\s\S]*原凭证号/);
      },
    },
    {
      given: 'the power goes right behind the commit of the reservation',
      expect: 'the stream delivers it after the restart',
      async play(system) {
        await system.earn(gross);
        const through = system.wire.rule(({ towards, topic }) =>
          towards === 'broker' && topic.endsWith('/up/rows') ? 'drop' : undefined,
        );
        const face = new AbortController();
        const left = refund(system, 5_000, { signal: face.signal }).catch(() => undefined);
        await powerCutWhen(system, 'reserved', () => last(system).startsWith('REQUESTED'), face);
        await left;
        through();
        await system.startTerminal();
        await system.eventually('done', () => last(system).startsWith('SUCCESS'));
        expect(journals(system)).toMatch(/J-06 J-07$/);
      },
    },
  );
});

describe('退货 refused here (B-038)', () => {
  scenarios(
    {
      given: 'what no rule allows',
      expect: 'each is refused with its code; nothing moves, one audit line each (P-06)',
      async play(system) {
        await system.earn(gross);
        const [before, moved] = [system.count('SELECT count(*) FROM audit'), journals(system)];
        expect(await refusal(() => refund(system, 0))).toBe('INVALID_AMOUNT');
        expect(await refusal(() => refund(system, 1_000_001))).toBe('INVALID_AMOUNT');
        expect(await refusal(() => refund(system, gross + 1))).toBe('REFUND_EXCEEDS_PAID');
        expect(journals(system)).toBe(moved);
        // One for the refusal, one for the supervisor who said yes.
        expect(system.count('SELECT count(*) FROM audit')).toBe(before + 6);
        expect(await refusal(() => refund(system, 100, { secret: '000000' }))).toBe('SECRET_WRONG');
        expect(
          await refusal(() =>
            system.cashier.refunds.refund({ payment: paymentNo(system), amount: fen(100) }, signal, () => undefined),
          ),
        ).toBe('FORBIDDEN');
        await system.settle();
        expect(await refusal(() => refund(system, 5_000))).toBe('REFUND_FUNDS_INSUFFICIENT');
        expect(system.count('SELECT count(*) FROM refund')).toBe(0);
      },
    },
    {
      given: 'no link',
      expect: 'OFFLINE: nothing is reserved',
      async play(system) {
        await system.earn(gross);
        system.wire.block();
        await system.eventually('the terminal sees it', () => system.cashier.status().link !== 'online');
        expect(await refusal(() => refund(system, 5_000))).toBe('OFFLINE');
        expect(system.count('SELECT count(*) FROM refund')).toBe(0);
        system.wire.unblock();
        await system.ready();
      },
    },
    {
      given: 'a sale that was declined, one that was reversed',
      expect: 'ILLEGAL_STATE',
      async play(system) {
        await system.sell(10_051);
        await system.sell(10_099);
        await system.ready();
        expect(await refusal(() => refund(system, 100))).toBe('ILLEGAL_STATE');
        expect(await refusal(() => refund(system, 100, { n: 2 }))).toBe('ILLEGAL_STATE');
      },
      system: { limits: { hostWaitMs: 300 } },
    },
  );
});

describe('退货 of a sale of another terminal', () => {
  const elsewhere = '20000002';
  /** The host knows a sale of 100.00, 38 of it fee, of the same merchant's other terminal. */
  const sellThere = (system: TestSystem): void =>
    system.host.tamper(`INSERT INTO approvals (merchant, terminal, payment, txn, original, batch, stan, asked_fen, amount_fen, discount_fen, fee_fen,
        rate_id, card_group, entry, card_masked, code, rrn, auth_code, state, booked_by, at, cleared_at, valid_until)
      VALUES ('${system.config.merchant}', '${elsewhere}', 'THERE1', 'sale', NULL, '000007', '000123', ${gross}, ${gross}, 0, 38, NULL, 'domestic',
        'CONTACTLESS', '622202*********0128', '00', '999999999999', '123456', 'CLEARED', 'request', ${Date.now()}, ${Date.now()}, NULL)`);
  const today = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const give = (system: TestSystem, amountFen: number) =>
    system.cashier.refunds.refund(
      { payment: 'THERE1', amount: fen(amountFen), secret: '123456' },
      signal,
      () => undefined,
    );
  /** That terminal has heard of its refunds, and its book is not looked at. */
  const leaveThere = (system: TestSystem, heard: boolean): void => {
    if (heard) system.host.tamper(`UPDATE stream SET down_acked = down_highest WHERE terminal = '${elsewhere}'`);
    system.host.tamper(`DELETE FROM approvals WHERE terminal = '${elsewhere}'`);
  };

  scenarios(
    {
      given: 'it is found by reference and date, and given back in two parts',
      expect: 'the host tells G, F and what is refunded; paid from what is available here, the fee too',
      async play(system) {
        await system.earn(50_000);
        sellThere(system);
        const found = await system.cashier.refunds.find(
          { by: 'reference', rrn: '999999999999', date: today() },
          signal,
        );
        expect(found).toMatchObject({ payment: 'THERE1', terminal: elsewhere, isHere: false, leftFen: gross });
        expect(await give(system, 3_333)).toMatchObject({ kind: 'succeeded', refund: { feeFen: 13 } });
        expect(await give(system, 6_667)).toMatchObject({ kind: 'succeeded', refund: { feeFen: 25 } });
        expect(await refusal(() => give(system, 1))).toBe('REFUND_EXCEEDS_PAID');
        expect(book(system)).toMatchObject({ '2002': 50_000 - 190 - (gross - 38), '4001': 190 - 38 });
        expect(credit(system)).toEqual([2, gross]);
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
        expect(system.host.count("SELECT count(*) FROM outbox WHERE kind = 'refunded-elsewhere'")).toBe(2);
        leaveThere(system, true);
      },
    },
    {
      given: 'too little is available here',
      expect: 'REFUND_FUNDS_INSUFFICIENT, and nothing is reserved',
      async play(system) {
        sellThere(system);
        expect(await refusal(() => give(system, gross))).toBe('REFUND_FUNDS_INSUFFICIENT');
        expect(
          await refusal(() => system.cashier.refunds.find({ by: 'reference', rrn: '1', date: today() }, signal)),
        ).toBe('NOT_FOUND');
        expect(system.count('SELECT count(*) FROM refund')).toBe(0);
        leaveThere(system, false);
      },
    },
  );
});
