import { describe, expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import { powerCutWhen } from '../support/power-cut.ts';
import { refusal } from '../support/refusal.ts';
import type { TestSystem } from '../support/terminal.ts';
import { rewriteDown, scenarios } from './scenario.ts';

/** What 2002, 2005 and 1001 hold: available, in transit, the current account with upstream. */
const money = (system: TestSystem): readonly number[] =>
  ['2002%', '2005%', '1001%'].map((account) =>
    system.count('SELECT coalesce(sum(balance_fen), 0) FROM balance WHERE account LIKE ?', account),
  );
const { signal } = new AbortController();
/** One sale of 1000.00 held to the reader: 996.20 to be settled. */
const net = 99_620;
const gross = 100_000;

/** Moves the oldest settlement on at the host. */
async function decide(
  system: TestSystem,
  outcome: 'succeeded' | 'failed' | 'returned',
  reason?: string,
): Promise<void> {
  const no = system.db.prepare<[], string>('SELECT no FROM settlement ORDER BY no LIMIT 1').pluck().get();
  await system.host.command({ command: 'settle-decide', no, outcome, ...(reason !== undefined && { reason }) });
}

describe('资金结算', () => {
  scenarios(
    {
      given: 'B-005, B-010, B-012, J-20, J-21: everything that is available, and the bank pays',
      expect: 'SUCCESS; nothing in transit; looked at once it is marked',
      async play(system) {
        await system.earn(gross);
        expect(money(system)).toEqual([net, 0, gross]);
        expect(await system.settle()).toMatchObject({ state: 'SUCCESS', amountFen: net, netFen: net });
        expect(money(system)).toEqual([0, 0, gross - net]);
        const counter = await system.supervisor();
        const no = counter.settlements()[0]?.no ?? '';
        counter.checkSettlement(no);
        expect(counter.settlements()[0]).toMatchObject({ no, checked: true });
        await system.atRest();
        expect(system.host.count('SELECT checked FROM settlements')).toBe(1);
      },
    },
    {
      given: 'B-005, B-050: a part, while the bank takes its time',
      expect: 'held in transit, shown as PROCESSING; then SUCCESS under the same number',
      system: { hostParameters: { 'host.settleDecision': 'manual' } },
      async play(system) {
        await system.earn(gross);
        const settling = system.settle(50_000);
        await system.eventually(
          'processing',
          () => system.count("SELECT count(*) FROM settlement WHERE state = 'PROCESSING'") === 1,
        );
        expect(money(system)).toEqual([net - 50_000, 50_000, gross]);
        await decide(system, 'succeeded');
        expect(await settling).toMatchObject({ state: 'SUCCESS', amountFen: 50_000 });
        expect(money(system)).toEqual([net - 50_000, 0, gross - 50_000]);
      },
    },
    {
      given: 'J-22, B-050: the bank refuses the transfer',
      expect: 'FAILED with its reason, the money is available again, the account stays usable',
      async play(system) {
        await system.earn(gross);
        await system.host.fault({ kind: 'settle-fail', reason: 'BANK_REFUSED' });
        expect(await system.settle()).toMatchObject({ state: 'FAILED', reason: 'BANK_REFUSED' });
        expect(money(system)).toEqual([net, 0, gross]);
        expect(await system.settle()).toMatchObject({ state: 'SUCCESS' });
      },
    },
    {
      given: 'B-052, B-028: the account is closed at its bank, and upstream verifies another one',
      expect: 'FAILED, SETTLE_ACCOUNT_ERRORED until then, then SUCCESS under a new number to the new account',
      async play(system) {
        await system.earn(gross);
        await system.host.fault({ kind: 'settle-fail', reason: 'ACCOUNT_CLOSED' });
        const failed = await system.settle();
        expect(failed).toMatchObject({ state: 'FAILED', reason: 'ACCOUNT_CLOSED' });
        await system.atRest();
        const counter = await system.supervisor();
        expect(await refusal(() => counter.settlementOffer())).toBe('SETTLE_ACCOUNT_ERRORED');
        await system.host.command({
          command: 'verify-account',
          name: '账平演示商户',
          number: '6222029999000019',
          bank: '工商银行',
        });
        await system.eventually(
          'the new account',
          () => system.count("SELECT count(*) FROM settlement_account WHERE state = 'ACTIVE'") === 1,
        );
        const settled = await system.settle();
        expect(settled).toMatchObject({ state: 'SUCCESS', maskedAccount: '************0019' });
        expect(settled.no).not.toBe(failed.no);
      },
    },
    {
      given: 'J-23, B-050: the bank sends the money back later (退票)',
      expect: 'RETURNED; the money is available again',
      async play(system) {
        await system.earn(gross);
        const { no } = await system.settle();
        await system.host.fault({ kind: 'settle-return', no });
        await system.eventually(
          'returned',
          () => system.count("SELECT count(*) FROM settlement WHERE state = 'RETURNED'") === 1,
        );
        expect(money(system)).toEqual([net, 0, gross]);
        const counter = await system.supervisor();
        expect(await refusal(() => counter.checkSettlement(no))).toBe('ILLEGAL_STATE');
      },
    },
    {
      given: 'upstream changed the account before the terminal heard of it',
      expect: 'the host refuses the instruction: FAILED, nothing lost; with the new account it works',
      async play(system) {
        await system.earn(gross);
        const deaf = system.wire.rule(({ towards, topic }) =>
          towards === 'client' && topic.endsWith('/down/rows') ? 'drop' : undefined,
        );
        system.host.tamper("UPDATE accounts SET state = 'ERRORED' WHERE version = 1");
        await system.host.command({
          command: 'verify-account',
          name: '账平演示商户',
          number: '6222029999000019',
          bank: '工商银行',
        });
        const settling = system.settle();
        await system.eventually('the host has it', () => system.host.count('SELECT count(*) FROM settlements') === 1);
        deaf();
        expect(await settling).toMatchObject({ state: 'FAILED', reason: 'ACCOUNT_INVALID' });
        expect(money(system)).toEqual([net, 0, gross]);
        expect(await system.settle()).toMatchObject({ state: 'SUCCESS' });
      },
    },
    {
      given: 'the operator leaves the page, and the power goes while the bank takes its time',
      expect: 'the hold stays; the result finds it after the restart',
      system: { hostParameters: { 'host.settleDecision': 'manual' } },
      async play(system) {
        await system.earn(gross);
        const counter = await system.supervisor();
        const offer = counter.settlementOffer();
        const face = new AbortController();
        const left = counter.settle(offer.availableFen, offer, face.signal, () => {});
        const processing = () => system.count("SELECT count(*) FROM settlement WHERE state = 'PROCESSING'") === 1;
        await powerCutWhen(system, 'it is processing', processing, face);
        expect((await left).state).toBe('PROCESSING');
        await system.startTerminal();
        expect(money(system)).toEqual([0, net, gross]);
        await system.ready();
        await decide(system, 'failed', 'BANK_REFUSED');
        await system.eventually(
          'failed',
          () => system.count("SELECT count(*) FROM settlement WHERE state = 'FAILED'") === 1,
        );
        expect(money(system)).toEqual([net, 0, gross]);
      },
    },
  );
});

describe('资金结算 refused here', () => {
  const nothing = (system: TestSystem): void => {
    expect(system.count('SELECT count(*) FROM settlement')).toBe(0);
    expect(money(system)).toEqual([net, 0, gross]);
  };
  scenarios(
    {
      given: 'B-005: nothing at all, less than nothing, and more than there is',
      expect: 'INVALID_AMOUNT, INSUFFICIENT_BALANCE; nothing moves, one audit line each (P-06)',
      async play(system) {
        await system.earn(gross);
        const before = system.count('SELECT count(*) FROM audit');
        expect(await refusal(() => system.settle(0))).toBe('INVALID_AMOUNT');
        expect(await refusal(() => system.settle(-100))).toBe('INVALID_AMOUNT');
        expect(await refusal(() => system.settle(net + 1))).toBe('INSUFFICIENT_BALANCE');
        nothing(system);
        expect(system.count("SELECT count(*) FROM audit WHERE outcome = 'refused' AND action = 'settle'")).toBe(3);
        expect(system.count('SELECT count(*) FROM audit')).toBe(before + 4); // and the log-on of 00
      },
    },
    {
      given: 'B-010: the balance changed since the page was shown',
      expect: 'STALE_BALANCE; nothing moves',
      async play(system) {
        await system.earn(50_000);
        const counter = await system.supervisor();
        const old = counter.settlementOffer();
        await system.earn(50_000);
        expect(await refusal(() => counter.settle(old.availableFen, old, signal, () => {}))).toBe('STALE_BALANCE');
        nothing(system);
      },
    },
    {
      given: 'B-008: a cashier',
      expect: 'FORBIDDEN',
      async play(system) {
        await system.earn(gross);
        const offer = (await system.supervisor()).settlementOffer();
        expect(await refusal(() => system.cashier.settlementOffer())).toBe('FORBIDDEN');
        expect(await refusal(() => system.cashier.settle(fen(100), offer, signal, () => {}))).toBe('FORBIDDEN');
        nothing(system);
      },
    },
    {
      given: 'B-051: 结算 pressed twice with the same key, and then with another amount',
      expect: 'settled once; the second press shows the first; other content is IDEMPOTENCY_CONFLICT',
      async play(system) {
        await system.earn(gross);
        const [first, second] = await Promise.all([system.settle(10_000, 'press-1'), system.settle(10_000, 'press-1')]);
        expect(second.no).toBe(first.no);
        expect((await system.settle(10_000, 'press-1')).no).toBe(first.no);
        expect(await refusal(() => system.settle(10_001, 'press-1'))).toBe('IDEMPOTENCY_CONFLICT');
        expect(system.count('SELECT count(*) FROM settlement')).toBe(1);
        expect(money(system)).toEqual([net - 10_000, 0, gross - 10_000]);
      },
    },
  );
});

describe('清算 (B-027, B-053)', () => {
  /** The host's sums, one fen more or less. */
  const oneFenOff = (system: TestSystem, field: 'grossFen' | 'feeFen' | 'netFen'): (() => void) =>
    rewriteDown(system, 'rows', (message) => {
      const rows = message['rows'];
      if (!Array.isArray(rows)) return undefined;
      const edited = rows.map((row: [number, string, string, Record<string, unknown>]) =>
        row[1] === 'batch-cleared' ? [row[0], row[1], row[2], { ...row[3], [field]: Number(row[3][field]) + 1 }] : row,
      );
      return { ...message, rows: edited };
    });

  scenarios(
    ...(['grossFen', 'feeFen', 'netFen'] as const).map((field) => ({
      given: `the host's ${field} of the batch is one fen more`,
      expect: 'nothing of it is posted, a difference is opened, and nothing may be settled until it is decided',
      endsWithDifference: true,
      async play(system: TestSystem) {
        await system.earn(gross);
        const off = oneFenOff(system, field);
        await system.sell(50_000);
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
        await system.atRest();
        off();
        expect(money(system)).toEqual([net, 0, gross + 50_000]); // J-05 gates nothing
        expect(system.count("SELECT count(*) FROM payment WHERE state = 'PAID'")).toBe(1);
        expect(system.count("SELECT count(*) FROM outbox WHERE kind = 'difference-found'")).toBe(1);
        expect(system.count("SELECT count(*) FROM audit WHERE action = 'clearing-difference'")).toBe(1);
        expect(await system.settle()).toMatchObject({ state: 'FAILED', reason: 'MIRROR_DIFFERS' });
      },
    })),
    {
      given: 'the host clears later, by hand',
      expect: 'sold money is not available before; then it is, once',
      system: { hostParameters: { clearing: 'manual' } },
      async play(system) {
        await system.earn(gross);
        expect(money(system)).toEqual([0, 0, 0]);
        expect((await system.supervisor()).settlementOffer()).toMatchObject({ availableFen: 0, unclearedFen: gross });
        await system.host.command({ command: 'clear-batch', batch: '000001' });
        await system.eventually('cleared', () => money(system)[0] === net);
        await expect(system.host.command({ command: 'clear-batch', batch: '000001' })).rejects.toThrow('ILLEGAL_STATE');
        expect(money(system)).toEqual([net, 0, gross]);
      },
    },
  );
});

describe('no link', () => {
  scenarios({
    given: 'B-019: the wire to the broker is dead',
    expect: 'sale, close, settlement and sign-in are refused with OFFLINE; nothing changes; all work when it is back',
    async play(system) {
      await system.earn(gross);
      const counter = await system.supervisor();
      const offer = counter.settlementOffer();
      system.wire.block();
      await system.eventually('the terminal sees it', () => system.cashier.status().link !== 'online');
      const payments = system.count('SELECT count(*) FROM payment');
      expect(await refusal(() => system.sell(10_000))).toBe('OFFLINE');
      expect(await refusal(() => system.closeBatch())).toBe('OFFLINE');
      expect(await refusal(() => counter.settle(offer.availableFen, offer, signal, () => {}))).toBe('OFFLINE');
      expect(await refusal(() => system.cashier.signIn(signal))).toBe('OFFLINE');
      expect(system.count('SELECT count(*) FROM payment')).toBe(payments);
      expect(money(system)).toEqual([net, 0, gross]);
      system.wire.unblock();
      await system.ready();
      expect((await system.sell(10_000)).kind).toBe('approved');
      expect(await system.settle()).toMatchObject({ state: 'SUCCESS' });
    },
  });
});
