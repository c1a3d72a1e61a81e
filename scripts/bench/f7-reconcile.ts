import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inChild } from './child-work.ts';
import type { MatchRound } from './f7-child.ts';
import { type Figure, type Goal, goalOf, median } from './figure.ts';

const roundCount = 5;

/** F7: a day's bill against the book, read from its parts and matched as the terminal does it, beside Y4: the streaming merge of two plain tables of as many rows. */
export const f7 = (quick: boolean): Figure => ({
  name: 'F7',
  title: '对账 reconciliation',
  run: async (say) => {
    const folder = mkdtempSync('.pos-bench-');
    try {
      const sizes = quick ? [100_000] : [100_000, 1_000_000];
      return sizes.flatMap((lines) => measured(join(folder, String(lines)), lines, say));
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
});

function measured(folder: string, lines: number, say: (line: string) => void): readonly Goal[] {
  mkdirSync(folder);
  const bill = inChild('f7-child', 'seed', folder, String(lines));
  const rounds = Array.from(
    { length: roundCount },
    (): MatchRound => JSON.parse(inChild('f7-child', 'match', folder, bill)),
  );
  const middle = (of: (round: MatchRound) => number) => median(rounds.map(of)).toFixed(0);
  say(
    `${lines} 行 lines: ${middle((r) => r.ours.ms)} ms, Y4 ${middle((r) => r.y4Ms)} ms; ` +
      `差异 differences found ${[...new Set(rounds.map(({ found }) => found))].join(', ')}`,
  );
  const goal = (name: string, of: (round: MatchRound) => number, limit: number): Goal =>
    goalOf(`${lines} ${name}`, rounds.map(of), limit, 'lower');
  return [
    goal('× Y4', (r) => r.ours.ms / r.y4Ms, 1.3),
    goal('内存 memory MB', (r) => r.ours.memoryMb, 30),
    goal('阻塞 blocked ms', (r) => r.ours.blockedMs, 20),
  ];
}
