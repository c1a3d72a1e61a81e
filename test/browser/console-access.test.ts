import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import readXlsxFile from 'read-excel-file/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConsolePage } from '../../scripts/pictures/console-page.ts';
import { openBrowser } from '../../scripts/pictures/kiosk-page.ts';
import { ConsoleStage, monday, password } from './console-stage.ts';

/** Who gets into the console of the real program and what each sees there; and what a browser is tempted to do to it while the cashier sells. */

const today = monday.slice(0, 10);
const formula = '=HYPERLINK("http://evil.example")';

let browser: Browser;
let stage: ConsoleStage;
let main: ConsolePage;

beforeAll(async () => {
  browser = await openBrowser();
  stage = await ConsoleStage.open(browser, monday, { merchantName: formula });
  main = await stage.visitor('zh');
  await main.setUp({ login: 'wang', name: '王芳', password, code: stage.started.console.code ?? '' });
}, 40_000);
afterAll(async () => {
  await stage?.close();
  await browser?.close();
}, 20_000);

/** The code that the main account hands over. */
async function codeFor(login: string): Promise<string> {
  await main.page.getByRole('button', { name: `${main.words('users.code')}: ${login}` }).click();
  await main.confirm(password);
  const shown = main.dialog.locator('.big-code');
  const code = (await shown.textContent()) ?? '';
  await main.page.keyboard.press('Escape');
  await shown.waitFor({ state: 'hidden' });
  return code.trim();
}

async function add(login: string, name: string, role: 'O' | 'S'): Promise<void> {
  await main.go('page.users');
  await main.button('users.add').click();
  await main.field('users.login').fill(login);
  await main.field('users.name').fill(name);
  await main.dialog.getByRole('radio', { name: new RegExp(`^${main.words(`role.${role}`)} `) }).check();
  await main.dialog.getByRole('button', { name: main.words('next') }).click();
  await main.confirm(password);
  await main.page.getByRole('row', { name: login }).getByText(main.words('users.noSecret')).waitFor();
}

async function comeIn(login: string, name: string): Promise<ConsolePage> {
  const visitor = await stage.visitor('zh');
  await visitor.link('login.code').click();
  await visitor.setUp({ login, name, password, code: await codeFor(login) });
  return visitor;
}

const menuOf = ({ page }: ConsolePage) => page.locator('nav a[href^="#"]').allTextContents();
const askedBy = ({ page }: ConsolePage, path: string) =>
  page.evaluate<number>(`fetch('/api${path}').then((answer) => answer.status)`);

test('a settler whom the main account made settles, and manages no users', async () => {
  await add('li.na', '李娜', 'O');
  const settler = await comeIn('li.na', '李娜');
  const menu = await menuOf(settler);
  expect(menu).toContain('结算');
  expect(menu).not.toContain('用户与柜员');
  expect(await askedBy(settler, '/users')).toBe(403);
  expect(await askedBy(settler, '/settlement/home')).toBe(200);
});

test('customer service (S) sees nothing of the settlement', async () => {
  await add('zhao', '赵敏', 'S');
  const service = await comeIn('zhao', '赵敏');
  expect(await menuOf(service)).toEqual(['站内信']);
  await stage.host({ command: 'message', zh: '周日维护', en: 'Maintenance on Sunday', level: 'info' });
  await service.page.getByRole('link', { name: /条未读站内信/ }).waitFor();
  await service.page.goto(`${stage.url}#/settlement`);
  await service.see('page.missing');
  for (const path of [
    '/overview',
    '/settlement/home',
    '/settlements',
    '/statements?from=2026-11-23&to=2026-11-23',
    '/transactions',
    '/audit',
  ])
    expect({ path, status: await askedBy(service, path) }).toEqual({ path, status: 403 });
});

test('after the log-out the back button shows nothing', async () => {
  const visitor = await stage.visitor('zh');
  await visitor.logIn('wang', password);
  await visitor.go('page.audit');
  await visitor.go('page.settlement');
  await visitor.logOut('王芳');
  await visitor.page.goBack();
  await visitor.page.getByRole('heading', { name: '登录控制台' }).waitFor();
  expect(await visitor.page.locator('main').textContent()).not.toContain('可用余额');
  expect(await askedBy(visitor, '/settlement/home')).toBe(401);
  const answer = await visitor.page.reload();
  expect(answer?.headers()['cache-control']).toBe('no-store');
});

test('a wrong secret is told, and after too many the user is locked for a while', async () => {
  const visitor = await stage.visitor('zh');
  const locked = visitor.refusal('OPERATOR_LOCKED');
  for (let tries = 0; tries < 6 && !(await locked.isVisible()); tries++) {
    const answered = visitor.page.waitForResponse(/\/api\/log-in$/);
    await visitor.tryLogIn('li.na', 'not my password');
    await answered;
    await visitor.refusal('SECRET_WRONG').or(locked).waitFor();
  }
  await visitor.tryLogIn('li.na', password);
  await locked.waitFor();
});

/** A page of another origin on this machine. */
async function evilPage(html: string): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end(html));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, server };
}

test('another origin neither frames the console nor commands it, and the cookie stays at home; a sale goes through meanwhile', async () => {
  const cookies = await main.page.context().cookies();
  expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict', expires: -1, path: '/' }]);
  const { url, server } = await evilPage(
    `<iframe src="${stage.url}"></iframe><form method="post" target="hole" action="${stage.url}api/log-out"></form><iframe name="hole"></iframe>`,
  );
  const page = await main.page.context().newPage();
  const selling = stage.counter.sellByCode(1_000);
  await page.goto(url);
  expect(await page.frames()[1]?.locator('body').textContent()).not.toContain('账平');
  const posted = page.waitForResponse(/api\/log-out$/);
  await page.evaluate('document.forms[0].submit()');
  expect((await posted).status()).toBe(403);
  const read = `fetch('${stage.url}api/overview', { credentials: 'include' }).then((answer) => answer.text(), () => 'nothing')`;
  expect(await page.evaluate(read)).toBe('nothing');
  const write = `fetch('${stage.url}api/log-out', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }).then(() => 'sent', () => 'nothing')`;
  await page.evaluate(write);
  await selling;
  await page.close();
  server.close();
  expect(await askedBy(main, '/overview')).toBe(200);
});

test('X-05: a formula in a name comes out of the download centre as text, in CSV and in XLSX; a sale goes through meanwhile', async () => {
  const days = `${stage.url}#/transactions?from=${today}&to=${today}`;
  await main.page.goto(days);
  const selling = stage.counter.sellByCode(2_000);
  const csv = readFileSync(await main.download('txn.export', 'csv'), 'utf8');
  await selling;
  expect(csv).toContain('HYPERLINK');
  expect(csv.split(/\r\n|,/).filter((cell) => /^"?[=+@]/.test(cell))).toEqual([]);
  await main.page.goto(days);
  const file = readFileSync(await main.download('txn.export', 'xlsx'));
  const sheets = await readXlsxFile(file);
  expect(JSON.stringify(sheets)).toContain('HYPERLINK');
});
