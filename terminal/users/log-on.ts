import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { type Database, inTransaction, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { secretMatches } from './secret.ts';
import { countTry, forgetTries, secretOf, type Tries, triesOf } from './store.ts';
import { type User, userOf } from './user.ts';

const maxWrong = 5;
const firstLockMs = 5 * 60_000;

/**
 * Logs an operator on. Five wrong secrets lock the number for 5 minutes, each further lock-out twice as long; a right one forgets them all.
 * A number without an operator answers like a wrong secret, in words and in time. One audit line for each try, never with the secret.
 * Throws SECRET_WRONG, OPERATOR_LOCKED, BAD_REQUEST for what is no number.
 */
export async function logOn(
  db: Database,
  { clock }: { readonly clock: Clock },
  no: string,
  secret: string,
): Promise<User> {
  return proveSecret(db, clock, no, secret, 'log-on');
}

/** The same proof for another deed, which is done in the transaction that counts the try. */
export async function proveSecret(
  db: Database,
  clock: Clock,
  no: string,
  secret: string,
  action: string,
  deed: (tx: Tx) => void = () => {},
): Promise<User> {
  const user = userOf(no);
  if (!user) throw new TerminalError('BAD_REQUEST', { what: 'operator' });
  const matches = await secretMatches(secret, secretOf(db, no));
  const refusal = inTransaction(db, (tx) => {
    const refused = judge(tx, clock.now(), no, matches);
    if (!refused) deed(tx);
    const outcome = refused ? 'refused' : 'ok';
    audit(tx, { at: clock.now(), by: no, action, about: no, outcome, details: refused ? { code: refused.code } : {} });
    return refused;
  });
  if (refusal) throw refusal;
  return user;
}

/** The lock is looked at after the secret was tried, so that tries at the same time count one by one. */
function judge(tx: Tx, now: number, no: string, matches: boolean): TerminalError | undefined {
  const tries = triesOf(tx.db, no);
  if (isLocked(tries, now)) return locked(no, tries.lockedUntil - now);
  if (matches) {
    forgetTries(tx, no);
    return undefined;
  }
  const wrong = tries.wrong + 1;
  if (wrong < maxWrong) {
    countTry(tx, no, { ...tries, wrong });
    return new TerminalError('SECRET_WRONG', { left: maxWrong - wrong });
  }
  const lockOuts = tries.lockOuts + 1;
  countTry(tx, no, { wrong: 0, lockOuts, lockedUntil: now + lockMs(lockOuts) });
  return locked(no, lockMs(lockOuts));
}

const lockMs = (lockOuts: number): number => firstLockMs * 2 ** (lockOuts - 1);

/** A lock that ends further away than it can last was made under a clock that was wrong: it does not count. */
export const isLocked = ({ lockOuts, lockedUntil }: Tries, now: number): boolean =>
  lockedUntil > now && lockedUntil - now <= lockMs(lockOuts);

const locked = (no: string, leftMs: number): TerminalError =>
  new TerminalError('OPERATOR_LOCKED', { operator: no, minutes: Math.ceil(leftMs / 60_000) });
