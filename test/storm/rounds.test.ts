import { describe, expect, test } from 'vitest';
import { planOf } from '../../scripts/storm/plan.ts';
import { playRound } from '../../scripts/storm/round.ts';

/** Seven rounds of the storm; `npm run storm -- --rounds 200 --seed S` plays more. */
const seed = 11;
const limitMs = 60_000;

describe('whatever dies, no payment is lost, doubled or undecided', () => {
  test.each(Array.from({ length: 7 }, (_, round) => round))(
    `seed ${seed}, round %i`,
    async (round) => {
      const { problems } = await playRound(planOf(seed, round));
      expect(problems, `repeat: npm run storm -- --rounds 1 --seed ${seed} --first ${round}`).toEqual([]);
    },
    limitMs,
  );
});
