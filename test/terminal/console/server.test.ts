import { createServer } from 'node:http';
import { request } from 'node:https';
import { expect, test } from 'vitest';
import { serveConsole } from '../../../terminal/console/server.ts';
import { refusal } from '../../support/refusal.ts';
import { consoleRig } from './console-rig.ts';
import { testTls } from './test-tls.ts';

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
