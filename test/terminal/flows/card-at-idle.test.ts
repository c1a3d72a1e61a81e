import { afterEach, expect, test } from 'vitest';
import { CardAtIdle, withReader } from '../../../terminal/flows/card-at-idle.ts';
import type { OfferedCardView } from '../../../terminal/flows/counter.ts';
import { changed, newSession } from '../../../terminal/flows/world.ts';
import { readerRig } from '../../drivers/rig.ts';
import { settle } from '../../support/test-clock.ts';

/** The wait for a card at idle, against the real driver and a clock to turn. */

const stripeCard = { pan: '6228480011223344554', expiry: '2906', chip: false };
const chipCard = { pan: '6222021234567890128', expiry: '3012', chip: true };
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function atIdle() {
  const rig = await readerRig();
  const world = { session: newSession(), reader: rig.reader, clock: rig.clock };
  rig.reader.onStatus(() => changed(world));
  const cards = new CardAtIdle(world);
  const seen: (OfferedCardView | undefined)[] = [];
  const wait = (): AbortController => {
    const stop = new AbortController();
    stops.push(() => stop.abort());
    void cards.next(stop.signal).then((card) => seen.push(card));
    return stop;
  };
  const waiting = wait();
  await settle();
  const activations = () => rig.simulator.commands.filter((command) => command === '02-40').length;
  return { ...rig, world, cards, seen, wait, waiting, activations };
}

test('a swiped card is kept for its sale, masked to everybody else', async () => {
  const { simulator, clock, cards, seen } = await atIdle();
  simulator.swipe(stripeCard);
  await clock.advance(0);
  expect(seen).toEqual([{ by: 'swipe', card: '622848*********4554' }]);
  await clock.advance(59_999);
  expect(cards.take()?.reveal().pan).toBe(stripeCard.pan);
  expect(cards.take()).toBeUndefined();
});

test('a swiped card that nobody takes is wiped from memory after a minute', async () => {
  const { simulator, clock, cards } = await atIdle();
  simulator.swipe(stripeCard);
  await clock.advance(60_000);
  expect(cards.take()).toBeUndefined();
});

test('a second card wipes the first', async () => {
  const { simulator, clock, cards, seen, wait } = await atIdle();
  simulator.swipe(stripeCard);
  await clock.advance(30_000);
  wait();
  await settle();
  simulator.swipe({ ...stripeCard, pan: '6217009900112233446' });
  await clock.advance(30_000);
  expect(seen).toHaveLength(2);
  expect(cards.take()?.reveal().pan).toBe('6217009900112233446');
});

test('the end of the wait reaches the reader within 300 ms, and leaves no timer', async () => {
  const { simulator, clock, seen, waiting } = await atIdle();
  expect(simulator.isWaiting()).toBe(true);
  waiting.abort();
  await clock.advance(300);
  expect(seen).toEqual([undefined]);
  expect(simulator.isWaiting()).toBe(false);
});

test('whoever wants the reader has it, and then it waits for cards again', async () => {
  const { simulator, clock, seen, world, reader, activations } = await atIdle();
  simulator.present(chipCard);
  const sale = withReader(world, () =>
    reader.readCard({ amountFen: 100, type: 'sale', timeoutMs: 60_000 }, new AbortController().signal),
  );
  await clock.advance(1_000);
  expect((await sale).entry).toBe('CONTACTLESS');
  await clock.advance(1_000);
  expect(seen).toEqual([]);
  expect(simulator.isWaiting()).toBe(true);
  expect(activations()).toBe(3);
  expect(simulator.violations).toEqual([]);
});

test('a reader that is gone is waited for, without an attempt of ours and without a line in the log', async () => {
  const { port, simulator, clock, seen, log, activations } = await atIdle();
  port.unplug();
  await clock.advance(10 * 60_000);
  expect(activations()).toBe(1);
  expect(log.map(({ event }) => event).filter((event) => !event.startsWith('device.'))).toEqual([]);
  port.plugIn();
  await clock.advance(10 * 60_000);
  simulator.swipe(stripeCard);
  await clock.advance(0);
  expect(seen).toEqual([{ by: 'swipe', card: '622848*********4554' }]);
});

test('a reader that is there and refuses is asked later and later, in the end twice a minute', async () => {
  const { simulator, clock, seen, waiting, wait, activations } = await atIdle();
  waiting.abort();
  await clock.advance(300);
  simulator.use({
    onCommand({ command }) {
      if (command !== 0x02) return false;
      simulator.send({ command, sub: 0x0b, data: new Uint8Array() });
      return true;
    },
  });
  wait();
  const before = activations();
  await clock.advance(31_000); // at 0, 1, 3, 7, 15 and 31 s
  expect(activations() - before).toBe(6);
  await clock.advance(60_000);
  expect(activations() - before).toBe(8);
  expect(seen).toEqual([undefined]);
});

test('a card that is left in begins no other sale until it was out', async () => {
  const { simulator, clock, seen, wait } = await atIdle();
  simulator.insert(chipCard);
  await clock.advance(0);
  expect(seen).toEqual([{ by: 'insert' }]);
  wait();
  await clock.advance(60_000);
  expect(seen).toHaveLength(1);
  simulator.takeAway();
  await clock.advance(10_000);
  simulator.insert(chipCard);
  await clock.advance(0);
  expect(seen).toEqual([{ by: 'insert' }, { by: 'insert' }]);
});

test('a stripe that cannot be read says why', async () => {
  const { simulator, clock, seen } = await atIdle();
  simulator.swipe(stripeCard, 'track');
  await clock.advance(0);
  expect(seen).toEqual([{ by: 'unreadable', reason: 'track' }]);
});
