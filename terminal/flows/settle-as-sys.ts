import { audit } from '../base/audit.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction, type Tx } from '../base/database.ts';
import type { TerminalError } from '../base/errors.ts';
import { type Fen, fen } from '../base/money.ts';
import { parameter } from '../base/parameters.ts';
import { setSetting, setting } from '../base/settings.ts';
import { balanceOf } from '../ledger/queries.ts';
import { modeOf } from '../settlement/mode.ts';
import { type Reservation, reserve } from '../settlement/reserve.ts';
import { usableAccount } from '../settlement/settle.ts';
import { isOnline } from './host-link.ts';
import { standingObstacle } from './settle-obstacles.ts';
import { changed, type World } from './world.ts';

/** What every settlement that nobody pressed for has in common. */

const blocked = 'settle-blocked';

/** Why the last one could not be made; a code of the catalogue. */
const sysBlockedBy = ({ db }: Pick<World, 'db'>): string | undefined => setting(db, blocked) || undefined;

/** What holds up a settlement that is due (B-004); undefined: none is held up, or it goes on as soon as there is a link. */
export const sysObstacle = (world: World): TerminalError | undefined =>
  sysBlockedBy(world) === undefined || modeOf(world.db).mode === 'MANUAL' ? undefined : standingObstacle(world);

/**
 * Whether SYS may settle now. Without the link it waits and says nothing; what else stands in the way is an alert, written down once for each new reason (B-004, B-052), not for
 * each look.
 */
export function maySettle(world: World, about: string): boolean {
  if (!isOnline(world)) return false;
  const code = standingObstacle(world)?.code;
  if (code === undefined) return true;
  if (sysBlockedBy(world) === code) return false;
  inTransaction(world.db, (tx) => {
    setSetting(tx, blocked, code);
    audit(tx, { at: world.clock.now(), by: 'SYS', action: 'settle', about, outcome: 'refused', details: { code } });
  });
  world.log('warn', 'settle-blocked', { about, code });
  changed(world);
  return false;
}

/** What SYS may take: `settle.keepFen` stays back for refunds (races.md). */
export const settleableFen = ({ db }: Pick<World, 'db'>): Fen =>
  fen(Math.max(0, balanceOf(db, '2002') - parameter(db, 'settle.keepFen')));

/** In one transaction, behind what `deed` writes: nothing is requested for an amount of 0. */
export function settleAsSys(
  world: World,
  request: Pick<Reservation, 'mode' | 'amountFen' | 'cut' | 'againOf'>,
  deed: (tx: Tx) => void,
): void {
  inTransaction(world.db, (tx) => {
    deed(tx);
    if (request.amountFen > 0) reserve(tx, world, { ...request, by: 'SYS', account: usableAccount(tx.db) });
    if (sysBlockedBy(world) !== undefined) setSetting(tx, blocked, '');
    if (request.amountFen > 0) at('settle.in-auto');
  });
  if (request.amountFen > 0) at('settle.after-auto');
  world.link.wake();
  changed(world);
}
