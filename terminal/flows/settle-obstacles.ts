import { shanghai } from '../base/clock.ts';
import { TerminalError } from '../base/errors.ts';
import { profileOf } from '../settlement/mode.ts';
import { usableAccount } from '../settlement/settle.ts';
import { abnormalRefusal } from './abnormal-device.ts';
import { requireRightClock } from './clock.ts';
import { requireOnline } from './host-link.ts';
import type { World } from './world.ts';

/** What stands in the way of a settlement now, in the order in which a person should mend it. Upstream looks again when it applies the row. */

type Rule = (world: World) => TerminalError | undefined;

/** AGREEMENT_REQUIRED (B-017), PROFILE_INCOMPLETE (B-020), ID_EXPIRED (B-021): what a merchant does before it may settle, or name an account. */
const profileRules: readonly Rule[] = [
  ({ db }) => {
    const profile = profileOf(db);
    return profile && profile.agreement !== profile.agreementInForce
      ? new TerminalError('AGREEMENT_REQUIRED', { limit: profile.agreementInForce })
      : undefined;
  },
  ({ db }) => {
    const profile = profileOf(db);
    const what = profile && (['contact', 'mobile'] as const).find((field) => !profile[field]);
    return what && new TerminalError('PROFILE_INCOMPLETE', { what });
  },
  ({ db, clock }) => {
    const until = profileOf(db)?.idValidUntil ?? null;
    return until !== null && until < shanghai(clock.now()).day
      ? new TerminalError('ID_EXPIRED', { value: until })
      : undefined;
  },
];

/** NO_SETTLE_ACCOUNT, SETTLE_ACCOUNT_ERRORED. */
const accountRule: Rule = ({ db }) => refusalOf(() => usableAccount(db));

/** CLOCK_WRONG: upstream takes a request for an old one. */
const clockRule: Rule = (world) => refusalOf(() => requireRightClock(world));

const linkRule: Rule = (world) => refusalOf(() => requireOnline(world));

function refusalOf(work: () => unknown): TerminalError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof TerminalError) return error;
    throw error;
  }
}

/** What stands until somebody mends it; beside it the link, for which what has time waits. */
const standing: readonly Rule[] = [...profileRules, accountRule, abnormalRefusal, clockRule];

const found = (world: World, rules: readonly Rule[]): readonly TerminalError[] =>
  rules.flatMap((rule) => rule(world) ?? []);

/** All of them, the first one first. */
export const settleObstacles = (world: World): readonly TerminalError[] => found(world, [...standing, linkRule]);

/** The first one that time does not mend. */
export const standingObstacle = (world: World): TerminalError | undefined => found(world, standing)[0];

/** AGREEMENT_REQUIRED, PROFILE_INCOMPLETE, ID_EXPIRED, NO_SETTLE_ACCOUNT, SETTLE_ACCOUNT_ERRORED, DEVICE_ABNORMAL, CLOCK_WRONG, OFFLINE. */
export function requireSettleable(world: World): void {
  const [first] = settleObstacles(world);
  if (first) throw first;
}

/** AGREEMENT_REQUIRED, PROFILE_INCOMPLETE, ID_EXPIRED. */
export function requireProfile(world: World): void {
  const [first] = found(world, profileRules);
  if (first) throw first;
}
