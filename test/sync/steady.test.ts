import { describe, expect, it } from 'vitest';
import { Steady } from '../../sync/steady.ts';
import { testClock } from '../support/test-clock.ts';

describe('steady time', () => {
  it.each([
    ['nobody sets the clock', 0, 0],
    ['it is set an hour forward', 3_600_000, 1],
    ['it is set an hour back', -3_600_000, 1],
  ])('runs on when %s', async (_, jumpMs, jumps) => {
    const clock = testClock();
    let jumped = 0;
    const steady = new Steady(clock, 1_000, () => jumped++);
    steady.start();
    await clock.advance(5_500);
    expect(steady.elapsedMs()).toBe(5_500);
    clock.jump(jumpMs);
    await clock.advance(4_500);
    // at worst what had passed of one tick is lost or doubled
    expect(Math.abs(steady.elapsedMs() - 10_000)).toBeLessThanOrEqual(1_000);
    expect(jumped).toBe(jumps);
    steady.stop();
    expect(clock.pending()).toBe(0);
  });
});
