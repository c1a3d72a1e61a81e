import { describe, expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import { refusal } from '../support/refusal.ts';
import type { TestSystem } from '../support/terminal.ts';
import { book, journals, paymentNo, refund, stateOf } from './books.ts';
import { scenarios } from './scenario.ts';
import { approvedTxn, sale, secretOf00, states, takeBack } from './transactions.ts';

/** Upstream holds money, or takes it back, that the terminal does not know of yet, or is just about to give back (accounting.md J-09, J-11; races.md). */

const gross = 10_000;
const net = gross - 38;
const typed = { by: 'customer-shows', typed: '134567890123456789' } as const;
const quick = {
  limits: { orderQueryMs: 20, hostWaitMs: 500, reversalWaitMs: 500 },
  hostParameters: { 'host.walletScanMs': 20 },
};
const { signal } = new AbortController();

const freeze = (system: TestSystem, payment = paymentNo(system)) =>
  system.host.command({ command: 'freeze', payment, amountFen: 4_000 });
const freezeNo = (system: TestSystem) => String(system.host.rows('SELECT max(no) AS no FROM freezes')[0]?.['no']);
const known = (system: TestSystem) =>
  system.eventually('the host has booked it', () => system.host.count('SELECT count(*) FROM approvals') === 1);
/** What is on its way down waits until the returned function is called. */
const holdDown = (system: TestSystem, topic: 'rows' | 'auth') =>
  system.wire.rule(({ towards, topic: of }) =>
    towards === 'client' && of.endsWith(`/down/${topic}`) ? 'drop' : undefined,
  );

describe('冻结 of what is in doubt', () => {
  scenarios(
    {
      given: 'a sale whose answer was lost, frozen before its reversal comes',
      expect: 'the reversal has the last word: nobody is charged, the freeze has ended, nothing waits for a person',
      system: quick,
      async play(system) {
        let isFrozen = false;
        const held = system.wire.rule(({ towards, topic }) =>
          towards === 'broker' &&
          topic.endsWith('/up/auth') &&
          system.host.count('SELECT count(*) FROM approvals') === 1 &&
          !isFrozen
            ? 'drop'
            : undefined,
        );
        await system.host.fault({ kind: 'drop-answer', of: 'sale' });
        const sold = system.sell(gross);
        await known(system);
        await freeze(system);
        isFrozen = true;
        held();
        await sold;
        await system.ready();
        expect([states(system), journals(system)]).toEqual(['sale REVERSED', '']);
        expect(system.host.rows('SELECT state FROM approvals')).toEqual([{ state: 'REVERSED' }]);
        await system.atRest();
        expect(system.host.rows('SELECT state FROM freezes')).toEqual([{ state: 'ENDED' }]);
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    },
    {
      given: 'a code sale in doubt that was paid, frozen before the terminal hears of it',
      expect: 'its J-03 holds the part, the rest is available; free again it is all available',
      system: quick,
      async play(system) {
        const deaf = holdDown(system, 'auth');
        const sold = system.cashier.codes.sale(fen(gross), typed, signal, () => undefined);
        await known(system);
        await freeze(system);
        await system.eventually('the freeze is here', () => system.count('SELECT count(*) FROM freeze') === 1);
        deaf();
        expect(await sold).toMatchObject({ kind: 'approved' });
        expect([journals(system), book(system)]).toEqual([
          'J-01 J-03',
          { '1102': gross, '2002': net - 4_000, '2004': 4_000, '4001': 38 },
        ]);
        expect(await refusal(() => refund(system, 100))).toBe('RISK_BLOCKED');
        await system.atRest();
        await system.host.command({ command: 'unfreeze', no: freezeNo(system) });
        await system.eventually('free', () => book(system)['2002'] === net);
      },
    },
    {
      given: 'a card that clears at once, frozen while its answer is on its way',
      expect: 'its J-03 holds the part',
      system: { hostParameters: { 'settle.cardCycle': 'real-time' } },
      async play(system) {
        await system.host.fault({ kind: 'delay-answer', of: 'sale', ms: 600 });
        const sold = system.sell(gross);
        await known(system);
        await freeze(system);
        expect((await sold).kind).toBe('approved');
        expect([journals(system), book(system)['2004']]).toEqual(['J-01 J-03', 4_000]);
        await system.atRest();
        await system.host.command({ command: 'charge-back', payment: paymentNo(system) });
        await system.eventually('charged back', () => stateOf(system) === 'CLEARED' && /J-11/.test(journals(system)));
      },
    },
  );
});

describe('冻结 of what took no money', () => {
  scenarios({
    given: 'the cashier reports the void of a card that had cleared at once',
    expect: 'the host knows of it, and holds nothing',
    system: { hostParameters: { 'settle.cardCycle': 'real-time' } },
    async play(system) {
      await sale(system, 30_000);
      const { stan } = await sale(system, gross);
      const { payment } = approvedTxn(await takeBack(system, 'void', stan));
      await system.cashier.risk.report(payment, 'SUSPICIOUS', 'sale-result');
      await system.atRest();
      expect(system.host.count("SELECT count(*) FROM notices WHERE kind = 'stop-reported'")).toBe(1);
      expect(system.host.count('SELECT count(*) FROM freezes')).toBe(0);
      expect(book(system)['2004']).toBeUndefined();
      await expect(freeze(system, payment)).rejects.toThrow('404');
      await expect(system.host.command({ command: 'charge-back', payment })).rejects.toThrow('404');
    },
  });
});

describe('退单 of what is in doubt', () => {
  scenarios(
    {
      given: 'a sale that the terminal has not booked',
      expect: 'refused at the host; its reversal takes it back, once',
      system: quick,
      async play(system) {
        await system.host.fault({ kind: 'delay-answer', of: 'sale', ms: 400 });
        const sold = system.sell(gross);
        await known(system);
        await expect(system.host.command({ command: 'charge-back', payment: paymentNo(system) })).rejects.toThrow(
          '409',
        );
        expect((await sold).kind).toBe('approved');
      },
    },
    {
      given: 'a void that is asked for while the charge-back is on its way',
      expect: 'declined with 12: the customer has the money back already',
      async play(system) {
        const { stan } = await sale(system, gross);
        await system.atRest();
        const deaf = holdDown(system, 'rows');
        await system.host.command({ command: 'charge-back', payment: paymentNo(system) });
        expect(await takeBack(system, 'void', stan)).toMatchObject({ kind: 'declined', code: '12' });
        deaf();
        await system.eventually('charged back', () => /J-11/.test(journals(system)));
        expect(
          await refusal(() =>
            system.cashier.void(stan, secretOf00, { signal, progress: () => undefined, confirm: async () => true }),
          ),
        ).toBe('RISK_BLOCKED');
        expect(states(system)).toBe('sale PAID, void FAILED');
      },
    },
  );
});
