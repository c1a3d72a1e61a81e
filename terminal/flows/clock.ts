import { TerminalError } from '../base/errors.ts';
import type { World } from './world.ts';

/** A device's clock may be this far from the host's: beyond it a batch could get the wrong business day, and the host takes a request for an old one. */
export const mostClockOffsetMs = 5 * 60_000;

/** By how much the clock is wrong, in seconds: positive when it is behind the host's. Undefined: right, or not compared yet. */
export function clockWrongBySec({ link }: Pick<World, 'link'>): number | undefined {
  const { clockOffsetMs } = link.status();
  if (clockOffsetMs === null || Math.abs(clockOffsetMs) <= mostClockOffsetMs) return undefined;
  return Math.round(clockOffsetMs / 1000);
}

/** Before every payment: no sale is made at a wrong time; it waits until the clock is set. CLOCK_WRONG. */
export function requireRightClock(world: Pick<World, 'link'>): void {
  const value = clockWrongBySec(world);
  if (value !== undefined) throw new TerminalError('CLOCK_WRONG', { value, limit: mostClockOffsetMs / 1000 });
}
