import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Day } from './f3-child.ts';
import { type Figure, goalOf, median } from './figure.ts';

const startLimitMs = 20_000;
const idleMs = 2_000;

/** The terminal alone, with its keypad screen on standard output: no host answers, all devices are simulated. */
const terminalCommand = (home: string): readonly string[] => [
  join(import.meta.dirname, 'terminal.js'),
  '--home',
  home,
  '--face',
];

interface Start {
  readonly firstScreenMs: number;
  readonly readyMs: number;
}

/** Y6: the time of a bare `node -e 0`, from start to end. */
async function bareNodeMs(): Promise<number> {
  const started = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - started;
}

/** Starts the terminal, takes the times of the lines `mark first-screen` and `mark ready` that it writes to descriptor 3, and stops it after `use`. */
async function startTerminal(home: string, use: (pid: number) => Promise<void> | void): Promise<Start> {
  const started = performance.now();
  const child = spawn(process.execPath, terminalCommand(home), {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, POS_MARKS: '1' },
  });
  try {
    const marks = await marksOf(child, started);
    if (child.pid !== undefined) await use(child.pid);
    return marks;
  } finally {
    await stop(child);
  }
}

function marksOf(child: ChildProcess, started: number): Promise<Start> {
  return new Promise((resolve, reject) => {
    let [seen, errors, firstScreenMs] = ['', '', Number.NaN];
    const fail = (why: string) => {
      clearTimeout(limit);
      reject(new Error(`terminal.js: ${why}\n${errors}`));
    };
    const limit = setTimeout(() => fail('没有就绪 not ready in time'), startLimitMs);
    child.stderr?.on('data', (data) => {
      errors += data;
    });
    child.once('exit', (code) => fail(`结束 ended with ${code}`));
    (child.stdio[3] as Readable).on('data', (data) => {
      seen += data;
      const now = performance.now() - started;
      if (Number.isNaN(firstScreenMs) && seen.includes('mark first-screen\n')) firstScreenMs = now;
      if (!seen.includes('mark ready\n')) return;
      clearTimeout(limit);
      resolve({ firstScreenMs, readyMs: now });
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(killer);
}

function residentMib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

function oneDay(home: string, sales: number): Day {
  const child = join(import.meta.dirname, 'bench-f3-child.js');
  return JSON.parse(
    execFileSync(process.execPath, [child, join(home, 'terminal.db'), String(sales)], { encoding: 'utf8' }),
  );
}

/** F3: process start to the first screen and to a ready keypad beside a bare Node, with a day of sales in the file; resident memory. */
export const f3 = (quick: boolean): Figure => ({
  name: 'F3',
  title: '启动与内存 start and memory',
  run: async (say) => {
    const sales = quick ? 10_000 : 100_000;
    const home = mkdtempSync('.pos-bench-');
    try {
      await startTerminal(home, () => {}); // makes keys and database
      const day = oneDay(home, sales).residentMib;
      say(
        `${sales} 笔 sales, 内存 resident: ${day[Math.floor(day.length / 4)]?.toFixed(0)} → ${day.at(-1)?.toFixed(0)} MiB`,
      );
      const rounds: (Start & { readonly bareMs: number })[] = [];
      for (let i = 0; i < (quick ? 7 : 21); i++) {
        rounds.push({ bareMs: await bareNodeMs(), ...(await startTerminal(home, () => {})) });
      }
      let idleMib = 0;
      await startTerminal(home, async (pid) => {
        await sleep(idleMs);
        idleMib = residentMib(pid);
      });
      const middle = (of: (round: (typeof rounds)[number]) => number) => median(rounds.map(of)).toFixed(0);
      say(
        `Y6 node -e 0 ${middle((r) => r.bareMs)} ms, 首屏 first screen ${middle((r) => r.firstScreenMs)} ms, 就绪 ready ${middle((r) => r.readyMs)} ms`,
      );
      return [
        goalOf(
          '首屏 first screen × Y6',
          rounds.map((r) => r.firstScreenMs / r.bareMs),
          1.3,
          'lower',
        ),
        goalOf(
          '就绪 ready × Y6',
          rounds.map((r) => r.readyMs / r.bareMs),
          1.8,
          'lower',
        ),
        goalOf('空闲内存 idle MiB', [idleMib], 85, 'lower'),
        goalOf('一天账务峰值 peak MiB of a day of sales', [Math.max(...day)], 110, 'lower'),
      ];
    } finally {
      rmSync(home, { recursive: true });
    }
  },
});
