import type { SaleRequest } from '../protocol/card-requests.ts';
import { type AmountRule, ruleForAmount } from './amount-table.ts';
import type { TerminalRef } from './business.ts';
import { checkCard } from './check-card.ts';
import { discountOf } from './discounts.ts';
import { chooseRate } from './fee.ts';
import type { Host } from './host.ts';
import { type HostParameters, ratePolicy } from './parameters.ts';
import { approved, cardFacts, declined, type Ruling } from './ruling.ts';
import type { HostTrx } from './store.ts';
import { verify } from './verification.ts';

/** 消费. In order of precedence: the limit, the card, its PIN, the amount table, the verification of the customer. */
export async function ruleSale(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  request: SaleRequest,
  parameters: HostParameters,
): Promise<Ruling> {
  const { payment, amountFen, entry } = request;
  if (amountFen > parameters['sale.maxFen']) return declined('61');
  const checked = checkCard(host, payment, request.card);
  const card = cardFacts(checked.card);
  if (checked.code !== null) return declined(checked.code, card, entry);
  const rule = ruleForAmount(amountFen);
  if (rule.does === 'decline') return declined(rule.code, card, entry);
  const fromFen = parameters['verify.fromFen'];
  if (rule.does === 'verify' || (fromFen > 0 && amountFen >= fromFen)) {
    const verified = await verify(host, trx, from, request, parameters);
    if (verified === 'no-tries-left') return declined('63', card, entry);
    if (verified !== 'verified') return { ...declined('1A', card, entry), verification: verified };
  }
  return charge({ amountFen, entry, rule, card, parameters });
}

/** What is charged: all of the amount or, by the amount table, a part; less a discount. */
export function charge(given: {
  readonly amountFen: number;
  readonly entry: SaleRequest['entry'];
  readonly rule: AmountRule;
  readonly card: Ruling['card'];
  readonly parameters: HostParameters;
}): Ruling {
  const { amountFen, entry, rule, card, parameters } = given;
  const part = rule.does === 'approve-part';
  const approvedFen = part ? Math.ceil(amountFen / 2) : amountFen;
  const discountFen = discountOf(approvedFen, rule, parameters);
  return approved({
    code: part ? '10' : '00',
    card,
    entry,
    approvedFen,
    discountFen,
    rate: chooseRate(ratePolicy(parameters), entry, approvedFen - discountFen),
    cleared: parameters['settle.cardCycle'] === 'real-time',
    answer: answerBy(rule),
  });
}

/** How the amount table has it answered. */
export function answerBy(rule: AmountRule): Ruling['answer'] {
  if (rule.does === 'ignore') return 'none';
  if (rule.does === 'lose-answer') return 'lost';
  return rule.does === 'answer-late' ? 'late' : 'now';
}
