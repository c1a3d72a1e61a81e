import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { playDay } from './play-day.ts';
import { days, wordsOf } from './steps.ts';

/**
 * Random days with everything real, of merchants of all three modes (B-001): P-01 to P-09, P-14, P-25, P-26, P-32 behind every step, and all of them with terminal and
 * host at one when the day has ended. POS_DAYS: how many in all files together; POS_DAYS_SEED: which. A failure is shrunk to the fewest steps and printed with seed and path; POS_DAYS_PATH plays that one day of that seed again.
 */
const parts = 2;
const daysInAll = Number(process.env['POS_DAYS'] ?? 20);
const seed = Number(process.env['POS_DAYS_SEED'] ?? 20_261_120);
const path = process.env['POS_DAYS_PATH'];
const shrinkMs = 60_000;
const dayMs = 30_000;

/** Behind which step it was seen; the others are of no interest. */
const lastStep = (error: unknown): number | undefined =>
  Number(/behind step (\d+)/.exec(String(error))?.[1]) || undefined;

/** The days are of use only where all of it happened. */
const wanted = [
  /^sale approved/,
  /^preauth approved/,
  /^completion approved/,
  /^void approved/,
  /^code-sale approved/,
  /^stored-sale stored/,
  /^refund (succeeded|continues)/,
  /^settle /,
  /^by itself (AUTO|REALTIME) SUCCESS/,
  /^close closed/,
  /^host freeze/,
  /^host charge-back/,
  /^cut /,
];
const enoughDays = 10;

export function randomDays(part: number): void {
  const numRuns = path === undefined ? Math.ceil(daysInAll / parts) : 1;
  const seedHere = path === undefined ? seed + part : seed;
  describe(`random days, part ${part}`, () => {
    test(
      `B-001, P-01 to P-09, P-14, P-25, P-26, P-32: ${numRuns} days from seed ${seedHere}, the books sound behind every step, and at one at the end`,
      async () => {
        const seen = new Map<string, number>();
        let failedAtMs: number | undefined;
        const ran = await fc.check(
          fc.asyncProperty(fc.noBias(days), async (plan) => {
            // Enough was tried to make it shorter.
            if (failedAtMs !== undefined && Date.now() > failedAtMs + shrinkMs) return;
            try {
              for (const [what, times] of await playDay(plan)) seen.set(what, (seen.get(what) ?? 0) + times);
            } catch (error) {
              failedAtMs ??= Date.now();
              throw error;
            }
          }),
          { numRuns, seed: seedHere, endOnFailure: false, ...(path !== undefined && { path }) },
        );
        const [plan] = ran.counterexample ?? [];
        const story = plan && [
          `POS_DAYS_SEED=${seedHere} POS_DAYS_PATH=${ran.counterexamplePath}`,
          JSON.stringify(plan.settings),
          ...plan.steps.slice(0, lastStep(ran.errorInstance)).map((step, n) => `${n + 1}. ${wordsOf(step)}`),
          String(ran.errorInstance),
        ];
        expect(ran.failed, story?.join('\n')).toBe(false);
        const missing = wanted.filter((what) => ![...seen.keys()].some((one) => what.test(one)));
        if (numRuns >= enoughDays) expect(missing).toEqual([]);
        if (process.env['POS_DAYS_TELL'])
          console.info(
            [...seen]
              .toSorted()
              .map(([what, n]) => `${n} ${what}`)
              .join('\n'),
          );
      },
      numRuns * dayMs + shrinkMs * 2,
    );
  });
}
