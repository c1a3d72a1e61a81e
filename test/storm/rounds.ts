import { describe, expect, test } from 'vitest';
import { planOf } from '../../scripts/storm/plan.ts';
import { playRound } from '../../scripts/storm/round.ts';

const seed = 11;
const limitMs = 60_000;

/** Rounds of the storm; `npm run storm -- --rounds 200 --seed S` plays more. */
export function stormRounds(first: number, count: number): void {
  describe('whatever dies, no payment is lost, doubled or undecided', () => {
    test.each(Array.from({ length: count }, (_, n) => first + n))(
      `seed ${seed}, round %i`,
      async (round) => {
        const { problems } = await playRound(planOf(seed, round));
        expect(problems, `repeat: npm run storm -- --rounds 1 --seed ${seed} --first ${round}`).toEqual([]);
      },
      limitMs,
    );
  });
}
