import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openBrowser } from '../../scripts/pictures/kiosk-page.ts';
import type { Desk } from '../../sync/host/desk/server.ts';
import { billsOf, day, numberOf, press } from '../sync/host/bill-rig.ts';
import { secrets, startDesk } from '../sync/host/desk/desk-rig.ts';
import { DifferenceRig, found } from '../sync/host/difference-rig.ts';
import { journal } from '../sync/host/journals.ts';
import { startHost, type TestHost } from '../sync/host/start-host.ts';
import { Till } from '../sync/host/till.ts';

/** The reviewers' page in a browser. */

let browser: Browser;
let host: TestHost;
let till: Till;
let desk: Desk;
const broken: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  host = await startHost({ parameters: { 'host.settleDecision': 'manual' } });
  till = new Till(host);
  desk = await startDesk(host);
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  expect(broken.splice(0)).toEqual([]);
  await desk.stop();
  await host.stop();
});

/** A reviewer's own browser, logged in. */
async function at(login: keyof typeof secrets, language: 'zh' | 'en', width = 1280): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => broken.push(String(error)));
  await page.goto(`${desk.url}?lang=${language}`);
  await page.fill('#login', login);
  await page.fill('#secret', secrets[login]);
  await page.click('#log-in button');
  await page.waitForSelector('#views button');
  return page;
}

const open = async (page: Page, view: string): Promise<void> => {
  await page.click(`[data-view="${view}"]`);
  await page.waitForSelector('tbody, .none');
};
const isTooWide = (page: Page) => page.evaluate('document.documentElement.scrollWidth > innerWidth');

test('a settlement that waits is decided, and the page shows it without a reload', async () => {
  await till.settle('S1', await till.earn(100_000));
  const page = await at('u1', 'zh');
  await page.getByRole('button', { name: '成功' }).click();
  await page.click('#ask-ok');
  await page.locator('.pill', { hasText: '成功' }).waitFor();
  expect((await till.down('settle-result')).map(({ body }) => body.outcome)).toEqual(['accepted', 'succeeded']);
});

test('P-28: a bill with a planted difference; one proposes in Chinese, the other approves in English', async () => {
  await till.signIn();
  await till.pay({ payment: numberOf(1) });
  const first = await at('u1', 'zh');
  await open(first, 'bills');
  await first.fill('[name="date"]', day);
  await first.fill('[name="amount"]', '1');
  await first.getByRole('button', { name: '发布对账单' }).click();
  await first.locator('tbody tr', { hasText: '金额不符' }).waitFor();
  await press(host);
  expect(await billsOf(till)).toMatchObject([{ isWhole: true, bill: { grossFen: 10_100 } }]);

  const bill = {
    date: day,
    kind: 'amount',
    payment: numberOf(1),
    txn: 'sale',
    batch: till.batch,
    entry: 'CONTACTLESS',
    here: 'PAID',
    there: 'PAID',
    hereFen: 10_000,
    thereFen: 10_100,
    deltaFen: 100,
  } as const;
  const facts = { batch: till.batch, what: 'bill', hereFen: 10_000, thereFen: 10_100, bill };
  const suspense = journal('J-80', 'D1', 'diff:D1', [
    [`1101:${day}`, 'D', 100],
    ['2490:D1', 'C', 100],
  ]);
  await till.up({
    kind: 'difference-found',
    id: 'D1',
    body: { no: 'D1', at: 1, by: 'SYS', facts, journals: [suspense] },
  });

  await open(first, 'differences');
  await first.getByRole('button', { name: '提出' }).click();
  await first.selectOption('[name="decision"]', 'give-back');
  await first.fill('[name="reason"]', '顾客多付一元');
  await first.click('#ask-ok');
  await first.locator('.pill', { hasText: '待批准' }).waitFor();
  expect(await first.getByRole('button', { name: '批准' }).count()).toBe(0);

  const second = await at('u2', 'en');
  await open(second, 'differences');
  await second.getByRole('button', { name: 'Approve' }).click();
  await second.click('#ask-ok');
  await second.locator('.pill', { hasText: 'decided' }).waitFor();
  expect((await till.down('difference-decided'))[0]?.body).toMatchObject({
    decision: 'give-back',
    by: 'u1',
    approvedBy: 'u2',
    reason: '顾客多付一元',
  });
});

test('P-28: what is proposed anew while the dialog is open is not approved unread', async () => {
  await till.signIn();
  await till.pay({ payment: numberOf(1) });
  const rig = new DifferenceRig(host, till);
  await rig.plant('amount');
  await rig.find(found.amount);
  await rig.propose('give-back');
  const page = await at('u2', 'zh');
  await open(page, 'differences');
  await page.getByRole('button', { name: '批准' }).click();
  await rig.propose('explained');
  await page.click('#ask-ok');
  await page.locator('#ask-refused', { hasText: '当前状态不允许' }).waitFor();
  expect(await rig.decided()).toEqual([]);
});

test('a view says that it is being read, then what the host refuses, then its rows', async () => {
  const page = await at('u1', 'zh');
  await page.waitForSelector('tbody, .none:has-text("没有记录")');
  let answer = (_: number): void => {};
  const asked = new Promise<number>((resolve) => {
    answer = resolve;
  });
  let isBroken = true;
  await page.route('**/api/view/tickets', async (route) => {
    if (!isBroken) return route.continue();
    await route.fulfill({ status: await asked, json: { error: 'INTERNAL', zh: '系统故障', en: 'internal error' } });
  });
  await page.click('[data-view="tickets"]');
  await page.locator('.none', { hasText: '正在读取' }).waitFor();
  answer(500);
  await page.locator('#trouble', { hasText: '系统故障' }).waitFor();
  expect(await page.locator('.none').count()).toBe(0);
  isBroken = false;
  await page.click('[data-view="users"]');
  await page.click('[data-view="tickets"]');
  await page.locator('.none', { hasText: '没有记录' }).waitFor();
  expect(await page.locator('#trouble').textContent()).toBe('');
});

test('with the host gone a log-out, a view and a log-in say so', async () => {
  const page = await at('u1', 'en');
  await desk.stop();
  await page.click('#log-out');
  await page.locator('#said', { hasText: 'lost the host' }).waitFor();
  await page.click('[data-view="users"]');
  await page.locator('#trouble', { hasText: 'lost the host' }).waitFor();
  const context = await browser.newContext();
  const door = await context.newPage();
  desk = await startDesk(host);
  await door.goto(`${desk.url}?lang=zh`);
  await door.waitForSelector('#log-in:visible');
  await desk.stop();
  await door.fill('#login', 'u1');
  await door.fill('#secret', 'x');
  await door.click('#log-in button');
  await door.locator('#refused', { hasText: '与主机断开' }).waitFor();
});

test('what the host refuses stands in the dialog, which stays open', async () => {
  const page = await at('u1', 'en');
  await open(page, 'parameters');
  await page.fill('#find', 'sale.maxFen');
  await page.locator('tbody tr:visible').getByRole('button', { name: 'Change' }).click();
  await page.fill('#ask [name="value"]', '-1');
  await page.click('#ask-ok');
  await page.locator('#ask-refused', { hasText: 'no such parameter' }).waitFor();
  await page.fill('#ask [name="value"]', '5000');
  await page.click('#ask-ok');
  await page.locator('tbody tr:visible', { hasText: '5000' }).waitFor();
  expect(await page.locator('#ask').isVisible()).toBe(false);
});

test('a phone: no view is wider than the screen; another language is one press away', async () => {
  await till.settle('S1', await till.earn(100_000));
  const page = await at('u1', 'zh', 390);
  const views = await page
    .locator('#views button')
    .evaluateAll((all) => all.map((one) => one.getAttribute('data-view') ?? ''));
  expect(views).toHaveLength(14);
  for (const view of views) {
    await open(page, view);
    expect([view, await isTooWide(page)]).toEqual([view, false]);
  }
  await open(page, 'settlements');
  await page.click('#language');
  await page.getByRole('heading', { name: 'Settlements' }).waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.waitForSelector('#log-in:visible');
});
