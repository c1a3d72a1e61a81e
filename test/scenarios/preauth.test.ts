import { describe, expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import { refusal } from '../support/refusal.ts';
import { type TestSystem, unionPayCard, visaCard } from '../support/terminal.ts';
import type { TurnableClock } from '../support/turnable-clock.ts';
import { rewriteDown, scenarios } from './scenario.ts';
import {
  approvedTxn,
  completion,
  dialogOf,
  journals,
  preauth,
  sale,
  states,
  takeBack,
  totals,
} from './transactions.ts';

/** 预授权, its completion and its end (payments.md, Transactions; states.md, other machines). */

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;

describe('预授权完成: how much and of what', () => {
  scenarios(
    {
      given: '115 % of what is held, and a fen more',
      expect: 'the one is booked, the other refused before anything is sent',
      async play(system) {
        const { stan } = approvedTxn(await preauth(system, 10_000));
        expect(await refusal(() => completion(system, stan, 11_501))).toBe('INVALID_AMOUNT');
        expect(await refusal(() => completion(system, stan, 0))).toBe('INVALID_AMOUNT');
        approvedTxn(await completion(system, stan, 11_500));
        expect(states(system)).toBe('preauth COMPLETED, completion PAID');
        expect(system.cashier.lastTransaction()).toMatchObject({
          amountFen: 11_500,
          feeFen: 44,
          card: '622202*********0128',
        });
      },
    },
    {
      given: 'a second completion, a completion of a sale, of one that was voided, of none',
      expect: 'refused; nothing is sent',
      async play(system) {
        const done = approvedTxn(await preauth(system, 10_000));
        approvedTxn(await completion(system, done.stan, 5_000));
        const gone = approvedTxn(await preauth(system, 10_000));
        approvedTxn(await takeBack(system, 'preauthVoid', gone.stan));
        const sold = await sale(system, 10_000);
        for (const { stan } of [done, gone, sold])
          expect(await refusal(() => completion(system, stan, 5_000))).toBe('ILLEGAL_STATE');
        expect(await refusal(() => completion(system, '999999', 5_000))).toBe('NOT_FOUND');
        expect(system.count("SELECT count(*) FROM payment WHERE txn = 'completion'")).toBe(1);
      },
    },
    {
      given: 'a pre-authorisation that this terminal does not know, by its authorisation code and the card',
      expect: 'booked; what the host does not find is declined with 25',
      async play(system) {
        const { stan, authCode = '' } = approvedTxn(await preauth(system, 10_000));
        system.db.prepare("UPDATE payment SET no = 'ELSEWHERE', auth_code = NULL WHERE stan = ?").run(stan);
        const byCode = (code: string) =>
          system.cashier.completion({ by: 'auth-code', authCode: code }, fen(9_000), dialogOf(system));
        expect(await byCode('ZZZZZZ')).toMatchObject({ kind: 'declined', code: '25' });
        expect(approvedTxn(await byCode(authCode))).toMatchObject({
          type: 'completion',
          amountFen: 9_000,
          original: undefined,
        });
        expect(totals(system)).toBe('debit 1/90.00 credit 0/0.00');
        expect(system.slips().at(-1)?.join('\n')).toMatch(new RegExp(`原授权码\\(ORG AUTH\\) +${authCode}`));
        // As before, for the books to be compared.
        const no = String(system.host.rows("SELECT payment FROM approvals WHERE txn = 'preauth'")[0]?.['payment']);
        system.db.prepare("UPDATE payment SET no = ?, state = 'COMPLETED' WHERE stan = ?").run(no, stan);
      },
    },
    {
      given: 'its own pre-authorisation by the authorisation code: with another card, then with its own',
      expect: 'declined, and it is held as before; then it is completed, here as at the host',
      async play(system) {
        const { authCode = '' } = approvedTxn(await preauth(system, 10_000));
        const byCode = (card: typeof unionPayCard) =>
          system.cashier.completion({ by: 'auth-code', authCode }, fen(9_000), {
            ...dialogOf(system),
            progress: (step) => {
              if (step.at === 'card') system.devices.reader.present(card);
            },
          });
        expect(await byCode(visaCard)).toMatchObject({ kind: 'declined', code: '14' });
        expect(states(system)).toBe('preauth HELD, completion FAILED');
        approvedTxn(await byCode(unionPayCard));
        expect(states(system)).toBe('preauth COMPLETED, completion FAILED, completion PAID');
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    },
    {
      given: 'a pre-authorisation of a batch that was closed',
      expect: 'voided and completed in the next one: it is bound to none',
      async play(system) {
        const [first, second] = [
          approvedTxn(await preauth(system, 10_000)),
          approvedTxn(await preauth(system, 20_000)),
        ];
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
        await system.atRest();
        await system.ready();
        approvedTxn(await takeBack(system, 'preauthVoid', first.stan));
        approvedTxn(await completion(system, second.stan, 20_000));
        expect(states(system)).toBe('preauth VOIDED, preauth COMPLETED, preauth-void DONE, completion PAID');
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    },
    {
      given: 'the days, the share and the largest amount are other parameters of the merchant',
      expect: 'they hold',
      system: { hostParameters: { 'preauth.validDays': 3, 'preauth.maxPercent': 100 } },
      async play(system) {
        const { stan, validUntil = 0, at } = approvedTxn(await preauth(system, 10_000));
        expect(Math.round((validUntil - at) / dayMs)).toBe(3);
        await system.eventually(
          'the parameters',
          () => system.count("SELECT count(*) FROM setting WHERE name = 'parameters'") === 1,
        );
        expect(await refusal(() => completion(system, stan, 10_001))).toBe('INVALID_AMOUNT');
        approvedTxn(await completion(system, stan, 10_000));
      },
    },
  );
});

describe('预授权: the end of its validity', () => {
  /** The host says 30 days; here it ends in a moment. */
  const holdFor = async (system: TestSystem, clock: TurnableClock, ms = minuteMs): Promise<string> => {
    const honest = rewriteDown(system, 'auth', (message) => {
      const told = message['answer'] as Record<string, unknown>;
      return told['kind'] === 'preauth' ? { ...message, answer: { ...told, validUntil: clock.now() + ms } } : undefined;
    });
    const { stan, validUntil } = approvedTxn(await preauth(system, 10_000));
    honest();
    expect(validUntil).toBeGreaterThan(0);
    return stan;
  };
  scenarios(
    {
      given: 'nobody completes it',
      expect: 'EXPIRED by itself; nothing can be done to it any more, and nothing is posted',
      async play(system, clock) {
        const stan = await holdFor(system, clock);
        expect(states(system)).toBe('preauth HELD');
        await clock.advance(minuteMs);
        await system.eventually('it has expired', () => states(system) === 'preauth EXPIRED');
        expect(await refusal(() => completion(system, stan, 10_000))).toBe('ILLEGAL_STATE');
        expect(await refusal(() => takeBack(system, 'preauthVoid', stan))).toBe('ILLEGAL_STATE');
        expect(journals(system)).toBe('');
        expect(system.count("SELECT count(*) FROM due_work WHERE kind = 'preauth-expiry'")).toBe(0);
      },
    },
    {
      given: 'the terminal is off at its end',
      expect: 'EXPIRED after the next start',
      async play(system, clock) {
        await holdFor(system, clock);
        await system.stopTerminal();
        await clock.advance(minuteMs);
        await system.startTerminal();
        await system.eventually('it has expired', () => states(system) === 'preauth EXPIRED');
      },
    },
    {
      given: 'its completion is on its way at that moment',
      expect: 'the host said yes in time: completed',
      async play(system, clock) {
        const stan = await holdFor(system, clock, 5_000);
        await system.host.fault({ kind: 'delay-answer', of: 'completion', ms: 6_000 });
        const done = completion(system, stan, 10_000);
        await system.eventually('the host said yes', () => {
          return system.host.count("SELECT count(*) FROM approvals WHERE txn = 'completion'") === 1;
        });
        await clock.advance(6_000);
        approvedTxn(await done);
        expect(states(system)).toBe('preauth COMPLETED, completion PAID');
      },
    },
    {
      given: 'a completion that is voided after its end',
      expect: 'HELD again for a moment, then EXPIRED',
      async play(system, clock) {
        const held = await holdFor(system, clock);
        const { stan } = approvedTxn(await completion(system, held, 10_000));
        await clock.advance(minuteMs);
        expect(states(system)).toBe('preauth COMPLETED, completion PAID');
        approvedTxn(await takeBack(system, 'completionVoid', stan));
        await system.eventually(
          'it has expired',
          () => states(system) === 'preauth EXPIRED, completion VOIDED, completion-void DONE',
        );
      },
    },
  );
});
