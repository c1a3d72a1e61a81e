import { fen } from '../../../terminal/base/money.ts';
import type { CodeStep } from '../../../terminal/flows/code-sale-desk.ts';
import type { RefundOffer, RefundOutcome, RefundView } from '../../../terminal/flows/give-back-desk.ts';
import type { InvoiceOffer, InvoiceOutcome, InvoiceView } from '../../../terminal/flows/invoice-desk.ts';
import type { Trouble } from '../../../terminal/flows/upkeep-desk.ts';
import { deskAnswered, deskFinished } from '../../../terminal/screens/desk.ts';
import { adviceAmountEntered } from '../../../terminal/screens/desk-amounts.ts';
import { form, waitFor } from '../../../terminal/screens/desk-go.ts';
import type {
  Choose,
  DeskAnswer,
  DeskPlace,
  DeskResult,
  FormFor,
  PlainDeskCommand,
  Sheet,
  Way,
} from '../../../terminal/screens/desk-places.ts';
import type { Moment, Next } from '../../../terminal/screens/go.ts';
import { confirmInvoice } from '../../../terminal/screens/invoice.ts';
import { confirmRefund } from '../../../terminal/screens/refund.ts';
import { reportNothing, reportStopped } from '../../../terminal/screens/report.ts';
import { cashier, nowMs, transaction } from './desk.ts';

/** Every page of the desks, with the widest values. */

const moment: Moment = { now: nowMs, operator: cashier, id: 7 };
const most = fen(999_999_999);
const card = '622848*********1234';
const longTitle = '一个名字特别特别长的商户有限责任公司上海浦东新区分公司';
const taxNo = '91310115MA1K3ABC2X99';

export const refundOffer = (with_: Partial<RefundOffer> = {}): RefundOffer => ({
  payment: '01JD0000000000000000000000',
  terminal: '10000001',
  isHere: false,
  batch: '999999',
  stan: '999999',
  rrn: '632610000012',
  card,
  at: nowMs,
  amountFen: most,
  refundedFen: most,
  leftFen: most,
  state: 'PAID',
  ...with_,
});

export const refundView = (with_: Partial<RefundView> = {}): RefundView => ({
  no: '01JD0000000000000000000001',
  payment: '01JD0000000000000000000000',
  state: 'SUCCESS',
  amountFen: most,
  feeFen: fen(0),
  batch: '999999',
  stan: '999999',
  originTerminal: '10000001',
  originStan: '000012',
  originRrn: undefined,
  card,
  operator: '01',
  reason: undefined,
  requestedAt: nowMs,
  prints: 0,
  ...with_,
});

export const invoiceView = (with_: Partial<InvoiceView> = {}): InvoiceView => ({
  no: '01JD0000000000000000000002',
  kind: 'blue',
  state: 'ISSUED',
  payment: '01JD0000000000000000000000',
  stan: '999999',
  of: undefined,
  amountFen: most,
  titleKind: 'company',
  title: longTitle,
  taxNo,
  phone: '13800138000',
  email: undefined,
  invoiceNo: '26312000000012345678',
  url: 'https://invoice.example/26312000000012345678',
  reason: undefined,
  redDue: false,
  operator: '01',
  requestedAt: nowMs,
  prints: 0,
  ...with_,
});

export const invoiceOffer = (with_: Partial<InvoiceOffer> = {}): InvoiceOffer => ({
  payment: '01JD0000000000000000000000',
  stan: '999999',
  at: nowMs,
  amountFen: most,
  issued: undefined,
  ...with_,
});

const waiting = (command: PlainDeskCommand) => waitFor(command, 'idle', 7);
const ended = (command: PlainDeskCommand, done: DeskResult): Next => deskFinished(waiting(command), 7, done, moment);

const isDesk = (at: Next['at']): at is DeskPlace =>
  at.is === 'sheet' || at.is === 'choose' || at.is === 'form' || at.is === 'desk-wait' || at.is === 'code-sale';

/** The page, each of its sheets, and whatever its choices lead to. */
function withAllBehind(at: DeskPlace): readonly DeskPlace[] {
  const behind = (way: Way | undefined): readonly DeskPlace[] => (way && 'to' in way ? withAllBehind(way.to) : []);
  if (at.is === 'choose') return [at, ...at.choices.flatMap(({ to }) => behind(to))];
  if (at.is !== 'sheet') return [at];
  return [...at.pages.map((_, index): Sheet => ({ ...at, index })), ...at.pages.flatMap(({ enter }) => behind(enter))];
}

const refund = { is: 'refund', offer: refundOffer(), amountFen: most } as const;
const order = { payment: 'P', titleKind: 'company', title: longTitle, taxNo, phone: '13800138000' } as const;
const issue = { is: 'invoice-issue', order, amountFen: most } as const;

const refundEnds: readonly RefundOutcome[] = [
  { kind: 'succeeded', refund: refundView(), printProblem: undefined },
  { kind: 'continues', refund: refundView({ state: 'PROCESSING' }) },
  ...[
    'REFUND_FUNDS_INSUFFICIENT',
    'STALE_REFUND_BASE',
    'RISK_BLOCKED',
    'BANK_REFUSED',
    'the issuer says no, in many words',
  ].map((reason) => ({ kind: 'failed', refund: refundView({ state: 'FAILED', reason }), reason }) as const),
];

const invoiceEnds: readonly InvoiceOutcome[] = [
  { kind: 'issued', invoice: invoiceView(), printProblem: undefined },
  { kind: 'issued', invoice: invoiceView({ kind: 'red' }), printProblem: 'PAPER_OUT' },
  ...['ALREADY_INVOICED', 'TAX_NO_INVALID', 'INVOICE_TITLE_REQUIRED', 'CONTACT_REQUIRED', 'TXN_NOT_PAID'].map(
    (reason) => ({ kind: 'refused', invoice: invoiceView({ state: 'FAILED' }), reason }) as const,
  ),
  { kind: 'failed', invoice: invoiceView({ state: 'FAILED' }), reason: 'tax office is closed' },
  { kind: 'continues', invoice: invoiceView({ state: 'REQUESTED' }) },
];

const group = { debitCount: 500, debitFen: most, creditCount: 500, creditFen: most };
const troubles: readonly Trouble[] = [
  { is: 'payment', stan: '999999', batch: '999999', at: nowMs, amountFen: most, code: '96' },
  { is: 'row', kind: 'stored-sale-recorded', no: '01JD0000000000000000000002', code: 'WRONG_AMOUNT' },
  { is: 'row', kind: 'audit', no: '01JD0000000000000000000002', code: undefined },
];
const answers: readonly DeskAnswer[] = [
  {
    is: 'summary',
    summary: {
      batch: '999999',
      openedAt: nowMs,
      records: 500,
      totals: { domestic: group, foreign: group, codes: group },
    },
  },
  { is: 'stored', rows: [transaction({ type: 'completion-advice', card, amountFen: most }), transaction()] },
  { is: 'troubles', rows: troubles },
];

const results: readonly Next[] = [
  ended(
    { is: 'refund-find', reference: { by: 'voucher', stan: '999999' } },
    { of: 'refund-find', offer: refundOffer() },
  ),
  ...refundEnds.map((outcome) => ended(refund, { of: 'refund', outcome })),
  ...[true, false].map((isFrozen) =>
    ended({ is: 'find', why: 'report' }, { of: 'find', txn: transaction({ card, amountFen: most, isFrozen }) }),
  ),
  ended({ is: 'report', about: 'nothing', reason: 'other', where: 'menu' }, { of: 'desk-done' }),
  ...(
    [
      {},
      { issued: invoiceView() },
      { issued: invoiceView({ state: 'SENT', redDue: true }) },
      { issued: invoiceView({ state: 'REQUESTED' }) },
    ] as const
  ).map((with_) => ended({ is: 'invoice-offer' }, { of: 'invoice-offer', offer: invoiceOffer(with_) })),
  ended(
    { is: 'invoice-title', offer: invoiceOffer() },
    { of: 'invoice-title', scanned: { kind: 'scanned', title: { title: longTitle, taxNo } } },
  ),
  ...invoiceEnds.map((outcome) => ended(issue, { of: 'invoice', outcome })),
  ended({ is: 'invoice-print', invoice: 'I' }, { of: 'desk-done' }),
  ended({ is: 'sign-off' }, { of: 'desk-done' }),
  ended({ is: 'tell-state' }, { of: 'desk-done' }),
  ...[null, -86_400_000].map((clockOffsetMs) =>
    ended({ is: 'echo' }, { of: 'echo', echo: { tookMs: 30_000, clockOffsetMs } }),
  ),
  ...[[], ['supervisor.required', 'preauth.maxPercent', 'a', 'b', 'c', 'd']].map((changed) =>
    ended({ is: 'download' }, { of: 'download', downloaded: { rev: 99_999, changed } }),
  ),
  ...answers.map((answer) => deskAnswered({ is: 'idle', notice: undefined, expiresMs: undefined }, answer, moment)),
  adviceAmountEntered('999999', most, moment),
];

const untilMs = nowMs + 300_000;
const codeSteps: readonly (CodeStep | undefined)[] = [
  undefined,
  { at: 'reversal', untilMs },
  { at: 'scan', untilMs },
  { at: 'host', untilMs },
  ...(['QR_WECHAT', 'QR_ALIPAY', 'QR_UNIONPAY'] as const).map(
    (instrument) => ({ at: 'show-code', url: 'https://qr.example/01JD', instrument, untilMs }) as const,
  ),
  { at: 'phone', needsPin: true, untilMs },
  { at: 'phone', needsPin: false, untilMs },
  { at: 'unknown', askAtMs: nowMs + 60_000, untilMs },
  { at: 'closing' },
  { at: 'printing' },
];
const codeEnds = [
  { kind: 'closed', txn: transaction({ amountFen: most }), revoked: true },
  { kind: 'closed', txn: transaction({ amountFen: most }), revoked: false },
  { kind: 'unknown', txn: transaction({ amountFen: most }) },
] as const;
const codeSale = (step: CodeStep | undefined) =>
  ({ is: 'code-sale', id: 7, amountFen: most, by: 'merchant-shows', step }) as const;

const forms: readonly (readonly [FormFor, readonly string[]])[] = [
  [{ for: 'refund-voucher' }, ['12']],
  [{ for: 'refund-reference' }, ['632610000012', '112']],
  [{ for: 'find', why: 'show' }, ['']],
  [{ for: 'find', why: 'report' }, ['123456']],
  [{ for: 'invoice-voucher' }, ['1']],
  [{ for: 'code', amountFen: most }, ['123456789012345678901234']],
  [
    { for: 'invoice-phone', offer: invoiceOffer(), kind: 'company', title: { title: longTitle, taxNo } },
    ['1380013800'],
  ],
];
const notices = ['stanDigits', 'rrnDigits', 'date', 'phone'] as const;

const commands: readonly PlainDeskCommand[] = [
  { is: 'refund-find', reference: { by: 'voucher', stan: '000012' } },
  refund,
  { is: 'find', why: 'show' },
  { is: 'advise', stan: '000012', amountFen: most },
  { is: 'report', about: 'last', reason: 'fraud', where: 'sale' },
  { is: 'invoice-offer' },
  { is: 'invoice-title', offer: invoiceOffer() },
  issue,
  { is: 'invoice-red', invoice: 'I', amountFen: most },
  { is: 'invoice-print', invoice: 'I' },
  ...(['sign-off', 'drawer', 'echo', 'download', 'tell-state'] as const).map((is) => ({ is })),
];

const everything: readonly DeskPlace[] = [
  ...[
    ...results.map(({ at }) => at),
    ...codeEnds.map((outcome) => deskFinished(codeSale(undefined), 7, { of: 'code-sale', outcome }, moment).at),
  ]
    .filter(isDesk)
    .flatMap(withAllBehind),
  ...withAllBehind(reportNothing(moment)),
  ...withAllBehind(reportStopped(moment, 6, true)),
  ...withAllBehind(confirmRefund({ offer: refundOffer(), amountFen: most }, moment)),
  ...withAllBehind(
    confirmInvoice(
      { for: 'invoice-phone', offer: invoiceOffer(), kind: 'company', title: { title: longTitle, taxNo } },
      '13800138000',
      moment,
    ),
  ),
  ...codeSteps.map(codeSale),
  ...forms.flatMap(([what, typed]) =>
    [undefined, ...notices.map((name) => ({ text: `notice.${name}`, params: {} }) as const)].map((notice) => ({
      ...form(moment, what, 'idle'),
      typed,
      notice,
    })),
  ),
  ...commands.flatMap((command) =>
    [undefined, { at: 'sending' }, { at: 'processing' }, { at: 'printing' }].map(
      (step) => ({ ...waiting(command), step }) as DeskPlace & { is: 'desk-wait' },
    ),
  ),
];

const of = <Is extends DeskPlace['is']>(is: Is) =>
  everything.filter((at): at is Extract<DeskPlace, { is: Is }> => at.is === is);

export const deskPlaces: { readonly [Is in DeskPlace['is']]: readonly Extract<DeskPlace, { is: Is }>[] } = {
  sheet: of('sheet'),
  choose: of('choose') satisfies readonly Choose[],
  form: of('form'),
  'desk-wait': of('desk-wait'),
  'code-sale': of('code-sale'),
};
