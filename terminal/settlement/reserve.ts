import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import type { Tx } from '../base/database.ts';
import { newId } from '../base/ids.ts';
import type { Fen } from '../base/money.ts';
import type { Random } from '../base/random.ts';
import { settlementRequested, toWire } from '../ledger/journal.ts';
import { post } from '../ledger/post.ts';
import { takeCredits, takeFront } from './settled-parts.ts';
import { newSettlement, type Settlement } from './settlement.ts';
import { type AccountRow, insertSettlement } from './store.ts';

export interface Reservation {
  readonly mode: Settlement['mode'];
  readonly by: string;
  readonly amountFen: Fen;
  readonly account: AccountRow;
  readonly key?: string | undefined;
  /** Of AUTO: the day of the cut. */
  readonly cut?: string;
  /** The number of the refused one that it takes the place of. */
  readonly againOf?: string;
}

/** Takes the amount (J-20) under a new number, which stays its own for life (B-051), and sends the instruction up. INSUFFICIENT_BALANCE. */
export function reserve(
  tx: Tx,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  { mode, by, amountFen, account, key, cut, againOf }: Reservation,
): Settlement {
  const requestedAt = clock.now();
  const settlement = newSettlement({
    no: newId(clock, random),
    mode,
    amountFen,
    accountVersion: account.version,
    maskedAccount: account.maskedNumber,
    requestedBy: by,
    requestedAt,
    idempotencyKey: key ?? null,
    cut: cut ?? null,
    againOf: againOf ?? null,
  });
  const { no } = settlement;
  const journal = settlementRequested(settlement, { at: requestedAt, by });
  insertSettlement(tx, settlement);
  if (mode === 'REALTIME') takeCredits(tx, no, amountFen);
  else takeFront(tx, no, amountFen);
  post(tx, journal);
  audit(tx, {
    at: requestedAt,
    by,
    action: 'settle',
    about: no,
    outcome: 'ok',
    details: {
      amountFen,
      ...(mode !== 'MANUAL' && { mode }),
      ...(cut !== undefined && { cut }),
      ...(againOf !== undefined && { againOf }),
    },
  });
  send(tx.db, {
    kind: 'settle',
    id: no,
    body: {
      no,
      at: requestedAt,
      by,
      facts: { amountFen, mode, accountVersion: account.version, rev: account.rev, cut: cut ?? null },
      journals: [toWire(journal)],
    },
  });
  return settlement;
}
