import { expect, test } from 'vitest';
import type { Clock } from '../../../terminal/base/clock.ts';
import { Gate } from '../../../terminal/console/limits.ts';
import { Readings } from '../../../terminal/console/readings.ts';
import { type ConsoleDesks, consoleDesks } from '../../../terminal/flows/console-desks.ts';
import { refusal } from '../../support/refusal.ts';
import { consoleRig, password } from './console-rig.ts';

/** A long reading that ends when told, or when nobody waits for it. */
function longReading() {
  const works: { readonly signal: AbortSignal; readonly end: (answer: string) => void }[] = [];
  const work = (signal: AbortSignal): Promise<string> =>
    new Promise((resolve, reject) => {
      works.push({ signal, end: resolve });
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  return { works, work };
}
const stays = () => new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('who asks for the same while it is read shares it; what is read is not kept', async () => {
  const readings = new Readings<string>(new Gate(1, 8));
  const { works, work } = longReading();
  const [first, second] = [readings.read('a', stays(), work), readings.read('a', stays(), work)];
  await turn();
  expect(works).toHaveLength(1);
  works[0]?.end('read');
  expect(await Promise.all([first, second])).toEqual(['read', 'read']);
  const third = readings.read('a', stays(), work);
  await turn();
  works[1]?.end('again');
  expect(await third).toBe('again');
});

test('one is read at a time, some wait, and no more', async () => {
  const readings = new Readings<string>(new Gate(1, 8));
  const { works, work } = longReading();
  const all = Array.from({ length: 9 }, (_, n) => readings.read(`${n}`, stays(), work));
  expect(await refusal(() => readings.read('too many', stays(), work))).toBe('DEVICE_BUSY');
  for (let n = 0; n < all.length; n++) {
    await turn();
    expect(works).toHaveLength(n + 1);
    works[n]?.end(`${n}`);
  }
  expect(await Promise.all(all)).toHaveLength(9);
});

test('a reading stops when everybody has left who asked for it, and makes room', async () => {
  const readings = new Readings<string>(new Gate(1, 8));
  const { works, work } = longReading();
  const [one, other] = [new AbortController(), new AbortController()];
  const both = [readings.read('a', one.signal, work), readings.read('a', other.signal, work)];
  const waiting = readings.read('b', stays(), work);
  await turn();
  one.abort();
  await expect(both[0]).rejects.toThrow();
  expect(works[0]?.signal.aborted).toBe(false);
  other.abort();
  await expect(both[1]).rejects.toThrow();
  expect(works[0]?.signal.aborted).toBe(true);
  await turn();
  works[1]?.end('b');
  expect(await waiting).toBe('b');
});

test('who left before the turn came is not read for', async () => {
  const readings = new Readings<string>(new Gate(1, 8));
  const { works, work } = longReading();
  const first = readings.read('a', stays(), work);
  const gone = new AbortController();
  const left = readings.read('b', gone.signal, work);
  await turn();
  gone.abort();
  await expect(left).rejects.toThrow();
  works[0]?.end('a');
  await first;
  await turn();
  expect(works).toHaveLength(1);
});

test('F4 pages that ask for the same overview share its reading, and it stops when they have left', async () => {
  const rig = await consoleRig();
  const { terminal, bugs } = rig.system;
  const held: (() => void)[] = [];
  let steps = 0;
  const clock: Clock = {
    now: () => terminal.world.clock.now(),
    after(_, next) {
      steps += 1;
      held.push(next);
      return () => {};
    },
  };
  const desks = consoleDesks({ ...terminal.world, clock });
  const slow = await consoleRig({}, { world: terminal.world, desks });
  await rig.user('wang');
  const main = slow.visitor();
  await main.logIn('wang', password);
  const leaving = new AbortController();
  const ask = () =>
    fetch(`${main.origin}/api/overview`, { headers: { Cookie: main.cookie }, signal: leaving.signal }).catch(
      () => 'left',
    );
  const asked = [ask(), ask(), ask()];
  await rig.system.eventually('it is read', () => steps === 1);
  await main.get('/api/devices'); // the others have been heard, too
  expect(steps).toBe(1);
  leaving.abort();
  expect(await Promise.all(asked)).toEqual(['left', 'left', 'left']);
  await rig.system.eventually('it stopped', async () => {
    for (const next of held.splice(0)) next();
    await main.get('/api/devices');
    return held.length === 0;
  });
  expect(steps).toBeLessThan(20);
  expect(bugs).toEqual([]);
});

const gone = AbortSignal.abort();
const by = { no: 'wang', role: 'MO' } as const;
const readings: readonly (readonly [string, (desks: ConsoleDesks) => Promise<unknown>])[] = [
  ['a report', ({ statements }) => statements.report(by, '2026-11-01', '2026-11-30', gone)],
  ['a search', ({ look }) => look.transactions(by, { limit: 1 }, gone)],
  ['the overview', ({ look }) => look.overview(by, gone)],
  ['the trail of one user', ({ look }) => look.audit(by, { by: 'li.na', limit: 1 }, gone)],
];
test.each(readings)('%s is not read for one who left', async (_, read) => {
  const rig = await consoleRig();
  await expect(read(await rig.system.terminal.console())).rejects.toThrow('aborted');
});
