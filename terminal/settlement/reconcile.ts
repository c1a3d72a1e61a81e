import type { DifferenceDecided, DifferenceKind } from '../../sync/protocol/bills.ts';
import type { EntryMode } from '../../sync/protocol/common.ts';
import { TerminalError } from '../base/errors.ts';

/** Reconciliation (对账, B-032): the runs that match a bill with the book, and the differences that they find, with their states of states.md 21. */

export type RunState = 'OPEN' | 'MATCHING' | 'BALANCED' | 'DIFFERENCES' | 'RESOLVED' | 'BLOCKED';
export type RunEvent = 'begin' | 'balanced' | 'differs' | 'unusable' | 'resolved';

/** BLOCKED: its bill could not be used. A later version of the day is another run. */
const runEdges: Readonly<Record<RunState, Readonly<Partial<Record<RunEvent, RunState>>>>> = {
  OPEN: { begin: 'MATCHING' },
  MATCHING: { begin: 'MATCHING', balanced: 'BALANCED', differs: 'DIFFERENCES', unusable: 'BLOCKED' },
  BALANCED: {},
  DIFFERENCES: { resolved: 'RESOLVED' },
  RESOLVED: {},
  BLOCKED: {},
};

/** The state after `event`; ILLEGAL_STATE, naming state and event, for anything that states.md does not list. */
export function nextRunState(state: RunState, event: RunEvent): RunState {
  const to = runEdges[state][event];
  if (!to) throw new TerminalError('ILLEGAL_STATE', { state, event });
  return to;
}

/** One version of the bill of a day, and what came of it. */
export interface BillRun {
  readonly date: string;
  readonly version: number;
  readonly state: RunState;
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number;
  readonly grossFen: number;
  readonly feeFen: number;
  /** When the host made the bill, by its clock. */
  readonly madeAt: number;
  readonly heardAt: number;
  readonly matched: number;
  readonly differences: number;
  /** What had no end yet, or changed since the bill was made: another version will tell. */
  readonly waiting: number;
  /** Why it could not be used, or UNDER_WAY. */
  readonly problem: string | null;
}

export type DifferenceState = 'FOUND' | 'INVESTIGATING' | 'ADJUSTED' | 'EXPLAINED';
export type DifferenceEvent = 'looked' | 'adjusted' | 'explained';

const differenceEdges: Readonly<Record<DifferenceState, Readonly<Partial<Record<DifferenceEvent, DifferenceState>>>>> =
  {
    FOUND: { looked: 'INVESTIGATING' },
    INVESTIGATING: { looked: 'INVESTIGATING', adjusted: 'ADJUSTED', explained: 'EXPLAINED' },
    ADJUSTED: {},
    EXPLAINED: {},
  };

/** Whoever decides has looked. ILLEGAL_STATE, naming state and event. */
export function nextDifferenceState(state: DifferenceState, event: DifferenceEvent): DifferenceState {
  const from = state === 'FOUND' ? 'INVESTIGATING' : state;
  const to = differenceEdges[from][event];
  if (!to) throw new TerminalError('ILLEGAL_STATE', { state, event });
  return to;
}

export const isLive = ({ state }: Pick<Difference, 'state'>): boolean => state === 'FOUND' || state === 'INVESTIGATING';

export type Decision = DifferenceDecided['decision'];

export interface Difference {
  readonly no: string;
  /** The day of the bill; of a clearing the day on which it should have cleared. */
  readonly date: string;
  readonly kind: DifferenceKind | 'clearing';
  readonly state: DifferenceState;
  readonly payment: string | null;
  readonly txn: string | null;
  readonly batch: string | null;
  readonly entry: EntryMode | null;
  readonly stan: string | null;
  /** PAID, VOIDED; `-`: not there at all. */
  readonly here: string;
  readonly there: string;
  readonly hereFen: number;
  readonly thereFen: number;
  readonly deltaFen: number;
  /** The receivable against which the suspense stands; null where there is none: of a clearing, and where no money differs. */
  readonly channel: string | null;
  readonly finding: string | null;
  readonly decision: Decision | null;
  readonly decidedBy: string | null;
  readonly approvedBy: string | null;
  readonly reason: string | null;
  /** The row of a decision that can not be booked yet, as JSON: its refund waits for money. */
  readonly waits: string | null;
  readonly at: number;
  readonly endedAt: number | null;
}

/**
 * The number of a difference is made from its day and payment, so that another bill of the day finds it again. `n`: the n-th about that payment, when those before
 * have ended. No colon: it names an account.
 */
export const differenceNo = (date: string, payment: string, n: number): string =>
  `D${date.replaceAll('-', '')}-${payment}${n === 1 ? '' : `.${n}`}`;
