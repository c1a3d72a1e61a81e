import { seeded } from '../storm/seeded.ts';
import { checkSurvivor, type Verdict } from './check-survivor.ts';
import { CrashDisk, type CrashState } from './crash-disk.ts';
import { CrashFiles } from './crash-files.ts';
import type { Act, Fact } from './disk-trace.ts';

export interface CutPlan {
  /** How many states at least. */
  readonly states: number;
  readonly seed: number;
  /** An empty folder; best in memory. */
  readonly folder: string;
}

export interface CutResult {
  readonly states: number;
  readonly ms: number;
  /** In how many states something told was lost, and in how many something else was wrong. */
  readonly losing: number;
  readonly breaking: number;
  /** The most that one state lost. */
  readonly mostLost: number;
  /** The first few, in words. */
  readonly examples: readonly string[];
}

/** So many states with all that a start does; the others are recovered only. */
const writtenEvery = 12;
const maxExamples = 10;

/** Acts between two syncs: the power goes somewhere among them. `first`: its place in the trace. */
interface Stretch {
  readonly first: number;
  readonly acts: readonly Act[];
}

/**
 * Cuts the power all along a recorded trace: in each stretch between two syncs with nothing and with everything of what was not synced, and by chance in
 * between, and holds what is left against what was told by then.
 */
export function cutPower(trace: readonly Act[], { states, seed, folder }: CutPlan): CutResult {
  const chance = seeded(seed).next;
  const stretches = stretchesOf(trace);
  const each = Math.max(2, Math.ceil(states / stretches.length));
  const disk = new CrashDisk();
  const files = new CrashFiles(folder);
  const told = new Map<string, Fact>();
  const result = { states: 0, losing: 0, breaking: 0, mostLost: 0, examples: [] as string[] };
  const started = performance.now();
  const look = (state: CrashState, at: number): void => {
    const { lost, broken } = verdictOf(files, state, told, result.states % writtenEvery === 0);
    result.states += 1;
    result.losing += lost.length > 0 ? 1 : 0;
    result.breaking += broken.length > 0 ? 1 : 0;
    result.mostLost = Math.max(result.mostLost, lost.length);
    const [problem] = [...lost, ...broken];
    if (problem && result.examples.length < maxExamples)
      result.examples.push(`act ${at} of ${trace.length} (${state.how}): ${problem}`);
  };
  try {
    for (const { first, acts } of stretches) {
      const cuts = Array.from({ length: each - 2 }, () => Math.floor(chance() * acts.length)).sort((a, b) => a - b);
      for (const [index, act] of acts.entries()) {
        for (; cuts[0] === index; cuts.shift()) look(disk.random(chance), first + index);
        if (index === acts.length - 1)
          for (const kept of ['none', 'all'] as const) look(disk.extreme(kept), first + index);
        const kept = disk.apply(act);
        if (kept) files.keep(kept);
        if (act.is === 'told') for (const fact of act.facts) told.set(`${fact.table} ${fact.no}`, fact);
      }
    }
    return { ...result, ms: performance.now() - started };
  } finally {
    files.close();
  }
}

function verdictOf(files: CrashFiles, state: CrashState, told: ReadonlyMap<string, Fact>, write: boolean): Verdict {
  const isRolledBack = state.names.has('terminal.db-journal');
  files.show(state);
  try {
    if (!state.names.has('terminal.db')) return { lost: [...told.keys()], broken: [] };
    return checkSurvivor(files.home, told, write || isRolledBack);
  } finally {
    files.clear(write || isRolledBack);
  }
}

function stretchesOf(trace: readonly Act[]): readonly Stretch[] {
  const ends = trace.flatMap(({ is }, index) => (is === 'synced' ? [index + 1] : []));
  const borders = [0, ...ends.filter((end) => end < trace.length), trace.length];
  return borders.slice(1).map((end, index) => {
    const first = borders[index] ?? 0;
    return { first, acts: trace.slice(first, end) };
  });
}
