import * as v from 'valibot';
import { type Cycle, modeRecord } from '../protocol/merchant-data.ts';
import type { Asked, Ruling } from './applications.ts';
import { changeRecords, readMode } from './merchant-records.ts';
import type { HostTrx } from './store.ts';

export interface ModeAsked {
  readonly mode: string;
  readonly cycle?: Cycle | null | undefined;
}

/** Mode and cycle (B-001 to B-007). The old mode is in the log; a settlement carries its own, so what is in flight ends in the old one. */
export async function applyMode(trx: HostTrx, asked: Asked, wanted: ModeAsked): Promise<Ruling> {
  const why = await changeMode(trx, asked.from.merchant, wanted, asked.by, asked.now);
  return why === null ? { done: true } : { refused: why };
}

/** Returns why not, or null. */
export async function changeMode(
  trx: HostTrx,
  merchant: string,
  wanted: ModeAsked,
  by: string,
  now: number,
): Promise<'INVALID_SETTLE_MODE' | 'CYCLE_REQUIRED' | null> {
  const { mode } = wanted;
  if (!v.is(modeRecord.entries.mode, mode)) return 'INVALID_SETTLE_MODE';
  // A change while a settler change is in cut-over will be SETTLE_FROZEN here.
  if (mode === 'AUTO' && !wanted.cycle) return 'CYCLE_REQUIRED';
  const cycle = wanted.cycle ?? (await readMode(trx, merchant)).cycle;
  await changeRecords(trx, merchant, [{ kind: 'mode', record: { mode, cycle } }], by, now);
  return null;
}
