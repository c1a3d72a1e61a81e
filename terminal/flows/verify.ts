import type { CardAnswer, Verification } from '../../sync/protocol/card-requests.ts';
import { inTransaction } from '../base/database.ts';
import type { Payment } from '../payments/payment.ts';
import { wantsCode } from '../payments/record-answer.ts';
import { takeStan } from '../payments/store.ts';
import { askCashier } from './ask-cashier.ts';
import type { PaymentDialog } from './ask-customer.ts';
import { showCustomer } from './customer-display.ts';
import { askHost } from './host-link.ts';
import type { World } from './world.ts';

type Answer = CardAnswer | 'no-answer' | 'cancelled' | 'offline';

/**
 * 短信验证, 微信验证 (B-023): as long as the host wants the code that it sent to the customer, the cashier is asked for it, and the same request goes again
 * with it. Given up, it is reversed like anything that may have been booked.
 */
export async function verify(
  world: World,
  payment: Payment,
  first: CardAnswer,
  dialog: PaymentDialog,
  send: (otp: string) => Promise<Answer>,
): Promise<CardAnswer | 'no-answer' | 'cancelled' | 'not-verified'> {
  let answer: CardAnswer = first;
  let wanted = wantedBy(payment, answer);
  while (wanted) {
    const code = await askCode(world, payment, wanted, dialog);
    if (dialog.signal.aborted) return 'cancelled';
    if (code === undefined) return 'not-verified';
    if (code === 'send-again') {
      wanted = (await sendAgain(world, payment, dialog)) ?? wanted;
      continue;
    }
    const next = await send(code);
    if (typeof next === 'string') return next === 'offline' ? 'no-answer' : next;
    answer = next;
    wanted = wantedBy(payment, answer);
  }
  return answer;
}

const wantedBy = ({ no, stan }: Payment, answer: CardAnswer): Verification | undefined =>
  answer.code === wantsCode && answer.payment === no && answer.stan === stan
    ? (answer.verification ?? undefined)
    : undefined;

async function askCode(
  world: World,
  { askedFen }: Payment,
  { by, to, triesLeft, problem }: Verification,
  dialog: PaymentDialog,
): Promise<string | undefined> {
  showCustomer(world, { is: 'verify', amountFen: askedFen });
  const waitMs = world.config.limits.codeWaitMs;
  const answered = await askCashier(world, { waitMs, signal: dialog.signal }, (untilMs) =>
    dialog.askCode({ by, to, triesLeft, problem: problem ?? undefined, untilMs }),
  );
  return typeof answered === 'object' ? answered.said : undefined;
}

/** Undefined: it is not known whether it went; the cashier may ask once more. */
async function sendAgain(
  world: World,
  payment: Payment,
  { signal, progress }: PaymentDialog,
): Promise<Verification | undefined> {
  const waitMs = world.config.limits.hostWaitMs;
  progress({ at: 'host', untilMs: world.clock.now() + waitMs, card: payment.card ?? '' });
  const stan = inTransaction(world.db, (tx) => takeStan(tx));
  const request = { kind: 'otp-send', payment: payment.no, stan } as const;
  const answer = await askHost(world, payment.no, request, { waitMs, signal });
  return typeof answer === 'object' && answer.stan === stan ? (answer.verification ?? undefined) : undefined;
}
