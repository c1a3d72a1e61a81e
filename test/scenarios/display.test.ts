import { describe, expect } from 'vitest';
import type { TestSystem } from '../support/terminal.ts';
import { scenarios } from './scenario.ts';

/** What the customer reads on the display: never an amount of a sale that is over, nor of one that did not come about. */

const withDisplay = { devices: { display: true, pinPad: true } } as const;
const shown = (system: TestSystem): string => system.devices.display.lines().join('|');
const shows = (system: TestSystem, lines: string): Promise<void> =>
  system.eventually(lines, () => shown(system) === lines);
const welcome = '      WELCOME       |                    ';

describe('顾客屏', () => {
  scenarios(
    {
      given: 'a sale from the card to the slip, with a PIN',
      expect: 'total and what to do, step by step; approved and thanks in the end',
      system: withDisplay,
      async play(system) {
        const said: string[] = [];
        const note = (): void => {
          const lines = shown(system);
          if (said.at(-1) !== lines && lines.startsWith('TOTAL')) said.push(lines);
        };
        const stop = system.devices.display.onChange(note);
        const stopAsking = system.devices.pinPad.onAsk(() => void system.devices.pinPad.enterPin('123456'));
        await system.sell(123_400, { how: 'swipe' });
        await shows(system, 'TOTAL       1,234.00|APPROVED, THANK YOU ');
        const order = ['PLEASE PRESENT CARD ', 'PLEASE ENTER PIN    ', 'APPROVED, THANK YOU '];
        expect(said.map((lines) => lines.split('|')[1]).filter((line) => order.includes(line ?? ''))).toEqual(order);
        expect(system.devices.display.violations).toEqual([]);
        stop();
        stopAsking();
      },
    },
    {
      given: 'a sale that is declined, one that is cancelled, and one without an answer',
      expect: 'welcome again at once: no amount stays',
      system: { ...withDisplay, limits: { hostWaitMs: 300 } },
      async play(system) {
        await system.sell(10_051);
        await shows(system, welcome);
        const abort = new AbortController();
        const left = system.sell(10_000, { signal: abort.signal, atReader: () => undefined });
        await shows(system, 'TOTAL         100.00|PLEASE PRESENT CARD ');
        abort.abort();
        await left;
        await shows(system, welcome);
        await system.sell(10_098);
        await shows(system, welcome);
        await system.ready();
      },
    },
    {
      given: 'the screen comes to rest with somebody logged on',
      expect: 'welcome',
      system: withDisplay,
      async play(system) {
        await system.sell(10_000);
        await shows(system, 'TOTAL         100.00|APPROVED, THANK YOU ');
        const idle = new AbortController();
        const card = system.cashier.offeredCard(idle.signal);
        await shows(system, welcome);
        idle.abort();
        expect(await card).toBeUndefined();
      },
    },
    {
      given: 'no display',
      expect: 'the sale goes',
      async play(system) {
        expect((await system.sell(10_000)).kind).toBe('approved');
      },
    },
  );
});
