/** One goal of figures.md as measured: `ratio` is the measured number in the goal's unit, median of the rounds. */
export interface Goal {
  readonly name: string;
  readonly ratio: number;
  readonly goal: number;
  /** Whether more or less is better. */
  readonly better: 'higher' | 'lower';
  readonly range: readonly [number, number];
}

/** A figure runs its yardstick and our code in turn, in the same process or side by side, and reports what it does. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  run(say: (line: string) => void): Promise<readonly Goal[]>;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new RangeError('median of nothing');
  return middle;
};

/** Goal from the ratios of all rounds. */
export const goalOf = (name: string, ratios: readonly number[], goal: number, better: 'higher' | 'lower'): Goal => ({
  name,
  ratio: median(ratios),
  goal,
  better,
  range: [Math.min(...ratios), Math.max(...ratios)],
});
