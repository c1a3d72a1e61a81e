import { describe, expect } from 'vitest';
import type { TestSystem } from '../support/terminal.ts';
import { lastSale, scenarios } from './scenario.ts';

/** The line to the host is slow, or loses the word with which work begins. */

const online = (system: TestSystem): Promise<void> =>
  system.eventually('the link is up', () => system.cashier.status().link === 'online');

describe('联机', () => {
  scenarios(
    {
      given: 'everything from the host comes half a second late',
      expect: 'approved, once, with its slip',
      async play(system) {
        await system.host.fault({ kind: 'delay-link', ms: 500 });
        expect(await system.sell(10_000)).toMatchObject({ kind: 'approved', printProblem: undefined });
        await system.host.fault({ kind: 'delay-link', ms: 0 });
        await system.ready();
        expect([system.cashier.status().batch?.records, system.slips().length]).toEqual([1, 2]);
      },
    },
    {
      given: 'everything from the host comes later than a sale waits',
      expect: 'unknown, reversed with 00; with a quick line the next sale goes',
      system: { limits: { hostWaitMs: 250 } },
      async play(system) {
        await system.host.fault({ kind: 'delay-link', ms: 800 });
        expect(await system.sell(10_000)).toMatchObject({ kind: 'unknown', why: 'no-answer' });
        await system.host.fault({ kind: 'delay-link', ms: 0 });
        await system.ready();
        expect(lastSale(system)).toBe('REVERSED DONE 00');
        expect(system.slips()).toEqual([]);
        expect((await system.sell(10_000)).kind).toBe('approved');
      },
    },
    {
      given: 'the link is cut, and the host’s welcome is lost twice',
      expect: 'the terminal says hello again until it is welcome; then sales go',
      async play(system) {
        const heard = system.wire.seen.length;
        await system.host.fault({ kind: 'drop-welcome', times: 2 });
        system.wire.cut();
        await system.eventually('the loss is seen', () => system.cashier.status().link !== 'online');
        await online(system);
        const hellos = system.wire.seen.slice(heard).filter(({ topic }) => topic.endsWith('/up/hello'));
        expect(hellos.length).toBeGreaterThanOrEqual(3);
        expect((await system.sell(10_000)).kind).toBe('approved');
      },
    },
  );
});
