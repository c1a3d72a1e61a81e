import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KioskPage, openBrowser } from '../../scripts/pictures/kiosk-page.ts';
import { type Started, startWithKiosk } from '../../scripts/pictures/started.ts';

/** The real program in the real browser. */
let home: string;
let started: Started;
let browser: Browser;
const complaints: string[] = [];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'pos-kiosk-'));
  [started, browser] = await Promise.all([startWithKiosk(home), openBrowser()]);
}, 30_000);

afterAll(async () => {
  await browser?.close();
  await started?.stop();
  rmSync(home, { recursive: true, force: true });
});

async function open(size = { width: 1280, height: 800 }): Promise<KioskPage> {
  const page = await browser.newPage({ viewport: size });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(started.url);
  return new KioskPage(page);
}

test('a sale by clicking: the screen says so, the slip comes out and is kept', async () => {
  const kiosk = await open();
  await kiosk.logOn();
  await kiosk.sell(['1', '2', '3', '4'], 'contactless');
  const rows = await kiosk.rows();
  expect(rows[0]).toContain('[模拟]');
  expect(rows.join('\n')).toContain('622202*********0128');
  expect(rows.at(-2)?.trim()).toBe('12.34');

  const slip = await kiosk.slip('持卡人存根');
  const text = slip.join('\n');
  expect(text).toMatch(/^ +RMB 12\.34$/m);
  expect(text).toContain('***测试/TESTING,凭证无效***');
  expect(text).not.toContain('6222021234567890128');
  const kept = readdirSync(join(home, 'slips')).map((file) =>
    readFileSync(join(home, 'slips', file), 'utf8').trimEnd(),
  );
  expect(kept).toContain(text);
  expect(kept.some((one) => one.includes('商户存根'))).toBe(true);
  await kiosk.page.close();
});

test('a second page shows the same screen and the same slip, in its own language', async () => {
  const [first, second] = [await open(), await open()];
  await first.press('cancel');
  await second.page.locator('#language').click();
  await second.see('Online');
  await first.see('已联机');
  await first.press('1');
  await second.see('5000 = 50.00');
  expect((await second.slip('RMB 12.34')).length).toBeGreaterThan(20);
  await first.press('cancel', 'cancel'); // the amount, the menu
  await first.see('已联机');
  await Promise.all([first.page.close(), second.page.close()]);
});

test('keys that are typed fast arrive in order', async () => {
  const kiosk = await open();
  await kiosk.see('已联机');
  await kiosk.page.keyboard.type('1123456789');
  await kiosk.see('1,234,567.89');
  await kiosk.press('cancel', 'cancel');
  await kiosk.see('已联机');
  await kiosk.page.close();
});

describe('everything is on the page', () => {
  test.each([
    ['a desk', 1280, 800],
    ['a phone', 390, 844],
  ])('%s, in both languages', async (_, width, height) => {
    const kiosk = await open({ width, height });
    await kiosk.slip('RMB 12.34');
    for (const language of ['zh', 'en']) {
      await kiosk.page.locator(`html[data-language="${language}"]`).waitFor();
      const device = await kiosk.page.locator('.device').boundingBox();
      const paper = await kiosk.page.locator('#slip').boundingBox();
      expect((device?.x ?? -1) >= 0 && (device?.y ?? -1) >= 0).toBe(true);
      expect((device?.x ?? 0) + (device?.width ?? width)).toBeLessThanOrEqual(width);
      expect((device?.y ?? 0) + (device?.height ?? height)).toBeLessThanOrEqual(height);
      expect((paper?.x ?? 0) + (paper?.width ?? width)).toBeLessThanOrEqual(width);
      await kiosk.page.locator('#language').click();
    }
    await kiosk.page.close();
  });
});

test('nobody gets in without the token', async () => {
  const { origin } = new URL(started.url);
  for (const path of [
    '/',
    '/kiosk.js',
    '/0123456789abcdef0123456789abcdef/',
    '/0123456789abcdef0123456789abcdef/events',
  ])
    expect((await fetch(origin + path)).status).toBe(404);
  const page = await browser.newPage();
  expect((await page.goto(origin))?.status()).toBe(404);
  await page.close();
});

test('the page had nothing to complain of', () => {
  expect(complaints).toEqual([]);
});

test('when the terminal ends, the page says so and the program ends well', async () => {
  const kiosk = await open();
  await kiosk.see('已联机');
  expect(await started.stop()).toBe(0);
  await kiosk.page.locator('#link', { hasText: '连接中断' }).waitFor();
});
