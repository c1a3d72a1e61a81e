import { type ClientRequest, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type ConsoleRig, consoleRig, password } from './console-rig.ts';

/** Whatever is tried at the console: it is refused, and a sale at the keypad goes through meanwhile. */

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function meanwhileASale<T>(rig: ConsoleRig, attack: () => Promise<T>): Promise<T> {
  const attacking = attack();
  expect(await rig.system.sell(1_000)).toMatchObject({ kind: 'approved' });
  const outcome = await attacking;
  expect(await rig.system.sell(2_000)).toMatchObject({ kind: 'approved' });
  expect(await rig.system.problems()).toEqual([]);
  return outcome;
}

const close = { secret: password };

const forged: readonly (readonly [string, Record<string, string>, string])[] = [
  ['another origin', { Origin: 'http://evil.example' }, 'FORBIDDEN'],
  ['a sandboxed frame', { Origin: 'null' }, 'FORBIDDEN'],
  ['another port of this machine', { Origin: 'http://127.0.0.1:1' }, 'FORBIDDEN'],
  ['a page elsewhere', { 'Sec-Fetch-Site': 'cross-site' }, 'FORBIDDEN'],
  ['no token', { 'X-CSRF-Token': '' }, 'FORBIDDEN'],
  ['a token of another session', { 'X-CSRF-Token': 'A'.repeat(43) }, 'FORBIDDEN'],
  ['no key', { 'Idempotency-Key': '' }, 'BAD_REQUEST'],
  ['no session', { Cookie: '' }, 'UNAUTHENTICATED'],
];

test('a command with any of these is refused before anything is done', async () => {
  const rig = await consoleRig({ host: true });
  const main = await rig.loggedIn('wang');
  const replies = await meanwhileASale(rig, async () => {
    const codes: unknown[] = [];
    for (const [what, headers] of forged)
      codes.push([what, (await main.post('/api/batches/close', close, { headers })).code]);
    return codes;
  });
  expect(replies).toEqual(forged.map(([what, , code]) => [what, code]));
  expect(rig.audited('batch-close')).toBe(0);
});

test('a foreign name that points to this machine is told nothing', async () => {
  const rig = await consoleRig({ host: true });
  const status = await meanwhileASale(
    rig,
    () =>
      new Promise((resolve, reject) => {
        const options = { headers: { Host: `evil.example:${new URL(rig.console.url).port}` } };
        request(`${rig.console.url}api/session`, options, (answer) => resolve(answer.resume().statusCode))
          .on('error', reject)
          .end();
      }),
  );
  expect(status).toBe(403);
});

test('a command that was overheard is done once, and never again after the log-out', async () => {
  const rig = await consoleRig({ host: true });
  const main = await rig.loggedIn('wang');
  rig.record({ login: 'li.na' });
  const replay = () => main.post('/api/users/li.na/code', { secret: password }, { key: 'overheard' });
  const kept = { cookie: main.cookie, csrf: main.csrf };
  await meanwhileASale(rig, () => Promise.all(Array.from({ length: 6 }, replay)));
  expect(rig.audited('set-up-code')).toBe(1);
  await main.post('/api/log-out', {});
  Object.assign(main, kept);
  expect((await replay()).code).toBe('UNAUTHENTICATED');
});

const commands: readonly (readonly [string, object])[] = [
  ['/settlement/mode', { secret: password, mode: 'MANUAL' }],
  ['/settlements', { secret: password, amountFen: 1, seenAvailableFen: 1, accountVersion: 1 }],
  ['/settlements/S-1/stop', {}],
  ['/batches/close', { secret: password }],
  ['/differences/D-1/examine', { finding: 'explained', text: 'x' }],
  ['/users', { secret: password, login: 'li.na', name: '李娜', role: 'MO', state: 'ACTIVE' }],
  ['/users/wang/code', { secret: password }],
  ['/devices/printer/test', {}],
];

test('customer service commands nothing of the settlement, and a cashier does not get in', async () => {
  const rig = await consoleRig({ host: true });
  const service = await rig.loggedIn('zhao', 'S');
  const stranger = await rig.stranger();
  await meanwhileASale(rig, async () => {
    for (const [path, body] of commands)
      expect({ path, code: (await service.post(`/api${path}`, body)).code }).toEqual({ path, code: 'FORBIDDEN' });
    expect((await stranger.logIn('01', '0000')).code).toBe('SECRET_WRONG');
    expect((await stranger.logIn('00', '123456')).code).toBe('SECRET_WRONG');
    for (const [path, body] of commands)
      expect({ path, code: (await stranger.post(`/api${path}`, body)).code }).toEqual({
        path,
        code: 'UNAUTHENTICATED',
      });
  });
});

test('a session of a removed user commands nothing', async () => {
  const rig = await consoleRig({ host: true });
  const gone = await rig.loggedIn('wang');
  rig.record({ login: 'wang', state: 'REMOVED' });
  await meanwhileASale(rig, async () => {
    for (const [path, body] of commands)
      expect({ path, code: (await gone.post(`/api${path}`, body)).code }).toEqual({ path, code: 'UNAUTHENTICATED' });
  });
});

test.each(['..%2f..%2fterminal.db', '..%2fpos.sock', '%2fetc%2fpasswd', 'x.csv%00'])(
  'a download of %s is refused',
  async (id) => {
    const rig = await consoleRig({ host: true });
    const main = await rig.loggedIn('wang');
    const reply = await meanwhileASale(rig, () => main.get(`/api/exports/${id}/file`));
    expect(['BAD_REQUEST', 'NOT_FOUND']).toContain(reply.code);
  },
);

test.each([
  ['announced', true],
  ['in chunks', false],
])('a body of 10 MB, %s, is refused before it has come', async (_, isAnnounced) => {
  const rig = await consoleRig({ host: true });
  const main = await rig.loggedIn('wang');
  const mega = Buffer.alloc(1 << 20, 'x');
  const answers = await meanwhileASale(rig, () =>
    Promise.all(Array.from({ length: 5 }, () => sendTenMega(main.origin, main.cookie, main.csrf, isAnnounced, mega))),
  );
  for (const { status, sent } of answers) {
    expect(status).toBe(400);
    expect(sent).toBeLessThan(10);
  }
});

/** As much as the server takes of ten megabytes. */
function sendTenMega(origin: string, cookie: string, csrf: string, isAnnounced: boolean, mega: Buffer) {
  return new Promise<{ readonly status: number | undefined; readonly sent: number }>((resolve) => {
    let sent = 0;
    const headers = {
      Origin: origin,
      Cookie: cookie,
      'X-CSRF-Token': csrf,
      'Idempotency-Key': 'ten-megabytes',
      ...(isAnnounced && { 'Content-Length': String(10 * mega.length) }),
    };
    const sending: ClientRequest = request(`${origin}/api/batches/close`, { method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode, sent });
    });
    sending.on('error', () => {}); // the server hung up
    const more = (): void => {
      if (sent >= 10) sending.end();
      else
        sending.write(mega, (failed) => {
          if (failed) return;
          sent += 1;
          more();
        });
    };
    more();
  });
}

test('of 1,000 log-ins a minute a few are tried and the others turned away at once', async () => {
  const rig = await consoleRig({ host: true });
  await rig.user('wang');
  const stranger = await rig.stranger();
  const before = rig.system.count('SELECT count(*) FROM audit');
  const codes = await meanwhileASale(rig, async () => {
    const all: (string | undefined)[] = [];
    for (let round = 0; round < 20; round++) {
      const some = Array.from({ length: 50 }, (_, n) =>
        stranger.post('/api/log-in', { login: `user${round}-${n}`, password }),
      );
      all.push(...(await Promise.all(some)).map(({ code }) => code));
    }
    return all;
  });
  const tried = codes.filter((code) => code === 'SECRET_WRONG').length;
  expect(codes.filter((code) => code === 'DEVICE_BUSY').length).toBe(1_000 - tried);
  expect(tried).toBeLessThanOrEqual(25);
  expect(rig.system.count("SELECT count(*) FROM audit WHERE action = 'log-in'")).toBe(tried);
  expect(rig.system.count('SELECT count(*) FROM audit')).toBeLessThan(before + 60);
}, 90_000);

test('who sends headers slowly, or none, is hung up on', async () => {
  const rig = await consoleRig({ host: true }, { timings: { headersTimeout: 400, connectionsCheckingInterval: 100 } });
  const { port } = new URL(rig.console.url);
  await meanwhileASale(rig, () =>
    Promise.all(
      Array.from({ length: 50 }, (_, n) => {
        const socket = connect(Number(port), '127.0.0.1');
        sockets.push(socket);
        socket.resume().on('error', () => {});
        if (n % 2 === 0) socket.write('POST /api/log-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ');
        return new Promise<void>((resolve) => socket.on('close', () => resolve()));
      }),
    ),
  );
});

test('there are so many connections and no more', async () => {
  const rig = await consoleRig({ host: true });
  const { port } = new URL(rig.console.url);
  let closed = 0;
  await meanwhileASale(rig, async () => {
    for (let n = 0; n < 150; n++) {
      const socket = connect(Number(port), '127.0.0.1');
      sockets.push(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        closed += 1;
      });
    }
    await rig.system.eventually('the others are hung up on', () => closed >= 40);
  });
});
