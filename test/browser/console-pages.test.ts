import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConsolePage } from '../../scripts/pictures/console-page.ts';
import { openBrowser } from '../../scripts/pictures/kiosk-page.ts';
import { ConsoleStage, monday, password, tuesday } from './console-stage.ts';
import { type Filled, fillTwoDays } from './console-two-days.ts';

/** Every page of the console with two days of business in it, as a person sees it. With POS_PICTURES, a folder, each is kept there as a picture. */

let browser: Browser;
let stage: ConsoleStage;
let filled: Filled;

beforeAll(async () => {
  browser = await openBrowser();
  stage = await ConsoleStage.open(browser, monday);
  filled = await fillTwoDays(stage, tuesday);
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await stage?.close();
}, 20_000);

/** What stands in a page's menu is all that there is, beside what opens on a page. */
const inner = ({ settlement, payment, batch, difference, day }: Filled) => ({
  'settlement-set-up': 'settlement/set-up',
  'settlement-amount': 'settlement/amount',
  'settlement-result': `settlement/result/${settlement}`,
  'settlement-details': `settlements/${settlement}`,
  'batch-details': `batches/${batch}`,
  'batch-close': 'batches/close',
  transaction: `transactions/${payment}`,
  difference: `reconciliation/${difference}`,
  statement: `statements/${day}`,
});

/** Runs in the page. */
const faults = `(() => {
  const seen = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && one.getClientRects().length > 0;
  const labelled = (one) => (one.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join('');
  const nameOf = (one) => [one.getAttribute('aria-label'), labelled(one), one.textContent, ...[...(one.labels ?? [])].map((label) => label.textContent), one.title].find((text) => text?.trim());
  const all = (what) => [...document.querySelectorAll(what)].filter(seen);
  const told = (one) => one.outerHTML.slice(0, 160);
  return {
    wide: document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth : 0,
    cut: all('button, h1, h2, .ant-tag, nav a, th, .ant-card-head-title').filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline').map(told),
    nameless: all('button, a, input:not([type=hidden]), textarea, select, [role=button], [role=combobox], [role=switch], [role=radio]').filter((one) => !nameOf(one)).map(told),
    scrolled: innerWidth < 1000 ? [] : all('.ant-table-content').filter((one) => one.scrollWidth > one.clientWidth + 1).map(told),
    outside: all('main button, main a, main label, main input').filter((one) => !one.closest('.ant-table, .ant-tabs-nav') && one.getBoundingClientRect().right > innerWidth + 1).map(told),
    holes: /\\{\\w+\\}|undefined|\\bNaN\\b|\\[object/.exec(document.body.innerText)?.[0] ?? '',
  };
})()`;
const noFaults = { wide: 0, cut: [], nameless: [], scrolled: [], outside: [], holes: '' };

async function still({ page }: ConsolePage): Promise<void> {
  await page.locator('main h1').waitFor();
  await expect
    .poll(() => page.locator('main .ant-spin-spinning, main [aria-busy="true"], main .waiting').count(), {
      timeout: 15_000,
    })
    .toBe(0);
}

async function keep({ page }: ConsolePage, name: string): Promise<void> {
  const folder = process.env['POS_PICTURES'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', fullPage: true });
}

describe.each([
  ['zh', 1280, 800],
  ['en', 1280, 800],
  ['zh', 390, 844],
  ['en', 390, 844],
] as const)('%s at %i×%i', (language, width, height) => {
  const picture = (name: string): string => `${language}-${width}-${name}`;

  test('the door, the menu and every page: nothing is cut, wide or without a name', async () => {
    const visitor = await stage.visitor(language, { width, height });
    const { page } = visitor;
    await keep(visitor, picture('log-in'));
    expect(await page.evaluate(faults)).toEqual(noFaults);
    await visitor.logIn('wang', password);
    await page.locator('nav').first().waitFor({ state: 'attached' });
    const menu = await page
      .locator('nav a[href^="#"]')
      .evaluateAll((links) => links.map((link) => [link.getAttribute('href') ?? '', link.textContent ?? ''] as const));
    expect(menu.length).toBeGreaterThan(15);
    const found: unknown[] = [];
    const look = async (name: string, path: string, title?: string) => {
      await page.goto(`${stage.url}#/${path}`);
      if (title !== undefined) await page.getByRole('heading', { name: title, level: 1, exact: true }).waitFor();
      await still(visitor);
      await keep(visitor, picture(name));
      const wrong = await page.evaluate(faults);
      if (JSON.stringify(wrong) !== JSON.stringify(noFaults)) found.push([name, wrong]);
    };
    for (const [href, title] of menu) await look(href.slice(2), href.slice(2), title);
    for (const [name, path] of Object.entries(inner(filled))) await look(name, path);
    expect(found).toEqual([]);
  }, 60_000);
});

const primary = 'main .ant-btn-primary:not([disabled])';
const isAtPrimary = `document.activeElement?.matches('${primary}') ?? false`;

test('by keyboard alone: Tab reaches the main action of a page, Esc closes what opened', async () => {
  const visitor = await stage.visitor('zh');
  const { page } = visitor;
  await visitor.logIn('wang', password);
  const never: string[] = [];
  for (const path of [
    'overview',
    'transactions',
    'settlement',
    'settlement/set-up',
    'settlement/amount',
    'batches',
    'users',
  ]) {
    await page.goto(`${stage.url}#/${path}`);
    await still(visitor);
    await page.locator(primary).first().waitFor();
    await page.locator('main').focus();
    let presses = 0;
    for (; presses < 40 && !(await page.evaluate(isAtPrimary)); presses++) await page.keyboard.press('Tab');
    if (presses === 40) never.push(path);
  }
  expect(never).toEqual([]);
  await visitor.button('users.add').press('Enter');
  await closes(visitor);
  await page.getByRole('button', { name: `${visitor.words('users.code')}: li.na` }).press('Enter');
  await closes(visitor);
  for (const path of [inner(filled).transaction, inner(filled).difference, inner(filled).statement]) {
    await page.goto(`${stage.url}#/${path}`);
    await closes(visitor);
  }
}, 60_000);

async function closes({ page, dialog }: ConsolePage): Promise<void> {
  await dialog.waitFor();
  await expect
    .poll(() => page.evaluate("document.activeElement?.closest('.ant-drawer, [role=dialog]') !== null"))
    .toBe(true);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
}

test('the pages had nothing to complain of', () => {
  expect(stage.complaints).toEqual([]);
});
