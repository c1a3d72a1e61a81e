import { describe } from 'vitest';
import { txnKind } from '../../../sync/protocol/common.ts';
import { next, type PaymentEvent, type PaymentState } from '../../../terminal/payments/payment.ts';
import { mirrorsTable } from '../../support/state-table.ts';

/** states.md 1 and "Other machines of the terminal", transaction by transaction. */

type Row = readonly [PaymentState, PaymentEvent, PaymentState];

const states: readonly PaymentState[] = [
  'CREATED',
  'AUTHORIZING',
  'UNKNOWN',
  'STORED',
  'PAID',
  'VOIDING',
  'VOIDED',
  'CLEARED',
  'PARTLY_REFUNDED',
  'REFUNDED',
  'HELD',
  'COMPLETED',
  'EXPIRED',
  'DONE',
  'FAILED',
  'REVERSING',
  'REVERSED',
  'NEEDS_HUMAN',
];
const events: readonly PaymentEvent[] = [
  'send',
  'stop',
  'approved',
  'declined',
  'no-answer',
  'reversed',
  'reversal-stuck',
  'closed',
  'revoked',
  'store',
  'clear',
  'refund-part',
  'refund-all',
  'void',
  'voided',
  'not-voided',
  'not-voided-cleared',
  'completed',
  'completion-undone',
  'expired',
];

/** Asked of the host by card: in doubt it is reversed. */
const asked: readonly Row[] = [
  ['CREATED', 'send', 'AUTHORIZING'],
  ['CREATED', 'stop', 'FAILED'],
  ['AUTHORIZING', 'stop', 'REVERSING'],
  ['AUTHORIZING', 'declined', 'FAILED'],
  ['AUTHORIZING', 'no-answer', 'REVERSING'],
  ['REVERSING', 'reversed', 'REVERSED'],
  ['REVERSING', 'reversal-stuck', 'NEEDS_HUMAN'],
];
const told: readonly Row[] = [
  ['CREATED', 'store', 'STORED'],
  ['CREATED', 'stop', 'FAILED'],
  ['STORED', 'approved', 'PAID'],
  ['STORED', 'declined', 'FAILED'],
];
const refundable: readonly Row[] = [
  ['PAID', 'clear', 'CLEARED'],
  ['PAID', 'refund-part', 'PARTLY_REFUNDED'],
  ['PAID', 'refund-all', 'REFUNDED'],
  ['CLEARED', 'refund-part', 'PARTLY_REFUNDED'],
  ['CLEARED', 'refund-all', 'REFUNDED'],
  ['PARTLY_REFUNDED', 'refund-part', 'PARTLY_REFUNDED'],
  ['PARTLY_REFUNDED', 'refund-all', 'REFUNDED'],
  ['PARTLY_REFUNDED', 'clear', 'PARTLY_REFUNDED'],
  ['REFUNDED', 'clear', 'REFUNDED'],
];
const voidable: readonly Row[] = [
  ['PAID', 'void', 'VOIDING'],
  ['CLEARED', 'void', 'VOIDING'],
  ['VOIDING', 'voided', 'VOIDED'],
  ['VOIDING', 'not-voided', 'PAID'],
  ['VOIDING', 'not-voided-cleared', 'CLEARED'],
];
const cardMoney = [...asked, ['AUTHORIZING', 'approved', 'PAID'], ...refundable, ...voidable] as const;
const deed = [...asked, ['AUTHORIZING', 'approved', 'DONE']] as const;

const tables: Readonly<Record<(typeof txnKind.options)[number], readonly Row[]>> = {
  sale: cardMoney,
  completion: cardMoney,
  void: deed,
  'preauth-void': deed,
  'completion-void': deed,
  preauth: [
    ...asked,
    ['AUTHORIZING', 'approved', 'HELD'],
    ['HELD', 'completed', 'COMPLETED'],
    ['HELD', 'voided', 'VOIDED'],
    ['HELD', 'expired', 'EXPIRED'],
    ['COMPLETED', 'completion-undone', 'HELD'],
  ],
  'code-sale': [
    ['CREATED', 'send', 'AUTHORIZING'],
    ['CREATED', 'stop', 'FAILED'],
    ['AUTHORIZING', 'stop', 'UNKNOWN'],
    ['AUTHORIZING', 'no-answer', 'UNKNOWN'],
    ['AUTHORIZING', 'approved', 'PAID'],
    ['AUTHORIZING', 'declined', 'FAILED'],
    ['AUTHORIZING', 'closed', 'FAILED'],
    ['AUTHORIZING', 'revoked', 'REVERSED'],
    ['UNKNOWN', 'approved', 'PAID'],
    ['UNKNOWN', 'declined', 'FAILED'],
    ['UNKNOWN', 'closed', 'FAILED'],
    ['UNKNOWN', 'revoked', 'REVERSED'],
    ...refundable,
  ],
  'stored-sale': [...told, ...refundable, ...voidable],
  'completion-advice': [...told, ...refundable],
};

describe.each(txnKind.options)('交易: %s', (txn) => {
  mirrorsTable((state, event) => next({ txn, state }, event), states, events, tables[txn]);
});
