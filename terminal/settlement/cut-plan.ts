import { type Database, inTransaction, type Tx } from '../base/database.ts';
import { finishWork, nextWork, schedule } from '../base/due-work.ts';
import { setSetting, setting } from '../base/settings.ts';

/** Which cut AUTO settles next, and which it did last: in the book, so that a restart neither forgets nor doubles one (B-004). */
export interface CutPlan {
  /** The day of the cut. */
  readonly cut: string;
  /** Of which cycle and calendar. */
  readonly plan: string;
  readonly atMs: number;
}

/** Due work: wakes the terminal at the cut. */
const cutWork = 'settle-cut';
const names = { next: 'settle-next-cut', last: 'settle-last-cut' } as const;

/** Undefined: nothing is planned, as when the mode is not AUTO. */
export function nextCutOf(db: Database): CutPlan | undefined {
  const [cut = '', plan = '', atMs] = (setting(db, names.next) ?? '').split(' ');
  return cut === '' ? undefined : { cut, plan, atMs: Number(atMs) };
}

export const lastCutOf = (db: Database): string | undefined => setting(db, names.last);

/** A cut that was settled, or had nothing to settle. The clock may have been set back since a later one. */
export function keepLastCut(tx: Tx, cut: string): void {
  if (cut > (lastCutOf(tx.db) ?? '')) setSetting(tx, names.last, cut);
}

export function planCut(tx: Tx, { cut, plan, atMs }: CutPlan): void {
  setSetting(tx, names.next, `${cut} ${plan} ${atMs}`);
  schedule(tx, cutWork, '', atMs);
}

export function dropCut(tx: Tx): void {
  setSetting(tx, names.next, '');
  finishWork(tx, cutWork, '');
}

/** It waits for something else than time, of which the terminal hears. */
export function stopAlarm(db: Database): void {
  if (nextWork(db, cutWork)) inTransaction(db, (tx) => finishWork(tx, cutWork, ''));
}
