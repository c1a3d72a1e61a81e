import { expect, test } from 'vitest';
import { changed } from '../../../terminal/flows/world.ts';
import { consoleRig } from './console-rig.ts';

test('a page hears what may have changed, once for all that happens within a quarter of a second', async () => {
  const rig = await consoleRig();
  const main = await rig.loggedIn('wang');
  const { world } = rig.system.terminal;
  const heard = await main.listen();
  for (let n = 0; n < 200; n++) changed(world);
  await heard.until('a change', ({ event }) => event === 'changed');
  const before = heard.events.length;
  expect(before).toBeLessThanOrEqual(2);
  rig.record({ login: 'li.na' });
  for (let n = 0; n < 200; n++) changed(world);
  await heard.until('users', ({ data }) => Array.isArray(data['what']) && data['what'].includes('users'));
  expect(heard.events.length).toBeLessThanOrEqual(before + 2);
  heard.leave();
});

test('nobody listens without a session, and the stream ends with it', async () => {
  const rig = await consoleRig();
  const stranger = await rig.stranger();
  expect((await stranger.listen()).status).toBe(401);
  const main = await rig.loggedIn('wang');
  const heard = await main.listen();
  rig.record({ login: 'wang', state: 'REMOVED' });
  changed(rig.system.terminal.world);
  await heard.ended;
  expect(heard.events.every(({ event }) => event !== 'progress')).toBe(true);
});

test('so many listen and no more, and who leaves makes room', async () => {
  const rig = await consoleRig();
  const main = await rig.loggedIn('wang');
  const all = [];
  for (let n = 0; n < 50; n++) all.push(await main.listen());
  expect((await main.listen()).status).toBe(503);
  all[0]?.leave();
  await rig.system.eventually('room', async () => {
    const one = await main.listen();
    one.leave();
    return one.status === 200;
  });
  for (const one of all) one.leave();
});
