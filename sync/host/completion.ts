import type { EntryMode } from '../protocol/common.ts';
import type { Sealed } from '../protocol/sealed.ts';
import { ruleForAmount } from './amount-table.ts';
import { findApproval } from './approvals.ts';
import type { TerminalRef } from './business.ts';
import type { ApprovalTable } from './business-tables.ts';
import { issuerOf, maskCard } from './cards.ts';
import { open } from './check-card.ts';
import { type Host, owner } from './host.ts';
import type { HostParameters } from './parameters.ts';
import { declined, type Ruling } from './ruling.ts';
import { charge } from './sale.ts';
import type { HostTrx } from './store.ts';

/** What a completion names, asked online or told as advice. */
export interface Completing {
  readonly payment: string;
  readonly amountFen: number;
  readonly entry: EntryMode;
  readonly card: Sealed | null;
  /** First six and last four, where the card itself is not there. */
  readonly masked: string | null;
  readonly original: string | null;
  readonly authCode: string | null;
}

/**
 * 预授权完成: charges at most the parameter's share of what is held, within its validity, once. 25: no such pre-authorisation, 14: of another card, 12: voided,
 * completed or out of validity, 61: too much. Books the whole amount: what was agreed with the customer has no discount and no half.
 */
export async function ruleCompletion(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  asked: Completing,
  parameters: HostParameters,
): Promise<Ruling> {
  const { amountFen, entry } = asked;
  const masked = maskedOf(host, asked);
  const held = await findHeld(trx, from, asked, masked);
  if (!held) return declined('25');
  const card = { masked: held.card_masked, issuer: issuerOf(held.card_masked ?? ''), group: groupOf(held) };
  if (masked !== null && masked !== held.card_masked) return declined('14', card, entry);
  if (held.state !== 'APPROVED' || (held.valid_until ?? 0) <= host.clock.now()) return declined('12', card, entry);
  if (amountFen > mostFen(held.amount_fen, parameters)) return declined('61', card, entry);
  const rule = ruleForAmount(amountFen);
  if (rule.does === 'decline') return declined(rule.code, card, entry);
  const whole = rule.does === 'approve-part' || rule.does === 'discount' || rule.does === 'verify';
  const policy = { ...parameters, 'host.discountBps': 0 };
  const plain = whole ? ({ does: 'approve', code: '00' } as const) : rule;
  const charged = charge({ amountFen, entry, rule: plain, card, parameters: policy });
  return { ...charged, original: held.payment, originalBecomes: 'COMPLETED' };
}

const mostFen = (heldFen: number, parameters: HostParameters): number =>
  Math.floor((heldFen * parameters['preauth.maxPercent']) / 100);

export const groupOf = (approval: ApprovalTable): 'domestic' | 'foreign' =>
  approval.card_group === 'foreign' ? 'foreign' : 'domestic';

function maskedOf(host: Host, asked: Completing): string | null {
  if (!asked.card) return asked.masked;
  const card = open(host, asked.payment, asked.card);
  return card ? maskCard(card.pan) : '';
}

/** By number, else by authorisation code and card; of this terminal. */
async function findHeld(
  trx: HostTrx,
  from: TerminalRef,
  asked: Completing,
  masked: string | null,
): Promise<ApprovalTable | undefined> {
  if (asked.original !== null) {
    const found = await findApproval(trx, from, asked.original);
    return found?.txn === 'preauth' && found.state !== 'DECLINED' && found.state !== 'REVERSED' ? found : undefined;
  }
  if (asked.authCode === null || masked === null) return undefined;
  return trx
    .selectFrom('approvals')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), txn: 'preauth', auth_code: asked.authCode, card_masked: masked }))
    .where('state', 'in', ['APPROVED', 'COMPLETED', 'VOIDED'])
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
}
