import { describe, expect, test } from 'vitest';
import { allPoints, planAt } from '../../scripts/storm/plan.ts';
import { playRound } from '../../scripts/storm/round.ts';
import { seeded } from '../../scripts/storm/seeded.ts';

const limitMs = 60_000;

describe('every crash point of the tables is reached by a business day, and survived', () => {
  test.each(allPoints)(
    '%s',
    async (point) => {
      const { died, problems } = await playRound(planAt(point, 1, seeded(1)));
      expect({ point, died, problems }).toEqual({ point, died: true, problems: [] });
    },
    limitMs,
  );
});
