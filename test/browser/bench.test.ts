import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { testCards } from '../../drivers/simulator/test-card.ts';
import { BenchPage } from '../../scripts/pictures/bench-page.ts';
import { openBrowser } from '../../scripts/pictures/kiosk-page.ts';
import { type Started, startWithKiosk } from '../../scripts/pictures/started.ts';
import { sampleCodes } from '../../terminal/bench/samples.ts';

/** The tester's bench of the real program in the real browser. Each test leaves a good bench and an idle terminal. */
let folder: string;
let started: Started;
let browser: Browser;
let bench: BenchPage;
/** A device is asked how it is every few seconds. */
const soon = { timeout: 10_000 };
const complaints: string[] = [];
const events = { text: '' };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pos-bench-'));
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
  writeFileSync(join(home, 'config.json'), JSON.stringify({ keypad: 'sim', printerProfile: 'epson-58' }));
  [started, browser] = await Promise.all([startWithKiosk(home), openBrowser()]);
  listen().catch(() => undefined); // it ends with the terminal
  bench = await open();
  await bench.kiosk.logOn();
}, 30_000);

afterAll(async () => {
  await browser?.close();
  await started?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(size = { width: 1280, height: 800 }): Promise<BenchPage> {
  const page = await browser.newPage({ viewport: size });
  page.on('console', (message) => complaints.push(`${message.text()} ${message.location().url}`));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${started.url}bench/`);
  return new BenchPage(page);
}

/** Everything that the bench sends to a page, as it comes. */
async function listen(): Promise<void> {
  const answer = await fetch(`${started.url}sim/events`);
  for await (const chunk of answer.body ?? []) events.text += Buffer.from(chunk).toString('utf8');
}

/** From whatever screen a test has left: it must have seen that screen come, or this takes the idle screen before it for the end. */
async function backToIdle(): Promise<void> {
  const { kiosk } = bench;
  if (await bench.page.locator('#lost').isVisible()) return;
  for (let tries = 0; tries < 20 && !(await kiosk.rows()).join('').includes('1消费'); tries++) {
    await kiosk.press('cancel');
    await bench.page.waitForTimeout(100);
  }
  await kiosk.see('1消费');
}

const wire = (words: string | RegExp) => bench.page.locator('#wire-rows tr', { hasText: words });

afterEach(backToIdle);

test('its address stands beside that of the keypad', () => {
  expect(started.lines().find((line) => line.includes('测试台 test bench'))).toContain(`${started.url}bench/`);
});

test('a card is held to the reader, and the slip comes out as the printer printed it', async () => {
  await bench.offer(['8', '8', '0', '0'], 'contactless');
  await bench.kiosk.see('请核对');
  await bench.kiosk.press('enter');
  await bench.kiosk.see('请取签购单');
  expect(await bench.page.locator('#lower').textContent()).toContain('THANK YOU');

  const rows = await bench.rows('持卡人存根');
  expect(rows.some((row) => row.trim() === 'RMB 88.00')).toBe(true);
  expect(rows.join('\n')).toContain('622202*********0128');
  await expect.poll(() => bench.slip('持卡人存根').textContent(), soon).toContain('已切纸');
});

test('Chinese characters take two cells, double width twice as many, and nothing stands out of the paper', async () => {
  const widths = await bench
    .slip('持卡人存根')
    .locator('.slip')
    .evaluate((slip) => {
      const cells = [...slip.querySelectorAll('i')];
      const cell = (char: string, wide: boolean) =>
        cells
          .find((one) => one.textContent === char && (one.closest('.wide') !== null) === wide)
          ?.getBoundingClientRect().width ?? 0;
      const right = slip.getBoundingClientRect().right;
      const outside = cells.filter((one) => one.getBoundingClientRect().right > right).length;
      return { R: cell('R', false), 商: cell('商', false), wideR: cell('R', true), wide签: cell('签', true), outside };
    });
  expect(widths.R).toBeGreaterThan(5);
  expect(widths.商 / widths.R).toBeCloseTo(2, 1);
  expect(widths.wideR / widths.R).toBeCloseTo(2, 1);
  expect(widths.wide签 / widths.R).toBeCloseTo(4, 1);
  expect(widths.outside).toBe(0);
});

test('the paper ends in a slip: screen and device list say 缺纸, half a slip hangs out; mended, the rest is printed', async () => {
  await bench.arm('printer', 'paper-out-after', { value: 10, once: true });
  await bench.offer(['1', '2', '0', '0'], 'contactless');
  await bench.kiosk.see('请核对');
  await bench.kiosk.press('enter');
  await bench.kiosk.see('缺纸');
  await bench.kiosk.see('装纸后按确认重打');
  await bench.device('printer').filter({ hasText: '缺纸' }).waitFor();
  await bench.page.locator('#hanging', { hasText: '商户存根' }).waitFor();
  expect(await bench.page.locator('#hanging').textContent()).not.toContain('RMB 12.00');

  await bench.page.locator('#about button', { hasText: '修好' }).click();
  await expect.poll(() => bench.device('printer').textContent(), soon).not.toContain('缺纸');
  await bench.kiosk.press('enter');
  expect((await bench.rows('续打/CONTINUED')).map((row) => row.trim())).toContain('RMB 12.00');
  expect((await bench.rows('持卡人存根')).map((row) => row.trim())).toContain('RMB 12.00');
});

test('no paper at all: after it was loaded the slip is printed', async () => {
  await bench.arm('printer', 'paper-out');
  await bench.device('printer').filter({ hasText: '缺纸' }).waitFor();
  await bench.offer(['1', '3', '0', '0'], 'contactless');
  await bench.kiosk.see('请核对');
  await bench.kiosk.press('enter');
  await bench.kiosk.see('缺纸');
  await bench.page.locator('#reset').click();
  await expect.poll(() => bench.device('printer').textContent(), soon).not.toContain('缺纸');
  await bench.kiosk.press('enter');
  expect((await bench.rows('RMB 13.00')).join('\n')).toContain('签购单');
});

test('"the next only": the first card is refused, the second is read', async () => {
  await bench.arm('card-reader', 'two-cards', { once: true });
  expect(await bench.page.locator('#about .active').textContent()).toContain('×1');
  await bench.offer(['1', '4', '0', '0'], 'contactless');
  await bench.kiosk.see('检测到多张卡');
  await bench.kiosk.press('enter');
  await bench.kiosk.see('请输入金额');
  await bench.kiosk.press('enter');
  await bench.kiosk.see('请挥卡');
  await bench.present('contactless');
  await bench.kiosk.see('请核对');
  await bench.page.locator('#reset').click();
  await expect.poll(() => bench.page.locator('#about .active').count(), soon).toBe(0);
});

test('the customer enters a PIN, and only when one is asked for', async () => {
  const enter = bench.page.locator('#pin button[type="submit"]');
  await enter.click();
  await bench.said.filter({ hasText: '没有要求输密码' }).waitFor();
  await bench.offer(['1', '5', '0', '0'], 'contactless', 'online-pin');
  await bench.kiosk.see('请核对');
  await bench.kiosk.press('enter');
  await bench.kiosk.see('请客户输密码');
  await enter.click();
  await bench.kiosk.see('请取签购单');
});

test('a card that is swiped or inserted at the idle screen begins a sale', async () => {
  await bench.present('swipe', 'magstripe');
  await bench.kiosk.see('请输入金额');
  await backToIdle();
  await bench.present('insert', 'foreign-visa');
  await bench.kiosk.see('已插卡');
  await bench.page.locator('#take-away').click();
  await bench.said.filter({ hasText: '卡已拿走' }).waitFor();
});

test('the customer pays the code that the terminal shows', async () => {
  await bench.arm('link', 'wallet-silent');
  await bench.kiosk.press('9', '2', '1', '6', '0', '0', 'enter');
  await bench.kiosk.see('请客户扫码');
  await bench.page.locator('[data-customer="pays"]').click();
  await bench.kiosk.see('交易成功');
  expect((await bench.rows('RMB 16.00')).join('\n')).toContain('微信');
  await bench.page.locator('#reset').click();
});

test('a code goes over the wire of the scanner, masked', async () => {
  await bench.page.locator('#codes').selectOption('wechat');
  await bench.page.locator('#code button').click();
  await wire('scanner').last().waitFor();
  await bench.page.locator('#codes').selectOption('');
  await bench.page.locator('#code-text').fill('6901234567892');
  await bench.page.locator('#code button').click();
  await expect.poll(() => wire('scanner').count(), soon).toBeGreaterThan(1);
});

test('a key of the keypad goes over its wire', async () => {
  await bench.page.locator('#wire-device').selectOption('keypad');
  const before = await wire('keypad').count();
  await bench.kiosk.press('function');
  await bench.kiosk.see('查询末笔');
  await expect.poll(() => wire('keypad').count(), soon).toBeGreaterThan(before);
  await bench.page.locator('#wire-device').selectOption('');
});

test('typed at the bench, keys reach the terminal; typed into a field they do not', async () => {
  await bench.page.locator('#find').fill('2');
  await bench.page.locator('#find').fill('');
  await bench.page.locator('h2').first().click();
  await bench.page.keyboard.type('1456');
  await bench.kiosk.see('4.56');
});

test('unplugged, a device is named on screen and in the list; plugged in again it is ready', async () => {
  await bench.device('card-reader').click();
  await bench.page.locator('#about button', { hasText: '拔掉' }).click();
  await bench.device('card-reader').locator('small').waitFor();
  await bench.kiosk.see('读卡器');
  await bench.page.locator('#about button', { hasText: '插上' }).click();
  await bench.page.locator('#about .pill', { hasText: '就绪' }).waitFor();
  await wire('lost').first().waitFor();
});

test('the link is cut and comes back', async () => {
  await bench.device('link').click();
  await bench.page.locator('#about button', { hasText: '断开' }).click();
  await bench.page.locator('#link-state', { hasText: '未联机' }).waitFor();
  await bench.kiosk.see('未联机');
  await bench.page.locator('#about button', { hasText: '接通' }).click();
  await bench.page.locator('#link-state', { hasText: '已联机' }).waitFor();
});

test('the host is told to lose an answer, and one call mends everything', async () => {
  await bench.device('link').click();
  await bench.page.locator('[data-fault="drop-answer"] button').click();
  await bench.page.locator('#about .active').waitFor();
  await bench.arm('display', 'silence');
  await bench.page.locator('#reset').click();
  await expect.poll(() => bench.page.locator('#about .active').count(), soon).toBe(0);
  await bench.device('link').click();
  await expect.poll(() => bench.page.locator('#about .active').count(), soon).toBe(0);
});

test('what the terminal refuses is said', async () => {
  await bench.device('printer').click();
  await bench.page.locator('#probability').fill('2');
  await bench.page.locator('[data-fault="paper-out"] button').last().click();
  await bench.said.filter({ hasText: 'probability' }).waitFor();
  await bench.page.locator('#probability').fill('');
});

test('the wire log shows hex and words, of one device when asked', async () => {
  await bench.page.locator('#wire-device').selectOption('printer');
  await wire('DLE EOT').last().waitFor();
  expect(await wire('DLE EOT').last().locator('.hex').textContent()).toMatch(/^10 04 0\d$/);
  expect(await wire('card-reader').count()).toBe(0);
  await bench.page.locator('#wire-device').selectOption('');
  await wire('card-reader').first().waitFor();
});

test('two pages show the same, each in its language', async () => {
  const second = await open();
  await second.page.locator('#language').click();
  await second.kiosk.see('Online');
  await second.slip('RMB 88.00').waitFor();
  await bench.kiosk.see('已联机');
  await second.arm('scanner', 'silence');
  await second.said.filter({ hasText: 'armed' }).waitFor();
  await bench.device('scanner').click();
  await bench.page.locator('#about .active', { hasText: '没有回答' }).waitFor();
  await bench.page.locator('#reset').click();
  await expect.poll(() => second.page.locator('#about .active').count(), soon).toBe(0);
  await second.page.close();
});

test('a recording is fetched as one line of JSON for each thing, without what a card brought', async () => {
  await bench.page.locator('#record').click();
  await bench.page.locator('#record[aria-pressed="true"]').waitFor();
  await bench.device('card-reader').filter({ hasNotText: '未连接' }).waitFor();
  await bench.offer(['1', '6', '0', '0'], 'contactless');
  await bench.kiosk.see('请核对');
  await bench.page.locator('#record').click();
  const [download] = await Promise.all([bench.page.waitForEvent('download'), bench.page.locator('#recording').click()]);
  const text = readFileSync(await download.path(), 'utf8');
  const lines = text.trimEnd().split('\n');
  const devices = lines.map((line): unknown => JSON.parse(line)).map((line) => Object(line).device);
  expect(download.suggestedFilename()).toBe('recording.ndjson');
  expect(devices).toContain('card-reader');
  for (const secret of secrets()) expect(text).not.toContain(secret);
});

describe.each([
  ['a desk', 1280, 800],
  ['a large desk', 1600, 1000],
  ['a phone', 390, 844],
])('%s', (_, width, height) => {
  test.each(['zh', 'en'])('everything is there, nothing is cut: %s', async (language) => {
    const { page } = await open({ width, height });
    await page.locator('.slip').first().waitFor();
    if (language === 'en') await page.locator('#language').click();
    const sections = await page.locator('section').all();
    const boxes = await Promise.all(sections.map((section) => section.boundingBox()));
    expect(boxes).toHaveLength(5);
    for (const [at, box] of boxes.entries()) {
      const { x, y, width: wide, height: high } = box ?? { x: -1, y: -1, width: 0, height: 0 };
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + wide).toBeLessThanOrEqual(width);
      if (width > 1000) expect(y + high).toBeLessThanOrEqual(height);
      const next = boxes[at + 1];
      if (next) expect(next.x >= x + wide || next.y >= y + high).toBe(true);
    }
    const cut = await page
      .locator('button:visible, select:visible, h2:visible, .pill:visible')
      .evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent));
    expect(cut).toEqual([]);
    await page.close();
  });
});

/** Whatever a card or a customer brought, as digits, and as the bytes in which it may pass. */
function secrets(): readonly string[] {
  const texts = [
    ...Object.values(testCards).map(({ pan }) => pan),
    ...Object.values(sampleCodes).map(({ text }) => text),
  ];
  return texts.flatMap((text) => [
    text,
    Buffer.from(text).toString('hex'),
    ...(text.length % 2 === 0 ? [] : [`${text}f`, `${text}d`]),
  ]);
}

test('no card number and no payment code was on a page, nor in what was sent to it', async () => {
  expect(events.text).toContain('event: wire');
  const page = (await bench.page.locator('body').evaluate((body) => body.textContent)) ?? '';
  const seen = `${events.text}${page}`.replaceAll(/(?<=[\da-f]{2}) (?=[\da-f]{2})/g, '').toLowerCase();
  expect(secrets().filter((secret) => seen.includes(secret))).toEqual([]);
});

test('the page had nothing to complain of', () => {
  // The browser itself notes every refusal: those of the tests above.
  const refusals = /status of 4\d\d .*\/sim\/(pin|fault)$/;
  expect(complaints.filter((complaint) => !refusals.test(complaint))).toEqual([]);
});

test('when the terminal ends, the page says so', async () => {
  expect(await started.stop()).toBe(0);
  await bench.page.locator('#lost').waitFor();
});
