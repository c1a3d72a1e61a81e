import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ConsoleKeeper } from '../../scripts/keep-console.ts';
import { openConsole } from '../../scripts/open-console.ts';
import { AssertionFailed } from '../../terminal/base/assert.ts';
import { statusRows } from '../../terminal/cli/status.ts';
import { readConfig } from '../../terminal/config.ts';
import { quickChecks } from '../../terminal/flows/doctor.ts';
import { startTestSystem } from '../support/terminal.ts';
import { testClock } from '../support/test-clock.ts';
import { testTls } from '../terminal/console/test-tls.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A terminal whose console is as `console` of its config.json says; `clock` is that of the next try. */
async function kept(console: object) {
  const system = await startTestSystem();
  stops.push(() => system.stop());
  const home = mkdtempSync(join(tmpdir(), 'pos-console-'));
  stops.push(() => rmSync(home, { recursive: true }));
  const { terminal, bugs } = system;
  const clock = testClock();
  const { log, session } = terminal.world;
  const onBug = (error: unknown) => void bugs.push(error);
  const place = { home, config: readConfig({ console }), log, onBug };
  const urls: string[] = [];
  const keeper = new ConsoleKeeper({
    world: { clock, session },
    log,
    onBug,
    open: () => openConsole(terminal, place),
    isAt: (url) => urls.push(url),
  });
  stops.push(() => keeper.stop());
  return { system, keeper, clock, urls, home };
}

const pem = { cert: 'cert.pem', key: 'key.pem' };

test.each([
  ['an address that is not up yet', { address: '192.0.2.1', port: 8_021, tls: pem }, 'EADDRNOTAVAIL 192.0.2.1:8021'],
  [
    'a certificate that is not there',
    { port: 0, tls: { cert: 'none.pem', key: 'key.pem' } },
    'BAD_REQUEST console.tls none.pem',
  ],
  ['a certificate that is none', { port: 0, tls: { cert: 'key.pem', key: 'key.pem' } }, 'ERR_OSSL'],
  ['no certificate where one is needed', { address: '0.0.0.0', port: 0 }, 'BAD_REQUEST'],
])('%s costs no sale: it is shown, and tried again', async (_, config, detail) => {
  const { system, keeper, clock, urls, home } = await kept(config);
  writeFileSync(join(home, 'cert.pem'), testTls.cert);
  writeFileSync(join(home, 'key.pem'), testTls.key);
  expect(await keeper.start()).toBeUndefined();
  expect(await system.sell(1_000)).toMatchObject({ kind: 'approved' });
  const { world, runner } = system.terminal;
  expect(quickChecks(world).find(({ name }) => name === 'console')).toMatchObject({ ok: false });
  const status = runner.status();
  expect(status.consoleProblem).toContain(detail);
  expect(new Map(statusRows(status, 'zh', 0)).get('操作台')).toBe(status.consoleProblem);
  await clock.advance(31_000);
  expect(urls).toEqual([]);
  expect(system.bugs).toEqual([]);
});

test('it opens as soon as nothing is in its way, and the alert goes', async () => {
  const { system, keeper, clock, urls, home } = await kept({ port: 0, tls: pem });
  expect(await keeper.start()).toBeUndefined();
  writeFileSync(join(home, 'cert.pem'), testTls.cert);
  writeFileSync(join(home, 'key.pem'), testTls.key);
  await clock.advance(30_000);
  await system.eventually('it is open', () => urls.length === 1);
  expect(system.terminal.runner.status().consoleProblem).toBeUndefined();
  expect(quickChecks(system.terminal.world).some(({ name }) => name === 'console')).toBe(false);
});

test('a taken port is told at the console that has another one', async () => {
  const first = await kept({ port: 0 });
  const { url = '' } = (await first.keeper.start()) ?? {};
  const second = await kept({ port: Number(new URL(url).port) });
  expect(await second.keeper.start()).toMatchObject({ busyPort: Number(new URL(url).port) });
  const { world, runner } = second.system.terminal;
  expect(runner.status().consoleProblem).toBe(`PORT_IN_USE ${new URL(url).port}`);
  expect(quickChecks(world).find(({ name }) => name === 'console')).toMatchObject({ state: 'warn' });
});

test('a failed assert is still a bug, and who stops the terminal stops the tries', async () => {
  const clock = testClock();
  const bugs: unknown[] = [];
  let error: unknown = new AssertionFailed('no');
  let tries = 0;
  const { system } = await kept({ port: 0 });
  const { session, log } = system.terminal.world;
  const open = () => {
    tries += 1;
    return Promise.reject(error);
  };
  const keeper = new ConsoleKeeper({
    world: { clock, session },
    log,
    onBug: (bug) => bugs.push(bug),
    open,
    isAt: () => {},
  });
  await keeper.start();
  expect(bugs).toEqual([error]);
  error = new Error('later');
  await keeper.start();
  expect(bugs).toHaveLength(1);
  await keeper.stop();
  await clock.advance(120_000);
  expect(tries).toBe(2);
});
