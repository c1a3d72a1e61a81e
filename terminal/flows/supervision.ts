import type { Database } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { parameter } from '../base/parameters.ts';
import { authoriseBySupervisor } from '../users/authorise-by-supervisor.ts';
import type { User } from '../users/user.ts';
import type { World } from './world.ts';

/** What may ask a cashier for 主管密码. */
export type Supervised = 'void' | 'refund' | 'preauth-void' | 'completion-void' | 'drawer';

/** By the parameter; a refund always, by the roles table of cross-cutting.md. 00 approves by being there. */
export const needsSupervisor = (db: Database, { role }: User, action: Supervised): boolean =>
  role === 'C' &&
  (action === 'refund' ||
    parameter(db, 'supervisor.required')
      .split(/[\s,]+/)
      .includes(action));

/**
 * Who said yes, for the row and the slip; undefined where nobody must. FORBIDDEN without the secret, SECRET_WRONG, OPERATOR_LOCKED.
 */
export async function supervise(
  world: World,
  user: User,
  action: Supervised,
  { secret, about }: { readonly secret: string | undefined; readonly about: string },
): Promise<string | undefined> {
  if (!needsSupervisor(world.db, user, action)) return undefined;
  if (secret === undefined) throw new TerminalError('FORBIDDEN', { operator: user.no, action });
  return (await authoriseBySupervisor(world, user, secret, { action, about })).supervisor;
}
