import { describe, expect } from 'vitest';
import { printerFaults } from '../../drivers/simulator/printer-faults.ts';
import { refusal } from '../support/refusal.ts';
import type { TestSystem } from '../support/terminal.ts';
import { turnUntil } from '../support/turnable-clock.ts';
import { lastSale, type Scenario, scenarios } from './scenario.ts';

/** 小票 whose paper ends, or whose printer fails, in the middle: the transaction is safe, and 确认 brings what is missing (faces.md, rule 10). */

const { signal } = new AbortController();

/** Everything on paper, cut off or not, without empty lines. */
const onPaper = (system: TestSystem): readonly string[] =>
  [...system.devices.printer.slips, system.devices.printer.hanging()]
    .flatMap(({ lines }) => lines)
    .map((line) => line.trim())
    .filter((line) => line !== '');
const reprintLast = (system: TestSystem) => system.cashier.reprint({ kind: 'last' }, signal);
const head = '***续打/CONTINUED***';

/** The driver of a printer that says nothing by itself asks it now and again: nobody waits for that. */
const turned =
  (play: (system: TestSystem) => Promise<void>): Scenario['play'] =>
  (system, clock) =>
    turnUntil(clock, play(system), 10);

/** What a slip of the same sale looks like that came out without trouble. */
async function wholeSlip(system: TestSystem): Promise<readonly string[]> {
  await system.sell(10_000);
  const lines = onPaper(system);
  system.devices.printer.reset();
  return lines;
}
/** Numbers, times and cryptograms differ from sale to sale. */
const shape = (line: string): string => line.replace(/[\dA-F]/g, '0');

describe('缺纸 in the middle of a slip', () => {
  scenarios(
    ...[1, 7, 12, 20, 30].map((lines) => ({
      given: `the paper ends after ${lines} lines, and new paper is loaded`,
      expect: '确认 goes on: each line once, with a head that says so; counted once, no duplicate',
      play: turned(async (system) => {
        const whole = await wholeSlip(system);
        system.devices.printer.paperOutAfter(lines);
        expect(await system.sell(10_000)).toMatchObject({ kind: 'approved', printProblem: 'PAPER_OUT' });
        expect(lastSale(system)).toBe('PAID - -');
        expect(await refusal(() => reprintLast(system))).toBe('PAPER_OUT');
        expect(system.cashier.lastTransaction()).toMatchObject({ prints: 0 });
        system.devices.printer.mend();
        await reprintLast(system);
        const paper = onPaper(system);
        expect(paper.filter((line) => line !== head).map(shape)).toEqual(whole.map(shape));
        expect(paper.filter((line) => line === head).length).toBeLessThanOrEqual(1);
        expect(system.cashier.lastTransaction()).toMatchObject({ prints: 1 });
        expect(system.devices.printer.violations).toEqual([]);
        await reprintLast(system);
        expect(onPaper(system).slice(paper.length)).toContain('****重打印/DUPLICATED****');
        expect(system.cashier.lastTransaction()).toMatchObject({ prints: 2 });
      }),
    })),
    {
      given: 'the printer is switched off and on, with the rest of the slip in its buffer',
      expect: '确认 goes on under the head; no line is missing',
      play: turned(async (system) => {
        const whole = await wholeSlip(system);
        system.devices.printer.paperOutAfter(12);
        await system.sell(10_000);
        system.devices.printer.powerCycle();
        system.devices.printer.mend();
        await system.eventually('the printer is there', () => system.terminal.world.printer.status().state === 'ready');
        await reprintLast(system);
        const paper = onPaper(system);
        expect(paper.filter((line) => line === head)).toHaveLength(1);
        expect(paper.map(shape)).toEqual(expect.arrayContaining(whole.map(shape)));
        const rest = paper.slice(paper.indexOf(head) + 1); // from the first line that was not confirmed
        expect(rest.map(shape)).toEqual(whole.slice(-rest.length).map(shape));
        expect(rest.length).toBeLessThan(whole.length);
        expect(system.cashier.lastTransaction()).toMatchObject({ prints: 1 });
      }),
    },
    {
      given: 'the configuration wants the whole slip again',
      expect: 'all of it is printed after the part, and counted once',
      system: { config: { resumePrint: 'whole' } },
      play: turned(async (system) => {
        const whole = await wholeSlip(system);
        system.devices.printer.paperOutAfter(12);
        await system.sell(10_000);
        const part = onPaper(system).length;
        system.devices.printer.mend();
        await reprintLast(system);
        const paper = onPaper(system);
        expect(paper).not.toContain(head);
        expect(paper.slice(-whole.length).map(shape)).toEqual(whole.map(shape));
        expect(paper.length).toBeGreaterThan(whole.length);
        expect(part).toBeGreaterThan(0);
        expect(system.cashier.lastTransaction()).toMatchObject({ prints: 1 });
      }),
    },
    {
      given: 'another slip was printed in the meantime',
      expect: 'the whole of the older one is printed: nobody pieces two slips together',
      play: turned(async (system) => {
        const whole = await wholeSlip(system);
        system.devices.printer.paperOutAfter(12);
        const first = await system.sell(10_000);
        const stan = first.kind === 'approved' ? first.txn.stan : '';
        system.devices.printer.mend();
        await system.sell(20_000);
        const before = onPaper(system).length;
        await system.cashier.reprint({ kind: 'stan', stan }, signal);
        expect(onPaper(system).slice(before).map(shape)).toEqual(whole.map(shape));
      }),
    },
    {
      given: 'the terminal was restarted in the meantime',
      expect: 'the whole of it is printed',
      play: turned(async (system) => {
        const whole = await wholeSlip(system);
        system.devices.printer.paperOutAfter(12);
        await system.sell(10_000);
        await system.stopTerminal();
        system.devices.printer.reset();
        await system.startTerminal();
        await system.eventually('the printer is there', () => system.cashier.status().printerProblem === undefined);
        await reprintLast(system);
        expect(onPaper(system).slice(-whole.length).map(shape)).toEqual(whole.map(shape));
        await system.ready();
      }),
    },
    {
      given: 'the paper ends in the middle of 批结算单',
      expect: 'the batch is closed; 确认 goes on with the slip',
      play: turned(async (system) => {
        await system.sell(10_000);
        system.devices.printer.reset();
        system.devices.printer.paperOutAfter(6);
        expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: true, printProblem: 'PAPER_OUT' });
        system.devices.printer.mend();
        await system.cashier.reprint({ kind: 'batch-slip' }, signal);
        const paper = onPaper(system);
        expect(paper.filter((line) => line === '批结算单')).toHaveLength(1);
        expect(paper.filter((line) => line === '对账平')).toHaveLength(1);
        await system.ready();
      }),
    },
  );
});

describe('打印机 with another trouble', () => {
  const troubles = [
    ['cover-open-after', 'COVER_OPEN'],
    ['cutter-jam', 'CUTTER'],
    ['mechanical', 'MECHANICAL'],
    ['unrecoverable', 'UNRECOVERABLE'],
    ['offline', 'OFFLINE'],
  ] as const;
  scenarios(
    ...troubles.map(([fault, problem]) => ({
      given: fault,
      expect: `approved and safe; ${problem} on the page; put right, the slip comes, each line once`,
      play: turned(async (system) => {
        const whole = await wholeSlip(system);
        printerFaults[fault]?.apply(system.devices.printer, { value: 12, times: 1, chance: () => true });
        expect(await system.sell(10_000)).toMatchObject({ kind: 'approved', printProblem: problem });
        system.devices.printer.mend();
        await reprintLast(system);
        expect(
          onPaper(system)
            .filter((line) => line !== head)
            .map(shape),
        ).toEqual(whole.map(shape));
      }),
    })),
    {
      given: 'paper near its end',
      expect: 'printed; the status says it in time',
      play: turned(async (system) => {
        system.devices.printer.set({ paper: 'near-end' });
        expect(await system.sell(10_000)).toMatchObject({ kind: 'approved', printProblem: undefined });
        expect(system.cashier.status()).toMatchObject({ printerProblem: 'PAPER_NEAR_END' });
      }),
    },
  );
});

describe('钱箱', () => {
  const withDrawer = { config: { drawer: 2 } };
  scenarios(
    {
      given: 'a counter without a drawer',
      expect: 'NOT_FOUND, no pulse',
      async play(system) {
        expect(await refusal(() => system.cashier.openDrawer())).toBe('NOT_FOUND');
        expect(system.devices.printer.drawerPulses).toEqual([]);
      },
    },
    {
      given: 'a cashier who opens it',
      expect: 'one pulse, one line in the audit trail',
      system: withDrawer,
      async play(system) {
        await system.cashier.openDrawer();
        expect(system.devices.printer.drawerPulses).toHaveLength(1);
        expect(
          system.count("SELECT count(*) FROM audit WHERE action = 'drawer' AND by = '01' AND outcome = 'ok'"),
        ).toBe(1);
      },
    },
    {
      given: '系统管理员 asks for it, and a cashier while the printer has its cover open',
      expect: 'FORBIDDEN, DEVICE_FAULT; no pulse, each written down',
      system: withDrawer,
      async play(system) {
        const administrator = system.terminal.counter();
        await administrator.logOn('99', '12345678');
        expect(await refusal(() => administrator.openDrawer())).toBe('FORBIDDEN');
        system.devices.printer.set({ coverOpen: true });
        expect(await refusal(() => system.cashier.openDrawer())).toBe('DEVICE_FAULT');
        expect(system.devices.printer.drawerPulses).toEqual([]);
        expect(system.count("SELECT count(*) FROM audit WHERE action = 'drawer' AND outcome = 'refused'")).toBe(2);
      },
    },
  );
});
