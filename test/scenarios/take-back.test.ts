import { describe, expect } from 'vitest';
import { refusal } from '../support/refusal.ts';
import { type TestSystem, visaCard } from '../support/terminal.ts';
import { scenarios } from './scenario.ts';
import {
  approvedTxn,
  completion,
  dialogOf,
  journals,
  preauth,
  sale,
  secretOf00,
  slipTypes,
  states,
  takeBack,
  totals,
} from './transactions.ts';

/** 撤销: what may be voided, who may, and what becomes of it at the close (payments.md, Transactions; states.md 1 and 3). */

const closesBalanced = async (system: TestSystem): Promise<void> => {
  expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: true });
  await system.atRest();
  await system.ready();
};

describe('撤销: who and what', () => {
  scenarios(
    {
      given: 'a wrong secret, 00 who would sell, nobody logged on, an operator and no link',
      expect: 'refused, and the sale stands',
      async play(system) {
        const { stan } = await sale(system, 10_000);
        const ask = (secret: string, counter = system.cashier) =>
          refusal(() => counter.void(stan, secret, dialogOf(system)));
        expect(await ask('000000')).toBe('SECRET_WRONG');
        expect(await ask(secretOf00, await system.supervisor())).toBe('FORBIDDEN');
        expect(await ask(secretOf00, system.terminal.counter())).toBe('UNAUTHENTICATED');
        system.wire.block();
        await system.eventually('offline', () => system.cashier.status().link !== 'online');
        expect(await ask(secretOf00)).toBe('OFFLINE');
        system.wire.unblock();
        await system.ready();
        expect(states(system)).toBe('sale PAID');
        approvedTxn(await takeBack(system, 'void', stan));
        const by = system.db.prepare("SELECT operator || '/' || approved_by FROM payment WHERE txn = 'void'").pluck();
        expect(by.get()).toBe('01/00');
      },
    },
    {
      given: 'a voucher that is not there, a void, a declined sale, a sale that was voided',
      expect: 'NOT_FOUND, ILLEGAL_STATE; nothing is written',
      async play(system) {
        const first = await sale(system, 10_000);
        const voided = approvedTxn(await takeBack(system, 'void', first.stan));
        expect(voided.original).toBe(first.payment);
        await system.sell(10_051);
        const declined = system.cashier.lastTransaction();
        const ask = (stan: string) => refusal(() => takeBack(system, 'void', stan));
        expect(await ask('999999')).toBe('NOT_FOUND');
        for (const stan of [first.stan, voided.stan, declined?.stan ?? ''])
          expect(await ask(stan)).toBe('ILLEGAL_STATE');
        expect(system.count('SELECT count(*) FROM payment')).toBe(3);
      },
    },
    {
      given: 'the void of each by the wrong menu: a sale, a pre-authorisation and a completion',
      expect: 'ILLEGAL_STATE, and each stands',
      async play(system) {
        const sold = await sale(system, 10_000);
        const held = approvedTxn(await preauth(system, 20_000));
        const ask = (how: Parameters<typeof takeBack>[1], stan: string) => refusal(() => takeBack(system, how, stan));
        expect(await ask('preauthVoid', sold.stan)).toBe('ILLEGAL_STATE');
        expect(await ask('completionVoid', sold.stan)).toBe('ILLEGAL_STATE');
        expect(await ask('void', held.stan)).toBe('ILLEGAL_STATE');
        const done = approvedTxn(await completion(system, held.stan, 20_000));
        expect(await ask('void', done.stan)).toBe('ILLEGAL_STATE');
        expect(await ask('preauthVoid', held.stan)).toBe('ILLEGAL_STATE');
        expect(states(system)).toBe('sale PAID, preauth COMPLETED, completion PAID');
      },
    },
    {
      given: 'a sale of a batch that was closed',
      expect: 'refused: not of this batch; the close cleared it',
      async play(system) {
        const { stan } = await sale(system, 10_000);
        await closesBalanced(system);
        expect(await refusal(() => takeBack(system, 'void', stan))).toBe('ILLEGAL_STATE');
        expect(states(system)).toBe('sale CLEARED');
      },
    },
    {
      given: 'a sale that cleared at once, whose money was settled since',
      expect: 'INSUFFICIENT_BALANCE; nothing is locked',
      system: { hostParameters: { 'settle.cardCycle': 'real-time' } },
      async play(system) {
        const { stan } = await sale(system, 10_000);
        await system.settle();
        expect(await refusal(() => takeBack(system, 'void', stan))).toBe('INSUFFICIENT_BALANCE');
        expect(states(system)).toBe('sale CLEARED');
        await sale(system, 10_100);
        approvedTxn(await takeBack(system, 'void', stan));
      },
    },
    {
      given: 'two faces that void the same sale at once',
      expect: 'one void; the other is refused',
      async play(system) {
        const { stan } = await sale(system, 10_000);
        const other = system.terminal.counter();
        await other.logOn('01', '0000');
        const both = await Promise.allSettled([
          takeBack(system, 'void', stan),
          other.void(stan, secretOf00, dialogOf(system)),
        ]);
        expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect(states(system)).toBe('sale VOIDED, void DONE');
      },
    },
    {
      given: 'a slip of the void',
      expect: 'names voucher, reference and authorisation of the sale, and gives the amount back; a reprint is marked',
      async play(system) {
        const sold = await sale(system, 10_000);
        const { stan } = approvedTxn(await takeBack(system, 'void', sold.stan));
        await system.cashier.reprint({ kind: 'stan', stan }, new AbortController().signal);
        expect(slipTypes(system)).toEqual(['消费 SALE', '消费 SALE', ...Array(4).fill('撤销 VOID')]);
        const [first, , again] = system
          .slips()
          .slice(-4)
          .map((slip) => slip.join('\n'));
        for (const field of [sold.stan, sold.rrn ?? '', sold.authCode ?? '', 'RMB -100.00'])
          expect(first).toContain(field);
        expect(again).toContain('重打印');
      },
    },
  );
});

describe('撤销 whose reversal does not end', () => {
  scenarios(
    {
      given: 'the host gives a void back only after three refusals of its reversal',
      expect: 'the sale is locked meanwhile: no sale, no close; then it stands as before',
      system: { limits: { hostWaitMs: 700, maxReversalRefusals: 9, reversalRetryMs: 300, reversalRetryMaxMs: 300 } },
      async play(system) {
        const { stan } = await sale(system, 10_000);
        await system.host.fault({ kind: 'drop-answer', of: 'void' });
        await system.host.fault({ kind: 'decline', of: 'reverse', code: '96', times: 3 });
        expect(await takeBack(system, 'void', stan)).toMatchObject({ kind: 'unknown' });
        expect(states(system)).toBe('sale VOIDING, void REVERSING');
        await system.ready();
        expect(states(system)).toBe('sale PAID, void REVERSED');
        approvedTxn(await takeBack(system, 'void', stan));
        await closesBalanced(system);
      },
    },
    {
      given: 'the host never takes the reversal of a void',
      expect: 'needs a human: a fault slip, the sale stays VOIDING, the close is refused',
      system: { limits: { hostWaitMs: 700, maxReversalRefusals: 2 } },
      async play(system) {
        const { stan } = await sale(system, 10_000);
        await system.host.fault({ kind: 'drop-answer', of: 'void' });
        await system.host.fault({ kind: 'decline', of: 'reverse', code: '96', times: 9 });
        await takeBack(system, 'void', stan);
        await system.eventually('needs a human', () => states(system) === 'sale VOIDING, void NEEDS_HUMAN');
        await system.eventually('the fault slip', () =>
          system
            .slips()
            .flat()
            .some((line) => line.includes('故障单')),
        );
        expect(await refusal(() => system.closeBatch())).toBe('NEEDS_HUMAN');
        expect(journals(system)).toBe('J-01');
      },
    },
  );
});

describe('批结算 with voids', () => {
  const day = async (system: TestSystem): Promise<void> => {
    const first = await sale(system, 10_000);
    await sale(system, 20_000);
    approvedTxn(await system.sell(30_000, { card: visaCard }));
    const foreign = system.cashier.lastTransaction();
    const held = approvedTxn(await preauth(system, 40_000));
    const done = approvedTxn(await completion(system, held.stan, 46_000));
    approvedTxn(await preauth(system, 5_000));
    approvedTxn(await takeBack(system, 'void', first.stan));
    approvedTxn(await takeBack(system, 'void', foreign?.stan ?? ''));
    approvedTxn(await takeBack(system, 'completionVoid', done.stan));
    approvedTxn(await completion(system, held.stan, 30_000));
  };
  const frozen = (system: TestSystem): unknown =>
    system.db
      .prepare(
        `SELECT records, domestic_debit_count || '/' || domestic_debit_fen AS debit, domestic_credit_count || '/' || domestic_credit_fen AS credit,
          foreign_debit_fen AS foreignDebit, foreign_credit_fen AS foreignCredit FROM batch WHERE no = '000001'`,
      )
      .get();
  const left = (system: TestSystem): unknown => [
    system.count("SELECT count(*) FROM payment WHERE state = 'CLEARED'"),
    system.count("SELECT sum(balance_fen) FROM balance WHERE account IN ('2002', '4001')"),
    system.count("SELECT count(*) FROM balance WHERE account LIKE '2001:%' AND balance_fen <> 0"),
  ];
  scenarios(
    {
      given: 'sales, voids, a completion voided and made again, pre-authorisations; gross profile',
      expect: '对账平; what was voided counts on both sides; the rest is cleared',
      async play(system) {
        await day(system);
        await closesBalanced(system);
        expect(frozen(system)).toEqual({
          records: 8,
          debit: '4/106000',
          credit: '2/56000',
          foreignDebit: 30_000,
          foreignCredit: 30_000,
        });
        expect(left(system)).toEqual([2, 50_000, 0]);
      },
    },
    {
      given: 'the same day, net profile',
      expect: '对账平; what was voided counts on neither side; the same is cleared',
      system: { hostParameters: { profile: 'net' } },
      async play(system) {
        await day(system);
        await closesBalanced(system);
        expect(frozen(system)).toEqual({
          records: 2,
          debit: '2/50000',
          credit: '0/0',
          foreignDebit: 0,
          foreignCredit: 0,
        });
        expect(left(system)).toEqual([2, 50_000, 0]);
      },
    },
    {
      given: 'the host forgot a sale and a void, in either profile',
      expect: '对账不平: the records go up in their order, completions last, and both lists agree afterwards',
      async play(system) {
        const held = approvedTxn(await preauth(system, 40_000));
        approvedTxn(await completion(system, held.stan, 40_000));
        await system.host.fault({ kind: 'forget-approval' });
        await sale(system, 20_000);
        const { stan } = await sale(system, 10_000);
        approvedTxn(await takeBack(system, 'void', stan));
        expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: false });
        await system.atRest();
        const txns = system.db
          .prepare<[], string>(
            "SELECT json_extract(body, '$.facts.txn') FROM outbox WHERE kind = 'batch-record' ORDER BY seq",
          )
          .pluck()
          .all();
        expect(txns).toEqual(['sale', 'sale', 'void', 'completion']);
        await system.ready();
        expect(left(system)).toEqual([2, 60_000, 0]);
      },
    },
    {
      given: 'a close while a void waits for the host',
      expect: 'refused with BATCH_HAS_UNKNOWN; both go afterwards',
      async play(system) {
        const { stan } = await sale(system, 10_000);
        await system.host.fault({ kind: 'delay-answer', of: 'void', ms: 800 });
        const voiding = takeBack(system, 'void', stan);
        await system.eventually('it is VOIDING', () => states(system).startsWith('sale VOIDING'));
        expect(await refusal(() => system.closeBatch())).toBe('BATCH_HAS_UNKNOWN');
        approvedTxn(await voiding);
        expect(totals(system)).toBe('debit 1/100.00 credit 1/100.00');
        await closesBalanced(system);
      },
    },
    {
      given: 'a full batch',
      expect: 'no sale and no completion any more, but a void; then the close',
      system: { limits: { maxRecords: 2 } },
      async play(system) {
        const held = approvedTxn(await preauth(system, 20_000));
        const first = await sale(system, 10_000);
        await sale(system, 10_000);
        expect(await refusal(() => system.sell(10_000))).toBe('BATCH_FULL');
        expect(await refusal(() => completion(system, held.stan, 10_000))).toBe('BATCH_FULL');
        approvedTxn(await takeBack(system, 'void', first.stan));
        await closesBalanced(system);
        approvedTxn(await completion(system, held.stan, 10_000));
      },
    },
  );
});
