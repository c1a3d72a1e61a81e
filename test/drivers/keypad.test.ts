import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Key } from '../../drivers/devices.ts';
import { serialKeypad } from '../../drivers/keypad/serial-keypad.ts';
import { CTRL_C, type Typed, ttyKeys } from '../../drivers/keypad/tty-keys.ts';
import { simulatedKeypad } from '../../drivers/simulator/simulated-keypad.ts';
import { simulatedPort } from '../../drivers/simulator/simulated-port.ts';
import { testClock } from '../support/test-clock.ts';

function typing() {
  const clock = testClock();
  const typed: string[] = [];
  const keys = ttyKeys(clock, (event: Typed) => typed.push(event.kind === 'key' ? event.key : `other:${event.text}`));
  return { clock, typed, send: (text: string) => keys.push(Buffer.from(text, 'latin1')) };
}

describe('keys of a terminal', () => {
  const cases: readonly [what: string, bytes: string, keys: string[]][] = [
    ['digits', '0123456789', ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']],
    ['确认', '\r', ['enter']],
    ['a line feed, as serial keypads send it', '\n', ['enter']],
    ['both together as one', '1\r\n2', ['1', 'enter', '2']],
    ['清除, both kinds', '\x7f\x08', ['clear', 'clear']],
    ['00, dot and 功能', 'z.f', ['doubleZero', 'dot', 'function']],
    ['arrows in both modes', '\x1b[A\x1b[B\x1bOA\x1bOB', ['up', 'down', 'up', 'down']],
    ['Esc followed by another key', '\x1b1', ['cancel', '1']],
    ['Esc twice, the second still open', '\x1b\x1b', ['cancel']],
    ['letters for the face', 'csq', ['other:c', 'other:s', 'other:q']],
    ['Ctrl-C', '\x03', [`other:${CTRL_C}`]],
    ['nothing for other sequences', '\x1b[C\x1b[D\x1b[3~\x1b[1;5A\x1bOP', []],
    ['nothing for other bytes', '\x00\x01\t\x80\xff', []],
    ['nothing for a sequence that does not end', `\x1b[${'1'.repeat(20)}`, ['1', '1', '1', '1', '1']],
  ];
  it.each(cases)('%s', (_what, bytes, keys) => {
    const whole = typing();
    whole.send(bytes);
    expect(whole.typed).toEqual(keys);
    const split = typing();
    for (const byte of bytes) split.send(byte);
    expect(split.typed).toEqual(keys);
  });

  it('takes Esc for 取消 when nothing follows for 30 ms', async () => {
    const { clock, typed, send } = typing();
    send('\x1b');
    await clock.advance(29);
    expect(typed).toEqual([]);
    await clock.advance(1);
    expect(typed).toEqual(['cancel']);
  });

  it('takes an arrow that arrives in pieces for an arrow', async () => {
    const { clock, typed, send } = typing();
    send('\x1b');
    await clock.advance(10);
    send('[');
    await clock.advance(10);
    send('A');
    await clock.advance(100);
    expect(typed).toEqual(['up']);
  });

  it('forgets a sequence that breaks off, and the next key counts', async () => {
    const { clock, typed, send } = typing();
    send('\x1b[');
    await clock.advance(30);
    send('5');
    expect(typed).toEqual(['5']);
  });

  it('never throws, and hears the next key after any noise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 50 }), async (noise) => {
        const { clock, typed, send } = typing();
        send(noise);
        await clock.advance(30);
        send('7');
        expect(typed.at(-1)).toBe('7');
      }),
      { seed: 8, numRuns: 200 },
    );
  });
});

describe('a serial keypad', () => {
  const all: readonly Key[] = [
    '0',
    '1',
    '9',
    'doubleZero',
    'dot',
    'clear',
    'enter',
    'function',
    'up',
    'down',
    'cancel',
  ];

  it('delivers every key, and again after it was unplugged', async () => {
    const clock = testClock();
    const simulator = simulatedKeypad();
    const port = simulatedPort(simulator);
    const keypad = serialKeypad({ name: 'keypad', port, clock, random: () => 0.5 });
    const keys: Key[] = [];
    const stop = keypad.onKey((key) => keys.push(key));
    simulator.press('1');
    keypad.start();
    await clock.advance(0);
    expect(keypad.status()).toEqual({ state: 'ready' });
    simulator.press(...all);
    await clock.advance(30);
    expect(keys).toEqual(all);
    port.unplug();
    await clock.advance(0);
    expect(keypad.status()).toEqual({ state: 'absent', problem: 'LOST' });
    simulator.press('2');
    port.plugIn();
    await clock.advance(5_000);
    simulator.press('3');
    await clock.advance(0);
    expect(keys).toEqual([...all, '3']);
    stop();
    simulator.press('4');
    await clock.advance(0);
    expect(keys).toHaveLength(all.length + 1);
    await keypad.stop();
    expect(clock.pending()).toBe(0);
  });
});
