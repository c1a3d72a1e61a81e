import type { Locator, Page } from 'playwright-core';
import { say, type Values, type Word } from '../../terminal/console/web/catalogues.ts';

const patienceMs = 15_000;

interface Newcomer {
  readonly code: string;
  readonly login: string;
  readonly name: string;
  readonly password: string;
}

/** A person at the operator console: finds things by their role and name, in the language that the page is in. */
export class ConsolePage {
  readonly page: Page;
  readonly language: 'zh' | 'en';

  constructor(page: Page, language: 'zh' | 'en') {
    this.page = page;
    this.language = language;
    page.setDefaultTimeout(patienceMs);
  }

  words(key: Word, values: Values = {}): string {
    return say(this.language, key, values);
  }

  /** From the door on in its language. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    const other = this.page.getByRole('button', { name: say('zh', 'language.switch'), exact: true });
    await this.page.locator('h1').first().waitFor();
    if (this.language === 'en' && (await other.count()) > 0) await other.click();
  }

  /** What has these words. */
  text(key: Word, values?: Values): Locator {
    return this.page.getByText(this.words(key, values)).first();
  }

  async see(key: Word, values?: Values): Promise<void> {
    await this.text(key, values).waitFor();
  }

  button(key: Word, values?: Values): Locator {
    return this.page.getByRole('button', { name: this.words(key, values), exact: true });
  }

  link(key: Word, values?: Values): Locator {
    return this.page.getByRole('link', { name: this.words(key, values), exact: true });
  }

  field(key: Word, values?: Values): Locator {
    return this.page.getByRole('textbox', { name: this.words(key, values), exact: true });
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** What the page refuses, with its code. */
  refusal(code: string): Locator {
    return this.page.getByRole('alert').filter({ hasText: code });
  }

  /** Without waiting for what comes of it. */
  async fillSetUp({ code, login, name, password }: Newcomer): Promise<void> {
    await this.field('setup.code').fill(code);
    await this.field('login.login').fill(login);
    await this.field('setup.name').fill(name);
    await this.field('own-secret.new').fill(password);
    await this.field('own-secret.again').fill(password);
    await this.button('setup.go').click();
  }

  /** The first user by the terminal's own code, a later one by that of the main account. */
  async setUp(newcomer: Newcomer): Promise<void> {
    await this.fillSetUp(newcomer);
    await this.isIn();
  }

  /** Without waiting for what comes of it. */
  async tryLogIn(login: string, password: string): Promise<void> {
    await this.field('login.login').fill(login);
    await this.field('login.password').fill(password);
    await this.button('login.go').click();
  }

  async logIn(login: string, password: string): Promise<void> {
    await this.tryLogIn(login, password);
    await this.isIn();
  }

  async isIn(): Promise<void> {
    await this.page.getByRole('banner').waitFor();
    await this.page.locator('main h1').first().waitFor();
  }

  async logOut(name: string): Promise<void> {
    await this.button('user', { name }).click();
    await this.page.getByRole('menuitem', { name: this.words('user.out') }).click();
    await this.page.getByRole('heading', { name: this.words('login.title'), level: 1 }).waitFor();
  }

  /** Opens a page by the menu. */
  async go(title: Word): Promise<void> {
    const menu = this.button('menu.open');
    if (await menu.isVisible()) await menu.click();
    await this.page
      .getByRole('navigation')
      .getByRole('link', { name: this.words(title), exact: true })
      .last()
      .click();
    await this.page.getByRole('heading', { name: this.words(title), level: 1, exact: true }).waitFor();
  }

  /** Proves again who is there. */
  async confirm(secret: string): Promise<void> {
    const dialog = this.dialog.filter({ hasText: this.words('secret.title') });
    const input = dialog.locator('input[type="password"]');
    await input.fill(secret);
    // A dialog that still moves may lose a click; a key is not lost once the button can be pressed.
    await dialog.locator('button[type="submit"]:enabled').waitFor();
    await input.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Has a file made by the button with these words, and waits until the download centre has it. Returns its text. */
  async download(label: Word, format: 'csv' | 'xlsx' | 'html'): Promise<string> {
    await this.button(label).click();
    await this.page.getByRole('menuitem', { name: this.words(`format.${format}`), exact: true }).click();
    await this.link('list.toDownloads').last().click();
    await this.page.getByRole('heading', { name: this.words('page.downloads'), level: 1 }).waitFor();
    const newest = this.page
      .getByRole('row')
      .or(this.page.locator('.row-cards > li'))
      .filter({ hasText: `.${format}` });
    const fetch = newest.first().getByRole('link', { name: this.words('down.get') });
    const [file] = await Promise.all([this.page.waitForEvent('download'), fetch.click()]);
    return file.path();
  }
}
