import { SyncError } from '../../sync/errors.ts';
import type { Request } from '../../sync/protocol/requests.ts';
import { type AnswerTo, ask, requestId } from '../../sync/request.ts';
import { TerminalError } from '../base/errors.ts';
import type { World } from './world.ts';

export const isOnline = (world: Pick<World, 'link'>): boolean => world.link.status().gateOpen;

export function requireOnline(world: Pick<World, 'link'>): void {
  if (!isOnline(world)) throw new TerminalError('OFFLINE');
}

/**
 * Before what takes a number or money without asking the host: as long as something of this terminal is to come back from it (restore-book.ts), nobody knows
 * which were taken. OFFLINE.
 */
export function requireWholeBook({ outbox }: Pick<World, 'outbox'>): void {
  if (!outbox.isWhole()) throw new TerminalError('OFFLINE');
}

/**
 * Asks the host and waits `waitMs` at most. `about` is the number of the thing; `sent` is called when the request has left. `offline`: it never
 * left. Any other end without an answer leaves the outcome unknown.
 */
export async function askHost<R extends Request>(
  world: Pick<World, 'link' | 'clock'>,
  about: string,
  request: R,
  options: { readonly waitMs: number; readonly signal: AbortSignal; readonly sent?: () => void },
): Promise<AnswerTo<R> | 'no-answer' | 'cancelled' | 'offline'> {
  const { waitMs, signal, sent } = options;
  const stopSent = sent && world.clock.after(0, sent);
  try {
    const id = requestId(about, request.kind, request.stan);
    return await ask(world.link, id, request, { deadlineMs: waitMs, signal });
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    if (error.code === 'OFFLINE') return 'offline';
    return error.code === 'CANCELLED' ? 'cancelled' : 'no-answer';
  } finally {
    stopSent?.();
  }
}
