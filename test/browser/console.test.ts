import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConsolePage } from '../../scripts/pictures/console-page.ts';
import { openBrowser } from '../../scripts/pictures/kiosk-page.ts';
import { openDatabase } from '../../terminal/base/database.ts';
import { balanceOf } from '../../terminal/ledger/queries.ts';
import { ConsoleStage, monday, password, tuesday } from './console-stage.ts';

/** A new operator at the console of the real program, in the real browser, from the first run to the statement of the day. */

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
}, 30_000);
afterAll(() => browser?.close());

const newcomer = { login: 'wang', name: '王芳', password };

describe.each(['zh', 'en'] as const)('a new operator, %s', (language) => {
  let stage: ConsoleStage;
  let console: ConsolePage;
  /** The first settlement, which goes through all five steps. */
  let first = '';

  beforeAll(async () => {
    stage = await ConsoleStage.open(browser, monday);
    await stage.counter.sellByCode(12_800);
    await stage.counter.sellByCode(8_850, 'alipay');
    await stage.setParameter('host.settleDecision', 'manual');
    console = await stage.visitor(language);
  }, 40_000);
  afterAll(() => stage?.close(), 20_000);
  let brokenAt: string | undefined;
  beforeEach(() => {
    if (brokenAt !== undefined) throw new Error(`the story ended at: ${brokenAt}`);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || brokenAt !== undefined) return;
    brokenAt = task.name;
    const folder = process.env['POS_PICTURES'];
    if (folder !== undefined)
      await console.page.screenshot({ path: join(folder, `failed-${language}.png`), fullPage: true });
  });

  const decide = (no: string, outcome: 'succeeded' | 'returned') =>
    stage.host({ command: 'settle-decide', no, outcome });
  const inBook = <T>(look: (db: ReturnType<typeof openDatabase>) => T): T => {
    const db = openDatabase(join(stage.home, 'terminal.db'), { readonly: true });
    try {
      return look(db);
    } finally {
      db.close();
    }
  };
  const availableFen = (): number => inBook((db) => balanceOf(db, '2002'));
  /** Of the page as it was loaded: a reload would lose it. */
  const mark = () => console.page.evaluate('window.marked = true');
  const isMarked = () => console.page.evaluate('window.marked === true');

  /** Steps 1 and 3, to the page on which amount and account are checked. */
  async function toConfirm(): Promise<void> {
    await console.go('page.settlement');
    await console.link('settle.begin').click();
    await console.button('next').click();
    await console.see('confirm.title');
  }

  /** Step 4 begins: the number stands in the address. */
  async function confirm(): Promise<string> {
    await console.button('confirm.go').click();
    await console.confirm(password);
    await console.page.waitForURL(/#\/settlement\/result\//);
    return console.page.url().split('/').at(-1) ?? '';
  }

  test('B-020: on the first run a wrong code opens nothing; that of the start makes the first user, whom upstream accepts', async () => {
    await console.see('setup.first');
    const code = stage.started.console.code ?? '';
    await console.fillSetUp({ ...newcomer, code: code.split('').toReversed().join('') });
    await console.refusal('SECRET_WRONG').waitFor();
    await console.setUp({ ...newcomer, code });
    await console.button('user', { name: newcomer.name }).waitFor();
  });

  test('B-008, B-009: steps 1 and 2, the mode is chosen; upstream confirms it on the page that is open', async () => {
    await console.go('page.settlement');
    await mark();
    await console.link('settle.step.set-up').click();
    await console.page.getByRole('radio', { name: console.words('mode.MANUAL') }).check();
    await console.button('mode.apply').click();
    await console.confirm(password);
    await console.page
      .getByRole('row', { name: console.words('application.mode') })
      .filter({ hasText: console.words('state.application.DONE') })
      .waitFor();
    await console.link('back').click();
    await console.page
      .locator('dd, td', { hasText: console.words('mode.MANUAL') })
      .first()
      .waitFor();
    expect(await isMarked()).toBe(true);
  });

  test('B-042: a wrong secret moves no money, and the refusal says whom to call', async () => {
    await toConfirm();
    await console.button('confirm.go').click();
    await console.confirm('not my password');
    expect(await console.refusal('SECRET_WRONG').innerText()).toContain('95516');
    expect(inBook((db) => db.prepare('SELECT count(*) FROM settlement').pluck().get())).toBe(0);
  });

  test('B-010: STALE_BALANCE: the customer who pays meanwhile changes the amount on the page, and it is looked at again', async () => {
    const before = availableFen();
    await stage.counter.sellByCode(5_000);
    const now = availableFen();
    await console.see('confirm.changed', { before: shown(before), now: shown(now) });
    expect(await console.button('confirm.go').isDisabled()).toBe(true);
    await console.button('confirm.lookAgain').click();
    await console.page.locator('.figure', { hasText: shown(now) }).waitFor();
    expect(await console.button('confirm.go').isEnabled()).toBe(true);
  });

  test('B-010, B-011, N-06: steps 3 and 4, the success comes to the page that waits, and as a notice', async () => {
    const amountFen = availableFen();
    first = await confirm();
    await mark();
    await console.see('result.PROCESSING', { amount: `¥${shown(amountFen)}` });
    await decide(first, 'succeeded');
    await console.see('result.SUCCESS', { amount: `¥${shown(amountFen)}` });
    expect(await isMarked()).toBe(true);
    expect(availableFen()).toBe(0);
    await console.go('page.notices');
    await console.page
      .getByRole('listitem')
      .filter({ hasText: first })
      .filter({ hasText: /结算成功|Settlement succeeded/ })
      .waitFor();
  });

  test('B-012: step 5, every payment stands there, and it is marked as checked', async () => {
    await console.go('page.settlements');
    await console.page
      .getByRole('link', { name: first })
      .or(console.page.getByRole('button', { name: first }))
      .first()
      .click();
    await console.see('details.fits');
    expect(
      await console.page
        .getByRole('row')
        .filter({ hasText: console.words('dispute') })
        .count(),
    ).toBe(3);
    await console.button('check.go').click();
    await console.see('check.checked', { by: newcomer.login });
  });

  test('B-014: a line is disputed, support answers on the page that is open, and the ticket is closed', async () => {
    await mark();
    await console.page
      .getByRole('button', { name: console.words('dispute'), exact: false })
      .last()
      .click();
    await console.dialog.getByRole('textbox').fill('金额与签购单不符');
    await console.dialog.getByRole('button', { name: console.words('dispute.send') }).click();
    await console.see('check.disputed');
    await console.see('ticket.noAnswer');
    const ticket = inBook((db) => db.prepare<[], string>('SELECT no FROM ticket').pluck().get());
    const reviewer = await stage.reviewer(0);
    const answer = { command: 'ticket-answer', ticket, answer: '已核对，金额无误' };
    expect((await reviewer.post('/api/command', answer)).status).toBe(200);
    await console.page.getByText('已核对，金额无误').waitFor();
    await console.button('ticket.close.of', { no: ticket ?? '' }).click();
    await console.page.locator('.ticket', { hasText: console.words('state.CLOSED') }).waitFor();
    expect(await isMarked()).toBe(true);
  });

  test('B-050, N-07: the bank returns it after the success; a notice says so without a reload, and the money is available', async () => {
    await console.go('page.notices');
    await mark();
    await decide(first, 'returned');
    await console.page
      .locator('.notice.unread', { hasText: first })
      .filter({ hasText: /退票|bank returned/ })
      .waitFor();
    expect(await isMarked()).toBe(true);
    expect(availableFen()).toBeGreaterThan(0);
    await console.go('page.settlements');
    await console.page
      .getByRole('row')
      .filter({ hasText: console.words('state.RETURNED') })
      .waitFor();
  });

  test('B-012: what the bank returned cannot be confirmed, and nobody is asked to', async () => {
    await console.page.getByRole('link', { name: first }).first().click();
    await console.see('check.returned');
    expect(await console.button('check.go').count()).toBe(0);
  });

  test('a part is settled (B-005), so that the day has movements of both kinds', async () => {
    await console.go('page.settlement');
    await console.link('settle.begin').click();
    await console.page.getByRole('radio', { name: console.words('amount.part') }).check();
    await console.field('amount.yuan').fill('50');
    await console.button('next').click();
    const no = await confirm();
    await console.see('result.PROCESSING', { amount: '¥50.00' });
    await decide(no, 'succeeded');
    await console.see('result.SUCCESS', { amount: '¥50.00' });
  });

  test('B-034, B-036, P-31: on the next day the statement is downloaded, and its sums are those of the ledger', async () => {
    const closing = availableFen();
    await stage.startAt(tuesday);
    console = await stage.visitor(language);
    await console.logIn(newcomer.login, password);
    await console.go('page.statements');
    await console.page
      .getByRole('row')
      .filter({ hasText: monday.slice(0, 10) })
      .waitFor();
    const [head = [], ...rows] = csvOf(readFileSync(await console.download('list.download', 'csv'), 'utf8'));
    const movements = rows
      .filter((row) => row.length > 5 && row[1] === monday.slice(0, 10))
      .map((row) => fenOf(row[head.length - 2]));
    const fact = (name: string): number =>
      fenOf(rows.find(([label = '']) => label.replace(/ ?\(.*\)$/, '') === name)?.[1]);
    const names =
      language === 'zh'
        ? ['期初余额', '收入', '支出', '期末余额']
        : ['Opening balance', 'In', 'Out', 'Closing balance'];
    const [opening = 0, into = 0, out = 0, end = 0] = names.map(fact);
    const sum = (of: readonly number[]) => of.reduce((all, one) => all + one, 0);
    expect({ opening, into, out, end }).toEqual({
      opening: 0,
      into: sum(movements.filter((fen) => fen > 0)),
      out: -sum(movements.filter((fen) => fen < 0)),
      end: closing,
    });
    expect(sum(movements)).toBe(closing);
    expect(movements.length).toBeGreaterThan(5);
    expect(await stage.pos('ledger', 'check')).toMatchObject({ ok: true, problems: [] });
  });

  test('the pages had nothing to complain of', () => {
    // The browser itself notes every refusal: those of the tests above.
    const refusals = /status of 4\d\d .*\/api\/(set-up|settlements)$/;
    expect(stage.complaints.filter((complaint) => !refusals.test(complaint))).toEqual([]);
  });
});

/** `12,345.67` */
const shown = (fen: number): string => (fen / 100).toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',');

const fenOf = (text: string | undefined): number => Math.round(Number(text?.replace(/^'/, '') ?? Number.NaN) * 100);

const csvOf = (text: string): readonly (readonly string[])[] =>
  text
    .replace(/^\ufeff/, '')
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
