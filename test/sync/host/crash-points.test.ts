import { expect, test } from 'vitest';
import { hostCrashPoints, parseCrashPlan } from '../../../sync/host/crash-points.ts';

test.each([
  { value: undefined, plan: null },
  { value: '', plan: null },
  { value: 'sale.before-commit:1', plan: null },
  { value: 'host.before-ack:3', plan: { point: 'host.before-ack', left: 3 } },
])('$value is $plan', ({ value, plan }) => {
  expect(parseCrashPlan(value)).toEqual(plan);
});

test.each(['host.no-such:1', 'host.before-ack', 'host.before-ack:0', 'host.before-ack:x'])(
  '%s is refused: a storm that kills nothing would prove nothing',
  (value) => {
    expect(() => parseCrashPlan(value)).toThrow('POS_CRASH');
  },
);

test('every point says what is true there', () => {
  for (const text of Object.values(hostCrashPoints)) expect(text.length).toBeGreaterThan(20);
});
