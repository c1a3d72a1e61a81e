import { TerminalError } from '../base/errors.ts';
import { requireInstrument } from '../payments/instruments.ts';
import { requireSameCard } from '../payments/originals.ts';
import type { CardFacts, Payment } from '../payments/payment.ts';
import { checkRisk, type RiskWarning } from '../payments/risk.ts';
import { stop } from './charge.ts';
import type { Presented } from './order.ts';
import { dismissChip } from './tell-chip.ts';
import type { World } from './world.ts';

/**
 * What is to be said about a card before anything is sent: whether the merchant takes it, the local rules about the card of a sale, and whether it is the card of what is
 * voided. A no stops the payment: INSTRUMENT_NOT_SUPPORTED, RISK_BLOCKED, ILLEGAL_STATE (OTHER_CARD).
 */
export async function checkCard(
  world: World,
  payment: Payment,
  order: Presented & { readonly facts: CardFacts },
): Promise<RiskWarning | undefined> {
  try {
    return allowed(world, payment, order.facts);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    stop(world, payment, error.code === 'RISK_BLOCKED' ? 'risk' : 'card-not-taken');
    await dismissChip(world, order.facts.entry);
    world.log('warn', 'card-not-taken', { payment: payment.no, code: error.code, rule: error.details['rule'] ?? '' });
    throw error;
  }
}

function allowed({ db, clock }: World, payment: Payment, facts: CardFacts): RiskWarning | undefined {
  switch (payment.txn) {
    case 'void':
    case 'preauth-void':
    case 'completion-void':
      requireSameCard(db, payment, facts);
      return undefined;
    case 'sale':
      requireInstrument(db, facts.entry);
      return checkRisk(db, clock, facts, payment.askedFen, payment.no);
    default:
      requireInstrument(db, facts.entry);
      return undefined;
  }
}
