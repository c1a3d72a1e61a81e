import { describe, expect } from 'vitest';
import type { PaymentDialog, SaleStep } from '../../terminal/flows/counter.ts';
import { refusal } from '../support/refusal.ts';
import { type TestSystem, unionPayCard, visaCard } from '../support/terminal.ts';
import { scenarios } from './scenario.ts';
import { approvedTxn, completion, preauth, sale, secretOf00, states, takeBack } from './transactions.ts';

/** 撤销 that asks for the card of the original and for its PIN, by parameter (faces.md, "void needs card + needs PIN"). */

/** Another card of the same first six and last four digits: only its hash tells them apart. */
const twin = { pan: '6222021234500890128', expiry: '3012' };

/** What the customer holds to the reader, or draws through it; and every step that the screen showed. */
function dialog(system: TestSystem, card: typeof unionPayCard, how: 'tap' | 'swipe' = 'tap', steps: SaleStep[] = []) {
  const { reader } = system.devices;
  return {
    signal: new AbortController().signal,
    confirm: async () => true,
    progress(step) {
      steps.push(step);
      if (step.at === 'card') how === 'swipe' ? reader.swipe(card) : reader.present(card);
    },
  } satisfies PaymentDialog;
}

const approvals = (system: TestSystem): number => system.host.count('SELECT count(*) FROM approvals');

describe('撤销 asks for the card', () => {
  scenarios(
    {
      given: 'void.needsCard, and the customer shows the card of the sale',
      expect: 'done without a PIN; the card goes to the host, which compares it too',
      system: { hostParameters: { 'void.needsCard': true }, devices: { pinPad: true } },
      async play(system) {
        const { stan } = await sale(system, 10_000);
        const steps: SaleStep[] = [];
        const done = approvedTxn(
          await system.cashier.void(stan, secretOf00, dialog(system, unionPayCard, 'tap', steps)),
        );
        expect(done).toMatchObject({ type: 'void', originalStan: stan, entry: 'CONTACTLESS' });
        expect(steps.map(({ at }) => at)).toEqual(['card', 'host', 'printing']);
        expect(states(system)).toBe('sale VOIDED, void DONE');
      },
    },
    {
      given: 'another card, another one with the same digits on the screen, and none',
      expect: 'ILLEGAL_STATE before anything is sent, or stopped; the sale stands and can be voided afterwards',
      system: { hostParameters: { 'void.needsCard': true }, limits: { cardWaitMs: 1_000 } },
      async play(system) {
        const { stan } = await sale(system, 10_000);
        const before = approvals(system);
        for (const card of [visaCard, twin])
          expect(await refusal(() => system.cashier.void(stan, secretOf00, dialog(system, card)))).toBe(
            'ILLEGAL_STATE',
          );
        const nobody = { ...dialog(system, unionPayCard), progress: () => undefined };
        expect(await system.cashier.void(stan, secretOf00, nobody)).toMatchObject({
          kind: 'stopped',
          why: 'card-timeout',
        });
        expect([states(system), approvals(system)]).toEqual(['sale PAID', before]);
        approvedTxn(await system.cashier.void(stan, secretOf00, dialog(system, unionPayCard)));
      },
    },
    {
      given: 'preauth.voidNeedsCard: the voids of a pre-authorisation and of a completion that needed no card',
      expect: 'the card of the pre-authorisation does for both; a void of a sale asks for none',
      system: { hostParameters: { 'preauth.voidNeedsCard': true } },
      async play(system) {
        const held = approvedTxn(await preauth(system, 20_000));
        const done = approvedTxn(await completion(system, held.stan, 20_000));
        const ask = (card: typeof unionPayCard) =>
          system.cashier.completionVoid(done.stan, secretOf00, dialog(system, card));
        expect(await refusal(() => ask(visaCard))).toBe('ILLEGAL_STATE');
        approvedTxn(await ask(unionPayCard));
        const back = (card: typeof unionPayCard) =>
          system.cashier.preauthVoid(held.stan, secretOf00, dialog(system, card));
        expect(await refusal(() => back(visaCard))).toBe('ILLEGAL_STATE');
        approvedTxn(await back(unionPayCard));
        const sold = await sale(system, 10_000);
        const steps: SaleStep[] = [];
        approvedTxn(await takeBack(system, 'void', sold.stan, { onStep: (step) => steps.push(step) }));
        expect(steps.map(({ at }) => at)).not.toContain('card');
      },
    },
  );
});

describe('撤销 asks for the PIN', () => {
  scenarios({
    given: 'void.needsPin, a card drawn through the reader, a wrong PIN and then the right one',
    expect: 'asked again in place; one void',
    system: { hostParameters: { 'void.needsPin': true }, devices: { pinPad: true } },
    async play(system) {
      let asked = 0;
      const { stan } = await sale(system, 10_000);
      system.devices.pinPad.onAsk(() => system.devices.pinPad.enterPin(++asked === 1 ? '000000' : '123456'));
      const steps: SaleStep[] = [];
      const swiped = dialog(system, unionPayCard, 'swipe', steps);
      approvedTxn(await system.cashier.void(stan, secretOf00, swiped));
      expect(steps.map(({ at }) => at)).toEqual(['card', 'pin', 'host', 'pin', 'host', 'printing']);
      expect(states(system)).toBe('sale VOIDED, void FAILED, void DONE');
      expect(system.logged.join('\n')).not.toContain('123456');
    },
  });
});
