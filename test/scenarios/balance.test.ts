import { describe, expect } from 'vitest';
import type { BalanceOutcome } from '../../terminal/flows/counter.ts';
import { refusal } from '../support/refusal.ts';
import type { TestSystem } from '../support/terminal.ts';
import { unionPayCard } from '../support/terminal.ts';
import { scenarios } from './scenario.ts';
import { type Ask, approvedTxn, dialogOf, onAuth, preauth, sale, states, takeBack } from './transactions.ts';

/** 余额查询 and 签退: requests that move no money. */

const ask = (system: TestSystem, options?: Ask): Promise<BalanceOutcome> =>
  system.cashier.balance(dialogOf(system, options));
const signOff = (system: TestSystem): Promise<void> => system.cashier.signOff(new AbortController().signal);

describe('余额查询', () => {
  scenarios(
    {
      given: 'a card',
      expect: 'the balance is shown and stands in no file; no payment, one STAN',
      system: { hostParameters: { 'host.balanceFen': 7_654_321 } },
      async play(system) {
        expect(await ask(system)).toEqual({ kind: 'shown', balanceFen: 7_654_321, card: '622202*********0128' });
        expect(states(system)).toBe('');
        const tables = ['audit', 'outbox', 'setting', 'counter'];
        const all = tables.map((table) => JSON.stringify(system.db.prepare(`SELECT * FROM ${table}`).all())).join();
        expect(all + system.logged.join()).not.toContain('7654321');
        expect(await sale(system, 10_000)).toMatchObject({ stan: '000003' }); // 1: sign-in
      },
    },
    {
      given: 'the host declines, does not answer, and 取消',
      expect: 'each is said; nothing is reversed; the next one goes',
      system: { limits: { hostWaitMs: 700 } },
      async play(system) {
        await system.host.fault({ kind: 'decline', of: 'balance', code: '57' });
        expect(await ask(system)).toEqual({ kind: 'declined', code: '57' });
        await system.host.fault({ kind: 'drop-answer', of: 'balance' });
        expect(await ask(system)).toEqual({ kind: 'no-answer' });
        await system.host.fault({ kind: 'drop-answer', of: 'balance' });
        const cancel = new AbortController();
        const off = onAuth(system, 'up', 'balance', () => {
          cancel.abort();
          return undefined;
        });
        expect(await ask(system, { signal: cancel.signal })).toEqual({ kind: 'stopped', why: 'cancelled' });
        off();
        expect(await ask(system)).toMatchObject({ kind: 'shown' });
        expect(system.count("SELECT count(*) FROM due_work WHERE kind = 'reversal'")).toBe(0);
      },
    },
    {
      given: 'a stripe with a PIN that is wrong once',
      expect: 'the PIN is asked for again, with a STAN of its own',
      system: { devices: { pinPad: true } },
      async play(system) {
        const pins = ['000000', '123456'];
        system.devices.pinPad.onAsk(() => void system.devices.pinPad.enterPin(pins.shift() ?? ''));
        const swiped = system.cashier.balance({
          ...dialogOf(system),
          progress: (step) => {
            if (step.at === 'card') system.devices.reader.swipe(unionPayCard);
          },
        });
        expect(await swiped).toMatchObject({ kind: 'shown' });
        expect(pins).toEqual([]);
      },
    },
    {
      given: 'a reversal that can not be delivered',
      expect: 'goes first: refused with REVERSAL_PENDING',
      system: { limits: { hostWaitMs: 700, reversalWaitMs: 300 } },
      async play(system) {
        const off = onAuth(system, 'up', 'reverse', () => 'drop');
        await system.sell(10_099);
        expect(await refusal(() => ask(system))).toBe('REVERSAL_PENDING');
        off();
        await system.ready();
        expect(await ask(system)).toMatchObject({ kind: 'shown' });
      },
    },
  );
});

describe('签退', () => {
  scenarios(
    {
      given: 'an empty batch',
      expect: 'signed off, and it stays so; no sale, no balance; a sign-in by hand goes on with the same batch',
      async play(system, clock) {
        await signOff(system);
        await clock.advance(300);
        expect(system.cashier.status()).toMatchObject({ signedIn: false, link: 'online' });
        expect(await refusal(() => system.sell(10_000))).toBe('SIGN_IN_REQUIRED');
        expect(await refusal(() => ask(system))).toBe('SIGN_IN_REQUIRED');
        expect(await refusal(() => signOff(system))).toBe('SIGN_IN_REQUIRED');
        await system.cashier.signIn(new AbortController().signal);
        await sale(system, 10_000);
        expect(system.cashier.status().batch).toMatchObject({ no: '000001', records: 1 });
      },
    },
    {
      given: 'a batch with a sale in it, also when that was voided, and a pre-authorisation only',
      expect: 'refused: the batch is not closed; after the close it goes',
      async play(system) {
        approvedTxn(await preauth(system, 10_000));
        expect(await refusal(() => signOff(system))).toBe('ILLEGAL_STATE');
        const { stan } = await sale(system, 10_000);
        expect(await refusal(() => signOff(system))).toBe('ILLEGAL_STATE');
        approvedTxn(await takeBack(system, 'void', stan));
        expect(await refusal(() => signOff(system))).toBe('ILLEGAL_STATE');
        await system.earn();
        await signOff(system);
      },
    },
    {
      given: 'a due reversal, and no link',
      expect: 'REVERSAL_PENDING, OFFLINE',
      system: { limits: { hostWaitMs: 700, reversalWaitMs: 300 } },
      async play(system) {
        const off = onAuth(system, 'up', 'reverse', () => 'drop');
        await system.sell(10_098);
        expect(await refusal(() => signOff(system))).toBe('REVERSAL_PENDING');
        off();
        await system.ready();
        system.wire.block();
        await system.eventually('offline', () => system.cashier.status().link !== 'online');
        expect(await refusal(() => signOff(system))).toBe('OFFLINE');
        system.wire.unblock();
        await system.ready();
      },
    },
  );
});
