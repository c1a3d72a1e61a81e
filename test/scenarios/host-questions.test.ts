import { describe, expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import type { CodeToEnter, PartToAccept, PaymentDialog } from '../../terminal/flows/counter.ts';
import { powerCutWhen } from '../support/power-cut.ts';
import type { TestSystem } from '../support/terminal.ts';
import { rewriteDown, scenarios } from './scenario.ts';
import { approvedTxn, dialogOf, journals, onAuth, states, totals } from './transactions.ts';

/** What the host may ask before it approves, and approve in part (payments.md, code 10; B-022, B-023). */

type Questions = Pick<PaymentDialog, 'acceptPart' | 'askCode'>;

const sell = (system: TestSystem, amountFen: number, questions: Questions, signal = new AbortController().signal) => {
  const { progress, confirm } = dialogOf(system);
  return system.cashier.sale(fen(amountFen), signal, progress, confirm, false, questions);
};
/** What the customer reads at last, which comes over a wire. */
const shows = (system: TestSystem, what: RegExp): Promise<void> =>
  system.eventually(`the display: ${what}`, () => what.test(system.devices.display.lines().join('|')));

describe('部分承兑: the host approves half (amount …10)', () => {
  const asked: PartToAccept[] = [];
  const answer = (yes: boolean) => async (ask: PartToAccept) => {
    asked.push(ask);
    return yes;
  };
  scenarios(
    {
      given: 'cashier and customer take it',
      expect: 'booked with what was approved, its fee on that; both see it; the slip says what was asked',
      system: { devices: { display: true } },
      async play(system) {
        const acceptPart = async (ask: PartToAccept) => {
          await shows(system, /^TOTAL +100\.10\|APPROVED +50\.05$/);
          return answer(true)(ask);
        };
        const txn = approvedTxn(await sell(system, 10_010, { acceptPart }));
        expect(asked.pop()).toMatchObject({ askedFen: 10_010, approvedFen: 5_005, discountFen: 0 });
        expect(txn).toMatchObject({ askedFen: 10_010, amountFen: 5_005, feeFen: 19, code: '10', state: 'PAID' });
        expect(totals(system)).toBe('debit 1/50.05 credit 0/0.00');
        expect(system.slips().at(-1)?.join('\n')).toMatch(/RMB 50\.05[\s\S]*订单金额\(ORDER\) +100\.10/);
        expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: true });
      },
    },
    {
      given: 'the customer does not want it',
      expect: 'given back: reversed with 00, nothing booked',
      async play(system) {
        expect(await sell(system, 10_010, { acceptPart: answer(false) })).toMatchObject({
          kind: 'unknown',
          why: 'part-refused',
        });
        await system.ready();
        expect([states(system), journals(system)]).toEqual(['sale REVERSED', '']);
      },
    },
    {
      given: 'a face that can not ask, 取消 at the question, and nobody who answers it',
      expect: 'given back each time',
      system: { limits: { cardWaitMs: 1_000 } },
      async play(system) {
        expect(await sell(system, 10_010, {})).toMatchObject({ kind: 'unknown', why: 'part-refused' });
        await system.ready();
        const cancel = new AbortController();
        const acceptPart = () => {
          cancel.abort();
          return new Promise<boolean>(() => {});
        };
        expect(await sell(system, 10_010, { acceptPart }, cancel.signal)).toMatchObject({ why: 'cancelled' });
        await system.ready();
        const nobody = () => new Promise<boolean>(() => {});
        expect(await sell(system, 10_010, { acceptPart: nobody })).toMatchObject({ why: 'part-refused' });
        await system.ready();
        expect(states(system)).toBe('sale REVERSED, sale REVERSED, sale REVERSED');
      },
    },
    {
      given: 'code 10 with all of the amount, with more, and with nothing',
      expect: 'none of them is an answer: reversed',
      async play(system) {
        for (const approvedFen of [10_010, 10_011, 0]) {
          const honest = rewriteDown(system, 'auth', (message) => {
            const told = message['answer'] as Record<string, unknown>;
            return told['kind'] === 'sale' ? { ...message, answer: { ...told, approvedFen } } : undefined;
          });
          expect(await sell(system, 10_010, { acceptPart: answer(true) })).toMatchObject({ why: 'bad-answer' });
          honest();
          await system.ready();
        }
      },
    },
  );
});

describe('优惠 (B-022): a promoter pays a tenth (amount …11)', () => {
  scenarios({
    given: 'a sale of 100.11',
    expect: 'booked with what the customer paid, its fee on that; cashier, customer and slip say what was saved',
    system: { devices: { display: true } },
    async play(system) {
      const txn = approvedTxn(await sell(system, 10_011, {}));
      const saved = txn.discountFen;
      expect(saved).toBeGreaterThan(0);
      expect(txn.amountFen + saved).toBe(10_011);
      expect(txn.state).toBe('PAID');
      // 0.38 % of what the customer paid, not of what the goods cost.
      expect([txn.amountFen, txn.feeFen]).toEqual([9_010, 34]);
      await shows(system, /^SAVED +10\.\d\d\|TO PAY +90\.\d\d$/);
      expect(system.slips().at(-1)?.join('\n')).toMatch(/订单金额\(ORDER\) +100\.11\n优惠金额\(DISCOUNT\) +-10\.\d\d/);
      expect(totals(system)).toBe(`debit 1/${(txn.amountFen / 100).toFixed(2)} credit 0/0.00`);
      await system.earn();
      expect(journals(system)).toMatch(/^J-01 J-03/);
    },
  });
});

describe('持卡人验证: the host wants the code that it sent (amount …08)', () => {
  const right = '246810';
  const asked: CodeToEnter[] = [];
  const say = (...codes: readonly (string | undefined)[]): Questions => {
    asked.length = 0;
    const left = [...codes];
    return {
      askCode: async (ask) => {
        asked.push(ask);
        return left.shift();
      },
    };
  };
  scenarios(
    {
      given: 'the right code',
      expect: 'approved under the same number and STAN',
      system: { devices: { display: true } },
      async play(system) {
        const { askCode } = say(right);
        const seen: Questions = {
          askCode: async (ask) => {
            await shows(system, /^TOTAL +100\.08\|TELL THE CODE SENT/);
            return askCode?.(ask);
          },
        };
        approvedTxn(await sell(system, 10_008, seen));
        expect(asked).toMatchObject([{ by: 'sms', triesLeft: 3, problem: undefined }]);
        expect(asked[0]?.to).toMatch(/\*/);
        expect(states(system)).toBe('sale PAID');
        expect(system.host.count('SELECT count(*) FROM approvals')).toBe(1);
      },
    },
    {
      given: 'a wrong code, then it is sent again, then the right one',
      expect: 'the second question says OTP_WRONG and one try less; approved',
      async play(system) {
        approvedTxn(await sell(system, 10_008, say('111111', 'send-again', right)));
        expect(asked.map(({ problem, triesLeft }) => [problem, triesLeft])).toEqual([
          [undefined, 3],
          ['OTP_WRONG', 2],
          [undefined, 2],
        ]);
      },
    },
    {
      given: 'three wrong codes',
      expect: 'declined with 63, nothing to reverse',
      async play(system) {
        expect(await sell(system, 10_008, say('1', '2', '3'))).toMatchObject({ kind: 'declined', code: '63' });
        expect([states(system), journals(system)]).toEqual(['sale FAILED', '']);
      },
    },
    {
      given: 'a code that came too late',
      expect: 'the question says OTP_EXPIRED; sent again, approved',
      system: { hostParameters: { 'verify.validMs': 1 } },
      async play(system) {
        const questions = say(right, undefined);
        expect(await sell(system, 10_008, questions)).toMatchObject({ kind: 'unknown', why: 'not-verified' });
        expect(asked.map(({ problem }) => problem)).toEqual([undefined, 'OTP_EXPIRED']);
        await system.ready();
      },
    },
    {
      given: 'given up, 取消, a face that can not ask',
      expect: 'reversed with 25: the host had booked nothing',
      async play(system) {
        expect(await sell(system, 10_008, say(undefined))).toMatchObject({ why: 'not-verified' });
        await system.ready();
        const cancel = new AbortController();
        const askCode = () => {
          cancel.abort();
          return new Promise<undefined>(() => {});
        };
        expect(await sell(system, 10_008, { askCode }, cancel.signal)).toMatchObject({ why: 'cancelled' });
        await system.ready();
        expect(await sell(system, 10_008, {})).toMatchObject({ why: 'not-verified' });
        await system.ready();
        expect(system.count("SELECT count(*) FROM payment WHERE state = 'REVERSED' AND reversal_code = '25'")).toBe(3);
      },
    },
    {
      given: 'the answer to the request with the code is lost',
      expect: 'unknown: reversed with 00',
      system: { limits: { hostWaitMs: 700 } },
      async play(system) {
        let answers = 0;
        const off = onAuth(system, 'down', 'sale', () => {
          answers += 1;
          return answers > 1 ? 'drop' : undefined;
        });
        expect(await sell(system, 10_008, say(right))).toMatchObject({ kind: 'unknown', why: 'no-answer' });
        off();
        await system.ready();
        expect(system.count("SELECT count(*) FROM payment WHERE reversal_code = '00'")).toBe(1);
      },
    },
    {
      given: 'the power goes while the customer looks for the code',
      expect: 'the start reverses it, with 25',
      async play(system) {
        let waiting = false;
        const askCode = () => {
          waiting = true;
          return new Promise<undefined>(() => {});
        };
        const face = new AbortController();
        const lost = sell(system, 10_008, { askCode }, face.signal);
        await powerCutWhen(system, 'the code is asked for', () => waiting, face);
        await lost.catch(() => undefined);
        await system.startTerminal();
        await system.ready();
        expect([states(system), journals(system)]).toEqual(['sale REVERSED', '']);
      },
    },
  );
});
