import { describe, expect, it } from 'vitest';
import { COMMAND } from '../../drivers/card-reader/codes.ts';
import { wireFaults } from '../../drivers/simulator/wire-faults.ts';
import { arm, goodCard, otherCard, readerRig, saleOf, watch } from './rig.ts';

const never = new AbortController().signal;

describe('time-out and cancel', () => {
  it('ends with CARD_TIMEOUT when nobody comes', async () => {
    const { clock, reader } = await readerRig();
    const read = watch(reader.readCard(saleOf(1, { timeoutMs: 30_000 }), never));
    await clock.advance(29_900);
    expect(read.done).toBe(false);
    await clock.advance(200);
    expect(read.error?.code).toBe('CARD_TIMEOUT');
  });

  it('gives up on a silent reader after a margin, cancels, and can read again', async () => {
    const { clock, simulator, reader } = await readerRig();
    simulator.use({ onCommand: ({ command }) => command === COMMAND.activate }, 1);
    const read = watch(reader.readCard(saleOf(1, { timeoutMs: 11_000 }), never));
    await clock.advance(26_100);
    expect(read.error?.code).toBe('DEVICE_TIMEOUT');
    expect(simulator.commands.slice(-2)).toEqual(['05-01', '01-01']);
    simulator.present(goodCard);
    const next = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(next.value?.entry).toBe('CONTACTLESS');
  });

  it('obeys a cancel within 300 ms, also when the reader is slow to obey', async () => {
    const { clock, simulator, port, reader } = await readerRig();
    const cancel = new AbortController();
    const read = watch(reader.readCard(saleOf(1), cancel.signal));
    await clock.advance(3_000);
    arm(wireFaults, 'late-answer', port, { value: 800, times: 1 });
    cancel.abort();
    await clock.advance(300);
    expect(read.error?.code).toBe('CANCELLED');
    expect(simulator.isWaiting()).toBe(false);
  });

  it('sends nothing when cancelled before it began', async () => {
    const { simulator, reader } = await readerRig();
    const before = simulator.commands.length;
    await expect(reader.readCard(saleOf(1), AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(simulator.commands).toHaveLength(before);
  });

  it('sends the next command only after the reader has come to rest', async () => {
    const { clock, simulator, port, reader } = await readerRig();
    const cancel = new AbortController();
    watch(reader.readCard(saleOf(1), cancel.signal));
    await clock.advance(100);
    arm(wireFaults, 'late-answer', port, { value: 500, times: 1 });
    cancel.abort();
    await clock.advance(10);
    const next = watch(reader.readCard(saleOf(2), never));
    await clock.advance(400);
    expect(simulator.commands.at(-1)).toBe('05-01');
    simulator.present(goodCard);
    await clock.advance(200);
    expect(next.value?.reveal().emvTags['9F02']).toBe('000000000002');
    expect(simulator.violations).toEqual([]);
  });

  it('can be cancelled while it still waits for the reader to come to rest', async () => {
    const { clock, port, reader } = await readerRig();
    const first = new AbortController();
    watch(reader.readCard(saleOf(1), first.signal));
    await clock.advance(100);
    arm(wireFaults, 'late-answer', port, { value: 900, times: 1 });
    first.abort();
    await clock.advance(0);
    const second = new AbortController();
    const read = watch(reader.readCard(saleOf(2), second.signal));
    await clock.advance(100);
    second.abort();
    await clock.advance(0);
    expect(read.error?.code).toBe('CANCELLED');
  });

  it('drops a result that comes after the cancel, and does not take it for the next one', async () => {
    const { clock, simulator, port, reader, log } = await readerRig();
    const cancel = new AbortController();
    const first = watch(reader.readCard(saleOf(100), cancel.signal));
    await clock.advance(0);
    // The card event goes at once, the result 2 s later, long after the next command was sent.
    arm(wireFaults, 'late-answer', port, { value: 2_000, times: 2 });
    simulator.present(goodCard);
    cancel.abort();
    await clock.advance(10);
    const second = watch(reader.readCard(saleOf(200), never));
    await clock.advance(3_000);
    expect(first.error?.code).toBe('CANCELLED');
    expect(second.done).toBe(false);
    expect(log.some(({ event }) => event === 'device.stray-frame')).toBe(true);
    simulator.present(otherCard);
    await clock.advance(0);
    expect(second.value?.masked).toBe('625094******8599');
    expect(second.value?.reveal().emvTags['9F02']).toBe('000000000200');
  });
});

describe('the health of the reader', () => {
  it('is asked for while idle, and never while a card is awaited', async () => {
    const { clock, simulator, reader } = await readerRig();
    await clock.advance(11_000);
    expect(simulator.commands.filter((command) => command === '18-01')).toHaveLength(2);
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(40_000);
    expect(simulator.isWaiting()).toBe(true);
    expect(simulator.violations).toEqual([]);
    simulator.present(goodCard);
    await clock.advance(0);
    expect(read.value).toBeDefined();
  });

  it('is known to be absent soon after it stopped answering, and ready again when it does', async () => {
    const { clock, port, reader } = await readerRig();
    arm(wireFaults, 'silence', port);
    await clock.advance(10_000);
    expect(reader.status()).toEqual({ state: 'absent', problem: 'NO_ANSWER' });
    port.reset();
    await clock.advance(7_000);
    expect(reader.status()).toEqual({ state: 'ready' });
  });

  it('sets its mode again after a restart of the reader', async () => {
    const { clock, simulator, reader } = await readerRig();
    simulator.restart();
    await clock.advance(0);
    simulator.present(goodCard);
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(read.value).toBeDefined();
  });

  it('ends a reading with an error when the reader restarts under it', async () => {
    const { clock, simulator, reader } = await readerRig();
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(1_000);
    simulator.restart();
    await clock.advance(0);
    expect(read.error?.code).toBe('DEVICE_ABSENT');
    expect(reader.status().state).toBe('ready');
  });
});

describe('the plug of the reader', () => {
  it('pulled in the middle of an answer: an error at once, and ready again when it is back', async () => {
    const { clock, simulator, port, reader } = await readerRig();
    const states: string[] = [];
    reader.onStatus(({ state, problem }) => states.push(problem ? `${state} ${problem}` : state));
    const read = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    arm(wireFaults, 'truncated-frame', port, { value: 20 });
    simulator.present(goodCard);
    await clock.advance(0);
    port.unplug();
    await clock.advance(0);
    expect(read.error?.code).toBe('DEVICE_ABSENT');
    expect(reader.status()).toEqual({ state: 'absent', problem: 'LOST' });
    await expect(reader.readCard(saleOf(1), never)).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
    await clock.advance(60_000);
    expect(reader.status()).toEqual({ state: 'absent', problem: 'DEVICE_ABSENT' });
    port.reset();
    await clock.advance(5_000);
    expect(reader.status()).toEqual({ state: 'ready' });
    expect(states).toEqual(['absent LOST', 'absent DEVICE_ABSENT', 'ready']);
    simulator.present(goodCard);
    const again = watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(again.value?.masked).toBe('622202*********0128');
  });

  it('sends nothing of an interrupted reading again', async () => {
    const { clock, simulator, port, reader } = await readerRig();
    watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    port.unplug();
    port.plugIn();
    await clock.advance(10_000);
    expect(reader.status()).toEqual({ state: 'ready' });
    expect(simulator.commands.filter((command) => command === '02-40')).toHaveLength(1);
  });

  it('stops cleanly in every state, and leaves no timer behind', async () => {
    const { clock, port, reader } = await readerRig();
    watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    await reader.stop();
    expect(reader.status()).toEqual({ state: 'stopped' });
    reader.start();
    port.unplug();
    await clock.advance(3_000);
    await reader.stop();
    await clock.advance(70_000);
    expect(clock.pending()).toBe(0);
  });

  it('writes nothing about a card into the log', async () => {
    const { clock, simulator, reader, log } = await readerRig();
    simulator.present(goodCard);
    watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    simulator.present(goodCard, 'removed');
    watch(reader.readCard(saleOf(1), never));
    await clock.advance(0);
    expect(JSON.stringify(log)).not.toContain(goodCard.pan.slice(6, 15));
    expect(log.map(({ event }) => event)).toContain('device.connected');
  });
});
