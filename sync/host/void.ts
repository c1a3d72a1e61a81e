import type { VoidRequest } from '../protocol/card-requests.ts';
import type { TxnKind } from '../protocol/common.ts';
import type { Sealed } from '../protocol/sealed.ts';
import { findApproval } from './approvals.ts';
import type { TerminalRef } from './business.ts';
import type { ApprovalTable } from './business-tables.ts';
import { issuerOf, maskCard } from './cards.ts';
import { open } from './check-card.ts';
import { groupOf } from './completion.ts';
import { chargedBackFen, isFrozen } from './freezes.ts';
import type { Host } from './host.ts';
import { isRightPin } from './pin.ts';
import { isRefunded } from './refund-sums.ts';
import { approved, declined, type Ruling } from './ruling.ts';
import type { HostTrx } from './store.ts';

/** Which transactions each kind of void takes back. A code sale is refunded, an advice stands. */
const voids: Readonly<Record<VoidRequest['kind'], readonly TxnKind[]>> = {
  void: ['sale', 'stored-sale'],
  'preauth-void': ['preauth'],
  'completion-void': ['completion'],
};

/**
 * 撤销 of a sale, of a pre-authorisation, of a completion. In order of precedence: 25 there is none, 12 it is not of this kind, not of this batch,
 * voided, completed, refunded or charged back, 13 not its whole amount, 14 another card, 55 its PIN, 59 its money is frozen.
 */
export async function ruleVoid(host: Host, trx: HostTrx, from: TerminalRef, request: VoidRequest): Promise<Ruling> {
  const original = await findApproval(trx, from, request.original);
  if (!original || isNone(original)) return declined('25');
  const card = {
    masked: original.card_masked,
    issuer: issuerOf(original.card_masked ?? ''),
    group: groupOf(original),
  };
  const no = (code: string) => declined(code, card, original.entry);
  if (!voids[request.kind].includes(original.txn) || !stands(host, original)) return no('12');
  if (original.txn !== 'preauth' && original.batch !== request.batch) return no('12');
  if (await isRefunded(trx, from, original.payment)) return no('12');
  if ((await chargedBackFen(trx, from, original.payment)) > 0) return no('12');
  if (request.amountFen !== original.amount_fen) return no('13');
  const wrong = request.card && wrongWith(host, request.payment, request.card, original);
  if (wrong) return no(wrong);
  if (await isFrozen(trx, from, original.payment)) return no('59');
  return approved({
    card,
    entry: original.entry,
    approvedFen: original.amount_fen,
    original: original.payment,
    originalBecomes: 'VOIDED',
  });
}

const isNone = (original: ApprovalTable): boolean =>
  original.state === 'DECLINED' || original.state === 'REVERSED' || original.state === 'REJECTED';

function stands(host: Host, original: ApprovalTable): boolean {
  if (original.state !== 'APPROVED' && original.state !== 'CLEARED') return false;
  return original.valid_until === null || host.clock.now() < original.valid_until;
}

function wrongWith(host: Host, payment: string, sealed: Sealed, original: ApprovalTable): '14' | '55' | undefined {
  const card = open(host, payment, sealed);
  if (!card || maskCard(card.pan) !== original.card_masked) return '14';
  return card.pin && !isRightPin(card.pan, card.pin) ? '55' : undefined;
}
