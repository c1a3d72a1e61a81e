import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { type Database, inTransaction, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { auditingRefusal } from './audit-refusal.ts';
import { knownUser, proveSecret, sealNew } from './log-on.ts';
import { authorise } from './roles.ts';
import { sealSecret } from './secret.ts';
import { allUsers, deleteUser, forgetTries, insertUser, updateSecret } from './store.ts';
import { secretFits, type User } from './user.ts';

interface Deps {
  readonly clock: Clock;
  readonly random: Random;
}

interface FirstSecret {
  readonly no: string;
  readonly secret: string;
}

/** Simulated mode: shown on screen, so they are no secrets. A real terminal asks for its own. */
export const simulatedFirstSecrets: readonly FirstSecret[] = [
  { no: '00', secret: '123456' },
  { no: '99', secret: '12345678' },
  { no: '01', secret: '0000' },
];

/**
 * Makes the first operators of a new book; does nothing when there are some. True when it made them. `chosen`: by who will use them. Throws
 * BAD_REQUEST for a secret of the wrong form.
 */
export async function createFirstUsers(
  db: Database,
  { clock, random }: Deps,
  secrets: readonly FirstSecret[] = simulatedFirstSecrets,
  chosen = false,
): Promise<boolean> {
  if (allUsers(db).length > 0) return false;
  const users = await Promise.all(
    secrets.map(async ({ no, secret }) => ({ no, sealed: await sealSecret(random, checked(no, secret)) })),
  );
  return inTransaction(db, (tx) => {
    if (allUsers(db).length > 0) return false; // somebody else was quicker
    for (const { no, sealed } of users) {
      insertUser(tx, no, sealed, !chosen);
      audit(tx, { at: clock.now(), by: 'SYS', action: 'add-operator', about: no, outcome: 'ok' });
    }
    return true;
  });
}

/** 增加柜员. Throws FORBIDDEN, BAD_REQUEST for a number or secret of the wrong form, IDEMPOTENCY_CONFLICT when the number is taken. */
export async function addOperator(
  db: Database,
  { clock, random }: Deps,
  by: User,
  no: string,
  secret: string,
): Promise<void> {
  const line = { by: by.no, action: 'add-operator', about: no };
  return auditingRefusal(db, clock, line, async () => {
    authorise(by, 'operators');
    const sealed = await sealSecret(random, checked(no, secret));
    inTransaction(db, (tx) => {
      if (!insertUser(tx, no, sealed, true)) throw new TerminalError('IDEMPOTENCY_CONFLICT', { no });
      audit(tx, { ...line, at: clock.now(), outcome: 'ok' });
    });
  });
}

/**
 * 删除柜员, with the secret of who does it (faces.md). `deed`: what ends with the operator, in the same transaction. The number's wrong tries are
 * forgotten with it. FORBIDDEN, BAD_REQUEST for 00 and 99, who stay, NOT_FOUND, SECRET_WRONG, OPERATOR_LOCKED, what `deed` returns.
 */
export async function removeOperator(
  db: Database,
  clock: Clock,
  by: User,
  secret: string,
  no: string,
  deed: (tx: Tx) => TerminalError | undefined = () => undefined,
): Promise<void> {
  const line = { by: by.no, action: 'remove-operator', about: no };
  await auditingRefusal(db, clock, line, () => {
    authorise(by, 'operators');
    onlyCashier(no);
  });
  await proveSecret(db, clock, by.no, secret, {
    line,
    deed: (tx) => {
      if (!allUsers(db).includes(no)) return notFound(no);
      const refusal = deed(tx);
      if (refusal) return refusal;
      deleteUser(tx, no);
      forgetTries(tx, no);
      return undefined;
    },
  });
}

/** 改密: an operator's own, proved by the old one; wrong tries count as at log-on. Throws SECRET_WRONG, OPERATOR_LOCKED, BAD_REQUEST. */
export async function changeSecret(
  db: Database,
  { clock, random }: Deps,
  no: string,
  oldSecret: string,
  newSecret: string,
): Promise<void> {
  const line = { by: no, action: 'change-secret', about: no };
  const sealed = await auditingRefusal(db, clock, line, () => sealNew(random, no, oldSecret, newSecret));
  await proveSecret(db, clock, no, oldSecret, {
    line,
    deed: (tx) => {
      updateSecret(tx, no, sealed, false);
      return undefined;
    },
  });
}

/** 操作员改密 by the supervisor, for an operator who forgot: a first secret again, and no lock. FORBIDDEN, BAD_REQUEST, NOT_FOUND. */
export async function setSecret(
  db: Database,
  { clock, random }: Deps,
  by: User,
  no: string,
  newSecret: string,
): Promise<void> {
  const line = { by: by.no, action: 'set-secret', about: no };
  return auditingRefusal(db, clock, line, async () => {
    authorise(by, 'operators');
    onlyCashier(no);
    const sealed = await sealSecret(random, checked(no, newSecret));
    inTransaction(db, (tx) => {
      if (!updateSecret(tx, no, sealed, true)) throw notFound(no);
      forgetTries(tx, no);
      audit(tx, { ...line, at: clock.now(), outcome: 'ok' });
    });
  });
}

/** Lifts a lock-out before its time, and forgets how many there were. FORBIDDEN, BAD_REQUEST, NOT_FOUND. */
export function unlockOperator(db: Database, clock: Clock, by: User, no: string): Promise<void> {
  const line = { by: by.no, action: 'unlock-operator', about: no };
  return auditingRefusal(db, clock, line, () => {
    authorise(by, 'operators');
    if (!allUsers(db).includes(knownUser(no).no)) throw notFound(no);
    inTransaction(db, (tx) => {
      forgetTries(tx, no);
      audit(tx, { ...line, at: clock.now(), outcome: 'ok' });
    });
  });
}

/**
 * A new first secret for 00 or 99, whom nobody else at the terminal may help: by whoever owns the file, while the terminal is stopped.
 * BAD_REQUEST, NOT_FOUND.
 */
export async function resetSecret(
  db: Database,
  { clock, random }: Deps,
  owner: string,
  no: string,
  newSecret: string,
): Promise<void> {
  const line = { by: 'SYS', action: 'reset-secret', about: no, details: { owner } };
  return auditingRefusal(db, clock, line, async () => {
    if (knownUser(no).role === 'C') throw new TerminalError('BAD_REQUEST', { what: 'operator' });
    const sealed = await sealSecret(random, checked(no, newSecret));
    inTransaction(db, (tx) => {
      if (!updateSecret(tx, no, sealed, true)) throw notFound(no);
      forgetTries(tx, no);
      audit(tx, { ...line, at: clock.now(), outcome: 'ok' });
    });
  });
}

const notFound = (no: string): TerminalError => new TerminalError('NOT_FOUND', { what: 'operator', no });

/** 00 and 99 are neither removed nor given a secret by anybody at the keypad. */
function onlyCashier(no: string): void {
  if (knownUser(no).role !== 'C') throw new TerminalError('BAD_REQUEST', { what: 'operator' });
}

/** Throws BAD_REQUEST. Returns the secret. */
function checked(no: string, secret: string): string {
  if (!secretFits(knownUser(no), secret)) throw new TerminalError('BAD_REQUEST', { what: 'secret' });
  return secret;
}
