import { describe, expect, it } from 'vitest';
import { cd5220Display } from '../../drivers/display/cd5220-display.ts';
import { displayFaults } from '../../drivers/simulator/display-faults.ts';
import { simulatedDisplay } from '../../drivers/simulator/simulated-display.ts';
import { simulatedPort } from '../../drivers/simulator/simulated-port.ts';
import { testClock } from '../support/test-clock.ts';
import { arm } from './rig.ts';

const BLANK = ' '.repeat(20);
const AMOUNT = ['TOTAL         123.45', 'THANK YOU           '] as const;

/** The real driver, ready, with a simulated display at the other end, and everything that went over the wire. */
async function rig() {
  const clock = testClock();
  const simulator = simulatedDisplay();
  const port = simulatedPort(simulator, { clock });
  const sent: string[] = [];
  port.useOut({
    onSend(bytes, deliver) {
      sent.push(Buffer.from(bytes).toString('latin1'));
      deliver(bytes);
    },
  });
  const display = cd5220Display({ name: 'display', port, clock, random: () => 0.5 });
  const changes: string[] = [];
  simulator.onChange((upper, lower) => changes.push(`${upper.trim()}|${lower.trim()}`));
  return { clock, simulator, port, display, sent, changes };
}

async function readyRig() {
  const parts = await rig();
  parts.display.start();
  await parts.clock.advance(0);
  return parts;
}

describe('a customer display', () => {
  it('is emptied, and drawn with the commands of the manual', async () => {
    const { clock, simulator, display, sent } = await readyRig();
    expect(display.status()).toEqual({ state: 'ready' });
    display.show(...AMOUNT);
    await clock.advance(0);
    expect(sent).toEqual(['\x0c\x1b@', `\x1bQA${AMOUNT[0]}\r\x1bQB${AMOUNT[1]}\r`]);
    expect(simulator.lines()).toEqual(AMOUNT);
    expect(simulator.violations).toEqual([]);
  });

  const texts: readonly [what: string, text: string, shown: string][] = [
    ['short', 'TOTAL', 'TOTAL               '],
    ['exactly twenty', '12345678901234567890', '12345678901234567890'],
    ['too long', '123456789012345678901', '12345678901234567890'],
    ['empty', '', BLANK],
    ['Chinese', '金额 1.00', '?? 1.00             '],
    ['a yen sign', '¥1.00', '?1.00               '],
    ['outside the basic plane', '𠮷😀1', '??1                 '],
    ['commands', 'A\x0cB\x1b@\rC', 'A?B?@?C             '],
    ['a tilde and DEL', '~\x7f', '~?                  '],
  ];
  it.each(texts)('a text that is %s', async (_what, text, shown) => {
    const { clock, simulator, display } = await readyRig();
    display.show(text, text);
    await clock.advance(0);
    expect(simulator.lines()).toEqual([shown, shown]);
    expect(simulator.violations).toEqual([]);
  });

  it('shows the newest when it is asked faster than it can draw', async () => {
    const { clock, simulator, display, sent } = await readyRig();
    for (let i = 0; i < 100; i++) display.show(`AMOUNT ${i}`, '');
    await clock.advance(0);
    expect(simulator.lines()[0].trim()).toBe('AMOUNT 99');
    expect(sent.length).toBeLessThan(5);
  });

  it('shows what was asked for before it was there', async () => {
    const { clock, simulator, display } = await rig();
    display.show('EARLY', 'BIRD');
    await clock.advance(1_000);
    expect(simulator.lines()).toEqual([BLANK, BLANK]);
    display.start();
    await clock.advance(0);
    expect(simulator.lines().map((line) => line.trim())).toEqual(['EARLY', 'BIRD']);
  });

  it('is drawn again when it is back, with what was asked for meanwhile', async () => {
    const { clock, simulator, port, display } = await readyRig();
    display.show(...AMOUNT);
    await clock.advance(0);
    port.unplug();
    await clock.advance(0);
    expect(display.status()).toEqual({ state: 'absent', problem: 'LOST' });
    simulator.restart();
    display.show('NEW', 'LINES');
    port.plugIn();
    await clock.advance(6_000);
    expect(display.status()).toEqual({ state: 'ready' });
    expect(simulator.lines().map((line) => line.trim())).toEqual(['NEW', 'LINES']);
    expect(simulator.violations).toEqual([]);
  });

  it('is lost when bytes do not go out, and drawn on the next connection', async () => {
    const { clock, simulator, port, display } = await readyRig();
    port.useOut({ onSend: () => undefined }, 1);
    display.show('FIRST', '');
    await clock.advance(1_000);
    display.show('SECOND', '');
    await clock.advance(3_999);
    expect(display.status()).toEqual({ state: 'ready' });
    await clock.advance(1);
    expect(display.status()).toEqual({ state: 'absent', problem: 'LOST' });
    await clock.advance(6_000);
    expect(display.status()).toEqual({ state: 'ready' });
    expect(simulator.lines()[0].trim()).toBe('SECOND');
  });

  it('stops', async () => {
    const { clock, display } = await readyRig();
    display.show(...AMOUNT);
    await clock.advance(0);
    await display.stop();
    display.show('LATE', '');
    await clock.advance(10_000);
    expect(display.status()).toEqual({ state: 'stopped' });
    expect(clock.pending()).toBe(0);
  });
});

describe('each fault of a display', () => {
  const cases: readonly [fault: keyof typeof displayFaults, atOnce: readonly string[]][] = [
    ['power-cycle', [BLANK, BLANK]],
    ['ignores-commands', AMOUNT],
    ['overlong-line', AMOUNT],
    ['non-ascii', ['####                ', AMOUNT[1]]],
  ];
  it.each(cases)('%s is put right a few seconds later', async (fault, atOnce) => {
    const { clock, simulator, display } = await readyRig();
    display.show(...AMOUNT);
    await clock.advance(0);
    arm(displayFaults, fault, simulator, { times: 2 });
    expect(simulator.lines()).toEqual(atOnce);
    if (fault === 'ignores-commands') {
      display.show('NEXT', 'CUSTOMER');
      await clock.advance(0);
      expect(simulator.lines()).toEqual(AMOUNT);
      display.show(...AMOUNT);
    }
    await clock.advance(5_000);
    expect(simulator.lines()).toEqual(AMOUNT);
    expect(display.status()).toEqual({ state: 'ready' });
    expect(simulator.violations).toEqual([]);
  });

  it.each(['power-cycle', 'overlong-line', 'non-ascii'])('%s is put right by the next text', async (fault) => {
    const { clock, simulator, display } = await readyRig();
    display.show(...AMOUNT);
    await clock.advance(0);
    arm(displayFaults, fault, simulator);
    display.show('NEXT', 'CUSTOMER');
    await clock.advance(0);
    expect(simulator.lines().map((line) => line.trim())).toEqual(['NEXT', 'CUSTOMER']);
  });

  it('stands in the table of cases', () => {
    expect(cases.map(([fault]) => fault)).toEqual(Object.keys(displayFaults));
  });

  it('does not happen against the chance', async () => {
    const { clock, simulator, display } = await readyRig();
    display.show(...AMOUNT);
    await clock.advance(0);
    arm(displayFaults, 'power-cycle', simulator, { chance: () => false });
    expect(simulator.lines()).toEqual(AMOUNT);
  });
});

describe('a simulated display is strict', () => {
  const cases: readonly [what: string, bytes: string, violations: string[]][] = [
    ['an unknown command', '\x07', ['unknown command 07']],
    ['an unknown command behind ESC', '\x1bl', ['unknown command ESC 6c']],
    ['text outside a line', 'A', ['unknown command 41']],
    ['a line that is too long', `\x1bQA${'8'.repeat(21)}\r`, ['a line of 21 characters']],
    ['a byte that is not ASCII', '\x1bQA\xd5\r', ['a byte that is not ASCII: d5']],
    ['a line that does not end', '\x1bQA12\x1bQB34\r', ['a line that does not end']],
    ['ESC @ in the mode of ESC Q', '\x1bQA12\r\x1b@', ['ESC @ in the mode that ESC Q began']],
    ['nothing when CLR comes first', '\x1bQA12\r\x0c\x1b@', []],
  ];
  it.each(cases)('about %s', async (_what, bytes, violations) => {
    const clock = testClock();
    const simulator = simulatedDisplay();
    const wire = await simulatedPort(simulator, { clock }).connect();
    for (const byte of Buffer.from(bytes, 'latin1')) await wire.write(Uint8Array.of(byte));
    await clock.advance(0);
    expect(simulator.violations).toEqual(violations);
    simulator.reset();
    expect([simulator.lines(), simulator.violations]).toEqual([[BLANK, BLANK], []]);
  });

  it('tells of each change, once', async () => {
    const { clock, display, changes } = await readyRig();
    display.show('ONE', '');
    await clock.advance(0);
    display.show('ONE', '');
    await clock.advance(6_000);
    expect(changes).toEqual(['ONE|']);
  });
});
