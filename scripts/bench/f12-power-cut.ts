import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CutResult, cutPower } from './cut-power.ts';
import type { Act } from './disk-trace.ts';
import { type Figure, goalOf } from './figure.ts';
import { recordDisk } from './record-disk.ts';

const seed = 20_261_122;
/** Where there is no memory to write to, the temporary folder will do. */
const inMemory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Records so many turns of the terminal's day and cuts its power in so many states. */
async function trial(
  turns: number,
  states: number,
  synchronous?: 'NORMAL' | 'OFF',
): Promise<{ readonly trace: readonly Act[]; readonly result: CutResult }> {
  const folder = mkdtempSync(join(inMemory, 'pos-bench-'));
  try {
    const trace = await recordDisk(folder, { turns, ...(synchronous && { synchronous }) });
    const crashed = join(folder, 'crashed');
    mkdirSync(crashed);
    return { trace, result: cutPower(trace, { states, seed, folder: crashed }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const count = (trace: readonly Act[], is: Act['is']): number => trace.filter((act) => act.is === is).length;

const inWords = ({ states, ms, losing, breaking, mostLost }: CutResult): string =>
  `${states} 状态 states, ${((states * 1000) / ms).toFixed(0)}/s: ${losing} 丢失 lost something told (最多 at most ${mostLost}), ${breaking} 账不对 broke a rule`;

/** F12: the power is cut all along a trace of the terminal at work, and each disk that could be left is opened and proved. */
export const f12 = (quick: boolean): Figure => ({
  name: 'F12',
  title: '断电 power cut',
  run: async (say) => {
    const { trace, result } = await trial(quick ? 1 : 3, quick ? 1_000 : 10_000);
    say(
      `${trace.length} 次操作 acts: ${count(trace, 'written')} 写 writes, ${count(trace, 'synced')} 同步 syncs, ${count(trace, 'told')} 次告知 told, 种子 seed ${seed}`,
    );
    say(inWords(result));
    for (const example of result.examples) say(`  ${example}`);
    const mutant = await trial(1, 1_000, 'NORMAL');
    say(`变异 mutation, synchronous=NORMAL: ${inWords(mutant.result)}`);
    const worse = await trial(1, 1_000, 'OFF');
    say(`变异 mutation, synchronous=OFF: ${inWords(worse.result)}`);
    return [
      goalOf('丢失的已告知交易 states that lost something told', [result.losing], 0, 'lower'),
      goalOf('账不对的状态 states that broke a rule', [result.breaking], 0, 'lower'),
      goalOf('状态 states', [result.states], quick ? 1_000 : 10_000, 'higher'),
      goalOf('秒 seconds', [result.ms / 1000], 60, 'lower'),
      goalOf('NORMAL 时丢失 states that lose with NORMAL', [mutant.result.losing], 1, 'higher'),
      goalOf('OFF 时账不对 states that break a rule with OFF', [worse.result.breaking], 1, 'higher'),
    ];
  },
});
