import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildTask, Command, Report } from './f2-child.ts';
import type { UploadCommand, UploadReport, UploadTask } from './f6-child.ts';
import { type Figure, goalOf } from './figure.ts';
import { type LinkChild, type StartChild, withLinkChildren } from './link-children.ts';
import { seedBatch } from './seed-batch.ts';

/**
 * F6: the upload of a batch that does not balance, from the host's verdict to the row that ends the batch, by the real terminal, beside as many such rows that F2's
 * terminal drains to the same bare host. Then once more with the terminal killed in the middle.
 */

type Uploader = LinkChild<UploadCommand, UploadReport>;

const absent = { pinPad: 'none', scanner: 'none', display: 'none', keypad: 'none' };
const limits = { maxRecords: 1_000_000, idleMs: 1_000 };

/** One close: a host and a terminal that have not met before, on a copy of the batch. */
class Close {
  readonly host: Uploader;
  readonly #startTerminal: () => Promise<Uploader>;
  #terminal: Uploader;

  private constructor(host: Uploader, terminal: Uploader, startTerminal: () => Promise<Uploader>) {
    this.host = host;
    this.#terminal = terminal;
    this.#startTerminal = startTerminal;
  }

  static async begin(start: StartChild, folder: string, url: string, name: string): Promise<Close> {
    const home = join(folder, name);
    mkdirSync(home, { mode: 0o700 });
    for (const part of ['keys', 'terminal.db']) cpSync(join(folder, part), join(home, part), { recursive: true });
    writeFileSync(join(home, 'config.json'), JSON.stringify({ ...absent, limits }));
    const child = (task: UploadTask) => start<UploadCommand, UploadReport>('bench-f6-child', task);
    const host = await child({ role: 'host', url, folder: home });
    const startTerminal = () => child({ role: 'terminal', url, home });
    const close = new Close(host, await startTerminal(), startTerminal);
    await close.#terminal.command({ close: true });
    return close;
  }

  async killTerminal(): Promise<void> {
    await this.#terminal.kill();
  }

  async startAgain(): Promise<void> {
    this.#terminal = await this.#startTerminal();
  }

  async end(): Promise<UploadReport> {
    const report = await this.host.command({ until: 'end' });
    this.#terminal.stop();
    this.host.stop();
    return report;
  }
}

interface Round {
  readonly uploadMs: number;
  readonly drainMs: number;
}

function rounds(start: StartChild, folder: string, records: number, count: number): Promise<readonly Round[]> {
  return inTurn(count, async (round) => {
    const f2 = (task: ChildTask) => start<Command, Report>('bench-f2-child', task);
    const yardstick = join(folder, `y${round}`);
    mkdirSync(yardstick);
    cpSync(join(folder, 'keys'), join(yardstick, 'keys'), { recursive: true });
    const broker = await f2({ role: 'broker' });
    const host = await f2({ role: 'host', url: broker.url, folder: yardstick, effects: false });
    const terminal = await f2({ role: 'terminal', url: broker.url, folder: yardstick, effects: false });
    const { ms: drainMs = Number.NaN } = await terminal.command({ drain: records, asking: false });
    for (const child of [terminal, host]) child.stop();
    const close = await Close.begin(start, folder, broker.url, `u${round}`);
    const { ms: uploadMs = Number.NaN, different } = await close.end();
    broker.stop();
    if (different !== records) throw new Error(`${different} of ${records} records arrived`);
    return { uploadMs, drainMs };
  });
}

/** What the host has after a terminal was killed in the middle: rows, different ones among them, and how many were sent twice. */
interface AfterKill {
  readonly arrived: number;
  readonly different: number;
  readonly again: number;
}

/** The terminal is killed when half of the records are there, and started again. `folder` has the keys and the batch. */
export async function killedUpload(start: StartChild, folder: string, records: number): Promise<AfterKill> {
  const broker = await start<UploadCommand, UploadReport>('bench-f6-child', { role: 'counting-broker' });
  const close = await Close.begin(start, folder, broker.url, 'killed');
  await close.host.command({ until: Math.floor(records / 2) });
  await close.killTerminal();
  await close.startAgain();
  const { records: arrived = Number.NaN, different = Number.NaN } = await close.end();
  const { again = Number.NaN } = await broker.command({ passed: true });
  broker.stop();
  return { arrived, different, again };
}

async function inTurn<T>(count: number, work: (turn: number) => Promise<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for (let turn = 1; turn <= count; turn++) all.push(await work(turn));
  return all;
}

export const f6 = (quick: boolean): Figure => ({
  name: 'F6',
  title: '批上送 batch upload',
  run: (say) =>
    withLinkChildren(async (start, folder) => {
      const records = quick ? 10_000 : 100_000;
      seedBatch(join(folder, 'terminal.db'), records).close();
      const all = await rounds(start, folder, records, quick ? 3 : 5);
      for (const { uploadMs, drainMs } of all)
        say(
          `${records} 笔 records: 上送 upload ${uploadMs.toFixed(0)} ms, 同样的行经 F2 the same rows through F2 ${drainMs.toFixed(0)} ms`,
        );
      const { arrived, different, again } = await killedUpload(start, folder, records);
      say(
        `中途断电 killed half-way: ${different} 笔到达 arrived, 收件箱重复 doubled in the inbox ${arrived - different}, 重发 sent again ${again}`,
      );
      return [
        goalOf(
          '上送 upload × F2',
          all.map((round) => round.uploadMs / round.drainMs),
          1.3,
          'lower',
        ),
        goalOf('断电后到达 arrived after a kill / all', [different / records], 1, 'higher'),
        goalOf('断电后重发 sent again after a kill', [again], 0, 'lower'),
      ];
    }),
});
