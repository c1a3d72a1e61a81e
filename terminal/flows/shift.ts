import { at } from '../base/crash-points.ts';
import { type Database, inTransaction, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { addFen, type Fen, subtractFen, zeroFen } from '../base/money.ts';
import { newestPaymentId, paymentsOfOperator, paymentToCount } from '../payments/of-operator.ts';
import { beginShift, countShiftSlip, endShift, type ShiftCount } from '../users/keep-shift.ts';
import { lastEndedShift, newestShifts, openShift, shiftById, shiftTotals, undecidedBefore } from '../users/queries.ts';
import { authorise, mayDo } from '../users/roles.ts';
import type { Shift, ShiftTotal } from '../users/shift.ts';
import type { User } from '../users/user.ts';
import { countPayments } from './count-shift.ts';
import { deviceRefusal } from './device-refusal.ts';
import { printShift } from './print.ts';
import type { ShiftView } from './shift-slip.ts';
import { changed, type World } from './world.ts';

/** How a shift ended. `shift`: undefined for 00 and 99, who have none. */
export interface ShiftEnd {
  readonly shift: ShiftView | undefined;
  readonly printProblem: string | undefined;
}

type Book = Pick<World, 'db' | 'clock'>;

/** A cashier's shift begins at the first log-on at the counter, and goes on at every other until 交班. */
export function beginShiftOf({ clock }: Book, tx: Tx, user: User): void {
  if (mayDo(user, 'shift')) beginShift(tx, clock.now(), user.no, newestPaymentId(tx.db));
}

/** Its payments, and those that earlier shifts of the operator left undecided. */
function countOf(db: Database, shift: Shift): ShiftCount {
  const left = undecidedBefore(db, shift.operator).flatMap((no) => paymentToCount(db, no) ?? []);
  return countPayments([...left, ...paymentsOfOperator(db, shift.operator, shift.afterPayment)]);
}

/**
 * Counts and ends the open shift of `operator`, in the caller's transaction. One that a power cut interrupts before the commit is open as before,
 * and goes on at the operator's next log-on.
 */
export function endShiftOf({ clock }: Book, tx: Tx, operator: string, by: string): Shift | undefined {
  const shift = openShift(tx.db, operator);
  if (!shift) return undefined;
  endShift(tx, clock.now(), shift, by, countOf(tx.db, shift));
  at('shift.in-end');
  return shift;
}

/** 交班: undefined for who has no shift. */
export function endOwnShift(world: World, user: User): Shift | undefined {
  const ended = inTransaction(world.db, (tx) => endShiftOf(world, tx, user.no, user.no));
  if (ended) at('shift.after-end');
  return ended && shiftById(world.db, ended.id);
}

/** The shift has ended whatever becomes of its slip. */
export async function endedWith(world: World, user: User, shift: Shift | undefined, print: boolean): Promise<ShiftEnd> {
  if (!shift) return { shift: undefined, printProblem: undefined };
  const printProblem = print ? await printSlip(world, user, shift) : undefined;
  return { shift: viewOf(world.db, shift), printProblem };
}

/** The operator's shift so far; undefined for who has none. */
export function shiftSoFar(db: Database, user: User): ShiftView | undefined {
  const shift = openShift(db, user.no);
  return shift && viewOf(db, shift);
}

export const shiftViews = (db: Database, limit: number): readonly ShiftView[] =>
  newestShifts(db, limit).map((shift) => viewOf(db, shift));

/**
 * 操作员汇总: the shift so far of who asks; for 00 a shift by its number, or the last that ended. A cashier gets only shifts of his own
 * (cross-cutting.md, Roles). FORBIDDEN, NOT_FOUND, PAPER_OUT, DEVICE_*.
 */
export async function printShiftSlip(
  world: World,
  user: User,
  id: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  authorise(user, 'reprint');
  const shift = id === undefined ? (openShift(world.db, user.no) ?? lastOf(world.db, user)) : shiftById(world.db, id);
  if (!shift) throw new TerminalError('NOT_FOUND', { what: 'shift', no: id === undefined ? '' : String(id) });
  if (user.role === 'C' && shift.operator !== user.no)
    throw new TerminalError('FORBIDDEN', { operator: user.no, action: 'shift' });
  const problem = await printSlip(world, user, shift, signal);
  changed(world);
  if (problem) throw deviceRefusal(problem, 'printer');
}

const lastOf = (db: Database, user: User): Shift | undefined => (user.role === 'C' ? undefined : lastEndedShift(db));

/** The printer's problem, if any. */
async function printSlip(world: World, user: User, shift: Shift, signal?: AbortSignal): Promise<string | undefined> {
  const duplicate = shift.prints > 0;
  const problem = await printShift(world, viewOf(world.db, shift), duplicate, signal);
  // A slip of a shift that goes on is no record of it, and is not counted.
  if (!problem && shift.endedAt !== null)
    inTransaction(world.db, (tx) => countShiftSlip(tx, world.clock.now(), shift, user.no, duplicate));
  return problem;
}

function viewOf(db: Database, shift: Shift): ShiftView {
  const { totals, undecided } =
    shift.endedAt === null
      ? counted(countOf(db, shift))
      : { totals: shiftTotals(db, shift), undecided: shift.undecided };
  const sum = (of: (total: ShiftTotal) => Fen): Fen => totals.reduce((fen, total) => addFen(fen, of(total)), zeroFen);
  const count = (of: (total: ShiftTotal) => number): number => totals.reduce((n, total) => n + of(total), 0);
  const [debitFen, creditFen] = [sum((total) => total.debitFen), sum((total) => total.creditFen)];
  return {
    id: shift.id,
    operator: shift.operator,
    begunAt: shift.begunAt,
    endedAt: shift.endedAt ?? undefined,
    endedBy: shift.endedBy ?? undefined,
    totals,
    debitCount: count((total) => total.debitCount),
    debitFen,
    creditCount: count((total) => total.creditCount),
    creditFen,
    netFen: subtractFen(debitFen, creditFen),
    undecided,
    prints: shift.prints,
  };
}

const counted = ({ totals, undecided }: ShiftCount) => ({ totals, undecided: undecided.length });
