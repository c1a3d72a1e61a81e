import { isDeviceError } from '../../drivers/errors.ts';
import { audit } from '../base/audit.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { deviceRefusal } from './device-refusal.ts';
import { supervise } from './supervision.ts';
import { oneAtATime, type World } from './world.ts';

/**
 * Written down before it opens: nobody can take money out of a drawer that no line knows of. NOT_FOUND, FORBIDDEN, SECRET_WRONG, OPERATOR_LOCKED, DEVICE_*.
 */
export async function openDrawer(world: World, user: User, secret: string | undefined): Promise<void> {
  authorise(user, 'drawer');
  if (world.config.drawer === 'none') throw new TerminalError('NOT_FOUND', { what: 'drawer', no: '' });
  const approvedBy = await supervise(world, user, 'drawer', { secret, about: '' });
  const details = approvedBy === undefined ? {} : { approvedBy };
  inTransaction(world.db, (tx) =>
    audit(tx, { at: world.clock.now(), by: user.no, action: 'drawer', about: '', outcome: 'ok', details }),
  );
  try {
    await oneAtATime(world, 'printer', () => world.printer.openDrawer());
  } catch (error) {
    throw isDeviceError(error) ? deviceRefusal(error.code, 'printer') : error;
  }
}
