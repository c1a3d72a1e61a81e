import { type AuditLine, audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { type Database, inTransaction, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { type SealedSecret, sealSecret, secretMatches } from './secret.ts';
import { countTry, forgetTries, isFirstSecret, secretOf, type Tries, triesOf, updateSecret } from './store.ts';
import { type KeypadUser, secretFits, type User, userOf } from './user.ts';

const maxWrong = 5;
const firstLockMs = 5 * 60_000;

export interface LogOn {
  readonly no: string;
  readonly secret: string;
  /** Replaces the secret. */
  readonly newSecret?: string | undefined;
  /** A secret that somebody else chose must be replaced first; not in simulated mode. */
  readonly mustOwnSecret?: boolean;
  /** `unlock` at a locked terminal. */
  readonly action?: 'log-on' | 'unlock';
  /** What else a log-on begins, in its transaction. */
  readonly deed?: (tx: Tx, user: User) => void;
}

/**
 * Logs an operator on. Five wrong secrets lock the number for 5 minutes, each further lock-out twice as long; a right one forgets them all.
 * A number without an operator answers like a wrong secret, in words and in time. One audit line for each try, never with the secret.
 * Throws SECRET_WRONG, OPERATOR_LOCKED, BAD_REQUEST for what is no number or no new secret, ILLEGAL_STATE (FIRST_SECRET) when a new secret must
 * come with it.
 */
export async function logOn(
  db: Database,
  deps: { readonly clock: Clock; readonly random: Random },
  { no, secret, newSecret, mustOwnSecret = false, action = 'log-on', deed }: LogOn,
): Promise<User> {
  const sealed = newSecret === undefined ? undefined : await sealNew(deps.random, no, secret, newSecret);
  return proveSecret(db, deps.clock, no, secret, {
    line: { by: no, action, about: no },
    deed: (tx) => {
      if (mustOwnSecret && !sealed && isFirstSecret(tx.db, no))
        return new TerminalError('ILLEGAL_STATE', { state: 'FIRST_SECRET', event: action });
      if (sealed) replaceSecret(tx, deps.clock, no, sealed);
      deed?.(tx, knownUser(no));
      return undefined;
    },
  });
}

/** Throws BAD_REQUEST for a secret of the wrong form, and for the old one. */
export async function sealNew(random: Random, no: string, oldSecret: string, newSecret: string): Promise<SealedSecret> {
  if (!secretFits(knownUser(no), newSecret)) throw new TerminalError('BAD_REQUEST', { what: 'secret' });
  if (oldSecret === newSecret) throw new TerminalError('BAD_REQUEST', { what: 'same-secret' });
  return sealSecret(random, newSecret);
}

function replaceSecret(tx: Tx, clock: Clock, no: string, sealed: SealedSecret): void {
  updateSecret(tx, no, sealed, false);
  audit(tx, { at: clock.now(), by: no, action: 'change-secret', about: no, outcome: 'ok' });
}

export function knownUser(no: string): KeypadUser {
  const user = userOf(no);
  if (!user) throw new TerminalError('BAD_REQUEST', { what: 'operator' });
  return user;
}

export interface Proof {
  /** What is written down of the try, whatever comes of it. */
  readonly line: Pick<AuditLine, 'by' | 'action' | 'about' | 'details'>;
  /** What the right secret is for, in the transaction that counts the try. A refusal that it returns is written down too; it must have changed nothing. */
  readonly deed?: (tx: Tx) => TerminalError | undefined;
  /** What the right secret is for leaves a line of its own; this one is written only for a refusal. */
  readonly quiet?: boolean;
}

/** A secret as the terminal keeps it, and the name under which wrong ones are counted. `sealed` is undefined where there is none: then nothing fits. */
export interface KeptSecret {
  readonly no: string;
  readonly sealed: SealedSecret | undefined;
}

/** SECRET_WRONG, OPERATOR_LOCKED, BAD_REQUEST, and what `deed` returns. */
export async function proveSecret(db: Database, clock: Clock, no: string, secret: string, proof: Proof): Promise<User> {
  const user = knownUser(no);
  await prove(db, clock, { no, sealed: secretOf(db, no) }, secret, proof);
  return user;
}

/**
 * Every secret that the terminal asks for goes through here, so that wrong ones are counted together, whatever they were asked for. Throws
 * SECRET_WRONG, OPERATOR_LOCKED, and what `deed` returns.
 */
export async function prove(
  db: Database,
  clock: Clock,
  { no, sealed }: KeptSecret,
  secret: string,
  { line, deed, quiet = false }: Proof,
): Promise<void> {
  const matches = await secretMatches(secret, sealed);
  const refusal = inTransaction(db, (tx) => {
    const refused = judge(tx, clock.now(), no, matches) ?? deed?.(tx);
    if (quiet && !refused) return undefined;
    const details = { ...line.details, ...(refused && { code: refused.code }) };
    audit(tx, { ...line, at: clock.now(), outcome: refused ? 'refused' : 'ok', details });
    return refused;
  });
  if (refusal) throw refusal;
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
