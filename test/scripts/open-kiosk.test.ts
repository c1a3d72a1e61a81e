import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { prepareHome } from '../../scripts/home.ts';
import { type RunningTerminal, runTerminal } from '../../scripts/run-terminal.ts';
import { type OpenedKiosk, openKiosk } from '../../scripts/start/open-kiosk.ts';

let folder: string;
const bugs: unknown[] = [];
const open: (RunningTerminal | OpenedKiosk)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pos-open-'));
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
  rmSync(folder, { recursive: true, force: true });
  expect(bugs.splice(0)).toEqual([]);
});

/** The pages of a terminal that nobody has started: no device is opened, there is no host. */
async function opened(json: object) {
  writeFileSync(join(folder, 'config.json'), JSON.stringify(json));
  const { home, config } = prepareHome(folder);
  const running = await runTerminal({ home, config, onBug: (error) => bugs.push(error) });
  open.push(running);
  const kiosk = await openKiosk(running.terminal, config);
  open.push(kiosk);
  const { origin } = new URL(kiosk.kioskUrl);
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(new URL(path, kiosk.kioskUrl), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: origin, ...headers },
      body: JSON.stringify(body),
    });
  return { ...kiosk, origin, post, get: (path: string) => fetch(new URL(path, kiosk.kioskUrl)) };
}

const armed = { device: 'printer', fault: 'paper-out' };
const faultsOf = async (answer: Response): Promise<string> => JSON.stringify(await answer.json());

describe('a simulated terminal', () => {
  test('has its bench beside the keypad, under the same token', async () => {
    const { kioskUrl, benchUrl } = await opened({});
    expect(benchUrl).toBe(`${kioskUrl}bench/`);
    const page = await fetch(benchUrl ?? '');
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).not.toMatch(/<script>|<style|\son\w+=|style="/);
    const policy = page.headers.get('content-security-policy') ?? '';
    for (const only of ['default-src', 'frame-ancestors', 'frame-src', 'img-src', 'script-src'])
      expect(policy).toMatch(new RegExp(`${only} '(self|none)'`));
    expect(policy).not.toContain('unsafe');
    for (const [, file] of html.matchAll(/(?:src|href)="([\w./]+)"/g))
      expect((await fetch(new URL(file ?? '', benchUrl))).status).toBe(200);
  });

  test('takes orders that are longer than a key', async () => {
    const { post, get } = await opened({});
    expect((await post('sim/fault', { ...armed, times: 1_000, probability: 0.5 })).status).toBe(200);
    expect((await post('sim/code', { text: '1'.repeat(1_000) })).status).toBe(200);
    expect((await post('sim/code', { text: '1'.repeat(20_000) })).status).toBe(400);
    expect(await faultsOf(await get('sim/state'))).toContain('"probability":0.5');
  });

  test.each([
    ['from another page', 'sim/fault', { Origin: 'http://evil.example' }, 403],
    ['without the token', '/wrong/sim/fault', {}, 404],
  ])('refuses orders %s', async (_, path, headers, status) => {
    const { post, get } = await opened({});
    expect((await post(path, armed, headers)).status).toBe(status);
    expect(await faultsOf(await get('sim/state'))).not.toContain('"fault":"paper-out"');
  });

  test('shows the terminal alone in its frame, in the language of the bench', async () => {
    const { get } = await opened({});
    const alone = await (await get('?part=device&lang=en')).text();
    expect(alone).toContain('data-language="en" data-part="device"');
    expect(alone).not.toContain('data-card=');
    expect(await (await get('')).text()).toContain('data-card="insert"');
  });

  test('draws the QR codes of slips, unless there is none', async () => {
    const { get } = await opened({});
    const drawn = await get('bench/qr.svg?data=%E8%B4%A6%E5%B9%B3');
    expect(drawn.headers.get('content-type')).toBe('image/svg+xml');
    expect(await drawn.text()).toContain('<svg');
    expect((await get('bench/qr.svg')).status).toBe(400);
    expect((await get(`bench/qr.svg?data=${'1'.repeat(2_332)}`)).status).toBe(400);
  });
});

test('a real terminal has no bench, and says so', async () => {
  const real = {
    host: 'acquirer',
    reader: 'tcp:127.0.0.1:1',
    printer: 'tcp:127.0.0.1:1',
    pinPad: 'none',
    scanner: 'none',
    display: 'none',
  };
  const { benchUrl, get, post } = await opened(real);
  expect(benchUrl).toBeUndefined();
  expect((await get('bench/')).status).toBe(404);
  expect((await get('bench/bench.js')).status).toBe(404);
  for (const answer of [await get('sim/state'), await get('sim/events'), await post('sim/fault', armed)]) {
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ kind: 'error', code: 'NOT_SIMULATED' });
  }
  expect((await get('')).status).toBe(200);
});
