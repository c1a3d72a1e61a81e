import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cost, Round } from './f1-child.ts';
import { type Figure, goalOf, median } from './figure.ts';
import { shimEnvironment } from './sync-shim.ts';

const rounds = 5;

const rateOf = (cost: Cost): number => (cost.count / cost.ms) * 1000;
const cpuOf = (cost: Cost): number => cost.cpuMs / cost.count;
const syncsOf = (cost: Cost): number => cost.syncs / cost.count;
const kibOf = (cost: Cost): number => cost.writtenBytes / cost.count / 1024;
const msOf = (cost: Cost): number => cost.ms / cost.count;

/** On the disk of the working folder: a temporary folder may be memory. */
function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync('.pos-bench-');
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measure(sales: number): readonly Round[] {
  return inFolder((folder) => {
    const env = shimEnvironment(folder);
    const child = join(import.meta.dirname, 'bench-f1-child.js');
    return Array.from(
      { length: rounds },
      (): Round =>
        JSON.parse(execFileSync(process.execPath, [child, folder, String(sales)], { env, encoding: 'utf8' })),
    );
  });
}

function report(results: readonly Round[], say: (line: string) => void): void {
  const middle = (of: (round: Round) => number) => median(results.map(of));
  const row = (name: string, of: (round: Round) => Cost) =>
    say(
      `${name}: ${middle((r) => rateOf(of(r))).toFixed(0)} /s, CPU ${middle((r) => cpuOf(of(r))).toFixed(3)} ms, ` +
        `${middle((r) => syncsOf(of(r))).toFixed(2)} syncs, ${middle((r) => kibOf(of(r))).toFixed(1)} KiB`,
    );
  row('Y1 手写 hand-written', (r) => r.yardstick);
  row('入账 sale commit', (r) => r.sale);
  row('入账,开机后前 100 笔 first 100', (r) => r.saleFirst);
  say(`Y2 fdatasync 4 KiB: ${middle((r) => r.syncMs).toFixed(3)} ms`);
  row('Y1, sync + 5 ms', (r) => r.yardstickSlow);
  row('入账 sale commit, sync + 5 ms', (r) => r.saleSlow);
  say(
    `整笔交易 whole sale: ${middle((r) => r.wholeSlow.commitsEach)} 次提交 commits (意图 intent, 结果 result, 打印 printed), ` +
      `${middle((r) => syncsOf(r.wholeSlow)).toFixed(2)} syncs, ${middle((r) => msOf(r.wholeSlow)).toFixed(1)} ms at + 5 ms a sync`,
  );
}

/** F1: the commit of an approved sale beside the same written by hand. */
export const f1 = (quick: boolean): Figure => ({
  name: 'F1',
  title: '入账 sale commit',
  run: async (say) => {
    const results = measure(quick ? 200 : 2000);
    report(results, say);
    const ratios = (of: (round: Round) => number) => results.map(of);
    return [
      goalOf(
        '× Y1 笔/秒 sales/s',
        ratios((r) => rateOf(r.sale) / rateOf(r.yardstick)),
        0.75,
        'higher',
      ),
      goalOf(
        '× Y1 CPU',
        ratios((r) => cpuOf(r.sale) / cpuOf(r.yardstick)),
        1.5,
        'lower',
      ),
      goalOf(
        'syncs/笔 commit',
        ratios((r) => syncsOf(r.sale)),
        1.05,
        'lower',
      ),
      goalOf(
        'syncs/笔 commit, 前 100 first 100',
        ratios((r) => syncsOf(r.saleFirst)),
        1.05,
        'lower',
      ),
      goalOf(
        'KiB/笔 written per sale',
        ratios((r) => kibOf(r.sale)),
        40,
        'lower',
      ),
      goalOf(
        '× Y1 笔/秒, sync + 5 ms',
        ratios((r) => rateOf(r.saleSlow) / rateOf(r.yardstickSlow)),
        0.75,
        'higher',
      ),
    ];
  },
});
