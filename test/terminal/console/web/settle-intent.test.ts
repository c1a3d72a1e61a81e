import { expect, test } from 'vitest';
import { isStillUnanswered, keptIntent } from '../../../../terminal/console/web/pages/settle-intent.ts';

test.each([
  ['no answer came', false, 'NO_ANSWER', true],
  ['no answer came again', true, 'NO_ANSWER', true],
  ['something between answered for the terminal', false, 'HTTP_502', true],
  ['the password was wrong at the first try', false, 'SECRET_WRONG', false],
  ['the password was wrong when it was tried again', true, 'SECRET_WRONG', true],
  ['the session ended meanwhile', true, 'UNAUTHENTICATED', true],
  ['the terminal was busy', true, 'DEVICE_BUSY', true],
  ['the terminal looked, had no such settlement, and the balance is another', true, 'STALE_BALANCE', false],
  ['the terminal looked, had no such settlement, and settling is frozen', true, 'SETTLE_FROZEN', false],
])('B-051: whether a settlement may have been made: %s', (_, before, code, isUnanswered) => {
  expect(isStillUnanswered(before, code)).toBe(isUnanswered);
});

test('B-051: what the tab kept comes back with its number, and nothing else does', () => {
  const intent = { amountFen: 5_000, seenAvailableFen: 21_650, accountVersion: 1, key: 'abcdefgh', isUnanswered: true };
  expect(keptIntent(JSON.stringify(intent))).toEqual(intent);
  for (const text of [
    null,
    'null',
    '{}',
    JSON.stringify({ ...intent, key: 1 }),
    JSON.stringify({ ...intent, amountFen: 'x' }),
  ])
    expect(keptIntent(text)).toBeUndefined();
});
