import { describe, expect } from 'vitest';
import { fen } from '../../terminal/base/money.ts';
import { powerCutWhen } from '../support/power-cut.ts';
import { type TestSystem, unionPayCard } from '../support/terminal.ts';
import { book, journals, paymentNo, refund, stateOf } from './books.ts';
import { scenarios, textOf } from './scenario.ts';

/**
 * The power goes right behind a commit, before anybody outside has heard of it; and with a request on its way. What was not committed has not happened. Afterwards
 * both books must agree, with every number posted once.
 */

const { signal } = new AbortController();
const noFace = () => undefined;

/** Nothing that the terminal writes down reaches the host. */
const deaf = (system: TestSystem): (() => void) =>
  system.wire.rule(({ towards, topic }) => (towards === 'broker' && topic.endsWith('/up/rows') ? 'drop' : undefined));

interface Cut {
  readonly of: string;
  readonly given?: (system: TestSystem) => Promise<unknown>;
  /** What leads to the commit; its own end is lost with the power. */
  readonly does: (system: TestSystem, face: AbortController) => Promise<unknown>;
  /** The commit is on disk. */
  readonly moment: (system: TestSystem) => boolean;
  readonly ends: (system: TestSystem) => boolean;
  readonly journals: RegExp;
  readonly hears?: boolean;
}

const refunds = (system: TestSystem, state: string): boolean =>
  system.count('SELECT count(*) FROM refund WHERE state = ?', state) === 1;
const scanned = { by: 'customer-shows', typed: '134567890123456789' } as const;
const store = (system: TestSystem) =>
  system.cashier.stored.sale(fen(10_000), {
    signal,
    progress: (step) => {
      if (step.at === 'card') system.devices.reader.present(unionPayCard);
    },
    confirm: async () => true,
  });

const cuts: readonly Cut[] = [
  {
    of: 'a refund that is reserved',
    given: (system) => system.earn(10_000),
    does: (system, face) => refund(system, 4_000, { signal: face.signal }),
    moment: (system) => refunds(system, 'REQUESTED'),
    ends: (system) => refunds(system, 'SUCCESS'),
    journals: /J-06 J-07$/,
  },
  {
    of: 'a refund whose success was booked',
    given: (system) => system.earn(10_000),
    does: (system, face) => refund(system, 4_000, { signal: face.signal }),
    hears: true,
    moment: (system) => refunds(system, 'SUCCESS'),
    ends: (system) => refunds(system, 'SUCCESS'),
    journals: /J-06 J-07$/,
  },
  {
    of: 'a code sale that is meant, and never comes to the host',
    does: (system, face) => system.cashier.codes.sale(fen(10_098), scanned, face.signal, noFace),
    moment: (system) => stateOf(system) === 'CREATED',
    ends: (system) => stateOf(system) === 'FAILED',
    journals: /^$/,
  },
  {
    of: 'a code sale that was booked',
    does: (system, face) => system.cashier.codes.sale(fen(10_000), scanned, face.signal, noFace),
    moment: (system) => stateOf(system) === 'CLEARED',
    ends: (system) => stateOf(system) === 'CLEARED',
    journals: /^J-01 J-03$/,
  },
  {
    of: 'a stored sale that was taken',
    does: store,
    moment: (system) => stateOf(system) === 'STORED',
    ends: (system) => stateOf(system) === 'PAID',
    journals: /^J-01$/,
  },
  {
    of: 'a stored sale that was accepted',
    does: store,
    hears: true,
    moment: (system) => stateOf(system) === 'PAID',
    ends: (system) => stateOf(system) === 'PAID',
    journals: /^J-01$/,
  },
  {
    of: 'a report of a suspicious sale',
    given: (system) => system.earn(10_000),
    does: (system) => system.cashier.risk.report(paymentNo(system), 'SUSPICIOUS', 'idle'),
    moment: (system) => system.count("SELECT count(*) FROM outbox WHERE kind = 'stop-reported'") === 1,
    ends: (system) => book(system)['2004'] !== undefined,
    journals: /J-09$/,
  },
  {
    of: 'a freeze that was booked',
    given: (system) => system.earn(10_000),
    does: (system) => system.host.command({ command: 'freeze', payment: paymentNo(system) }),
    moment: (system) => book(system)['2004'] !== undefined,
    ends: (system) => book(system)['2004'] !== undefined,
    journals: /J-09$/,
  },
];

describe('the power goes right behind the commit', () => {
  scenarios(
    ...cuts.map(({ of, given, does, moment, ends, journals: posted, hears }) => ({
      given: of,
      expect: 'it goes on from there after the restart, once',
      system: { hostParameters: { 'offline.enabled': true }, limits: { orderQueryMs: 20, hostWaitMs: 500 } },
      async play(system: TestSystem) {
        await given?.(system);
        await system.atRest();
        const through = hears ? undefined : deaf(system);
        const face = new AbortController();
        const lost = does(system, face).catch(() => undefined);
        await powerCutWhen(system, of, () => moment(system), face);
        await lost;
        through?.();
        await system.startTerminal();
        await system.ready();
        await system.eventually('its end', () => ends(system));
        await system.atRest();
        expect(journals(system)).toMatch(posted);
        expect(await system.closeBatch()).toMatchObject({ balanced: true });
      },
    })),
  );
});

describe('the power goes with the request on its way', () => {
  scenarios({
    given: 'find-original',
    expect: 'nothing was meant, nothing is left',
    async play(system) {
      let asked = false;
      system.wire.rule(({ topic, payload }) => {
        asked ||= topic.endsWith('/up/auth') && textOf(payload).includes('"kind":"find-original"');
        return undefined;
      });
      const face = new AbortController();
      const found = system.cashier.refunds
        .find({ by: 'reference', rrn: '999999999999', date: '2026-11-20' }, face.signal)
        .catch(() => undefined);
      await powerCutWhen(system, 'asked', () => asked, face);
      await found;
      await system.startTerminal();
      await system.ready();
      expect(system.count('SELECT count(*) FROM refund')).toBe(0);
      expect(journals(system)).toBe('');
    },
  });
});
