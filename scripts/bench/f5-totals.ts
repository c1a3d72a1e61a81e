import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Totals } from './f5-child.ts';
import { type Figure, goalOf, median } from './figure.ts';

/** F5: the totals of the open batch, as they run and as its rows come to, beside Y3: a GROUP BY over as many rows with a covering index. */
export const f5 = (quick: boolean): Figure => ({
  name: 'F5',
  title: '批次汇总 batch totals',
  run: async (say) => {
    const records = quick ? 100_000 : 1_000_000;
    const folder = mkdtempSync('.pos-bench-');
    try {
      const child = join(import.meta.dirname, 'bench-f5-child.js');
      const { rounds, agree }: Totals = JSON.parse(
        execFileSync(process.execPath, [child, folder, String(records)], { encoding: 'utf8' }),
      );
      const middle = (of: (round: Totals['rounds'][number]) => number) => median(rounds.map(of));
      say(
        `${records} 笔 records: 实时汇总 running ${middle((r) => r.runningMs).toFixed(3)} ms, 逐笔核对 verified ` +
          `${middle((r) => r.verifiedMs).toFixed(0)} ms, Y3 ${middle((r) => r.y3Ms).toFixed(0)} ms, ` +
          `Y3 无覆盖索引 without a covering index ${middle((r) => r.bareMs).toFixed(0)} ms; 相符 agree: ${agree ? '是 yes' : '否 NO'}`,
      );
      return [
        goalOf(
          '实时 running ms',
          rounds.map((r) => r.runningMs),
          1,
          'lower',
        ),
        goalOf(
          '核对 verified × Y3',
          rounds.map((r) => r.verifiedMs / r.y3Ms),
          1.2,
          'lower',
        ),
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
});
