import { TerminalError } from '../base/errors.ts';
import {
  addOperator,
  changeSecret,
  createFirstUsers,
  removeOperator,
  setSecret,
  unlockOperator,
} from '../users/manage-users.ts';
import { type Operator, operators } from '../users/queries.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { auditAttempt } from './audit-attempt.ts';
import { endShiftOf } from './shift.ts';
import { changed, type World } from './world.ts';

/** 柜员: what one who is logged on may do about operators. Each try leaves an audit line. */
export interface StaffDesk {
  /** 查询. FORBIDDEN. */
  list(): readonly Operator[];
  /** 增加, with a first secret. FORBIDDEN, BAD_REQUEST, IDEMPOTENCY_CONFLICT. */
  add(no: string, secret: string): Promise<void>;
  /**
   * 删除, with 00's secret once more. The operator's open shift ends with it. FORBIDDEN, BAD_REQUEST, NOT_FOUND, SECRET_WRONG, OPERATOR_LOCKED,
   * ILLEGAL_STATE (AT_COUNTER).
   */
  remove(no: string, secret: string): Promise<void>;
  /** 改密: one's own. SECRET_WRONG, OPERATOR_LOCKED, BAD_REQUEST. */
  changeSecret(oldSecret: string, newSecret: string): Promise<void>;
  /** 操作员改密 by 00. FORBIDDEN, BAD_REQUEST, NOT_FOUND. */
  setSecret(no: string, newSecret: string): Promise<void>;
  /** Lifts a lock-out. FORBIDDEN, BAD_REQUEST, NOT_FOUND. */
  unlock(no: string): Promise<void>;
}

/** The first operators of a real terminal, who chose their own secrets. BAD_REQUEST, ILLEGAL_STATE (HAS_OPERATORS). */
export async function initOperators(world: World, supervisor: string, administrator: string): Promise<void> {
  const secrets = [
    { no: '00', secret: supervisor },
    { no: '99', secret: administrator },
  ];
  if (await createFirstUsers(world.db, world, secrets, true)) return changed(world);
  const details = { code: 'ILLEGAL_STATE' };
  auditAttempt(world, { by: 'SYS', action: 'init', about: '', outcome: 'refused', details });
  throw new TerminalError('ILLEGAL_STATE', { state: 'HAS_OPERATORS', event: 'init' });
}

export function staffDesk(world: World, user: () => User): StaffDesk {
  const { db, clock } = world;
  const done = async (work: Promise<void>): Promise<void> => {
    await work;
    changed(world);
  };
  return {
    list() {
      authorise(user(), 'operators');
      return operators(db, clock);
    },
    add: async (no, secret) => done(addOperator(db, world, user(), no, secret)),
    remove: async (no, secret) =>
      done(
        removeOperator(db, clock, user(), secret, no, (tx) => {
          if (world.session.atCounter === no)
            return new TerminalError('ILLEGAL_STATE', { state: 'AT_COUNTER', event: 'remove-operator' });
          endShiftOf(world, tx, no, user().no);
          return undefined;
        }),
      ),
    changeSecret: async (oldSecret, newSecret) => done(changeSecret(db, world, user().no, oldSecret, newSecret)),
    setSecret: async (no, newSecret) => done(setSecret(db, world, user(), no, newSecret)),
    unlock: async (no) => done(unlockOperator(db, clock, user(), no)),
  };
}
