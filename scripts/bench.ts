import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import type { Figure, Goal } from './bench/figure.ts';

/**
 * `npm run bench -- F1 [F2 …] [--json] [--quick]`: the figures of figures.md, each beside its yardstick in the same run; without a name, all.
 * With --json the table goes to stderr and stdout has one line for each figure. `--quick` measures less in each round.
 */

const figures: Readonly<Record<string, (quick: boolean) => Promise<Figure>>> = {
  F1: async (quick) => (await import('./bench/f1-sale.ts')).f1(quick),
  F2: async () => (await import('./bench/f2-link.ts')).f2,
  F3: async (quick) => (await import('./bench/f3-start.ts')).f3(quick),
  F4: async (quick) => (await import('./bench/f4-counter.ts')).f4(quick),
  F5: async (quick) => (await import('./bench/f5-totals.ts')).f5(quick),
  F6: async (quick) => (await import('./bench/f6-upload.ts')).f6(quick),
  F7: async (quick) => (await import('./bench/f7-reconcile.ts')).f7(quick),
  F8: async (quick) => (await import('./bench/f8-export.ts')).f8(quick),
  F10: async (quick) => (await import('./bench/f10-receipt.ts')).f10(quick),
  F11: async () => (await import('./bench/f11-fee.ts')).f11,
  F12: async (quick) => (await import('./bench/f12-power-cut.ts')).f12(quick),
};

const isMet = (goal: Goal): boolean => (goal.better === 'higher' ? goal.ratio >= goal.goal : goal.ratio <= goal.goal);

const shown = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 3);

function tableOf(goals: readonly Goal[]): string {
  const table = new Table({
    head: ['指标 goal', '中位 median', '范围 range', '要求 wanted', '达到 met'],
    style: { head: [], border: [] },
  });
  for (const goal of goals) {
    const wanted = `${goal.better === 'higher' ? '≥' : '≤'} ${shown(goal.goal)}`;
    table.push([
      goal.name,
      shown(goal.ratio),
      goal.range.map(shown).join(' – '),
      wanted,
      isMet(goal) ? '是 yes' : '否 NO',
    ]);
  }
  return table.toString();
}

const line = (figure: Figure, goals: readonly Goal[]): string =>
  JSON.stringify({
    figure: figure.name,
    goals: goals.map((goal) => ({ name: goal.name, ratio: goal.ratio, goal: goal.goal, met: isMet(goal) })),
  });

/** Absolute times mean nothing on another machine, so it is named. */
function machine(): string {
  const [cpu] = cpus();
  return [
    `${cpu?.model.trim() ?? 'CPU'} × ${cpus().length}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Linux ${release()}`,
    `Node ${process.version}`,
    execFileSync('df', ['--output=fstype', '.'], { encoding: 'utf8' }).split('\n')[1] ?? '',
  ].join(', ');
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
  });
  const names = positionals.length > 0 ? positionals.map((name) => name.toUpperCase()) : Object.keys(figures);
  const unknown = names.filter((name) => !Object.hasOwn(figures, name));
  if (unknown.length > 0) {
    process.stderr.write(`没有这项 no such figure: ${unknown.join(' ')} (${Object.keys(figures).join(' ')})\n`);
    process.exitCode = 2;
    return;
  }
  const say = (text: string) => (values.json ? process.stderr : process.stdout).write(`${text}\n`);
  say(`机器 machine: ${machine()}`);
  const results: string[] = [];
  for (const name of names) {
    const figure = await figures[name]?.(values.quick);
    if (!figure) continue;
    say(`\n${figure.name} ${figure.title}`);
    const goals = await figure.run(say);
    say(tableOf(goals));
    results.push(line(figure, goals));
  }
  if (values.json) process.stdout.write(`${results.join('\n')}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `测量失败 bench failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
});
