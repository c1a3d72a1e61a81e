import { type AuditLine, audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { type Database, inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { proveSecret } from './log-on.ts';
import { authorise } from './roles.ts';
import { sealSecret } from './secret.ts';
import { allUsers, insertUser, updateSecret } from './store.ts';
import { secretFits, type User, userOf } from './user.ts';

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

/** Makes the first operators of a new book; does nothing when there are some. True when it made them. Throws BAD_REQUEST for a secret of the wrong form. */
export async function createFirstUsers(
  db: Database,
  { clock, random }: Deps,
  secrets: readonly FirstSecret[] = simulatedFirstSecrets,
): Promise<boolean> {
  if (allUsers(db).length > 0) return false;
  const users = await Promise.all(
    secrets.map(async ({ no, secret }) => ({ no, sealed: await sealSecret(random, checked(no, secret)) })),
  );
  inTransaction(db, (tx) => {
    for (const { no, sealed } of users) {
      insertUser(tx, no, sealed);
      audit(tx, { at: clock.now(), by: 'SYS', action: 'add-operator', about: no, outcome: 'ok' });
    }
  });
  return true;
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
      if (!insertUser(tx, no, sealed)) throw new TerminalError('IDEMPOTENCY_CONFLICT', { no });
      audit(tx, { ...line, at: clock.now(), outcome: 'ok' });
    });
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
  const action = 'change-secret';
  const sealed = await auditingRefusal(db, clock, { by: no, action, about: no }, async () =>
    sealSecret(random, checked(no, newSecret)),
  );
  await proveSecret(db, clock, no, oldSecret, action, (tx) => updateSecret(tx, no, sealed));
}

/** A refused command leaves one audit line (P-06). */
async function auditingRefusal<T>(
  db: Database,
  clock: Clock,
  line: Pick<AuditLine, 'by' | 'action' | 'about'>,
  command: () => Promise<T>,
): Promise<T> {
  try {
    return await command();
  } catch (error) {
    if (error instanceof TerminalError) {
      const details = { code: error.code };
      inTransaction(db, (tx) => audit(tx, { ...line, at: clock.now(), outcome: 'refused', details }));
    }
    throw error;
  }
}

/** Throws BAD_REQUEST. Returns the secret. */
function checked(no: string, secret: string): string {
  const user = userOf(no);
  if (!user) throw new TerminalError('BAD_REQUEST', { what: 'operator' });
  if (!secretFits(user, secret)) throw new TerminalError('BAD_REQUEST', { what: 'secret' });
  return secret;
}
