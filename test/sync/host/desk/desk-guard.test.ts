import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Desk } from '../../../../sync/host/desk/server.ts';
import { startHost, type TestHost } from '../start-host.ts';
import { AtDesk, ask, secrets, startDesk } from './desk-rig.ts';

let host: TestHost;
let desk: Desk;
let u1: AtDesk;
beforeEach(async () => {
  host = await startHost();
  desk = await startDesk(host);
  u1 = new AtDesk(desk);
});
afterEach(async () => {
  await desk.stop();
  await host.stop();
});

const harmless = { command: 'message', zh: '你好', en: 'hello' };
const minute = 60_000;
const messages = async () =>
  (await host.host.store.selectFrom('outbox').select('id').where('kind', '=', 'message').execute()).length;

describe('log-in', () => {
  test('gives a cookie that no script reads and no other site sends, and the name of the reviewer', async () => {
    const said = await u1.logIn('u1', secrets.u1);
    expect(said).toMatchObject({ status: 200, body: { login: 'u1', name: '审核一' } });
    expect(String(said.headers['set-cookie'])).toMatch(/^desk=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await u1.get('/api/session')).body).toEqual({ login: 'u1', name: '审核一', csrf: u1.csrf });
  });

  test('a wrong secret, an unknown name and no body are refused alike; no secret is in the log', async () => {
    for (const [login, secret] of [
      ['u1', 'wrong'],
      ['nobody', 'x'],
      ['u1', secrets.u2],
    ] as const)
      expect(await u1.logIn(login, secret)).toMatchObject({ status: 401, body: { error: 'UNAUTHENTICATED' } });
    expect((await ask(desk, 'POST', '/api/log-in', { body: '{' })).status).toBe(400);
    expect(host.logged.join()).not.toContain('reviewer');
  });

  test('five wrong secrets lock a reviewer for a quarter of an hour, nobody else', async () => {
    for (let n = 0; n < 5; n++) expect((await u1.logIn('u1', 'wrong')).status).toBe(401);
    expect((await u1.logIn('u1', secrets.u1)).status).toBe(401);
    expect((await new AtDesk(desk).logIn('u2', secrets.u2)).status).toBe(200);
    await host.clock.advance(15 * minute);
    expect((await u1.logIn('u1', secrets.u1)).status).toBe(200);
  });

  test('four wrong ones do not, and a right one forgets them', async () => {
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < 4; n++) await u1.logIn('u1', 'wrong');
      expect((await u1.logIn('u1', secrets.u1)).status).toBe(200);
    }
  });

  test('a hundred at once: most are turned away, the host answers others meanwhile', async () => {
    const flood = Promise.all(
      Array.from({ length: 100 }, (_, n) => new AtDesk(desk).logIn(n % 2 ? 'u1' : 'u2', 'wrong')),
    );
    expect((await ask(desk, 'GET', '/')).status).toBe(200);
    const statuses = (await flood).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(50);
    expect(statuses).not.toContain(200);
  });

  test('ends after half an hour without a look, after a log-out, and with the host', async () => {
    await u1.logIn('u1', secrets.u1);
    await host.clock.advance(29 * minute);
    expect((await u1.get('/api/session')).status).toBe(200);
    await host.clock.advance(31 * minute);
    expect((await u1.get('/api/session')).status).toBe(401);
    await u1.logIn('u1', secrets.u1);
    const headers = { cookie: u1.cookie, 'x-csrf-token': u1.csrf };
    expect((await ask(desk, 'POST', '/api/log-out', { body: {}, headers })).status).toBe(200);
    expect((await u1.get('/api/session')).status).toBe(401);
  });

  test('ends after half an hour although the page asks by itself every few seconds', async () => {
    await u1.logIn('u1', secrets.u1);
    for (let n = 0; n < 6; n++) {
      expect((await u1.look('/api/view/overview')).status).toBe(200);
      await host.clock.advance(5 * minute + 1);
    }
    expect((await u1.look('/api/view/overview')).status).toBe(401);
    expect((await u1.get('/api/session')).status).toBe(401);
  });

  test('ends after twelve hours, however busy', async () => {
    await u1.logIn('u1', secrets.u1);
    for (let n = 0; n < 24; n++) {
      expect((await u1.get('/api/session')).status).toBe(200);
      await host.clock.advance(30 * minute);
    }
    await host.clock.advance(1);
    expect((await u1.get('/api/session')).status).toBe(401);
  });
});

describe('attacks change nothing', () => {
  beforeEach(async () => {
    await u1.logIn('u1', secrets.u1);
  });

  test('the same command with everything right is carried out', async () => {
    expect(await u1.command(harmless)).toMatchObject({ status: 200, body: { ok: true } });
    expect(await messages()).toBe(2);
  });

  test.each([
    ['without a session', { cookie: '' }, 401],
    ['with a made-up session', { cookie: 'desk=AAAA' }, 401],
    ['without the token of the page', { 'x-csrf-token': '' }, 403],
    ['with the token of nobody', { 'x-csrf-token': 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH' }, 403],
    ['from another origin', { origin: 'http://evil.example' }, 403],
    ['from a frame of no origin', { origin: 'null' }, 403],
    ['under another host name', { host: 'evil.example' }, 403],
  ] as const)('a command %s', async (_, headers, status) => {
    expect((await u1.command(harmless, headers)).status).toBe(status);
    expect(await messages()).toBe(0);
  });

  test('a log-in from another origin is refused too', async () => {
    const body = { login: 'u1', secret: secrets.u1 };
    expect((await ask(desk, 'POST', '/api/log-in', { body, headers: { origin: 'http://evil.example' } })).status).toBe(
      403,
    );
  });

  test('ten megabytes are not read', async () => {
    const said = await u1.command('x'.repeat(10_000_000)).catch(() => ({ status: 413 }));
    expect(said.status).toBe(413);
    expect((await u1.get('/api/session')).status).toBe(200);
  });

  test('bad JSON, an unknown command, an extra field, a name of Object.prototype', async () => {
    for (const body of ['{', {}, { command: 'no-such' }, { ...harmless, extra: 1 }, { command: 'toString' }, null, []])
      expect(await u1.command(body)).toMatchObject({ status: 400, body: { error: 'INVALID' } });
    expect((await u1.get('/api/view/toString')).status).toBe(404);
    expect((await u1.get('/api/view/..%2f..%2fhost.db')).status).toBe(404);
  });

  test('views are for who is logged in', async () => {
    for (const view of ['overview', 'settlements', 'letters', 'users'])
      expect((await ask(desk, 'GET', `/api/view/${view}`)).status).toBe(401);
  });
});

test('the page: own files only, nothing inline, in no frame, never kept; in both languages', async () => {
  const page = await ask(desk, 'GET', '/');
  expect(page.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  const policy = String(page.headers['content-security-policy']);
  for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"])
    expect(policy).toContain(rule);
  expect(policy).not.toContain('unsafe');
  const html = String(page.body['text']);
  expect(html).not.toMatch(/<script>|style="|onclick=|https?:/);
  const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
  expect(named).toHaveLength(8);
  for (const path of named) expect((await ask(desk, 'GET', `/${path}`)).status).toBe(200);
  expect(html).toContain('审核台');
  expect(String((await ask(desk, 'GET', '/?lang=en')).body['text'])).toContain('<html lang="en"');
});
