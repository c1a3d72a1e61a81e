import type { CalendarRecord, Cycle, ModeRecord, ProfileRecord } from '../../sync/protocol/merchant-data.ts';
import type { Database } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { merchantRecord } from '../base/merchant-record.ts';

/** What upstream decided about settling for this merchant: mode and cycle (B-001 to B-007), profile (B-020, B-021), the days on which it works. */

/** B-002. */
const usualMode: ModeRecord = { mode: 'AUTO', cycle: { every: 'DAILY' } };

/** As the host sent it, or what every new merchant has. */
export const modeOf = (db: Database): ModeRecord =>
  (merchantRecord(db, 'mode')?.record as ModeRecord | undefined) ?? usualMode;

/** Undefined: not told yet; then nothing is held against the merchant. */
export const profileOf = (db: Database): ProfileRecord | undefined =>
  merchantRecord(db, 'profile')?.record as ProfileRecord | undefined;

/** Undefined: the built-in days hold (calendar.ts). */
export const calendarOf = (db: Database): { readonly rev: number; readonly record: CalendarRecord } | undefined =>
  merchantRecord(db, 'calendar') as { readonly rev: number; readonly record: CalendarRecord } | undefined;

const isMode = (mode: string): mode is ModeRecord['mode'] => ['AUTO', 'MANUAL', 'REALTIME'].includes(mode);

/** A mode as somebody chose it. Without AUTO the cycle of before stays. INVALID_SETTLE_MODE, CYCLE_REQUIRED. */
export function chosenMode(db: Database, mode: string, cycle: Cycle | undefined): ModeRecord {
  if (!isMode(mode)) throw new TerminalError('INVALID_SETTLE_MODE', { value: mode });
  if (mode === 'AUTO' && !cycle) throw new TerminalError('CYCLE_REQUIRED');
  return { mode, cycle: cycle ?? modeOf(db).cycle };
}

/** `DAILY`, `WEEKLY:3`, `MONTHLY:15`. */
export function cycleWord(cycle: Cycle): string {
  if (cycle.every === 'WEEKLY') return `WEEKLY:${cycle.weekday}`;
  return cycle.every === 'MONTHLY' ? `MONTHLY:${cycle.monthDay}` : cycle.every;
}

/** `MANUAL`, `AUTO DAILY`. */
export const modeWord = ({ mode, cycle }: { readonly mode: string; readonly cycle: Cycle | null }): string =>
  mode === 'AUTO' && cycle ? `${mode} ${cycleWord(cycle)}` : mode;
