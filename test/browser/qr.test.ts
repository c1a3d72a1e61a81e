import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KioskPage, openBrowser } from '../../scripts/pictures/kiosk-page.ts';
import { type Started, startWithKiosk } from '../../scripts/pictures/started.ts';

/** 收款码 on the page of the real program: the customer scans it there. */
let home: string;
let started: Started;
let browser: Browser;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'pos-qr-'));
  [started, browser] = await Promise.all([startWithKiosk(home), openBrowser()]);
}, 30_000);

afterAll(async () => {
  await browser?.close();
  await started?.stop();
  rmSync(home, { recursive: true, force: true });
});

test.each([
  ['a desk', 1280, 800],
  ['a phone', 390, 844],
])('on %s it is drawn square and large between the words, and goes with the order', async (name, width, height) => {
  const page = await browser.newPage({ viewport: { width, height } });
  await page.goto(started.url);
  const kiosk = new KioskPage(page);
  if (name === 'a desk') await kiosk.logOn();
  await kiosk.see('已联机');
  const drawn = page.waitForResponse((response) => response.url().includes('/qr.svg?text='));
  await kiosk.press('9', '2', '8', '8', '0', '0', 'enter');
  await kiosk.see('请客户扫码');
  const qr = page.locator('#qr');
  expect(await qr.getAttribute('src')).toMatch(/^qr\.svg\?text=weixin/);
  expect((await drawn).status()).toBe(200);
  const [box, keys, amount] = [
    await qr.boundingBox(),
    await page.locator('#screen .row.keys').boundingBox(),
    await page.locator('#screen .row.amount').boundingBox(),
  ];
  expect(box?.width).toBeCloseTo(box?.height ?? 0, 0);
  expect(box?.width).toBeGreaterThan(100);
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((amount?.y ?? 0) + 1);
  expect(keys?.y).toBeGreaterThan(amount?.y ?? 0);
  await kiosk.press('cancel');
  await kiosk.see('未付款 可重新收款');
  expect(await qr.count()).toBe(0);
  await kiosk.press('cancel');
  await kiosk.see('已联机');
  await page.close();
});
