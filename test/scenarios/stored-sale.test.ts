import { describe, expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import type { StoredOutcome } from '../../terminal/flows/stored-sale-desk.ts';
import { refusal } from '../support/refusal.ts';
import { type TestSystem, unionPayCard } from '../support/terminal.ts';
import { book, journals, paymentNo, refund, stateOf } from './books.ts';
import { scenarios } from './scenario.ts';

const { signal } = new AbortController();
const allowed = { hostParameters: { 'offline.enabled': true } };

/** An offline sale, with whatever the customer does at the reader. */
function store(
  system: TestSystem,
  amountFen: number,
  how: 'contactless' | 'swipe' = 'contactless',
): Promise<StoredOutcome> {
  const { reader } = system.devices;
  return system.cashier.stored.sale(fen(amountFen), {
    signal,
    progress: (step) => {
      if (step.at !== 'card') return;
      if (how === 'swipe') reader.swipe(unionPayCard);
      else reader.present(unionPayCard);
    },
    confirm: async () => true,
  });
}

async function offline(system: TestSystem): Promise<void> {
  system.wire.block();
  await system.eventually('the terminal sees it', () => system.cashier.status().link !== 'online');
}

async function online(system: TestSystem): Promise<void> {
  system.wire.unblock();
  await system.ready();
  await system.atRest();
}

/** The sealed card of a stored sale, as long as it is in the outbox. */
const sealed = (system: TestSystem): number =>
  system.count(
    "SELECT count(*) FROM outbox WHERE kind = 'store-sale' AND json_extract(body, '$.facts.sealed') IS NOT NULL",
  );

describe('离线消费 (B-055)', () => {
  scenarios(
    {
      given: 'no link, twice within the limits',
      expect:
        'taken and nothing posted; with the link accepted: J-01, counted, cleared with the batch; the sealed cards are gone',
      system: allowed,
      async play(system) {
        await offline(system);
        expect(await store(system, 10_000)).toMatchObject({
          kind: 'stored',
          txn: { state: 'STORED', type: 'stored-sale' },
        });
        expect(await store(system, 20_000)).toMatchObject({ kind: 'stored' });
        expect([book(system), sealed(system), system.cashier.stored.waiting().length]).toEqual([{}, 2, 2]);
        expect(system.logged.join('\n')).not.toContain(unionPayCard.pan);
        await online(system);
        await system.eventually('accepted', () => stateOf(system, 2) === 'PAID');
        expect(journals(system)).toBe('J-01 J-01');
        expect(system.count('SELECT domestic_debit_fen FROM batch')).toBe(30_000);
        await system.eventually('erased', () => sealed(system) === 0);
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
        await system.atRest();
        expect(book(system)).toMatchObject({ '2002': 30_000 - 114, '4001': 114 });
      },
    },
    {
      given: 'a restart without the link in between',
      expect: 'the batch that is open is enough; what was stored before the power cut is there and goes up',
      system: allowed,
      async play(system) {
        await offline(system);
        await store(system, 10_000);
        await system.stopTerminal();
        await system.startTerminal();
        expect(await store(system, 5_000)).toMatchObject({ kind: 'stored' });
        await online(system);
        await system.eventually('accepted', () => stateOf(system, 2) === 'PAID');
        expect(book(system)).toMatchObject({ '2001': 15_000 });
      },
    },
    {
      given: 'the issuer refuses it afterwards',
      expect: 'FAILED, nothing was posted, counted nowhere: the merchant bears it',
      system: allowed,
      async play(system) {
        await offline(system);
        await store(system, 10_051);
        await online(system);
        await system.eventually('refused', () => stateOf(system) === 'FAILED');
        expect(book(system)).toEqual({});
        expect(system.cashier.transactions(1)[0]).toMatchObject({ code: '51' });
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    },
    {
      given: 'it was accepted, and is given back',
      expect: 'a refund like that of any sale; a close waits for results',
      system: allowed,
      async play(system) {
        const held = system.wire.rule(({ towards, topic }) =>
          towards === 'client' && topic.endsWith('/down/rows') ? 'drop' : undefined,
        );
        await store(system, 10_000);
        expect(await refusal(() => system.closeBatch())).toBe('BATCH_HAS_UNKNOWN');
        held();
        await system.eventually('accepted', () => stateOf(system) === 'PAID');
        expect(await refund(system, 10_000)).toMatchObject({ kind: 'succeeded' });
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    },
    {
      given: 'upstream has not allowed it',
      expect: 'OFFLINE_NOT_ALLOWED before a card is asked for',
      async play(system) {
        expect(await refusal(() => store(system, 10_000))).toBe('OFFLINE_NOT_ALLOWED');
        expect(system.count('SELECT count(*) FROM payment')).toBe(0);
      },
    },
    {
      given: 'a stripe, too much at once, too much in all, too many',
      expect: 'each is OFFLINE_NOT_ALLOWED and names the limit; nothing is stored',
      system: {
        hostParameters: {
          'offline.enabled': true,
          'offline.maxFen': 10_000,
          'offline.maxTotalFen': 15_000,
          'offline.maxCount': 2,
        },
      },
      async play(system) {
        await offline(system);
        const over = async (attempt: Promise<unknown>): Promise<unknown> =>
          attempt.then(
            () => 'taken',
            (error: { readonly details: Readonly<Record<string, unknown>> }) => error.details,
          );
        expect(await over(store(system, 5_000, 'swipe'))).toMatchObject({ what: 'offline-entry', value: 'MAG' });
        expect(await over(store(system, 10_001))).toMatchObject({
          what: 'offline-amount',
          value: '100.01',
          limit: '100.00',
        });
        expect(await over(store(system, 10_000))).toBe('taken');
        expect(await over(store(system, 5_001))).toMatchObject({
          what: 'offline-total',
          value: '150.01',
          limit: '150.00',
        });
        expect(await over(store(system, 100))).toBe('taken');
        expect(await over(store(system, 100))).toMatchObject({ what: 'offline-count', value: 3, limit: 2 });
        expect(system.count('SELECT count(*) FROM payment')).toBe(2);
        await online(system);
      },
    },
  );
});

describe('预授权完成通知', () => {
  /** A pre-authorisation of 100.00. */
  const hold = (system: TestSystem) =>
    system.cashier.preauth(fen(10_000), {
      signal,
      progress: (step) => {
        if (step.at === 'card') system.devices.reader.present(unionPayCard);
      },
      confirm: async () => true,
    });
  const stan = (system: TestSystem): string =>
    system.db.prepare<[], string>('SELECT stan FROM payment WHERE id = 1').pluck().get() ?? '';

  scenarios(
    {
      given: 'a pre-authorisation is completed for more than it holds, without the link',
      expect: 'told; accepted: J-01, COMPLETED; it counts as debit and has no void',
      async play(system) {
        await hold(system);
        await offline(system);
        expect(await system.cashier.stored.advise(stan(system), fen(11_500))).toMatchObject({ kind: 'stored' });
        expect(await refusal(() => system.cashier.stored.advise(stan(system), fen(100)))).toBe('ILLEGAL_STATE');
        await online(system);
        await system.eventually('accepted', () => stateOf(system, 2) === 'PAID');
        expect([stateOf(system), journals(system), book(system)]).toEqual([
          'COMPLETED',
          'J-01',
          { '1101': 11_500, '2001': 11_500 },
        ]);
        const advice = system.cashier.transactions(1)[0]?.stan ?? '';
        const dialog = { signal, progress: () => undefined, confirm: async () => true };
        expect(await refusal(() => system.cashier.completionVoid(advice, '123456', dialog))).toBe('ILLEGAL_STATE');
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
        expect(paymentNo(system, 2)).not.toBe('');
      },
    },
    {
      given: 'more than its share, and one that the host refuses',
      expect: 'INVALID_AMOUNT here; refused there: FAILED, the pre-authorisation still holds',
      async play(system) {
        await hold(system);
        expect(await refusal(() => system.cashier.stored.advise(stan(system), fen(11_501)))).toBe('INVALID_AMOUNT');
        await system.host.fault({ kind: 'forward-refuse', code: '05' });
        await system.cashier.stored.advise(stan(system), fen(10_000));
        await system.eventually('refused', () => stateOf(system, 2) === 'FAILED');
        expect([stateOf(system), book(system)]).toEqual(['HELD', {}]);
      },
    },
  );
});
