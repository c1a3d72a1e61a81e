import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { distFolder } from '../stage/child.ts';
import type { CounterDevices } from '../stage/counter-devices.ts';
import { nowMs } from './io-log.ts';
import { TtyScreen } from './tty-screen.ts';

/** A key that was pressed, and what the screen must show because of it. */
export interface Press {
  readonly atMs: number;
  readonly expect: RegExp;
  readonly isCancel: boolean;
}

/** The two keys of a sale with which the terminal's own work begins. */
export interface SaleKeys {
  readonly amountMs: number;
  readonly confirmMs: number;
  readonly endMs: number;
}

const patienceMs = 40_000;
const lookMs = 2;
/** Longer than a lone Esc is waited for. */
const escMs = 100;
const card = { pan: '6222021234567890128', expiry: '3012' };
export const pages = {
  logOn: /操作员登录/,
  idle: /1消费 确认菜单/,
  amount: /请输入金额/,
  card: /请挥卡/,
  confirm: /确认消费/,
  host: /通讯中/,
  printing: /正在打印签购单/,
  approved: /请取签购单/,
  unknown: /结果未知/,
} as const;
export const [enter, cancel] = ['\r', '\u001b'];

/** A cashier at the real terminal program, by the bytes of its text terminal: writes down when each key left the hand. */
export class MeasuredCounter {
  readonly presses: Press[] = [];
  readonly #child: ChildProcess;
  readonly #devices: CounterDevices;
  readonly #screen = new TtyScreen();
  #errors = '';

  private constructor(child: ChildProcess, devices: CounterDevices) {
    this.#child = child;
    this.#devices = devices;
    child.stdout?.on('data', (data: Buffer) => this.#screen.write(data.toString('utf8')));
    child.stderr?.on('data', (data: Buffer) => {
      this.#errors += data.toString('utf8');
    });
  }

  static async start(
    home: string,
    brokerUrl: string,
    devices: CounterDevices,
    env: Readonly<Record<string, string>>,
  ): Promise<MeasuredCounter> {
    const program = join(distFolder(), 'terminal.js');
    const child = spawn(process.execPath, [program, '--home', home, '--broker', brokerUrl, '--face'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    const counter = new MeasuredCounter(child, devices);
    await counter.see(pages.logOn);
    counter.type(`01${enter}`);
    await counter.see(/密码/);
    counter.type(`0000${enter}`);
    await counter.see(pages.idle);
    await counter.see(/已联机/);
    return counter;
  }

  /** What is not measured. */
  type(keys: string): void {
    (this.#child.stdin as Writable).write(keys);
  }

  /** Presses a key and waits for what it must bring to the screen. Returns when it was pressed. */
  async press(key: string, expect: RegExp): Promise<number> {
    const atMs = nowMs();
    this.type(key);
    this.presses.push({ atMs, expect, isCancel: key === cancel });
    await this.see(expect);
    return atMs;
  }

  async see(wanted: RegExp): Promise<void> {
    const endMs = nowMs() + patienceMs;
    while (!wanted.test(this.#screen.text())) {
      if (nowMs() > endMs || this.#child.exitCode !== null)
        throw new Error(`never saw ${wanted}:\n${this.#screen.text()}\n${this.#errors}`);
      await sleep(lookMs);
    }
  }

  /** `figures`: two digits of yuan. */
  async askForCard(figures: readonly [string, string]): Promise<number> {
    const [a, b] = figures;
    await this.press('1', pages.amount);
    await this.press(a, new RegExp(`\\b0\\.0${a}\\b`));
    await this.press(b, new RegExp(`\\b0\\.${a}${b}\\b`));
    await this.press('0', new RegExp(`\\b${a}\\.${b}0\\b`));
    await this.press('0', new RegExp(`\\b${a}${b}\\.00\\b`));
    return this.press(enter, pages.card);
  }

  async presentCard(): Promise<void> {
    this.#devices.reader.present(card);
    await this.see(pages.confirm);
  }

  async sale(figures: readonly [string, string]): Promise<SaleKeys> {
    const amountMs = await this.askForCard(figures);
    await this.presentCard();
    const confirmMs = nowMs();
    this.type(enter);
    await this.see(pages.approved);
    const endMs = nowMs();
    this.#devices.reader.takeAway();
    await this.press(enter, pages.idle);
    return { amountMs, confirmMs, endMs };
  }

  /** The printer's head is too hot: it stands still. */
  holdPrinter(hot: boolean): void {
    this.#devices.printer.set({ hot });
  }

  takeAway(): void {
    this.#devices.reader.takeAway();
  }

  /** Back to the idle screen with nothing left to be done, wherever it is. */
  async home(): Promise<void> {
    for (let tries = 0; !pages.idle.test(this.#screen.text()) && tries < 10; tries++) {
      this.type(cancel);
      await sleep(escMs);
    }
    await this.see(pages.idle);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGTERM');
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    await once(this.#child, 'exit');
    clearTimeout(killer);
  }
}
