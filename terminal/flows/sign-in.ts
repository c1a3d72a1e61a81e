import { audit } from '../base/audit.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { setSetting, setting } from '../base/settings.ts';
import { takeStan } from '../payments/store.ts';
import { openBatch } from '../settlement/open-batch.ts';
import { currentBatch } from '../settlement/queries.ts';
import { askHost, requireOnline } from './host-link.ts';
import { changed, oneAtATime, type World } from './world.ts';

/**
 * Signs the terminal in to the host (签到): batch number, merchant, parameters. By itself after start and after each close, or from the menu.
 * OFFLINE (also without an answer), SIGN_IN_REQUIRED when the host declines, NEEDS_HUMAN when the host holds another batch than this terminal with records in it.
 */
export function signIn(world: World, by: string, signal: AbortSignal): Promise<void> {
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
    inTransaction(world.db, (tx) => {
      const opened = openBatch(tx, world.clock.now(), answer.batch, world.config.limits.cutoffHour);
      if (opened.no !== answer.batch && opened.state === 'OPEN')
        throw new TerminalError('NEEDS_HUMAN', { what: `批次${opened.no}/${answer.batch}` });
      setSetting(tx, 'merchant-name', answer.merchantName);
      audit(tx, { at: world.clock.now(), by, action: 'sign-in', about: answer.batch, outcome: 'ok' });
    });
    world.session.signedIn = true;
    changed(world);
  });
}

/** As the host last told it at sign-in. */
export const merchantName = (world: Pick<World, 'db' | 'config'>): string =>
  setting(world.db, 'merchant-name') ?? world.config.merchantName;
