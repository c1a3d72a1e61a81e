import type { PreauthRequest } from '../protocol/card-requests.ts';
import { ruleForAmount } from './amount-table.ts';
import { checkCard } from './check-card.ts';
import type { Host } from './host.ts';
import type { HostParameters } from './parameters.ts';
import { approved, cardFacts, declined, type Ruling } from './ruling.ts';
import { answerBy } from './sale.ts';
import { dayMs } from './shanghai.ts';

/** 预授权: holds an amount for a number of days. In neither side of any total; always the whole amount, without a discount. */
export function rulePreauth(host: Host, request: PreauthRequest, parameters: HostParameters): Ruling {
  const { payment, amountFen, entry } = request;
  if (amountFen > parameters['sale.maxFen']) return declined('61');
  const checked = checkCard(host, payment, request.card);
  const card = cardFacts(checked.card);
  if (checked.code !== null) return declined(checked.code, card, entry);
  const rule = ruleForAmount(amountFen);
  if (rule.does === 'decline') return declined(rule.code, card, entry);
  const validUntil = host.clock.now() + parameters['preauth.validDays'] * dayMs;
  return approved({ card, entry, approvedFen: amountFen, validUntil, answer: answerBy(rule) });
}
