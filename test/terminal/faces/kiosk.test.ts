import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { startKiosk } from '../../../terminal/faces/kiosk/kiosk.ts';
import type { Kiosk, KioskOptions } from '../../../terminal/faces/kiosk/server.ts';
import { settle, testClock } from '../../support/test-clock.ts';
import { faceRunner, paper } from './face-runner.ts';

const token = 'q8Yw2mZr5Tn1';
const open: Kiosk[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((kiosk) => kiosk.stop()));
});

async function kiosk(more: Partial<KioskOptions> = {}) {
  const clock = testClock();
  const slips = paper();
  const { runner, counter } = faceRunner(clock);
  const started = await startKiosk({ runner, onSlip: slips.onSlip, token, ...more });
  open.push(started);
  const { origin } = new URL(started.url);
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(new URL(path, started.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: origin, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { clock, slips, runner, counter, url: started.url, origin, post };
}

const digit = { key: '0' };

describe('the page', () => {
  test('lies on this machine only, under a token, and allows nothing inline', async () => {
    const { url } = await kiosk();
    expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/${token}/$`));
    const page = await fetch(url);
    const html = await page.text();
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(page.status).toBe(200);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(html).not.toMatch(/<script>|<style|\son\w+=|style="/);
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    ['kiosk.css', 'text/css'],
    ['kiosk.js', 'text/javascript'],
  ])('%s', async (file, type) => {
    const { url } = await kiosk();
    const answer = await fetch(new URL(file, url));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain(type);
  });

  test('has a button for every key of the keypad, and for cards in simulated mode only', async () => {
    const keys = '0 1 2 3 4 5 6 7 8 9 doubleZero clear cancel enter function up down'.split(' ');
    const real = await (await fetch((await kiosk()).url)).text();
    for (const key of keys) expect(real).toContain(`data-key="${key}"`);
    expect(real).not.toMatch(/data-card|id="pin"/);
    const hands = { present: () => undefined, enterPin: () => undefined };
    const simulated = await (await fetch((await kiosk(hands)).url)).text();
    for (const way of ['contactless', 'swipe', 'insert']) expect(simulated).toContain(`data-card="${way}"`);
    expect(simulated).toContain('id="pin"');
  });
});

describe('who gets nothing', () => {
  test.each(['', 'wrong', `${token}x`, token.slice(1)])('token "%s"', async (wrong) => {
    const { origin, runner } = await kiosk();
    const before = runner.screen();
    for (const path of ['', 'kiosk.js', 'events']) {
      expect((await fetch(`${origin}/${wrong}/${path}`)).status).toBe(404);
    }
    const headers = { Origin: origin, 'Content-Type': 'application/json' };
    const body = JSON.stringify(digit);
    expect((await fetch(`${origin}/${wrong}/key`, { method: 'POST', headers, body })).status).toBe(404);
    expect(runner.screen()).toEqual(before);
  });

  test.each([
    ['another origin', { Origin: 'http://evil.example' }],
    ['this machine, another port', { Origin: 'http://127.0.0.1:1' }],
    ['a sandboxed frame', { Origin: 'null' }],
  ])('%s', async (_, headers) => {
    const { post, runner } = await kiosk();
    const before = runner.screen();
    expect((await post('key', digit, headers)).status).toBe(403);
    expect(runner.screen()).toEqual(before);
  });

  test('no origin at all', async () => {
    const { url } = await kiosk();
    const answer = await fetch(new URL('key', url), { method: 'POST', body: JSON.stringify(digit) });
    expect(answer.status).toBe(403);
  });

  test('a foreign name that points to this machine', async () => {
    const { url } = await kiosk();
    const status = await new Promise((resolve, reject) => {
      request(url, { headers: { Host: 'evil.example' } }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });
});

describe('keys', () => {
  test('a key reaches the runner', async () => {
    const { post, runner } = await kiosk();
    expect((await post('key', digit)).status).toBe(204);
    expect(runner.screen().rows.join('\n')).toContain('0_');
  });

  test.each<[string, unknown, number]>([
    ['an unknown key', { key: 'root' }, 400],
    ['a number', { key: 1 }, 400],
    ['no key', {}, 400],
    ['a list', [], 400],
    ['null', null, 400],
    ['not JSON', '{"key":', 400],
    ['a body too large', { key: 'x'.repeat(200) }, 413],
  ])('%s is refused and changes nothing', async (_, body, status) => {
    const { post, runner } = await kiosk();
    const before = runner.screen();
    expect((await post('key', body)).status).toBe(status);
    expect(runner.screen()).toEqual(before);
  });

  test('a card is presented only in simulated mode, and only while one is waited for', async () => {
    const presented: string[] = [];
    const { post, runner, counter, clock } = await kiosk({ present: (kind) => presented.push(kind) });
    for (const key of ['0', '1', 'enter', '0', '0', '0', '0', 'enter'] as const) runner.key(key);
    await settle();
    expect((await post('present', { card: 'contactless' })).status).toBe(409);
    for (const key of ['1', '5', 'enter'] as const) runner.key(key);
    counter.progress({ at: 'card', untilMs: clock.now() + 60_000 });
    expect((await post('present', { card: 'swipe' })).status).toBe(204);
    expect((await post('present', { card: 'gold' })).status).toBe(400);
    expect(presented).toEqual(['swipe']);
    const real = await kiosk();
    expect((await real.post('present', { card: 'swipe' })).status).toBe(400);
  });
});

test('a PIN is entered only in simulated mode, and only while one is waited for', async () => {
  const entered: string[] = [];
  const { post, runner, counter, clock } = await kiosk({ enterPin: (pin) => entered.push(pin) });
  for (const key of ['0', '1', 'enter', '0', '0', '0', '0', 'enter'] as const) runner.key(key);
  await settle();
  for (const key of ['1', '5', 'enter'] as const) runner.key(key);
  counter.progress({ at: 'card', untilMs: clock.now() + 60_000 });
  expect((await post('pin', { pin: '123456' })).status).toBe(409);
  counter.progress({ at: 'pin', untilMs: clock.now() + 60_000, card: '622202*********0128', again: false });
  expect((await post('pin', { pin: '12' })).status).toBe(400);
  expect((await post('pin', { pin: '123456' })).status).toBe(204);
  expect(entered).toEqual(['123456']);
  expect((await (await kiosk()).post('pin', { pin: '123456' })).status).toBe(400);
});

/** Events of the stream, one at a time. */
async function follow(url: string, query = '') {
  const answer = await fetch(new URL(`events${query}`, url));
  const events = read(answer);
  return { type: answer.headers.get('content-type'), next: async () => (await events.next()).value };
}

async function* read(answer: Response): AsyncGenerator<{ event: string; data: unknown }> {
  let pending = '';
  for await (const chunk of answer.body ?? []) {
    pending += Buffer.from(chunk).toString('utf8');
    for (let end = pending.indexOf('\n\n'); end >= 0; end = pending.indexOf('\n\n')) {
      const event = /^event: (.*)$/m.exec(pending.slice(0, end))?.[1] ?? '';
      const data = /^data: (.*)$/m.exec(pending.slice(0, end))?.[1] ?? 'null';
      pending = pending.slice(end + 2);
      yield { event, data: JSON.parse(data) };
    }
  }
}

describe('the stream', () => {
  test('brings the screen of now, then every change, with its tone', async () => {
    const { url, runner } = await kiosk();
    const stream = await follow(url);
    expect(stream.type).toContain('text/event-stream');
    expect(await stream.next()).toEqual({ event: 'screen', data: runner.screen() });
    runner.key('9');
    expect(await stream.next()).toEqual({ event: 'screen', data: { ...runner.screen(), beep: 'key' } });
  });

  test('speaks the language that was asked for', async () => {
    const { url } = await kiosk();
    const rows = (event: unknown) => JSON.stringify(event);
    expect(rows(await (await follow(url, '?lang=en')).next())).toContain('Log on');
    expect(rows(await (await follow(url, '?lang=xx')).next())).toContain('操作员登录');
  });

  test('brings the newest slip, also to a page that is opened later', async () => {
    const { url, slips } = await kiosk();
    slips.print(`金额${' '.repeat(23)}12.00`);
    const stream = await follow(url);
    await stream.next();
    expect(await stream.next()).toEqual({ event: 'slip', data: [`金额${' '.repeat(23)}12.00`] });
    slips.print('第二张');
    expect(await stream.next()).toEqual({ event: 'slip', data: ['第二张'] });
  });

  test('ends when the face stops, and so does the server', async () => {
    const { url } = await kiosk();
    const stream = await follow(url);
    await stream.next();
    await open.pop()?.stop();
    expect(await stream.next().catch(() => undefined)).toBeUndefined();
    await expect(fetch(url)).rejects.toThrow();
  });
});

test('a port that is taken is an error for whoever starts the face', async () => {
  const { origin } = await kiosk();
  await expect(kiosk({ port: Number(new URL(origin).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
