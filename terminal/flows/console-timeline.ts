import { type AuditRow, auditAbout } from '../base/audit.ts';
import { actionWords } from '../base/error-words.ts';
import { TerminalError } from '../base/errors.ts';
import { formatYuan } from '../base/money.ts';
import type { Journal } from '../ledger/journal.ts';
import { journalsOf } from '../ledger/queries.ts';
import type { Payment } from '../payments/payment.ts';
import { paymentByNo } from '../payments/queries.ts';
import type { Refund } from '../payments/refund.ts';
import { refundByNo, refundsOf } from '../payments/refund-queries.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import type { TimelineEntry } from './console-desk.ts';
import { begun, journalWords, reversalWords, rowWords, stateWords } from './console-words.ts';
import type { TransactionView } from './counter.ts';
import { refundRow, transactionView } from './views.ts';
import type { World } from './world.ts';

/** One transaction with everything that the book knows of its life: states, messages to the host, journals, slips, and what people did about it. NOT_FOUND, FORBIDDEN. */
export function transactionWithTimeline(
  world: World,
  by: User,
  no: string,
): { readonly transaction: TransactionView; readonly timeline: readonly TimelineEntry[] } {
  authorise(by, 'look');
  const payment = paymentByNo(world.db, no);
  if (payment) return { transaction: transactionView(world.db, payment), timeline: inOrder(ofPayment(world, payment)) };
  const refund = refundByNo(world.db, no);
  if (!refund) throw new TerminalError('NOT_FOUND', { what: 'transaction', no });
  return { transaction: refundRow(refund), timeline: inOrder(ofRefund(world, refund)) };
}

const inOrder = (entries: readonly TimelineEntry[]): readonly TimelineEntry[] =>
  entries.toSorted((a, b) => a.at - b.at);

type Words = { readonly zh: string; readonly en: string };
const entry = (at: number, kind: TimelineEntry['kind'], { zh, en }: Words, detail?: string): TimelineEntry => ({
  at,
  kind,
  zh,
  en,
  detail,
});

const ofPayment = (world: World, payment: Payment): readonly TimelineEntry[] => {
  const { no, createdAt, endedAt, state, operator, amountFen, code, reversal, reversalAttempts, prints } = payment;
  const end = endedAt ?? createdAt;
  return [
    entry(createdAt, 'state', begun, `${operator} ¥${formatYuan(amountFen)}`),
    ...(state === 'CREATED' ? [] : [entry(end, 'state', stateWords(state), code ?? undefined)]),
    ...(reversal === null ? [] : [entry(end, 'link', reversed(reversal, reversalAttempts))]),
    ...printed(end, prints),
    ...refundsOf(world.db, no).map((refund) =>
      entry(refund.requestedAt, 'state', giveBack(refund), `¥${formatYuan(refund.amountFen)}`),
    ),
    ...common(world, no, createdAt),
  ];
};

const ofRefund = (world: World, refund: Refund): readonly TimelineEntry[] => {
  const { no, requestedAt, endedAt, state, operator, amountFen, reason, prints } = refund;
  const end = endedAt ?? requestedAt;
  return [
    entry(requestedAt, 'state', stateWords('REQUESTED'), `${operator} ¥${formatYuan(amountFen)}`),
    ...(state === 'REQUESTED' ? [] : [entry(end, 'state', stateWords(state), reason ?? undefined)]),
    ...printed(end, prints),
    ...common(world, no, requestedAt),
  ];
};

function common(world: World, no: string, beganAt: number): readonly TimelineEntry[] {
  return [
    ...messages(world, no),
    ...journalsOf(world.db, no).map((journal) =>
      entry(journal.at, 'journal', journalWords(journal.event), linesText(journal)),
    ),
    ...auditAbout(world.db, no, beganAt).map(auditEntry),
  ];
}

/** Rows that may be about one payment or refund. */
const told = [
  'payment-recorded',
  'reversal-ended',
  'store-sale',
  'complete-by-advice',
  'refund',
  'issue-invoice',
  'red-invoice',
  'stop-reported',
];

const messages = ({ outbox }: World, no: string): readonly TimelineEntry[] =>
  outbox
    .sent(no, told)
    .map(({ kind, at, acknowledged, rejected }) =>
      entry(
        at,
        'message',
        rowWords(kind),
        rejected === null ? (acknowledged ? 'ACKNOWLEDGED' : 'WAITING') : `REJECTED ${rejected}`,
      ),
    );

const printed = (at: number, prints: number): readonly TimelineEntry[] =>
  prints === 0 ? [] : [entry(at, 'print', { zh: `签购单已打印${prints}次`, en: `Slip printed ${prints} times` })];

function auditEntry({ at, by, action, outcome, details }: AuditRow): TimelineEntry {
  const words = actionWords[action] ?? { zh: action, en: action };
  const refused = outcome === 'ok' ? { zh: '', en: '' } : { zh: ' (被拒绝)', en: ' (refused)' };
  const more = Object.entries(details ?? {}).map(([name, value]) => `${name}=${value}`);
  return entry(
    at,
    action === 'reprint' ? 'print' : 'audit',
    { zh: `${by} ${words.zh}${refused.zh}`, en: `${by} ${words.en}${refused.en}` },
    more.length > 0 ? more.join(' ') : undefined,
  );
}

const linesText = ({ event, lines }: Journal): string =>
  [event, ...lines.map(({ account, side, amount }) => `${side} ${account.slice(0, 4)} ${formatYuan(amount)}`)].join(
    '; ',
  );

const giveBack = ({ state }: Refund): Words => {
  const { zh, en } = stateWords(state);
  return { zh: `退货: ${zh}`, en: `Refund: ${en}` };
};

const reversed = (reversal: string, attempts: number): Words => {
  const { zh, en } = reversalWords(reversal);
  return { zh: `冲正: ${zh}, ${attempts}次`, en: `Reversal: ${en}, ${attempts} attempts` };
};
