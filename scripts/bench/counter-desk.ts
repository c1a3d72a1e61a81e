import type { Business, TerminalRef } from '../../sync/host/business.ts';
import type { Answer, Request } from '../../sync/protocol/requests.ts';
import type { Clock } from '../../terminal/base/clock.ts';

const firstBatch = '000001';
/** As at the reference host: amounts with this ending get no answer. */
const unansweredFen = 98;

/** The least business of a host for sales at a counter: rows are recorded and nothing more, and every sale is approved. */
export const counterDesk = (clock: Clock): Business => ({
  applyUp: () => Promise.resolve(),
  answer: (_: TerminalRef, __: string, request: Request): Promise<Answer | null> =>
    Promise.resolve(answerTo(request, clock.now())),
});

function answerTo(request: Request, now: number): Answer | null {
  const { stan } = request;
  if (request.kind === 'sign-in') {
    const batch = request.batch ?? firstBatch; // whatever the terminal has open
    return { kind: 'sign-in', stan, code: '00', batch, rev: 1, merchantName: '账平', parameters: {}, hostTime: now };
  }
  if (request.kind === 'reverse') return { kind: 'reverse', payment: request.payment, stan, code: '00' };
  if (request.kind !== 'sale' || request.amountFen % 100 === unansweredFen) return null;
  return {
    kind: 'sale',
    payment: request.payment,
    stan,
    code: '00',
    amountFen: request.amountFen,
    approvedFen: request.amountFen,
    discountFen: 0,
    rrn: stan.padStart(12, '0'),
    authCode: stan,
    issuer: '建设银行',
    acquirer: '银联商务',
    group: 'domestic',
    cleared: false,
    rate: { id: 'contactless', ppm: 3800, capFen: null },
    verification: null,
  };
}
