import { type Fen, formatYuan } from '../base/money.ts';
import type { RefundOffer, RefundOutcome } from '../flows/give-back-desk.ts';
import { askAmount } from './ask-amount.ts';
import { askSupervisor, secretRefused } from './ask-secret.ts';
import { inMenu, result, sheet, waitFor } from './desk-go.ts';
import type { Back, RefundToMake, Row, Sheet } from './desk-places.ts';
import { empty, money, reasonRow, when } from './desk-rows.ts';
import { beep, go, idle, type Moment, type Next, operationMs, refuse, resultMs } from './go.ts';
import type { AskSecret, Refusal } from './state.ts';
import { say } from './texts.ts';

/** 退货: what is found, the amount, 主管密码, and what the host decides. */

const title = say('title.refund');

const which = ({ stan, at, card }: RefundOffer): readonly Row[] => [
  { label: 'label.stan', value: stan },
  { label: 'label.paidAt', value: when(at) },
  ...(card === undefined ? [] : [{ right: card }]),
];

export const refundOffer = (offer: RefundOffer, moment: Moment): Sheet =>
  sheet(
    moment,
    [
      {
        title: say('title.refundable'),
        rows: [
          { label: 'label.terminal', value: offer.isHere ? say('refund.here') : offer.terminal },
          ...which(offer).slice(0, 2),
          money('label.paid', offer.amountFen),
          money('label.refunded', offer.refundedFen),
        ],
        amountFen: offer.leftFen,
        ...(offer.leftFen > 0 && { enter: { refund: offer } }),
      },
    ],
    inMenu('refund'),
  );

export const askRefundAmount = (offer: RefundOffer, moment: Moment, typed?: Fen) =>
  askAmount(moment, { purpose: { txn: 'refund', offer }, ...(typed !== undefined && { typed }) });

/** More than is left is said at once, with both amounts; the confirmation comes before money moves. */
export function refundAmountEntered(offer: RefundOffer, amountFen: Fen, moment: Moment): Next {
  if (amountFen <= offer.leftFen) return go(confirmRefund({ offer, amountFen }, moment));
  const details = { value: formatYuan(amountFen), limit: formatYuan(offer.leftFen) };
  return refuse(moment, title, { code: 'REFUND_EXCEEDS_PAID', details }, askRefundAmount(offer, moment));
}

export const confirmRefund = (refund: RefundToMake, moment: Moment): Sheet =>
  sheet(
    moment,
    [
      {
        title: say('title.confirmRefund'),
        rows: [say('refund.check'), empty, ...which(refund.offer)],
        amountFen: refund.amountFen,
        enter: moment.operator?.role === 'C' ? { approve: refund } : { run: { is: 'refund', ...refund } },
      },
    ],
    refundOffer(refund.offer, moment),
  );

/** 主管密码, with what it is for before the supervisor's eyes. */
export function askApproval({ offer, amountFen }: RefundToMake, moment: Moment): AskSecret {
  const refund = { offer, amountFen };
  return askSupervisor(moment, {
    title,
    lines: [
      say('takeBack.voucher', { stan: refund.offer.stan }),
      say('takeBack.amount', { amount: formatYuan(refund.amountFen) }),
    ],
    command: { is: 'approved-refund', ...refund },
    during: waitFor({ is: 'refund', ...refund }, backOf(refund, moment), moment.id),
    back: confirmRefund(refund, moment),
  });
}

const backOf = ({ offer }: RefundToMake, moment: Moment): Back => refundOffer(offer, moment);

/** A wrong secret is asked for again; an amount that cannot be, too. */
export function refundRefused(refund: RefundToMake, refusal: Refusal, moment: Moment): Next {
  const again = secretRefused(askApproval(refund, moment), refusal, moment);
  if (again) return again;
  const isAmount = refusal.code === 'REFUND_EXCEEDS_PAID' || refusal.code === 'INVALID_AMOUNT';
  return refuse(moment, title, refusal, isAmount ? askRefundAmount(refund.offer, moment) : idle(moment));
}

export function refundEnded(outcome: RefundOutcome, moment: Moment): Next {
  const { refund } = outcome;
  const { stan, amountFen } = refund;
  const rows: readonly Row[] = [
    { label: 'label.stan', value: stan },
    ...(refund.card === undefined ? [] : [{ right: refund.card }]),
  ];
  switch (outcome.kind) {
    case 'succeeded': {
      const { printProblem: problem } = outcome;
      if (problem === undefined)
        return result(
          moment,
          { title: say('title.refunded'), rows: [empty, say('sale.approved'), ...rows], amountFen },
          'ok',
          { ms: resultMs },
        );
      const target = { kind: 'stan', stan } as const;
      const expiresMs = moment.now + operationMs;
      return go({ is: 'print-problem', target, safe: say('refund.safe'), problem, expiresMs }, beep('error'));
    }
    case 'failed':
      return result(
        moment,
        {
          title: say('title.refundFailed'),
          rows: [reasonRow(outcome.reason), say('refund.notPaid'), ...rows],
          amountFen,
        },
        'error',
      );
    case 'continues':
      return result(moment, { title, rows: [empty, say('refund.continues'), ...rows], amountFen }, 'error');
  }
}
