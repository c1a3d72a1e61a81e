import { type ClientRequest, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { passingClock } from '../../support/turnable-clock.ts';
import { type ConsoleRig, consoleRig, keptRig, password, stopAll } from './console-rig.ts';
import { atKeypad, meanwhileSales } from './sell-meanwhile.ts';
import { testTls } from './test-tls.ts';
import type { Visitor } from './visitor.ts';

/** Whatever is tried at the console: it is refused, and the sales at the keypad go on meanwhile. */

const open: { stop(): Promise<void> }[] = [];
const clock = passingClock(Date.now());
/** The same customer comes again and again. */
const seller = { host: true, hostParameters: { 'risk.contactlessPerDay': 1_000_000 } };
let rig: ConsoleRig;
let main: Visitor;
beforeAll(async () => {
  rig = await keptRig(open, { ...seller, clock });
  await atKeypad(rig.system);
  main = await rig.loggedIn('wang');
});
afterAll(() => stopAll(open));

const meanwhile = <T>(attack: () => Promise<T>): Promise<T> => meanwhileSales(rig.system, attack);

const sockets: Socket[] = [];
const leave = (): void => {
  for (const socket of sockets.splice(0)) socket.destroy();
};
afterEach(leave);

/** Connects, and says this much; resolves when it is hung up on. */
function hungUpOn(port: string, said?: string): Promise<void> {
  const socket = connect(Number(port), '127.0.0.1');
  sockets.push(socket);
  socket.resume().on('error', () => {});
  if (said !== undefined) socket.write(said);
  return new Promise((resolve) => socket.on('close', () => resolve()));
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
  const replies = await meanwhile(async () => {
    const codes: unknown[] = [];
    for (const [what, headers] of forged)
      codes.push([what, (await main.post('/api/batches/close', close, { headers })).code]);
    return codes;
  });
  expect(replies).toEqual(forged.map(([what, , code]) => [what, code]));
  expect(rig.audited('batch-close')).toBe(0);
});

test('a foreign name that points to this machine is told nothing', async () => {
  const status = await meanwhile(
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
  const wu = await rig.loggedIn('wu');
  rig.record({ login: 'li.na' });
  const replay = () => wu.post('/api/users/li.na/code', { secret: password }, { key: 'overheard' });
  const kept = { cookie: wu.cookie, csrf: wu.csrf };
  await meanwhile(() => Promise.all(Array.from({ length: 6 }, replay)));
  expect(rig.audited('set-up-code')).toBe(1);
  await wu.post('/api/log-out', {});
  Object.assign(wu, kept);
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
  const service = await rig.loggedIn('zhao', 'S');
  const stranger = await rig.stranger();
  await meanwhile(async () => {
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

test.each([
  ['is removed', ['REMOVED']],
  ['was removed and came back', ['REMOVED', 'ACTIVE']],
] as const)('a session of who %s commands nothing', async (_, states) => {
  const gone = await rig.loggedIn('zhou');
  for (const state of states) rig.record({ login: 'zhou', state });
  await meanwhile(async () => {
    for (const [path, body] of commands)
      expect({ path, code: (await gone.post(`/api${path}`, body)).code }).toEqual({ path, code: 'UNAUTHENTICATED' });
  });
});

test('who lost the role while the command was still coming commands nothing', async () => {
  const gone = await rig.loggedIn('qian');
  const reply = await meanwhile(() =>
    gone.postSlowly('/api/batches/close', close, () => rig.record({ login: 'qian', role: 'S' })),
  );
  expect(reply.code).toBe('FORBIDDEN');
  expect(rig.system.count("SELECT count(*) FROM audit WHERE action = 'batch-close' AND outcome <> 'refused'")).toBe(0);
});

test.each(['..%2f..%2fterminal.db', '..%2fpos.sock', '%2fetc%2fpasswd', 'x.csv%00'])(
  'a download of %s is refused',
  async (id) => {
    const reply = await meanwhile(() => main.get(`/api/exports/${id}/file`));
    expect(['BAD_REQUEST', 'NOT_FOUND']).toContain(reply.code);
  },
);

test.each([
  ['announced', true],
  ['in chunks', false],
])('a body of 10 MB, %s, is refused before it has come', async (_, isAnnounced) => {
  const mega = Buffer.alloc(1 << 20, 'x');
  const answers = await meanwhile(() =>
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

const elsewhere = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' };

test('a page elsewhere that asks this machine a thousand times does not lock the operator out', async () => {
  const stranger = rig.visitor();
  const statuses = await meanwhile(async () => {
    const all: number[] = [];
    for (let round = 0; round < 100; round++) {
      const some = Array.from({ length: 10 }, () => stranger.get('/api/overview', elsewhere));
      all.push(...(await Promise.all(some)).map(({ status }) => status));
      expect((await main.get('/api/session')).status).toBe(200);
    }
    return all;
  });
  expect(new Set(statuses)).toEqual(new Set([403]));
}, 90_000);

test.each([
  ['without TLS', undefined, 'POST /api/log-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '],
  ['with TLS', testTls, '\x16'],
])('%s: who sends slowly, or nothing, is hung up on', async (_, tls, begin) => {
  const timings = { headersTimeout: 400, handshakeTimeout: 400, connectionsCheckingInterval: 100 };
  const own = await consoleRig(seller, { timings, tls });
  await atKeypad(own.system);
  const { port } = new URL(own.console.url);
  await meanwhileSales(own.system, () =>
    Promise.all(Array.from({ length: 50 }, (__, n) => hungUpOn(port, n % 2 === 0 ? begin : undefined))),
  );
});

test('there are so many connections and no more', async () => {
  const { port } = new URL(rig.console.url);
  let closed = 0;
  await meanwhile(async () => {
    for (let n = 0; n < 150; n++) void hungUpOn(port).then(() => (closed += 1));
    await rig.system.eventually('the others are hung up on', () => closed >= 40);
  });
  expect(closed).toBeLessThan(100);
  leave();
  const isLetIn = () =>
    main.get('/api/session').then(
      ({ status }) => status === 200,
      () => false,
    );
  await rig.system.eventually('there is room again', isLetIn);
});

test('of 1,000 log-ins at once a few are tried and the others turned away; a minute later who may get in gets in', async () => {
  await rig.user('sun');
  const stranger = await rig.stranger();
  const refused = () => rig.system.count("SELECT count(*) FROM audit WHERE action = 'log-in' AND outcome = 'refused'");
  const [before, refusedBefore] = [rig.system.count('SELECT count(*) FROM audit'), refused()];
  const codes = await meanwhile(async () => {
    const all: (string | undefined)[] = [];
    for (let round = 0; round < 100; round++) {
      const some = Array.from({ length: 10 }, (_, n) =>
        stranger.post('/api/log-in', { login: `user${round}-${n}`, password }),
      );
      all.push(...(await Promise.all(some)).map(({ code }) => code));
    }
    return all;
  });
  const tried = codes.filter((code) => code === 'SECRET_WRONG').length;
  expect(tried).toBeGreaterThan(0);
  expect(tried).toBeLessThanOrEqual(25);
  expect(codes.filter((code) => code === 'DEVICE_BUSY').length).toBe(1_000 - tried);
  expect(refused() - refusedBefore).toBe(tried);
  expect(rig.system.count('SELECT count(*) FROM audit')).toBeLessThan(before + 60);
  await clock.advance(60_000);
  expect((await (await rig.stranger()).logIn('sun', password)).status).toBe(200);
}, 90_000);
