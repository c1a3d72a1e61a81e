import type { SignInAnswer } from '../../sync/protocol/requests.ts';
import { audit } from '../base/audit.ts';
import { inTransaction, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { saveParameters } from '../base/parameters.ts';
import { setSetting, setting } from '../base/settings.ts';
import { takeStan } from '../payments/store.ts';
import { openBatch } from '../settlement/open-batch.ts';
import { currentBatch } from '../settlement/queries.ts';
import { askHost, requireOnline } from './host-link.ts';
import type { Downloaded } from './upkeep-desk.ts';
import { changed, oneAtATime, type World } from './world.ts';

/**
 * Signs the terminal in to the host (签到): batch number, merchant, parameters. By itself after start and after each close, or from the menu. Returns the
 * revision of the merchant's data and which parameters are other than before.
 * OFFLINE (also without an answer), SIGN_IN_REQUIRED when the host declines, NEEDS_HUMAN when the host holds another batch than this terminal with records in it.
 */
export function signIn(world: World, by: string, signal: AbortSignal): Promise<Downloaded> {
  return oneAtATime(world, 'sign-in', async () => {
    requireOnline(world);
    const stan = inTransaction(world.db, (tx) => takeStan(tx));
    const batch = currentBatch(world.db)?.no ?? null;
    const request = { kind: 'sign-in', stan, operator: by, batch } as const;
    const answer = await askHost(world, world.config.terminal, request, {
      waitMs: world.config.limits.hostWaitMs,
      signal,
    });
    if (typeof answer === 'string') throw new TerminalError('OFFLINE');
    if (answer.stan !== stan) throw new TerminalError('UPSTREAM_UNKNOWN');
    if (answer.code !== '00') throw new TerminalError('SIGN_IN_REQUIRED', { code: answer.code });
    const other = inTransaction(world.db, (tx) => {
      const opened = openBatch(tx, world.clock.now(), answer.batch, world.config.limits.cutoffHour);
      if (opened.no !== answer.batch && opened.state === 'OPEN')
        throw new TerminalError('NEEDS_HUMAN', { what: `批次${opened.no}/${answer.batch}` });
      setSetting(tx, 'merchant-name', answer.merchantName);
      audit(tx, { at: world.clock.now(), by, action: 'sign-in', about: answer.batch, outcome: 'ok' });
      return keepParameters(tx, answer);
    });
    world.session.signedIn = true;
    world.session.signedOff = false;
    changed(world);
    return { rev: answer.rev, changed: other };
  });
}

/** What came by the stream with a later revision stays. Returns the names of those that are other now. */
function keepParameters(tx: Tx, { rev, parameters }: SignInAnswer): readonly string[] {
  const before: Readonly<Record<string, unknown>> = JSON.parse(setting(tx.db, 'parameters') ?? '{}');
  const names = [...new Set([...Object.keys(before), ...Object.keys(parameters)])];
  const other = names.filter((name) => before[name] !== parameters[name]);
  if (other.length === 0 || rev < Number(setting(tx.db, 'rev') ?? 0)) return [];
  saveParameters(tx, parameters);
  return other;
}

/** As the host last told it at sign-in. */
export const merchantName = (world: Pick<World, 'db' | 'config'>): string =>
  setting(world.db, 'merchant-name') ?? world.config.merchantName;
