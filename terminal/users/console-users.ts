import { hash } from 'node:crypto';
import { AssertionFailed } from '../base/assert.ts';
import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { type Database, inTransaction, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { auditingRefusal } from './audit-refusal.ts';
import {
  acceptSecret,
  type ConsoleUserRow,
  consoleSecretOf,
  forgetApplied,
  forgetCode,
  forgetSecret,
  getConsoleUser,
  getConsoleUsers,
  pruneStrangers,
  saltOf,
  saveConsoleSecret,
  saveConsoleUser,
  saveSeen,
  strangerMark,
} from './console-store.ts';
import { isLocked, type Proof, prove } from './log-on.ts';
import { type SealedSecret, sealSecret } from './secret.ts';
import { forgetTries, triesOf } from './store.ts';
import { type ConsoleUser, passwordFits, type User } from './user.ts';

/** Named users of the console (B-008, B-020): upstream says who they are, their secrets are kept here. */

/** Upstream's record. One who was removed has no secret, no code and no wrong tries any more. */
export function recordUser(tx: Tx, now: number, record: ConsoleUser): void {
  const { login, role, state } = record;
  saveConsoleUser(tx, record);
  if (state === 'ACTIVE') acceptSecret(tx, login);
  else {
    forgetSecret(tx, login);
    forgetCode(tx, login);
    forgetTries(tx, login);
  }
  audit(tx, { at: now, by: 'SYS', action: 'user', about: login, outcome: 'ok', details: { role, state } });
}

/** Upstream did not want the user who applied under this number: the secret that was chosen with it is forgotten. */
export const refuseUser = (tx: Tx, application: string): void => forgetApplied(tx, application);

/** Who acts under this name now; undefined when nobody may. */
export function activeUser(db: Database, login: string): ConsoleUser | undefined {
  const user = getConsoleUser(db, login);
  return user?.state === 'ACTIVE' ? user : undefined;
}

/** Another one for each secret that this user had here; undefined without one. */
export const secretMark = (db: Database, login: string): string | undefined => saltOf(db, login);

/** By log-in name, those who were removed too. */
export const consoleUsers = (db: Database, clock: Clock): readonly (ConsoleUserRow & { readonly locked: boolean })[] =>
  getConsoleUsers(db).map((user) => ({ ...user, locked: isLocked(triesOf(db, user.login), clock.now()) }));

/**
 * Logs a user of the console on. A name without a user answers like a wrong secret, in words and in time, and is not written down: people type their secret there. One audit line for each
 * try. SECRET_WRONG, OPERATOR_LOCKED.
 */
export async function logOnConsole(db: Database, clock: Clock, login: string, secret: string): Promise<ConsoleUser> {
  if (!getConsoleUser(db, login)) return refuseStranger(db, clock, login, secret);
  await proveOwn(db, clock, login, secret, {
    line: { by: login, action: 'log-in', about: login },
    deed: (tx) => saveSeen(tx, login, clock.now()),
  });
  const user = activeUser(db, login);
  if (!user) throw new TerminalError('UNAUTHENTICATED');
  return user;
}

async function refuseStranger(db: Database, clock: Clock, login: string, secret: string): Promise<never> {
  const no = `${strangerMark}${hash('sha256', login)}`;
  const line = { by: '--', action: 'log-in', about: '' };
  await prove(db, clock, { no, sealed: undefined }, secret, { line }).finally(() => inTransaction(db, pruneStrangers));
  throw new AssertionFailed('nothing fits where there is no secret');
}

/**
 * The secret once more, before money moves or something is changed. Wrong ones count as at log-on; a right one leaves no line, since what it is for leaves one. SECRET_WRONG, OPERATOR_LOCKED,
 * UNAUTHENTICATED for one who was removed meanwhile.
 */
export function confirmSecret(db: Database, clock: Clock, user: User, secret: string, about: string): Promise<void> {
  return proveOwn(db, clock, user.no, secret, { line: { by: user.no, action: 'confirm', about }, quiet: true });
}

/** One's own, by the old one. SECRET_WRONG, OPERATOR_LOCKED, BAD_REQUEST for one that does not fit, or the old one. */
export async function changePassword(
  db: Database,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  user: User,
  oldSecret: string,
  newSecret: string,
): Promise<void> {
  const line = { by: user.no, action: 'own-secret', about: user.no };
  const sealed = await auditingRefusal(db, clock, line, () => {
    if (oldSecret === newSecret) throw new TerminalError('BAD_REQUEST', { what: 'same-secret' });
    return sealPassword(random, user.no, newSecret);
  });
  await proveOwn(db, clock, user.no, oldSecret, {
    line,
    deed: (tx) => saveConsoleSecret(tx, user.no, sealed, null),
  });
}

/** Takes time. BAD_REQUEST. */
export async function sealPassword(random: Random, login: string, password: string): Promise<SealedSecret> {
  if (!passwordFits(login, password)) throw new TerminalError('BAD_REQUEST', { what: 'password' });
  return sealSecret(random, password);
}

/** To try a secret takes time: UNAUTHENTICATED for one who was removed meanwhile, or whose secret is another one by now. */
function proveOwn(
  db: Database,
  clock: Clock,
  login: string,
  secret: string,
  { deed, ...proof }: Omit<Proof, 'deed'> & { readonly deed?: (tx: Tx) => void },
): Promise<void> {
  const mark = secretMark(db, login);
  return prove(db, clock, { no: login, sealed: consoleSecretOf(db, login) }, secret, {
    ...proof,
    deed: (tx) => {
      if (!activeUser(tx.db, login) || secretMark(tx.db, login) !== mark) return new TerminalError('UNAUTHENTICATED');
      deed?.(tx);
      return undefined;
    },
  });
}
