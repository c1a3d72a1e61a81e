import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { BenchCounter } from '../../scripts/pictures/bench-counter.ts';
import { ConsolePage } from '../../scripts/pictures/console-page.ts';
import { type Started, startWithKiosk } from '../../scripts/pictures/started.ts';
import { callJson } from '../../scripts/stage/socket.ts';
import { Visitor } from '../terminal/console/visitor.ts';

export const password = 'correct horse 7';
const dist = join(import.meta.dirname, '../../dist');

/** The days of these tests: a Monday and the Tuesday after, both of business. */
export const monday = '2026-11-23T14:00:00+08:00';
export const tuesday = '2026-11-24T10:30:00+08:00';

/** `npm start` in simulated mode at a time of the test's choice, with a cashier logged on, and browsers whose clocks show that time. */
export class ConsoleStage {
  readonly home: string;
  readonly #folder: string;
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];
  /** What pages complained of: errors, and refusals that the browser notes itself. */
  readonly complaints: string[] = [];
  #started: Started | undefined;
  #clockMs = 0;

  private constructor(folder: string, browser: Browser) {
    this.#folder = folder;
    this.home = join(folder, 'home');
    this.#browser = browser;
  }

  static async open(browser: Browser, at: string, config: object = {}): Promise<ConsoleStage> {
    const stage = new ConsoleStage(mkdtempSync(join(tmpdir(), 'pos-console-')), browser);
    mkdirSync(stage.home, { mode: 0o700 });
    writeFileSync(join(stage.home, 'config.json'), JSON.stringify({ console: { port: 0 }, ...config }));
    await stage.startAt(at);
    return stage;
  }

  /** Also again, on another day. */
  async startAt(time: string): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
    await this.#started?.stop();
    this.#clockMs = Date.parse(time) - Date.now();
    this.#started = await startWithKiosk(this.home, this.#clockMs);
    await this.counter.logOn();
  }

  get started(): Started {
    if (!this.#started) throw new Error('the program was never started');
    return this.#started;
  }

  get url(): string {
    return this.started.console.url;
  }

  get counter(): BenchCounter {
    return new BenchCounter(this.started.url);
  }

  /** A browser of its own, at the door of the console. */
  async visitor(language: 'zh' | 'en', size = { width: 1280, height: 800 }): Promise<ConsolePage> {
    // A button that still moves may lose its click.
    const still = { reducedMotion: 'reduce', acceptDownloads: true } as const;
    const context = await this.#browser.newContext({ viewport: size, ...still });
    this.#contexts.push(context);
    await context.addInitScript(`{ const now = Date.now; Date.now = () => now() + ${this.#clockMs};
      const Real = Date; Date = class extends Real { constructor(...of) { super(...(of.length ? of : [Real.now()])); } }; }`);
    const page = await context.newPage();
    this.#listen(page);
    const visitor = new ConsolePage(page, language);
    await visitor.open(this.url);
    return visitor;
  }

  #listen(page: Page): void {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()))
        this.complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  /** Somebody at the host's desk. */
  async reviewer(nth: 0 | 1): Promise<Visitor> {
    const { url, reviewers } = this.started.desk;
    const [login, secret] = (reviewers[nth] ?? '').split('/');
    const visitor = new Visitor(url);
    const { body } = await visitor.post('/api/log-in', { login, secret });
    visitor.csrf = String(body['csrf']);
    return visitor;
  }

  /** By the control socket. */
  host(command: object): Promise<unknown> {
    return callJson(join(this.home, 'host.sock'), 'POST', '/command', command);
  }

  setParameter(name: string, value: unknown): Promise<unknown> {
    return this.host({ command: 'set-parameter', name, value });
  }

  /** The last line that `pos … --json` says. */
  async pos(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(dist, 'pos.js'),
      '--home',
      this.home,
      ...args,
      '--json',
    ]);
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '{}');
  }

  async close(): Promise<void> {
    await Promise.all(this.#contexts.map((context) => context.close()));
    await this.#started?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
