import { generateKeyPairSync } from 'node:crypto';
import { describe, expect } from 'vitest';
import { signingKey } from '../../sync/protocol/signing.ts';
import { powerCutWhen } from '../support/power-cut.ts';
import { refusal } from '../support/refusal.ts';
import type { TestSystem } from '../support/terminal.ts';
import { lastSale, onRequest, rewriteDown, scenarios } from './scenario.ts';

/** The sale gives up soon; everything else has time. */
const impatient = { limits: { hostWaitMs: 250 } };
const journals = (system: TestSystem): number => system.count('SELECT count(*) FROM journal');

const reversed = async (system: TestSystem, code: string): Promise<void> => {
  await system.ready();
  expect(lastSale(system)).toBe(`REVERSED DONE ${code}`);
  expect([journals(system), system.slips().length, system.cashier.status().batch?.records]).toEqual([0, 0, 0]);
};

describe('消费 without an answer', () => {
  scenarios(
    {
      given: 'the host neither books nor answers (amount …98)',
      expect: 'unknown, reversed with 25 by itself',
      system: impatient,
      async play(system) {
        expect(await system.sell(10_098)).toMatchObject({ kind: 'unknown', why: 'no-answer' });
        await reversed(system, '25');
      },
    },
    {
      given: 'the host books and its answer is lost (amount …99)',
      expect: 'unknown, reversed with 00; the customer is not charged',
      system: impatient,
      async play(system) {
        expect(await system.sell(10_099)).toMatchObject({ kind: 'unknown', why: 'no-answer' });
        await reversed(system, '00');
        expect(system.host.count("SELECT count(*) FROM approvals WHERE state = 'REVERSED'")).toBe(1);
      },
    },
    {
      given: 'the approval comes after the reversal was created (amount …68)',
      expect: 'it is logged against the sale and never revives it',
      system: { ...impatient, hostParameters: { 'host.lateAnswerMs': 500 } },
      async play(system) {
        expect(await system.sell(10_068)).toMatchObject({ kind: 'unknown', why: 'no-answer' });
        await reversed(system, '00');
        await system.eventually(
          'the late answer',
          () => system.count("SELECT count(*) FROM audit WHERE action = 'late-answer'") === 1,
        );
        await reversed(system, '00');
        expect(system.count("SELECT count(*) FROM payment WHERE late_code = '00'")).toBe(1);
      },
    },
    {
      given: 'the link is cut with the request on its way',
      expect: 'the host never heard of it: reversed with 25 when the link is back',
      system: impatient,
      async play(system) {
        onRequest(system, 'sale', () => {
          system.wire.cut();
          return 'drop';
        });
        expect(await system.sell(10_000)).toMatchObject({ kind: 'unknown' });
        await reversed(system, '25');
      },
    },
    {
      given: 'the link is cut with the answer on its way',
      expect: 'the host had booked it: reversed with 00 when the link is back',
      system: impatient,
      async play(system) {
        const off = system.wire.rule(({ towards, topic }) => {
          if (towards !== 'client' || !topic.endsWith('/down/auth')) return undefined;
          off();
          system.wire.cut();
          return 'drop';
        });
        expect(await system.sell(10_000)).toMatchObject({ kind: 'unknown' });
        await reversed(system, '00');
      },
    },
    {
      given: 'the host falls silent for a while in the middle of a sale',
      expect: 'the reversal is sent again until it is answered, with the STAN of the sale',
      system: impatient,
      async play(system) {
        const before = await system.sell(10_000);
        expect(before.kind).toBe('approved');
        await system.host.fault({ kind: 'silence', ms: 700 });
        expect(await system.sell(10_000)).toMatchObject({ kind: 'unknown', why: 'no-answer' });
        await system.ready();
        expect(lastSale(system)).toBe('REVERSED DONE 25');
        expect(system.count('SELECT max(reversal_attempts) FROM payment')).toBeGreaterThan(1);
        const stans = system.wire.seen.filter(({ payload }) => payload.includes('"kind":"reverse"'));
        const stan = system.cashier.lastTransaction()?.stan;
        expect(stans.every(({ payload }) => payload.includes(`"stan":"${stan}"`))).toBe(true);
      },
    },
    {
      given: 'the host is stopped in the middle of a sale and started again',
      expect: 'the reversal is delivered to the new one',
      system: impatient,
      async play(system) {
        await system.host.stop();
        expect(await system.sell(10_000)).toMatchObject({ kind: 'unknown', why: 'no-answer' });
        await system.host.start();
        await reversed(system, '25');
      },
    },
    {
      given: 'the power goes with the request on its way, and comes back',
      expect: 'the start finds the sale and reverses it; no STAN comes twice',
      system: impatient,
      async play(system) {
        let sent = false;
        onRequest(system, 'sale', () => {
          sent = true;
          return undefined;
        });
        const face = new AbortController();
        const lost = system.sell(10_099, { signal: face.signal });
        await powerCutWhen(system, 'the request has left', () => sent, face);
        await lost;
        await system.startTerminal();
        expect(system.logged.some((line) => line.includes('sale-lost-its-process'))).toBe(true);
        await reversed(system, '00');
        await system.sell(10_000);
        expect(system.count('SELECT count(DISTINCT stan) FROM payment')).toBe(2);
      },
    },
  );
});

describe('消费 with an answer that is not to be trusted', () => {
  const wrong = {
    'another amount': { amountFen: 9_999 },
    'another STAN': { stan: '999998' },
    'another payment': { payment: '01M80000000000000000000000' },
    'an approval without a fee rate': { rate: null },
  };
  scenarios(
    ...Object.entries(wrong).map(([what, change]) => ({
      given: `the answer names ${what}`,
      expect: 'it counts as none: reversed with 00',
      system: impatient,
      async play(system: TestSystem) {
        const honest = rewriteDown(system, 'auth', (message) => {
          const answer = message['answer'];
          return answer && typeof answer === 'object' && 'rrn' in answer
            ? { ...message, answer: { ...answer, ...change } }
            : undefined;
        });
        const outcome = await system.sell(10_000);
        expect(outcome.kind).toBe('unknown');
        honest();
        await reversed(system, '00');
      },
    })),
    {
      given: 'the answer is signed by somebody else',
      expect: 'it is dropped and logged, and counts as none: reversed with 00',
      system: impatient,
      async play(system) {
        const stranger = signingKey(generateKeyPairSync('ed25519').privateKey);
        const honest = rewriteDown(system, 'auth', (message) => message, stranger);
        expect(await system.sell(10_000)).toMatchObject({ kind: 'unknown', why: 'no-answer' });
        honest();
        await reversed(system, '00');
        expect(system.logged.some((line) => line.includes('BAD_SIGNATURE'))).toBe(true);
      },
    },
  );
});

describe('冲正 that cannot be delivered, or is not accepted', () => {
  scenarios(
    {
      given: 'a reversal is due and the host does not answer',
      expect: 'the next sale, a close and a sign-in by hand wait for it or are refused; then all goes on',
      system: { limits: { hostWaitMs: 200, reversalWaitMs: 300 } },
      async play(system) {
        await system.host.fault({ kind: 'silence', ms: 600_000 });
        await system.sell(10_000);
        expect(await refusal(() => system.sell(20_000))).toBe('REVERSAL_PENDING');
        expect(await refusal(() => system.closeBatch())).toBe('REVERSAL_PENDING');
        expect(system.count('SELECT count(*) FROM payment')).toBe(1);
        expect(system.cashier.status()).toMatchObject({ reversalsDue: 1, batch: { state: 'OPEN' } });
        await system.host.fault({ kind: 'silence', ms: 0 });
        await system.ready();
        expect((await system.sell(20_000)).kind).toBe('approved');
        expect((await system.closeBatch()).kind).toBe('closed');
      },
    },
    {
      given: 'the host answers the reversal three times with a code that ends nothing',
      expect: 'needs a human: 故障单 once, no close, sales go on',
      system: { limits: { hostWaitMs: 250, maxReversalRefusals: 3 } },
      async play(system) {
        const honest = rewriteDown(system, 'auth', (message) => {
          const answer = message['answer'];
          return answer && typeof answer === 'object' && 'kind' in answer && answer.kind === 'reverse'
            ? { ...message, answer: { ...answer, code: '96' } }
            : undefined;
        });
        await system.sell(10_099);
        await system.eventually('it needs a human', () => lastSale(system) === 'NEEDS_HUMAN NEEDS_HUMAN 96');
        await system.eventually('the fault slip', () => system.slips().length === 1);
        expect(system.slips()[0]?.join('\n')).toMatch(/故障单[\s\S]*非凭证[\s\S]*100\.99[\s\S]*需人工处理/);
        expect(system.count('SELECT max(reversal_refusals) FROM payment')).toBe(3);
        expect(await refusal(() => system.closeBatch())).toBe('NEEDS_HUMAN');
        expect((await system.sell(20_000)).kind).toBe('approved');
        honest();
        expect(system.slips().filter((slip) => slip.join('').includes('故障单'))).toHaveLength(1);
      },
    },
  );
});
