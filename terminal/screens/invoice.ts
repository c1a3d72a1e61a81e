import { formatYuan } from '../base/money.ts';
import type {
  InvoiceOffer,
  InvoiceOutcome,
  InvoiceTitle,
  InvoiceView,
  ScannedTitle,
  TitleKind,
} from '../flows/invoice-desk.ts';
import { choose, form, inMenu, result, sheet } from './desk-go.ts';
import type { Choose, Form, Row, Sheet } from './desk-places.ts';
import { empty, reasonRow } from './desk-rows.ts';
import { beep, fail, go, idle, type Moment, menu, message, type Next, operationMs, refuse } from './go.ts';
import type { Refusal } from './state.ts';
import { keyFor, say } from './texts.ts';

/** 开具发票 (B-040, B-041): of which payment, for whom, where it is sent; an invoice that is there is shown, printed again or taken back. */

const title = say('title.invoice');
const back = inMenu('invoice');

export function invoiceOffered(offer: InvoiceOffer | undefined, moment: Moment): Next {
  if (!offer) return go(message(moment, title, [say('notice.noTransactions')], menu(moment, 'invoice')), beep('wrong'));
  if (offer.issued) return go(issued(offer.issued, offer, moment));
  if (offer.amountFen <= 0)
    return go(message(moment, title, [say('invoice.nothing')], menu(moment, 'invoice')), beep('wrong'));
  return go(askTitle(offer, moment));
}

const askTitle = (offer: InvoiceOffer, moment: Moment): Choose =>
  choose(moment, {
    title,
    lines: [
      { label: 'label.stan', value: offer.stan },
      { label: 'label.amount', value: formatYuan(offer.amountFen) },
    ],
    choices: [
      {
        text: 'choice.invoice.personal',
        to: { to: askPhone(offer, 'personal', { title: '个人', taxNo: '' }, moment) },
      },
      { text: 'choice.invoice.company', to: { run: { is: 'invoice-title', offer } } },
    ],
    back,
  });

const askPhone = (offer: InvoiceOffer, kind: TitleKind, to: InvoiceTitle, moment: Moment): Form =>
  form(moment, { for: 'invoice-phone', offer, kind, title: to }, back);

export function titleScanned(offer: InvoiceOffer, scanned: ScannedTitle, moment: Moment): Next {
  if (scanned.kind === 'scanned') return go(askPhone(offer, 'company', scanned.title, moment), beep('ok'));
  switch (scanned.why) {
    case 'cancelled':
      return go(askTitle(offer, moment));
    case 'scan-timeout':
      return fail(moment, title, [say('notice.scanTimeout')], askTitle(offer, moment));
    case 'scanner': {
      const problem = keyFor('problem', scanned.detail ?? '') ?? 'problem.other';
      const lines = [say('qr.scanner'), { text: problem, params: {} }];
      return fail(moment, title, lines, askTitle(offer, moment));
    }
  }
}

/** A code that is no title may be scanned again. */
export const titleRefused = (offer: InvoiceOffer, refusal: Refusal, moment: Moment): Next =>
  refusal.code === 'BAD_REQUEST'
    ? fail(moment, title, [say('invoice.notTitle')], askTitle(offer, moment))
    : refuse(moment, title, refusal, askTitle(offer, moment));

const titleRows = (name: string, taxNo: string | undefined): readonly Row[] => [
  { words: name, most: 2 },
  ...(taxNo === undefined || taxNo === '' ? [] : [{ right: taxNo }]),
];

/** Everything that will stand on it, before it is asked for. */
export const confirmInvoice = (
  { for: _, offer, kind, title: to }: Extract<Form['form'], { readonly for: 'invoice-phone' }>,
  phone: string,
  moment: Moment,
): Sheet =>
  sheet(
    moment,
    [
      {
        title: say('title.confirmInvoice'),
        rows: [
          ...titleRows(to.title, to.taxNo),
          { label: 'label.phone', value: phone },
          { label: 'label.stan', value: offer.stan },
        ],
        amountFen: offer.amountFen,
        enter: {
          run: {
            is: 'invoice-issue',
            amountFen: offer.amountFen,
            order: { payment: offer.payment, titleKind: kind, ...filled(to), phone },
          },
        },
      },
    ],
    askPhone(offer, kind, to, moment),
  );

/** The telephone number of the title is the company's; the invoice goes to the customer's own. */
const filled = ({ title: name, taxNo, address }: InvoiceTitle) => ({
  title: name,
  ...(taxNo !== '' && { taxNo }),
  ...(address !== undefined && { address }),
});

/** The invoice that stands or is under way. */
function issued(invoice: InvoiceView, offer: InvoiceOffer, moment: Moment): Sheet | Choose {
  const { no, state, redDue, amountFen } = invoice;
  const lines: readonly Row[] = [
    { label: 'label.state', value: say(`invoiceState.${state}`) },
    { words: invoice.title, most: 1 },
    { label: 'label.amount', value: formatYuan(amountFen) },
  ];
  if (state === 'REQUESTED')
    return sheet(moment, [{ title: say('title.issued'), rows: [...lines, say('invoice.continues')] }], back);
  const number: Row = { right: invoice.invoiceNo ?? '' };
  const takeBack = sheet(
    moment,
    [
      {
        title: say('title.redInvoice'),
        rows: [
          say('invoice.redAsk'),
          number,
          { words: invoice.title, most: 1 },
          { label: 'label.stan', value: offer.stan },
        ],
        amountFen,
        enter: { run: { is: 'invoice-red', invoice: no, amountFen } },
      },
    ],
    back,
  );
  return choose(moment, {
    title: say(redDue ? 'title.redDue' : 'title.issued'),
    lines: [...lines, number],
    choices: [
      { text: 'choice.invoice.print', to: { run: { is: 'invoice-print', invoice: no } } },
      ...(redDue ? [{ text: 'choice.invoice.red', to: { to: takeBack } } as const] : []),
    ],
    back,
  });
}

export function invoiceEnded(outcome: InvoiceOutcome, moment: Moment): Next {
  const { invoice } = outcome;
  const { amountFen, stan, kind } = invoice;
  const rows: readonly Row[] = [{ label: 'label.stan', value: stan }];
  switch (outcome.kind) {
    case 'issued': {
      const done = say(kind === 'red' ? 'title.redDone' : 'title.issued');
      const text = say(outcome.printProblem === undefined ? 'invoice.takeSlip' : 'invoice.noSlip');
      const page = { title: done, rows: [text, { right: invoice.invoiceNo ?? '' }, ...rows], amountFen };
      return result(moment, page, outcome.printProblem === undefined ? 'ok' : 'error');
    }
    case 'refused':
    case 'failed': {
      const next = say(outcome.kind === 'failed' ? 'invoice.again' : 'invoice.refused');
      const page = { title: say('title.notIssued'), rows: [reasonRow(outcome.reason), next, ...rows], amountFen };
      return result(moment, page, 'error');
    }
    case 'continues':
      return result(moment, { title, rows: [empty, say('invoice.continues'), ...rows], amountFen }, 'error');
  }
}

export const invoiceRefused = (refusal: Refusal, moment: Moment): Next => refuse(moment, title, refusal, idle(moment));

export const invoicePrinted = (moment: Moment): Next =>
  result(moment, { title: say('title.reprint'), rows: [empty, say('print.done')] }, 'ok', { back, ms: operationMs });
