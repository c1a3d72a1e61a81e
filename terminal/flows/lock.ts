import { TerminalError } from '../base/errors.ts';
import { logOn } from '../users/log-on.ts';
import { supervisorNo, type User } from '../users/user.ts';
import { auditAttempt } from './audit-attempt.ts';
import { beginShiftOf } from './shift.ts';
import { changed, type World } from './world.ts';

/**
 * Who may act at one counter. The keypad's is the one that shifts belong to; a command of `pos` has one of its own for as long as it takes.
 */
export interface Seat {
  readonly keypad: boolean;
  operator: User | undefined;
  /** 锁定终端: only this operator or 00 may go on. A restart forgets it, and everybody logs on again (faces.md, Operators). */
  lockedBy: User | undefined;
}

export const newSeat = (keypad: boolean): Seat => ({ keypad, operator: undefined, lockedBy: undefined });

/**
 * Logs on, or unlocks; at the keypad the operator's shift begins or goes on. SECRET_WRONG, OPERATOR_LOCKED, BAD_REQUEST; FORBIDDEN for another at a
 * locked terminal; ILLEGAL_STATE (FIRST_SECRET) when `newSecret` must come with a secret that somebody else chose.
 */
export async function logOnAt(
  world: World,
  seat: Seat,
  who: { readonly no: string; readonly secret: string; readonly newSecret?: string | undefined },
): Promise<User> {
  const { db, simulated } = world;
  const { lockedBy } = seat;
  if (lockedBy && who.no !== lockedBy.no && who.no !== supervisorNo) {
    const refusal = new TerminalError('FORBIDDEN', { operator: who.no, action: 'unlock' });
    const details = { code: refusal.code };
    auditAttempt(world, { by: who.no, action: 'unlock', about: lockedBy.no, outcome: 'refused', details });
    throw refusal;
  }
  const user = await logOn(db, world, {
    ...who,
    mustOwnSecret: !simulated,
    action: lockedBy ? 'unlock' : 'log-on',
    deed: (tx, found) => {
      if (seat.keypad) beginShiftOf(world, tx, found);
    },
  });
  seat.operator = user;
  seat.lockedBy = undefined;
  if (seat.keypad) world.session.atCounter = user.no;
  changed(world);
  return user;
}

/** 锁定终端: the shift goes on. */
export function lockAt(world: World, seat: Seat): void {
  const { operator } = seat;
  if (!operator) return;
  seat.lockedBy = operator;
  seat.operator = undefined;
  auditAttempt(world, { by: operator.no, action: 'lock', about: operator.no, outcome: 'ok' });
  changed(world);
}

/** Nobody is at the counter any more. A command of `pos` was never there, which needs no line. */
export function leave(world: World, seat: Seat): void {
  const { operator, keypad } = seat;
  seat.operator = undefined;
  if (keypad) world.session.atCounter = undefined;
  if (keypad && operator)
    auditAttempt(world, { by: operator.no, action: 'log-off', about: operator.no, outcome: 'ok' });
  changed(world);
}
