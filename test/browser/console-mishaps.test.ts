import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConsolePage } from '../../scripts/pictures/console-page.ts';
import { openBrowser } from '../../scripts/pictures/kiosk-page.ts';
import { openDatabase } from '../../terminal/base/database.ts';
import { ConsoleStage, monday, password } from './console-stage.ts';

/** What goes wrong between a person and the console: answers that are lost, things typed that have no meaning, pages that are left and come back to. */

let browser: Browser;
let stage: ConsoleStage;
let visitor: ConsolePage;

beforeAll(async () => {
  browser = await openBrowser();
  stage = await ConsoleStage.open(browser, monday);
  for (const fen of [12_800, 8_850]) await stage.counter.sellByCode(fen);
  visitor = await stage.visitor('zh');
  await visitor.setUp({ login: 'wang', name: '王芳', password, code: stage.started.console.code ?? '' });
}, 40_000);
afterAll(async () => {
  await stage?.close();
  await browser?.close();
}, 20_000);

const settlements = (): number => {
  const db = openDatabase(join(stage.home, 'terminal.db'), { readonly: true });
  try {
    return db.prepare<[], number>('SELECT count(*) FROM settlement').pluck().get() ?? 0;
  } finally {
    db.close();
  }
};
const open = (path: string) => visitor.page.goto(`${stage.url}#/${path}`);

/** The terminal does it, and the browser never hears of it. */
async function loseAnswer(path: string): Promise<void> {
  await visitor.page.route(
    `**/api${path}`,
    async (route) => {
      if (route.request().method() === 'POST') await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
}

test('B-051: the answer to a part of the balance is lost: no other settlement can be asked for before the same press found the first', async () => {
  await open('settlement/amount');
  await visitor.page.getByRole('radio', { name: visitor.words('amount.part') }).check();
  await visitor.field('amount.yuan').fill('50');
  await visitor.button('next').click();
  await visitor.see('confirm.title');
  await loseAnswer('/settlements');
  await visitor.button('confirm.go').click();
  await visitor.confirm(password);
  await visitor.refusal('NO_ANSWER').waitFor();
  await expect.poll(settlements).toBe(1);
  expect(await visitor.button('confirm.lookAgain').count()).toBe(0);
  expect(await visitor.button('back').count()).toBe(0);
  // Neither another page nor a reload makes a second one of it.
  await visitor.go('page.batches');
  await visitor.page.reload();
  await open('settlement/amount');
  await visitor.see('confirm.unanswered');
  await visitor.button('confirm.go').click();
  await visitor.confirm('not my password');
  await visitor.refusal('SECRET_WRONG').waitFor();
  expect(await visitor.button('back').count()).toBe(0);
  await visitor.button('confirm.go').click();
  await visitor.confirm(password);
  await visitor.page.waitForURL(/#\/settlement\/result\//);
  expect(settlements()).toBe(1);
  await open('settlement/amount');
  await visitor.see('amount.how');
});

test('an answer that is cut is no success: the page says so and keeps what was typed', async () => {
  await open('profile');
  await visitor.button('profile.change').click();
  await visitor.field('profile.contactName').fill('李雷');
  await visitor.page.route(
    '**/api/settlement/profile',
    (route) => route.fulfill({ status: 200, contentType: 'application/json', body: '{"no": "A-' }),
    { times: 1 },
  );
  await visitor.button('save').click();
  await visitor.confirm(password);
  await visitor.refusal('NO_ANSWER').waitFor();
  expect(await visitor.field('profile.contactName').inputValue()).toBe('李雷');
});

test('what is asked for after a lost answer is not taken for the same: a table is made after a file whose answer was lost', async () => {
  const day = monday.slice(0, 10);
  await open(`transactions?from=${day}&to=${day}`);
  await loseAnswer('/exports');
  await visitor.button('txn.export').click();
  await visitor.page.getByRole('menuitem', { name: visitor.words('format.csv'), exact: true }).click();
  await visitor.refusal('NO_ANSWER').waitFor();
  await visitor.page.keyboard.press('Escape');
  await visitor.dialog.waitFor({ state: 'hidden' });
  await visitor.button('txn.export').click();
  await visitor.page.getByRole('menuitem', { name: visitor.words('format.xlsx'), exact: true }).click();
  await visitor.link('list.toDownloads').waitFor();
});

test('a file holds what the list shows: its filters go with it', async () => {
  const day = monday.slice(0, 10);
  await open(`transactions?from=${day}&to=${day}&type=code-sale&minFen=10000`);
  const file = readFileSync(await visitor.download('txn.export', 'csv'), 'utf8');
  expect(file).toContain('128.00');
  expect(file).not.toContain('88.50');
});

test('settlements can be downloaded by their days', async () => {
  await open('settlements');
  await visitor.page.getByText(visitor.words('list.today'), { exact: true }).click();
  expect(readFileSync(await visitor.download('settlements.export', 'csv'), 'utf8')).toContain('50.00');
});

test('a person who looks for something is at work, though the page asked by itself before', async () => {
  await open('transactions');
  await visitor.see('txn.find');
  const asked = () => visitor.page.waitForRequest(/\/api\/transactions\?/);
  const byItself = asked();
  await stage.counter.sellByCode(1_000);
  expect((await byItself).headers()['x-background']).toBe('1');
  await expect.poll(() => visitor.page.locator('.rows tbody tr[data-row-key]').count()).toBe(3);
  await visitor.field('txn.stan').fill('000001');
  const byPerson = asked();
  await visitor.button('txn.find').click();
  expect((await byPerson).headers()['x-background']).toBeUndefined();
});

test('a password that was typed is gone when the dialog is opened again', async () => {
  await open('users');
  const dialog = visitor.dialog;
  await visitor.button('user.secret').click();
  const first = dialog.locator('input[type="password"]').first();
  await first.fill(password);
  await dialog.getByRole('button', { name: visitor.words('cancel') }).click();
  await dialog.waitFor({ state: 'hidden' });
  await visitor.button('user.secret').click();
  expect(await first.inputValue()).toBe('');
  await visitor.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});

test.each(['report', 'statements'])(
  'days the wrong way round: a word beside the field, and nothing that turns for ever: %s',
  async (path) => {
    await open(`${path}?from=2026-11-23&to=2026-11-01`);
    await visitor.see('txn.badRange');
    await expect.poll(() => visitor.page.locator('main .waiting').count()).toBe(0);
  },
);

test('an operator that cannot be one is told, not left out; clearing empties the fields without an address', async () => {
  await open('transactions');
  const operator = visitor.field('txn.operator');
  await operator.fill('Zhang Wei');
  await visitor.button('txn.find').click();
  await visitor.see('txn.badOperator');
  await visitor.button('list.reset').click();
  await expect.poll(() => operator.inputValue()).toBe('');
  expect(await visitor.page.getByText(visitor.words('txn.badOperator')).count()).toBe(0);
  await operator.fill('SYS');
  await visitor.button('txn.find').click();
  await visitor.page.waitForURL(/operator=SYS/);
});

const focused = () => visitor.page.evaluate<string>('document.activeElement?.tagName ?? ""');

test('who goes on by keyboard begins at the top of each step and of each page within a page, not of a drawer', async () => {
  await open('settlement');
  await visitor.link('settle.begin').press('Enter');
  await visitor.see('amount.how');
  await expect.poll(focused).toBe('MAIN');
  await open('batches');
  await visitor.link('batch.close').press('Enter');
  await visitor.see('close.what');
  await expect.poll(focused).toBe('MAIN');
  await open('transactions');
  await visitor.page
    .getByRole('button', { name: /的详情/ })
    .first()
    .press('Enter');
  await visitor.dialog.waitFor();
  await expect.poll(() => visitor.page.evaluate("document.activeElement?.closest('.ant-drawer') !== null")).toBe(true);
  await visitor.page.keyboard.press('Escape');
  await visitor.dialog.waitFor({ state: 'hidden' });
});

test('a result without a number leads to the records, not to an empty page', async () => {
  await open('settlement/result');
  await visitor.see('settle.noResult');
});

test('B-020: a first user whom upstream refused is told so and why, and can enter another code', async () => {
  const stranger = await stage.visitor('zh');
  await stranger.page.route('**/api/session', async (route) => {
    const answer = await route.fetch();
    const setUp = { state: 'refused', reason: 'HAS_USERS', remark: '请找店长' };
    await route.fulfill({ response: answer, json: { ...(await answer.json()), setUp } });
  });
  await stranger.page.goto(`${stage.url}#/set-up`);
  await stranger.page.reload();
  await stranger.see('setup.refused');
  await stranger.page.getByText(/须由主账号添加 · 请找店长/).waitFor();
  expect(await stranger.field('setup.code').isEnabled()).toBe(true);
  expect(await stranger.page.locator('.waiting').count()).toBe(0);
});

test('the tab says in the language of the page which page it is, before the log-in too', async () => {
  const english = await stage.visitor('en');
  await expect.poll(() => english.page.title()).toBe(`${english.words('login.title')} · ${english.words('console')}`);
});
