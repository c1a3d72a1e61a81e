import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import { isLocked, knownUser } from './log-on.ts';
import type { Shift, ShiftTotal } from './shift.ts';
import {
  getLastEndedShift,
  getLastShiftOf,
  getNewestShifts,
  getOpenShift,
  getShift,
  getShiftTotals,
  getUndecided,
} from './shift-store.ts';
import { allUsers, isFirstSecret, triesOf } from './store.ts';
import type { KeypadUser } from './user.ts';

/** 查询柜员: one of the operators. */
export interface Operator extends KeypadUser {
  /** Locked out now, after wrong secrets. */
  readonly locked: boolean;
  /** The secret was chosen by somebody else. */
  readonly firstSecret: boolean;
  readonly inShift: boolean;
}

/** By number. */
export const operators = (db: Database, clock: Clock): readonly Operator[] =>
  allUsers(db).map((no) => ({
    ...knownUser(no),
    locked: isLocked(triesOf(db, no), clock.now()),
    firstSecret: isFirstSecret(db, no),
    inShift: openShift(db, no) !== undefined,
  }));

export const openShift = (db: Database, operator: string): Shift | undefined => getOpenShift(db, operator);
export const shiftById = (db: Database, id: number): Shift | undefined => getShift(db, id);
export const newestShifts = (db: Database, limit: number): readonly Shift[] => getNewestShifts(db, limit);
/** The newest of this operator, whether or not it has ended. */
export const lastShiftOf = (db: Database, operator: string): Shift | undefined => getLastShiftOf(db, operator);
export const lastEndedShift = (db: Database): Shift | undefined => getLastEndedShift(db);
/** Of a shift that ended. */
export const shiftTotals = (db: Database, shift: Shift): readonly ShiftTotal[] => getShiftTotals(db, shift.id);
export const undecidedBefore = (db: Database, operator: string): readonly string[] => getUndecided(db, operator);
