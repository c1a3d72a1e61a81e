import { expect, test } from 'vitest';
import type { ConsoleEvent } from '../../../terminal/console/contract.ts';
import { Progress } from '../../../terminal/console/progress.ts';
import { testClock } from '../../support/test-clock.ts';

test('the rows of an export are told as they are made, to who listens, and to nobody else', async () => {
  const clock = testClock();
  let done = 0;
  let looks = 0;
  const progress = new Progress(clock, () => {
    looks += 1;
    return done === 300 ? undefined : { id: 'E-1', done, of: 300 };
  });
  await clock.advance(10_000);
  expect(looks).toBe(0);
  const heard: ConsoleEvent[] = [];
  const stop = progress.listen((event) => heard.push(event));
  for (const rows of [0, 0, 100, 300]) {
    done = rows;
    await clock.advance(500);
  }
  const event = (rows: number) => ({
    event: 'progress',
    data: { of: 'export', no: 'E-1', at: 'exporting', done: rows, total: 300 },
  });
  expect(heard).toEqual([event(0), event(100)]);
  stop();
  const before = looks;
  await clock.advance(10_000);
  expect(looks).toBe(before);
  progress.listen(() => {});
  await clock.advance(500);
  expect(looks).toBe(before + 1);
});
