import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { type Database, inTransaction, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { codeOf, forgetCode, hasAnySecret, saveCode, saveConsoleSecret } from './console-store.ts';
import { sealPassword } from './console-users.ts';
import { prove } from './log-on.ts';
import { sealSecret } from './secret.ts';
import { forgetTries } from './store.ts';

/** Set-up codes of the console: good once, for a day, for one user or for whoever is first. */

const codeMs = 24 * 3_600_000;
const codeLength = 10;
/** Nothing that looks like something else. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
/** The code of whoever is first is under no name. */
const anybody = '';
/** Wrong codes are counted together, whoever they were meant for. */
const triesName = 'set-up';

interface Deps {
  readonly clock: Clock;
  readonly random: Random;
}

export interface OpenCode {
  readonly code: string;
  readonly validUntil: number;
}

/** Nobody has a secret here yet. */
export const needsSetUp = (db: Database): boolean => !hasAnySecret(db);

/** A new code in place of the one before; wrong tries are forgotten. `login` undefined: for whoever is first. One audit line. */
export async function makeCode(
  db: Database,
  { clock, random }: Deps,
  by: string,
  login: string | undefined,
): Promise<OpenCode> {
  const code = Array.from({ length: codeLength }, () => alphabet.charAt(Math.floor(random.next() * alphabet.length)));
  const sealed = await sealSecret(random, code.join(''));
  const validUntil = clock.now() + codeMs;
  inTransaction(db, (tx) => {
    saveCode(tx, login ?? anybody, sealed, validUntil);
    forgetTries(tx, triesName);
    audit(tx, { at: clock.now(), by, action: 'set-up-code', about: login ?? '', outcome: 'ok' });
  });
  return { code: code.join(''), validUntil };
}

export interface SetUp {
  readonly code: string;
  readonly login: string;
  readonly password: string;
  /** Undefined: upstream knows the user already, and the secret is good at once. Else applies for the user, in the transaction that keeps the secret, and returns the number. */
  readonly apply: ((tx: Tx) => string) | undefined;
}

/**
 * Sets the first secret of a user at this terminal by a code, which is used up. Returns the number of the application, if there was one. BAD_REQUEST for a password that does not fit,
 * SECRET_WRONG, OPERATOR_LOCKED; a code that is too old or for somebody else is a wrong one.
 */
export async function setUp(
  db: Database,
  { clock, random }: Deps,
  { code, login, password, apply }: SetUp,
): Promise<string | undefined> {
  const sealed = await sealPassword(random, login, password);
  const name = codeOf(db, login) ? login : anybody;
  const kept = codeOf(db, name);
  const isGood = kept !== undefined && kept.validUntil > clock.now() && (name === login || needsSetUp(db));
  let application: string | undefined;
  await prove(db, clock, { no: triesName, sealed: isGood ? kept : undefined }, spelt(code), {
    line: { by: apply ? 'SYS' : login, action: 'set-up', about: login },
    deed: (tx) => {
      if (codeOf(tx.db, name)?.validUntil !== kept?.validUntil) return new TerminalError('SECRET_WRONG', { left: 0 });
      application = apply?.(tx);
      saveConsoleSecret(tx, login, sealed, application ?? null);
      forgetTries(tx, login);
      forgetCode(tx, name);
      return undefined;
    },
  });
  return application;
}

/** As people type it. */
const spelt = (code: string): string => code.toUpperCase().replace(/[\s-]/g, '');
