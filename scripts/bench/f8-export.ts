import { mkdtempSync, rmSync } from 'node:fs';
import { inChild } from './child-work.ts';
import type { ExportRound } from './f8-child.ts';
import { type Figure, goalOf, median } from './figure.ts';
import type { Watched } from './loop-watch.ts';

const roundCount = 5;

/** F8: a file of a million transactions as the terminal makes it, beside Y7: the `sqlite3` command line in csv mode that writes the same lines. */
export const f8 = (quick: boolean): Figure => ({
  name: 'F8',
  title: '导出 exports',
  run: async (say) => {
    const rows = quick ? 100_000 : 1_000_000;
    const folder = mkdtempSync('.pos-bench-');
    try {
      inChild('f8-child', 'seed', folder, String(rows));
      const rounds = Array.from(
        { length: roundCount },
        (): ExportRound => JSON.parse(inChild('f8-child', 'csv', folder)),
      );
      const xlsx: Watched = JSON.parse(inChild('f8-child', 'xlsx', folder));
      const middle = (of: (round: ExportRound) => number) => median(rounds.map(of)).toFixed(0);
      say(
        `${rows} 行 rows: CSV ${middle((r) => r.csv.ms)} ms, Y7 ${middle((r) => r.y7Ms)} ms ` +
          `(原样 as stored ${middle((r) => r.bareMs)} ms); XLSX ${xlsx.ms.toFixed(0)} ms, +${xlsx.memoryMb.toFixed(0)} MB, ` +
          `最长阻塞 longest block ${xlsx.blockedMs.toFixed(1)} ms`,
      );
      return [
        goalOf(
          'CSV × Y7',
          rounds.map((r) => r.csv.ms / r.y7Ms),
          1,
          'lower',
        ),
        goalOf(
          '内存 memory MB',
          rounds.map((r) => r.csv.memoryMb),
          30,
          'lower',
        ),
        goalOf(
          '阻塞 blocked ms',
          rounds.map((r) => r.csv.blockedMs),
          20,
          'lower',
        ),
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
});
