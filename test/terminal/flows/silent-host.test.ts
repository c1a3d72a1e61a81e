import { afterEach, beforeEach, expect, it } from 'vitest';
import { doctor } from '../../../terminal/flows/doctor.ts';
import { startTestSystem, type TestSystem } from '../../support/terminal.ts';
import { type TurnableClock, turnableClock, turnUntil } from '../../support/turnable-clock.ts';

/** The broker is there, the host is not: the connection says nothing of that. */

let clock: TurnableClock;
let system: TestSystem;
beforeEach(async () => {
  clock = turnableClock();
  system = await startTestSystem({ clock });
});
afterEach(() => system.stop());

const host = async () => (await doctor(system.terminal.world)).checks.find(({ name }) => name === 'host');

it('the self-check asks the host, and says at once that it does not answer', async () => {
  await system.atRest();
  expect(await host()).toMatchObject({ ok: true });
  await system.host.stop();
  expect(system.cashier.status().link).toBe('online');
  expect(await turnUntil(clock, host())).toMatchObject({ ok: false, zh: '主机无应答，请联系上游' });
});

it('the link notices it by itself, refuses a sale before anything is sent, and goes on when the host is back', async () => {
  await system.host.stop();
  await turnUntil(
    clock,
    system.eventually('it is noticed', () => system.cashier.status().link !== 'online'),
  );
  expect(system.terminal.world.link.status()).toMatchObject({ state: 'connected', lastProblem: 'HOST_SILENT' });
  await expect(system.sell(1_000)).rejects.toMatchObject({ code: 'OFFLINE' });
  expect(system.count('SELECT count(*) FROM payment')).toBe(0);
  await system.host.start();
  await system.ready();
  expect(await system.sell(1_000)).toMatchObject({ kind: 'approved' });
  expect(await system.problems()).toEqual([]);
});

it('a host that is quiet because nothing happens is not given up', async () => {
  await system.atRest();
  let lost = false;
  const stop = system.terminal.world.link.onStatus(() => {
    if (!system.terminal.world.link.status().gateOpen) lost = true;
  });
  const before = system.wire.seen.filter(({ topic }) => topic.endsWith('/up/hello')).length;
  await turnUntil(
    clock,
    system.eventually(
      'two greetings were said',
      () => system.wire.seen.filter(({ topic }) => topic.endsWith('/up/hello')).length >= before + 2,
    ),
  );
  stop();
  expect(lost).toBe(false);
});
