import { describe, expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import type { CardToConfirm } from '../../terminal/flows/counter.ts';
import { refusal } from '../support/refusal.ts';
import { type TestSystem, unionPayCard, visaCard } from '../support/terminal.ts';
import { book, journals, paymentNo, refund, stateOf } from './books.ts';
import { scenarios } from './scenario.ts';

const gross = 10_000; // held to the reader: 38 of it is fee
const net = gross - 38;
const noClearing = { hostParameters: { clearing: 'manual' } };
const { signal } = new AbortController();

const freezeNo = (system: TestSystem): string =>
  system.db.prepare<[], string>('SELECT max(no) FROM freeze').pluck().get() ?? '';
const isFrozen = (system: TestSystem) => system.eventually('frozen', () => freezeNo(system) !== '');
const chargedBack = (system: TestSystem) =>
  system.eventually('charged back', () => system.count('SELECT count(*) FROM charge_back') === 1);

describe('冻结 (B-046)', () => {
  scenarios(
    {
      given: 'the cashier reports a sale that has cleared (立即停止交易)',
      expect: 'its money is held at once, void and refund of it are refused; given free, all is as before',
      async play(system) {
        await system.earn(gross, 30_000);
        await system.cashier.risk.report(paymentNo(system), 'SUSPICIOUS', 'sale-result');
        await isFrozen(system);
        expect(book(system)).toMatchObject({ '2002': 40_000 - 152 - gross, '2004': gross });
        expect(system.cashier.risk.isFrozen(paymentNo(system))).toBe(true);
        expect(await refusal(() => refund(system, 100))).toBe('RISK_BLOCKED');
        expect(await refund(system, 100, { n: 2 })).toMatchObject({ kind: 'succeeded' });
        await system.atRest();
        await system.host.command({ command: 'unfreeze', no: freezeNo(system) });
        await system.eventually('free', () => book(system)['2004'] === undefined);
        expect(journals(system)).toMatch(/J-09 J-06 J-07 J-10$/);
        expect(await refund(system, 100)).toMatchObject({ kind: 'succeeded' });
      },
    },
    {
      given: 'more is to be held than is available',
      expect: 'what is there at once, the rest at the next credits of 2002, the oldest freeze first',
      async play(system) {
        await system.earn(gross);
        await system.settle(5_000);
        await system.host.command({ command: 'freeze', payment: paymentNo(system) });
        await isFrozen(system);
        expect(book(system)).toMatchObject({ '2004': net - 5_000 });
        expect(book(system)['2002']).toBeUndefined();
        await system.earn(2_000); // 1,992 net
        expect(book(system)).toMatchObject({ '2004': net - 5_000 + 1_992 });
        await system.earn(gross);
        expect(book(system)).toMatchObject({ '2004': gross, '2002': net - 5_000 + 1_992 + net - gross });
        expect(journals(system).match(/J-09/g)).toHaveLength(3);
      },
    },
    {
      given: 'a sale that has not cleared, and a void of it',
      expect: 'only a flag; RISK_BLOCKED; its clearing holds the net and nothing of other money',
      system: noClearing,
      async play(system) {
        await system.sell(gross);
        await system.host.command({ command: 'freeze', payment: paymentNo(system) });
        await isFrozen(system);
        expect(book(system)).toEqual({ '1101': gross, '2001': gross });
        const dialog = { signal, progress: () => undefined, confirm: async () => true };
        const stan = system.cashier.transactions(1)[0]?.stan ?? '';
        expect(await refusal(() => system.cashier.void(stan, '123456', dialog))).toBe('RISK_BLOCKED');
        await system.sell(30_000);
        await system.closeBatch();
        await system.host.command({ command: 'clear-batch', batch: '000001' });
        await system.eventually('cleared', () => stateOf(system) === 'CLEARED');
        expect(book(system)).toMatchObject({ '2004': net, '2002': 30_000 - 114, '4001': 152 });
        await system.atRest();
        await system.host.command({ command: 'unfreeze', no: freezeNo(system) });
        await system.eventually('free', () => book(system)['2002'] === net + 30_000 - 114);
      },
    },
    {
      given: 'a flag that is lifted before the clearing',
      expect: 'the clearing is like any other',
      system: noClearing,
      async play(system) {
        await system.sell(gross);
        await system.host.command({ command: 'freeze', payment: paymentNo(system) });
        await isFrozen(system);
        await system.atRest();
        await system.host.command({ command: 'unfreeze', no: freezeNo(system) });
        await system.eventually('lifted', () => !system.cashier.risk.isFrozen(paymentNo(system)));
        await system.closeBatch();
        await system.host.command({ command: 'clear-batch', batch: '000001' });
        await system.eventually('cleared', () => book(system)['2002'] === net);
      },
    },
    {
      given: 'nothing was paid, and there is no link',
      expect: 'the report goes up when there is one, and freezes nothing',
      async play(system) {
        system.wire.block();
        await system.eventually('offline', () => system.cashier.status().link !== 'online');
        await system.cashier.risk.report(undefined, 'SUSPICIOUS', 'idle');
        expect(await refusal(() => system.cashier.risk.report('NONE', 'SUSPICIOUS', 'idle'))).toBe('NOT_FOUND');
        system.wire.unblock();
        await system.ready();
        await system.atRest();
        expect(system.host.count("SELECT count(*) FROM notices WHERE kind = 'stop-reported'")).toBe(1);
        expect(freezeNo(system)).toBe('');
      },
    },
  );
});

describe('退单', () => {
  scenarios(
    {
      given: 'the frozen money of a sale is charged back in part',
      expect: 'J-11 out of what is held, then J-10 for the rest; refunds only up to what is left',
      async play(system) {
        await system.earn(gross);
        await system.host.command({ command: 'freeze', payment: paymentNo(system), amountFen: 8_000 });
        await isFrozen(system);
        await system.atRest();
        await system.host.command({ command: 'charge-back', payment: paymentNo(system), amountFen: 6_000 });
        await chargedBack(system);
        expect(journals(system)).toMatch(/J-09 J-11 J-10/);
        const available = "e.account = '2002' AND j.event = 'J-11'";
        expect(system.count(`SELECT count(*) FROM journal j JOIN entry e ON e.id / 64 = j.id WHERE ${available}`)).toBe(
          0,
        );
        expect(book(system)).toMatchObject({ '2002': net - 6_000, '4001': 38 });
        expect(book(system)['2004']).toBeUndefined();
        await system.atRest();
        expect(await refusal(() => refund(system, 4_001))).toBe('REFUND_EXCEEDS_PAID');
      },
    },
    {
      given: 'nothing is held and little is available',
      expect: 'the rest is owed (1202), and recovered from the next income at once (J-12), before anything else',
      async play(system) {
        await system.earn(gross);
        await system.settle(9_000);
        await system.host.command({ command: 'charge-back', payment: paymentNo(system) });
        await chargedBack(system);
        expect(book(system)).toMatchObject({ '1202': gross - (net - 9_000) });
        const owed = gross - (net - 9_000);
        await system.earn(2_000, 10_000);
        expect(book(system)['1202']).toBeUndefined();
        expect(book(system)).toMatchObject({ '2002': 12_000 - 46 - owed });
        // The first clearing is not enough, the second ends it.
        expect(journals(system)).toMatch(/J-03 J-12 J-03 J-12/);
      },
    },
    {
      given: 'a sale that has not cleared yet',
      expect: 'it is owed, the hold ends, and its own clearing pays it',
      system: noClearing,
      async play(system) {
        await system.sell(gross);
        await system.host.command({ command: 'freeze', payment: paymentNo(system) });
        await isFrozen(system);
        await system.atRest();
        await system.host.command({ command: 'charge-back', payment: paymentNo(system) });
        await chargedBack(system);
        expect(book(system)).toMatchObject({ '1202': gross, '2001': gross });
        await system.atRest();
        await system.closeBatch();
        await system.host.command({ command: 'clear-batch', batch: '000001' });
        await system.eventually('cleared', () => stateOf(system) === 'CLEARED');
        expect(book(system)).toMatchObject({ '1202': 38, '4001': 38 });
        expect(journals(system)).toMatch(/J-11.* J-03 J-12/);
      },
    },
  );
});

describe('local rules about a card (B-047, E-074)', () => {
  /** A sale held to the reader, and what the cashier was warned of before saying yes. */
  async function sell(system: TestSystem, card: { readonly pan: string; readonly expiry: string }) {
    let warning: CardToConfirm['warning'];
    const outcome = await system.cashier.sale(
      fen(1_000),
      signal,
      (step) => {
        if (step.at === 'card') system.devices.reader.present(card);
      },
      async (ask) => {
        warning = ask.warning;
        return true;
      },
    );
    return { kind: outcome.kind, warning };
  }

  scenarios(
    {
      given: 'the same card is held to the reader for the fourth time today',
      expect: 'the cashier is warned and may go on, also after a restart; another card is not warned of',
      async play(system) {
        for (let n = 0; n < 3; n++)
          expect(await sell(system, unionPayCard)).toEqual({ kind: 'approved', warning: undefined });
        expect(await sell(system, unionPayCard)).toEqual({
          kind: 'approved',
          warning: { code: 'CONTACTLESS_TOO_FREQUENT', value: 4, limit: 3 },
        });
        await system.stopTerminal();
        await system.startTerminal();
        await system.ready();
        expect((await sell(system, unionPayCard)).warning).toMatchObject({ value: 5 });
        expect((await sell(system, visaCard)).warning).toBeUndefined();
      },
    },
    {
      given: 'upstream allows a card two sales a day',
      expect: 'the third is RISK_BLOCKED before anything is sent',
      system: { hostParameters: { 'risk.maxCountPerCardDay': 2 } },
      async play(system) {
        await sell(system, unionPayCard);
        await sell(system, unionPayCard);
        expect(await refusal(() => sell(system, unionPayCard))).toBe('RISK_BLOCKED');
        expect(system.host.count('SELECT count(*) FROM approvals')).toBe(2);
        expect(stateOf(system, 3)).toBe('FAILED');
        expect((await sell(system, visaCard)).kind).toBe('approved');
      },
    },
  );
});
