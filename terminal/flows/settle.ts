import { present } from '../base/assert.ts';
import { type Fen, fen } from '../base/money.ts';
import { balanceOf, sumByCode } from '../ledger/queries.ts';
import { settlementByKey, settlementByNo } from '../settlement/queries.ts';
import { requestSettlement, usableAccount } from '../settlement/settle.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import type { SettlementOffer, SettlementView, SettleOnce, SettleStep } from './counter.ts';
import { requireSettleable } from './settle-obstacles.ts';
import { settlementView } from './views.ts';
import { changed, until, type World } from './world.ts';

/** The five steps of a settlement by hand (B-008 to B-012) as the counter asks for them. */

/** What could be settled now, and to which account. NO_SETTLE_ACCOUNT, SETTLE_ACCOUNT_ERRORED. */
export function settlementOffer(world: World): SettlementOffer {
  const { version, name, maskedNumber, bank } = usableAccount(world.db);
  return {
    availableFen: balanceOf(world.db, '2002'),
    unclearedFen: sumByCode(world.db, '2001'),
    inTransitFen: sumByCode(world.db, '2005'),
    account: { version, name, maskedNumber, bank },
  };
}

/** Sends the instruction and shows how it goes until the host has decided; leaving (`signal`) changes nothing about it. */
export async function settle(
  world: World,
  user: User,
  command: { readonly amount: Fen; readonly offer: SettlementOffer | undefined; readonly key?: string },
  signal: AbortSignal,
  progress: (step: SettleStep) => void,
): Promise<SettlementView> {
  const { amount, offer, key } = command;
  const request = { user, amount, seenFen: offer?.availableFen, accountVersion: offer?.account.version };
  const asked = key === undefined ? request : { ...request, key };
  const { no } = requestSettlement(world.db, world, asked, () => requireSettleable(world));
  progress({ at: 'sending' });
  world.link.wake();
  changed(world);
  const current = () => present(settlementByNo(world.db, no), 'the settlement that was just requested');
  let shown = 'REQUESTED';
  await until(
    world,
    () => {
      const { state } = current();
      if (state === 'PROCESSING' && shown !== state) progress({ at: 'processing' });
      shown = state;
      return state !== 'REQUESTED' && state !== 'PROCESSING';
    },
    signal,
  );
  return settlementView(current());
}

/** B-051: a key that the book knows is answered from there, whatever is available now and however the account stands; else as `settle`, of what the caller saw. */
export function settleOnce(
  world: World,
  user: User,
  { key, amountFen, seenFen }: SettleOnce,
  signal: AbortSignal,
  progress: (step: SettleStep) => void,
): Promise<SettlementView> {
  authorise(user, 'settle');
  const known = settlementByKey(world.db, key);
  const now = known ? undefined : settlementOffer(world);
  const offer = now && { ...now, availableFen: fen(seenFen ?? now.availableFen) };
  const all = known?.amountFen ?? offer?.availableFen ?? fen(0);
  return settle(world, user, { amount: amountFen === undefined ? all : fen(amountFen), offer, key }, signal, progress);
}
