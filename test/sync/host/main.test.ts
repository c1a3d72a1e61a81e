import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { hashSecret } from '../../../sync/host/desk/secret.ts';
import { makeKeys } from '../../../sync/protocol/keys.ts';
import { buildHost, hostBundle, removeHost } from './host-bundle.ts';
import { hostConfig, writeConfig } from './write-config.ts';

/** The host as a program of its own: started, asked, stopped. */

const children: ChildProcess[] = [];
let home = '';

beforeAll(async () => {
  await buildHost();
});
afterAll(removeHost);

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'host-main-'));
  makeKeys(join(home, 'keys'), ['terminal']);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

function start(change: object = {}, env: Record<string, string> = {}): { child: ChildProcess; said: () => string } {
  const file = writeConfig(home, change);
  const child = spawn(process.execPath, [hostBundle, file], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  children.push(child);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  return { child, said: () => said };
}

async function ready(
  child: ChildProcess,
): Promise<{ ready: boolean; brokerUrl: string; control: string; desk: string | null }> {
  if (!child.stdout) throw new Error('no output');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return JSON.parse(String(line));
}

const get = (socketPath: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request({ socketPath, path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject).end();
  });

test('it says when it is ready, answers on its socket, and ends cleanly at SIGTERM', async () => {
  const { child } = start();
  const line = await ready(child);
  expect(line).toMatchObject({ ready: true, control: join(home, 'host.sock') });
  expect(line.brokerUrl).toMatch(/^mqtt:\/\/127\.0\.0\.1:\d+$/);
  expect(await get(line.control, '/state')).toBe(200);
  // Stopping that takes a second ends with 1.
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('the desk is there only when it is configured, on this machine', async () => {
  const without = start();
  expect((await ready(without.child)).desk).toBeNull();
  without.child.kill('SIGKILL');
  await once(without.child, 'exit');
  const secretHash = await hashSecret('first', Buffer.from('salt'));
  const reviewers = ['u1', 'u2'].map((login) => ({ login, name: '审核员', secretHash }));
  const { child } = start({ desk: { port: 0 }, reviewers });
  const { desk } = await ready(child);
  expect(desk).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect((await fetch(desk ?? '')).status).toBe(200);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a parent that is gone takes it along', async () => {
  const { child } = start({ stopWithStdin: true });
  await ready(child);
  child.stdin?.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('started again after a kill it takes over its store, its keys and its socket', async () => {
  const first = start();
  const { control } = await ready(first.child);
  const key = readFileSync(join(home, 'keys/host.pub'), 'utf8');
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const second = start();
  await ready(second.child);
  expect(await get(control, '/state')).toBe(200);
  expect(readFileSync(join(home, 'keys/host.pub'), 'utf8')).toBe(key);
});

test.each([
  { what: 'a merchant number that is none', change: { merchant: { number: '1' } }, says: 'merchant.number' },
  { what: 'neither broker nor its address', change: { broker: undefined }, says: 'broker' },
  {
    what: 'a desk with one reviewer, who could approve nothing',
    change: { desk: { port: 0 }, reviewers: [{ login: 'u1', name: '审核一', secretHash: 'x' }] },
    says: 'reviewers',
  },
  { what: 'a field that it does not know', change: { colour: 'red' }, says: 'colour' },
  {
    what: 'a parameter out of range',
    change: { merchant: { ...hostConfig('').merchant, parameters: { clearing: 'soon' } } },
    says: 'clearing',
  },
  {
    what: 'a terminal key that is missing',
    change: { terminals: [{ terminal: '00000001', publicKeyFile: '/no/such.pub' }] },
    says: '/no/such.pub',
  },
])('$what: it ends with 1 and says why', async ({ change, says }) => {
  const { child, said } = start(change);
  expect((await once(child, 'close'))[0]).toBe(1);
  expect(said()).toContain(says);
});

test('a crash point that does not exist: it does not start', async () => {
  const { child, said } = start({}, { POS_CRASH: 'host.no-such:1' });
  expect((await once(child, 'close'))[0]).toBe(1);
  expect(said()).toContain('POS_CRASH');
});
