import { describe, expect, test } from 'vitest';
import { type Plan, planAt } from '../../scripts/storm/plan.ts';
import { playRound } from '../../scripts/storm/round.ts';
import { seeded } from '../../scripts/storm/seeded.ts';

const limitMs = 60_000;

/** One business day for each point of a table. */
export function eachIsSurvived(whose: Plan['victim']['who'], points: readonly Parameters<typeof planAt>[0][]): void {
  describe(`every crash point of the ${whose} is reached by a business day, and survived`, () => {
    test.each(points)(
      '%s',
      async (point) => {
        const { died, problems } = await playRound(planAt(point, 1, seeded(1)));
        expect({ point, died, problems }).toEqual({ point, died: true, problems: [] });
      },
      limitMs,
    );
  });
}
