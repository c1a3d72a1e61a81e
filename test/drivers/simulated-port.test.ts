import { describe, expect, it } from 'vitest';
import { BehaviourStack } from '../../drivers/simulator/behaviours.ts';
import { simulatedPort } from '../../drivers/simulator/simulated-port.ts';
import { wireFaults } from '../../drivers/simulator/wire-faults.ts';
import type { Transport } from '../../drivers/transport/transport.ts';
import { testClock } from '../support/test-clock.ts';
import { arm, watch } from './rig.ts';

/** A wire whose both ends are in the test's hand. */
async function wire() {
  const clock = testClock();
  const device: { transport?: Transport; chunks: number[][] } = { chunks: [] };
  let seed = 1;
  const random = (): number => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const port = simulatedPort(
    {
      attach(transport) {
        device.transport = transport;
        transport.onData((bytes) => device.chunks.push([...bytes]));
      },
    },
    { clock, random },
  );
  const driver = await port.connect();
  const chunks: number[][] = [];
  const closed: string[] = [];
  driver.onData((bytes) => chunks.push([...bytes]));
  driver.onClose((reason) => closed.push(reason));
  const send = async (...frames: readonly number[][]): Promise<void> => {
    for (const frame of frames) device.transport?.write(Uint8Array.from(frame)).catch(() => undefined);
    await clock.advance(0);
  };
  return { clock, port, driver, device, chunks, closed, send };
}

const hundred = Array.from({ length: 100 }, (_, i) => i);

describe('a simulated wire', () => {
  it('carries each write as one chunk, both ways', async () => {
    const { driver, device, chunks, send } = await wire();
    await send([1, 2], [3]);
    await driver.write(Uint8Array.of(4, 5));
    await send();
    expect(chunks).toEqual([[1, 2], [3]]);
    expect(device.chunks).toEqual([[4, 5]]);
  });

  it.each([
    [1_200, 833],
    [9_600, 104],
    [115_200, 8],
  ])('at %d baud takes %d ms for a hundred bytes, in either direction', async (baud, ms) => {
    const { clock, port, driver, device, chunks, send } = await wire();
    arm(wireFaults, 'baud-pacing', port, { value: baud });
    await send(hundred);
    watch(driver.write(Uint8Array.from(hundred)));
    await clock.advance(ms - 1);
    expect(chunks.flat().length).toBeGreaterThan(70);
    expect(chunks.flat().length).toBeLessThan(100);
    await clock.advance(3);
    expect(chunks.flat()).toEqual(hundred);
    expect(device.chunks.flat()).toEqual(hundred);
  });

  it('keeps the order on a slow line, also of what is not slowed', async () => {
    const { clock, port, chunks, send } = await wire();
    arm(wireFaults, 'baud-pacing', port, { value: 1_200, times: 1 });
    await send([1, 2, 3], [4, 5]);
    await clock.advance(100);
    expect(chunks).toEqual([[1], [2], [3], [4, 5]]);
  });

  it('brings the same bytes in single bytes, random chunks, or all at once', async () => {
    const { clock, port, chunks, send } = await wire();
    arm(wireFaults, 'single-bytes', port, { times: 1 });
    await send(hundred);
    expect(chunks).toEqual(hundred.map((byte) => [byte]));
    chunks.length = 0;
    arm(wireFaults, 'random-chunks', port);
    await send(hundred);
    expect(chunks.flat()).toEqual(hundred);
    expect(chunks.length).toBeGreaterThan(14);
    expect(chunks.length).toBeLessThan(100);
    port.reset();
    chunks.length = 0;
    arm(wireFaults, 'coalesced-frames', port, { times: 1 });
    await send([1, 2], [3], [4]);
    expect(chunks).toEqual([]);
    await clock.advance(30);
    await send([5]);
    expect(chunks).toEqual([[1, 2, 3, 4], [5]]);
  });

  it.each([
    ['junk-before', (got: number[]) => got.slice(-3), 8],
    ['junk-between', (got: number[]) => got.slice(0, 3), 8],
    ['junk-inside', (got: number[]) => [...got.slice(0, 2), ...got.slice(-1)], 8],
    ['duplicated-frame', (got: number[]) => got.slice(3), 6],
  ])('%s adds to what comes', async (fault, rest, length) => {
    const { port, chunks, send } = await wire();
    arm(wireFaults, fault, port);
    await send([7, 8, 9]);
    expect(chunks.flat()).toHaveLength(length);
    expect(rest(chunks.flat())).toEqual([7, 8, 9]);
  });

  it('flips one bit, or loses one byte, in the direction that is meant', async () => {
    const { port, driver, device, chunks, send } = await wire();
    arm(wireFaults, 'flipped-bit', port, { times: 1 });
    arm(wireFaults, 'dropped-byte-out', port, { times: 1 });
    await send([0, 0, 0]);
    await driver.write(Uint8Array.of(1));
    await driver.write(Uint8Array.of(2));
    await send();
    const [bits = []] = chunks;
    expect(bits.map((byte) => byte.toString(2).replaceAll('0', '')).join('')).toBe('1');
    expect(device.chunks).toEqual([[2]]);
  });

  it('breaks a frame off and is silent from then on', async () => {
    const { port, chunks, send } = await wire();
    arm(wireFaults, 'truncated-frame', port, { value: 2 });
    await send([1, 2, 3], [4, 5]);
    expect(chunks).toEqual([[1, 2]]);
  });

  it('is unplugged after so many bytes in, or out, and stays so until it is plugged in', async () => {
    const { port, chunks, closed, send } = await wire();
    arm(wireFaults, 'unplug-mid-frame', port, { value: 5 });
    await send([1, 2, 3], [4, 5, 6]);
    expect(chunks.flat()).toEqual([1, 2, 3, 4, 5]);
    expect(closed).toEqual(['lost']);
    await expect(port.connect()).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
    port.reset();
    const driver = await port.connect();
    arm(wireFaults, 'unplug-while-writing', port, { value: 2 });
    await expect(driver.write(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
  });

  it('stops a write for a while, for ever, or until reset', async () => {
    const { clock, port, driver, device } = await wire();
    arm(wireFaults, 'write-stall', port, { value: 2_000, times: 1 });
    const stalled = watch(driver.write(Uint8Array.of(1)));
    await clock.advance(1_999);
    expect([stalled.done, device.chunks]).toEqual([false, []]);
    await clock.advance(1);
    expect([stalled.done, device.chunks]).toEqual([true, [[1]]]);
    arm(wireFaults, 'write-blocked', port);
    const freed = watch(driver.write(Uint8Array.of(2)));
    await clock.advance(4_000);
    port.reset();
    await clock.advance(0);
    expect([freed.done, freed.error, device.chunks]).toEqual([true, undefined, [[1], [2]]]);
    arm(wireFaults, 'write-blocked', port);
    const blocked = watch(driver.write(Uint8Array.of(3)));
    await clock.advance(5_000);
    expect(blocked.error?.code).toBe('DEVICE_TIMEOUT');
  });

  it('is found under another name after it was plugged in elsewhere, and says that it appeared', async () => {
    const { port, closed } = await wire();
    let appeared = 0;
    const stop = port.onAppear?.(() => {
      appeared += 1;
    });
    const before = port.describe;
    arm(wireFaults, 'replug-elsewhere', port);
    expect(closed).toEqual(['lost']);
    await port.connect();
    expect(port.describe).not.toBe(before);
    expect(appeared).toBe(1);
    stop?.();
    port.plugIn();
    expect(appeared).toBe(1);
  });

  it('acts as often and as likely as was asked, newest first, and not at all after reset', async () => {
    const { port, chunks, send } = await wire();
    const chances = [true, false, true, true];
    arm(wireFaults, 'silence', port, { times: 2, chance: () => chances.shift() ?? true });
    await send([1], [2], [3], [4]);
    expect(chunks).toEqual([[2], [4]]);
    chunks.length = 0;
    arm(wireFaults, 'duplicated-frame', port);
    arm(wireFaults, 'silence', port);
    await send([5]);
    expect(chunks).toEqual([]);
    port.reset();
    await send([6]);
    expect(chunks).toEqual([[6]]);
  });

  it('refuses a fault that takes time when it has no clock', () => {
    const port = simulatedPort({ attach: () => undefined });
    expect(() => arm(wireFaults, 'baud-pacing', port)).toThrow(RangeError);
  });

  it.each(Object.entries(wireFaults))('%s has words for people', (name, { zh, en }) => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).toMatch(/^[\p{ASCII}]+$/u);
  });
});

describe('behaviours of a device', () => {
  it('leave after they have acted so often; what they leave alone does not count', () => {
    const stack = new BehaviourStack<string>();
    const sent: number[][] = [];
    stack.use({ onSend: (bytes, deliver) => deliver(bytes[0] === 1 ? Uint8Array.of(9) : bytes) }, 1);
    for (const byte of [0, 1, 1]) stack.send(Uint8Array.of(byte), (bytes) => sent.push([...bytes]));
    expect(sent).toEqual([[0], [9], [1]]);
  });

  it('are asked newest first, with their chance', () => {
    const stack = new BehaviourStack<string>();
    const asked: string[] = [];
    const answering = (name: string) => ({
      onCommand(command: string) {
        asked.push(name);
        return command === name;
      },
    });
    stack.use(answering('a'), 1);
    stack.use(answering('b'), 1);
    stack.use(answering('never'), 1, () => false);
    expect([stack.handles('a'), stack.handles('a'), stack.handles('b')]).toEqual([true, false, true]);
    expect(asked).toEqual(['b', 'a', 'b', 'b']);
  });

  it('may make the device send while they act, without end neither', () => {
    const stack = new BehaviourStack<string>();
    const sent: number[] = [];
    const send = (byte: number): void => stack.send(Uint8Array.of(byte), ([first = 0]) => sent.push(first));
    stack.use({ onSend: () => send(2) }, 1);
    send(1);
    expect(sent).toEqual([2]);
  });
});
