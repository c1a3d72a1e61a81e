import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ourHosts } from '../../../terminal/console/guard.ts';
import { serveConsole } from '../../../terminal/console/server.ts';
import { refusal } from '../../support/refusal.ts';
import { consoleRig } from './console-rig.ts';
import { testTls } from './test-tls.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** Somebody who connects and says nothing. */
function silent(port: string): Socket {
  const socket = connect(Number(port), '127.0.0.1');
  sockets.push(socket);
  return socket.resume().on('error', () => {});
}

/** What the console answers over TLS to a caller at `localAddress`. */
const asked = (port: string, localAddress: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const options = {
      port,
      localAddress,
      path: '/api/session',
      ca: testTls.cert,
      servername: 'pos.example',
      agent: false,
    };
    request({ ...options, host: '127.0.0.1', headers: { Host: `pos.example:${port}` } }, (answer) =>
      resolve(answer.resume().statusCode),
    )
      .on('error', reject)
      .end();
  });

test.each(['0.0.0.0', '192.168.1.5', '::'])('%s is no address of the console without TLS', async (address) => {
  const rig = await consoleRig();
  const { world } = rig.system.terminal;
  const options = { world, desks: await rig.system.terminal.console(), pages: '', port: 0, tls: undefined };
  const { log } = world;
  expect(await refusal(() => serveConsole({ ...options, address, log, onBug: () => {} }))).toBe('BAD_REQUEST');
});

test('a busy port is told and another one taken', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const taken = other.address();
  const port = taken !== null && typeof taken === 'object' ? taken.port : 0;
  const rig = await consoleRig({}, { port });
  expect(rig.console.busyPort).toBe(port);
  expect(new URL(rig.console.url).port).not.toBe(String(port));
  expect((await rig.stranger()).csrf).not.toBe('');
  other.close();
});

test.each([
  ['pos.example', 200],
  ['evil.example', 403],
])('with TLS it listens to what its certificate is for: %s', async (name, status) => {
  const rig = await consoleRig({}, { address: '0.0.0.0', tls: testTls });
  const { port } = new URL(rig.console.url);
  const answer = await new Promise<{ status: number | undefined; cookie: string; transport: unknown }>(
    (resolve, reject) => {
      request(
        {
          port,
          path: '/api/session',
          headers: { Host: `${name}:${port}` },
          ca: testTls.cert,
          servername: 'pos.example',
        },
        (got) => {
          const { 'set-cookie': cookies = [], 'strict-transport-security': transport } = got.headers;
          resolve({ status: got.resume().statusCode, cookie: cookies.join(), transport });
        },
      )
        .on('error', reject)
        .end();
    },
  );
  expect(answer.status).toBe(status);
  expect(answer.transport).toContain('max-age');
  expect(answer.cookie.includes('Secure')).toBe(status === 200);
});

test('who is silent where TLS should begin is hung up on, and meanwhile others are answered', async () => {
  const rig = await consoleRig({}, { address: '0.0.0.0', tls: testTls, timings: { handshakeTimeout: 500 } });
  const { port } = new URL(rig.console.url);
  const gone = Array.from({ length: 110 }, () => new Promise((resolve) => silent(port).on('close', resolve)));
  expect(await asked(port, '127.0.0.2')).toBe(200);
  await Promise.all(gone);
  expect(await asked(port, '127.0.0.1')).toBe(200);
});

test('one address holds some of the places, not all', async () => {
  const rig = await consoleRig({}, { address: '0.0.0.0', tls: testTls });
  const { port } = new URL(rig.console.url);
  let closed = 0;
  for (let n = 0; n < 120; n++) silent(port).on('close', () => closed++);
  await rig.system.eventually('the others are hung up on', () => closed >= 40);
  expect(await asked(port, '127.0.0.2')).toBe(200);
});

const ours: readonly (readonly [string, 'http' | 'https', number, boolean])[] = [
  ['127.0.0.1:8021', 'http', 8_021, true],
  ['127.0.0.1', 'http', 80, true],
  ['localhost', 'https', 443, true],
  ['pos.example', 'https', 443, true],
  ['pos.example:443', 'https', 443, true],
  ['[::1]', 'http', 80, true],
  ['127.0.0.1', 'http', 8_021, false],
  ['127.0.0.1', 'https', 80, false],
  ['127.0.0.1:8022', 'http', 8_021, false],
  ['evil.example', 'https', 443, false],
  ['', 'http', 80, false],
];
test.each(ours)('a Host of %j for %s at port %i: ours is %s', (host, scheme, port, isOurs) => {
  const certificate = scheme === 'https' ? new X509Certificate(testTls.cert) : undefined;
  expect(ourHosts({ scheme, port: () => port, certificate })(host)).toBe(isOurs);
});

const elsewhere = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' };

test('a page elsewhere that asks a thousand times does not lock the operator out', async () => {
  const rig = await consoleRig();
  const main = await rig.loggedIn('wang');
  const statuses = new Set<number>();
  for (let n = 0; n < 1_000; n++)
    statuses.add((await main.get(n % 2 ? '/favicon.ico' : '/api/session', elsewhere)).status);
  expect(statuses).toEqual(new Set([403]));
  expect((await main.get('/api/devices')).status).toBe(200);
  const followed = { ...elsewhere, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
  expect((await main.get('/', followed)).status).not.toBe(403); // a link in a mail
  expect((await main.get('/', { ...followed, 'Sec-Fetch-Dest': 'iframe' })).status).toBe(403);
});
