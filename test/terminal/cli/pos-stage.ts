import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect } from 'vitest';
import { Stage } from '../../../scripts/stage/stage.ts';
import { systemClock } from '../../../terminal/base/clock.ts';
import { runPos } from '../../../terminal/cli/program.ts';
import { capturedShell } from './captured-shell.ts';

export const card = { pan: '6222021234567890128', expiry: '3012' };
export const secrets = { '00': '123456', '01': '0000', wrong: '918273' } as const;

const program = join(import.meta.dirname, '../../../dist/pos.js');
const limits = {
  hostWaitMs: 1_500,
  reversalRetryMs: 50,
  resendMs: 50,
  resendMaxMs: 200,
  backoffMs: 20,
  backoffMaxMs: 200,
  idleMs: 200,
};
const patienceMs = 10_000;

interface Ended {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
}

/** `pos` as a program, against a running terminal, host and broker. */
export class PosStage {
  readonly stage: Stage;
  readonly #secrets: string;

  private constructor(stage: Stage, secretFolder: string) {
    this.stage = stage;
    this.#secrets = secretFolder;
  }

  /** Everything runs, and operator 01 stands at the counter. */
  static async start(): Promise<PosStage> {
    const folder = mkdtempSync(join(tmpdir(), 'pos-secrets-'));
    for (const [name, secret] of Object.entries(secrets))
      writeFileSync(join(folder, name), `${secret}\n`, { mode: 0o600 });
    const stage = await Stage.open({ limits, hostTimings: {} });
    await stage.startBroker();
    await stage.startHost();
    await stage.startTerminal();
    const made = new PosStage(stage, folder);
    await made.cashierReady();
    return made;
  }

  async stop(): Promise<void> {
    await this.stage.close();
    rmSync(this.#secrets, { recursive: true });
  }

  begin(line: string): { readonly ended: Promise<Ended>; interrupt(): void } {
    const args = [program, '--home', this.stage.home, ...line.split(' ')];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      err += chunk;
    });
    return {
      ended: new Promise((resolve) => child.once('close', (exit) => resolve({ exit, out, err }))),
      interrupt: () => child.kill('SIGINT'),
    };
  }

  pos(line: string): Promise<Ended> {
    return this.begin(line).ended;
  }

  /** The flags of an operator. */
  by(who: '00' | '01', secret: keyof typeof secrets = who): string {
    return `--operator ${who} --password-file ${this.#secrets}/${secret}`;
  }

  /** The one JSON object that a reading command writes; without a process of its own, for it is asked often. */
  async json<S extends v.GenericSchema>(schema: S, line: string): Promise<v.InferOutput<S>> {
    const shell = capturedShell({ env: { POS_HOME: this.stage.home } });
    const exit = await runPos([...line.split(' '), '--json'], shell);
    const [out, err] = [shell.stdout(), shell.stderr()];
    expect({ exit, err, lines: out.split('\n').length }).toEqual({ exit: 0, err: '', lines: 2 });
    return v.parse(schema, JSON.parse(out));
  }

  async cashierReady(): Promise<void> {
    await this.stage.cashier.atIdle('01', secrets['01']);
    await this.stage.cashier.ready();
  }

  async sell(amountFen: number, how: 'contactless' | 'swipe' = 'contactless'): Promise<string> {
    await this.cashierReady();
    const end = await this.stage.cashier.sale(amountFen, how, card);
    this.stage.devices.reader.takeAway();
    return end;
  }

  /** The text of a slip, the newest 1, the one before 2. */
  slip(fromEnd: number): string {
    return this.stage.devices.printer.slips.at(-fromEnd)?.lines.join('\n') ?? '';
  }
}

/** The last of the lines of a long command, after nothing but progress. */
export function lastLine(out: string): unknown {
  const lines = out
    .trimEnd()
    .split('\n')
    .map((text): unknown => JSON.parse(text));
  const kinds = lines.map((one) => v.parse(v.looseObject({ kind: v.string() }), one).kind);
  expect(kinds.slice(0, -1).every((kind) => kind === 'progress')).toBe(true);
  expect(['result', 'error']).toContain(kinds.at(-1));
  return lines.at(-1);
}

export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const endMs = systemClock.now() + patienceMs;
  while (!(await holds())) {
    if (systemClock.now() > endMs) throw new Error(`waited too long for ${what}`);
    await new Promise<void>((resolve) => systemClock.after(20, resolve));
  }
}
