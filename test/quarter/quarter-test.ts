import { expect, test } from 'vitest';
import { checkCounts, checkLogs, checkNothingLeft, checkPaidOnce } from './check-end.ts';
import { checkExports } from './check-files.ts';
import { playQuarter } from './play-quarter.ts';
import { Shop } from './shop.ts';
import type { Story } from './story.ts';

/**
 * Weeks of a shop, with everything real but the time: four in `npm test`, a quarter with the system tests. POS_QUARTER_SEED: other customers; POS_QUARTER_TELL: what happened
 * how often.
 */
const seed = Number(process.env['POS_QUARTER_SEED'] ?? 20_260_921);
const mostMs = 600_000;

const rules =
  'B-002 to B-007, B-012, B-025, B-026, B-032, B-036, B-050 to B-052, B-054, P-01 to P-09, P-25, P-26, P-28, P-29, P-31';

export function quarterTest(name: string, story: Story): void {
  test(
    `${rules}: ${name} of sales in all modes, with outages and failures: sound after every day, and each payment is settled once`,
    async () => {
      const shop = await Shop.open(story.first, seed);
      try {
        await playQuarter(story, shop);
        if (process.env['POS_QUARTER_TELL']) console.info([...shop.tally].toSorted().join('\n'));
        checkNothingLeft(shop);
        await checkPaidOnce(shop, story);
        checkCounts(shop, story);
        await checkExports(shop, story.first, story.last);
        checkLogs(shop);
        expect([...shop.tally.keys()]).toEqual(expect.arrayContaining(['sale swipe', 'code-sale', 'void', 'refund']));
      } finally {
        await shop.system.stop();
      }
    },
    mostMs,
  );
}
