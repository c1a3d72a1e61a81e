import type { TxnKind } from '../../../sync/protocol/common.ts';
import { fen } from '../../../terminal/base/money.ts';
import { kinds } from '../../../terminal/payments/kinds.ts';
import type { MenuName } from '../../../terminal/screens/desk-places.ts';
import { menu } from '../../../terminal/screens/go.ts';
import { menus } from '../../../terminal/screens/menus.ts';
import type { AmountPurpose, PaymentOrder } from '../../../terminal/screens/payment-places.ts';
import { responseCodes } from '../../../terminal/screens/response-codes.ts';
import type { Place } from '../../../terminal/screens/state.ts';
import { say } from '../../../terminal/screens/texts.ts';
import { cashier, nowMs, offer, operator, paying, settlement, shift, transaction } from './desk.ts';
import { deskPlaces } from './desk-places.ts';

const expiresMs = nowMs + 60_000;
const untilMs = nowMs + 59_000;
const most = fen(999_999_999);
const moment = { now: nowMs, operator: cashier, id: 1 };
const wideTxn = transaction({ amountFen: most, card: '622848*********1234', prints: 99 });
const wideOffer = offer({
  availableFen: most,
  unclearedFen: most,
  inTransitFen: most,
  account: {
    version: 1,
    name: '一个名字特别特别长的商户有限责任公司',
    maskedNumber: '6222************0001',
    bank: '中国工商银行股份有限公司上海分行',
  },
});
const wideSettlement = settlement({ amountFen: most, netFen: most, serviceFeeFen: most });
const back = menu(moment, 'main');
const lastTarget = { kind: 'last' } as const;

const card = '622848*********1234';
const warning = { code: 'CONTACTLESS_TOO_FREQUENT', value: 12, limit: 10 } as const;
const types = ['refund', ...(Object.keys(kinds) as TxnKind[])] as const;
const states = [
  'CREATED AUTHORIZING UNKNOWN STORED PAID VOIDING VOIDED CLEARED PARTLY_REFUNDED REFUNDED HELD COMPLETED EXPIRED DONE FAILED',
  'REVERSING REVERSED NEEDS_HUMAN REQUESTED PROCESSING SUCCESS LATER_STATE',
].flatMap((line) => line.split(' '));
const whys = [
  'no-answer',
  'cancelled',
  'bad-answer',
  'not-stored',
  'card-refused',
  'part-refused',
  'not-verified',
] as const;
const abouts = ['void', 'preauth-void', 'completion-void', 'completion', 'completion-advice'] as const;
const byVoucher = { by: 'voucher', stan: '000012' } as const;
const orders: readonly PaymentOrder[] = [
  ...(['sale', 'preauth'] as const).map((is) => ({ is, amountFen: most, fallback: false })),
  { is: 'stored-sale', amountFen: most },
  { is: 'completion', of: byVoucher, amountFen: most, fallback: false },
  { is: 'balance', fallback: false },
  ...(['void', 'preauth-void', 'completion-void'] as const).map((is) => ({
    is,
    original: wideTxn,
    supervised: true,
    fallback: false,
  })),
];
const purposes: readonly AmountPurpose[] = [
  { txn: 'sale' },
  { txn: 'preauth' },
  { txn: 'stored-sale' },
  { txn: 'completion', of: byVoucher },
  { txn: 'completion-advice', stan: '000012' },
  { txn: 'code-sale', way: { by: 'customer-shows' } },
];

/** Every place there is, with the widest values; the compiler asks for a new one here. */
export const places: { readonly [Is in Place['is']]: readonly (Place & { is: Is })[] } = {
  'log-on': [
    { is: 'log-on', field: 'operator', operator: '', secret: '', locked: false, notice: undefined, expiresMs },
    { is: 'log-on', field: 'secret', operator: '99', secret: '12345678', locked: true, notice: undefined, expiresMs },
    {
      is: 'log-on',
      field: 'secret',
      operator: '01',
      secret: '1',
      locked: false,
      notice: { error: 'OPERATOR_LOCKED', details: { operator: '01', minutes: 40 } },
      expiresMs,
    },
  ],
  ...deskPlaces,
  idle: [
    { is: 'idle', notice: undefined, expiresMs: undefined },
    { is: 'idle', notice: say('notice.timeout'), expiresMs },
  ],
  menu: (Object.keys(menus) as MenuName[]).flatMap((name) => [menu(moment, name), menu(moment, name, 1)]),
  message: [
    {
      is: 'message',
      title: say('title.sale'),
      lines: [say('sale.forbidden', { operator: '00' })],
      next: back,
      expiresMs,
    },
    { is: 'message', title: say('title.systemError'), lines: [say('error.system')], next: back, expiresMs },
    {
      is: 'message',
      title: say('title.settle', { step: 4 }),
      lines: [{ error: 'INSUFFICIENT_BALANCE', details: { limit: '9,999,999.99', value: '9,999,999.99' } }],
      next: back,
      expiresMs,
    },
  ],
  waiting: [
    { is: 'waiting', id: 1, what: { is: 'log-on' }, back },
    { is: 'waiting', id: 1, what: { is: 'sign-in' }, back },
    ...(['staff', 'hand-over', 'print-shift'] as const).map(
      (is) => ({ is: 'waiting', id: 1, what: { is }, back }) as const,
    ),
    { is: 'waiting', id: 1, what: { is: 'reprint', target: lastTarget }, back },
  ],
  amount: purposes.flatMap((purpose) => [
    { is: 'amount', purpose, digits: '', offered: undefined, fallback: false, notice: undefined, expiresMs },
    ...([{ by: 'swipe', card }, { by: 'insert' }] as const).map(
      (offered) =>
        ({
          is: 'amount',
          purpose,
          digits: '999999999',
          offered,
          fallback: true,
          notice: say('notice.tooLong'),
          expiresMs,
        }) as const,
    ),
  ]),
  paying: orders.flatMap((order) => [
    paying(undefined, order),
    paying({ at: 'reversal', untilMs }, order),
    paying({ at: 'card', untilMs }, order),
    paying({ at: 'card', untilMs, fallback: true }, order),
    ...[true, false].map((again) => paying({ at: 'pin', untilMs, card, again }, order)),
    paying({ at: 'chip', untilMs, card }, order),
    ...['CONTACTLESS', 'MAG', 'CHIP', 'QR_WECHAT'].map((entry) =>
      paying({ at: 'confirm', untilMs, card, entry }, order),
    ),
    paying({ at: 'confirm', untilMs, card, entry: 'CONTACTLESS', warning }, order),
    paying({ at: 'part', untilMs, askedFen: most, approvedFen: fen(most - 1), discountFen: fen(most - 2) }, order),
    ...(['sms', 'wechat'] as const).flatMap((by) =>
      ([undefined, 'OTP_WRONG', 'OTP_EXPIRED'] as const).map((problem) =>
        paying({ at: 'code', untilMs, by, to: '138****5678', triesLeft: 3, problem, digits: '12345678' }, order),
      ),
    ),
    paying({ at: 'host', untilMs, card }, order),
    paying({ at: 'printing' }, order),
  ]),
  'completion-way': [{ is: 'completion-way', expiresMs }],
  'ask-original': abouts.flatMap((txn) =>
    (['voucher', 'auth-code'] as const).map((by) => ({
      is: 'ask-original',
      txn,
      by,
      digits: '123456',
      notice: say(`notice.${by}`),
      expiresMs,
    })),
  ),
  original: abouts.map((txn) => ({ is: 'original', txn, original: wideTxn, supervised: true, expiresMs })),
  'card-again': [true, false].map((fallback) => ({
    is: 'card-again',
    order: { is: 'balance', fallback },
    expiresMs,
  })),
  balance: [{ is: 'balance', balanceFen: most, card, expiresMs }],
  approved: types.flatMap((type) => [
    { is: 'approved', txn: { ...wideTxn, type }, expiresMs },
    { is: 'approved', txn: { ...wideTxn, type, entry: 'CHIP', discountFen: fen(1) }, expiresMs },
  ]),
  declined: Object.keys(responseCodes).flatMap((code) => [
    { is: 'declined', txn: wideTxn, code, expiresMs },
    { is: 'declined', txn: undefined, code, expiresMs },
  ]),
  unknown: types.flatMap((type) =>
    whys.flatMap((why) => [
      { is: 'unknown', id: 1, why, type, amountFen: most, txn: undefined, expiresMs },
      { is: 'unknown', id: 1, why, type, amountFen: most, txn: { ...wideTxn, type, state: 'NEEDS_HUMAN' }, expiresMs },
    ]),
  ),
  transactions: types.flatMap((type) =>
    states.map((state) => ({ is: 'transactions', rows: [{ ...wideTxn, type, state }], index: 0, expiresMs })),
  ),
  last: [
    { is: 'last', txn: undefined, expiresMs },
    ...types.flatMap((type) =>
      states.map((state) => ({ is: 'last', txn: { ...wideTxn, type, state }, expiresMs }) as const),
    ),
  ],
  'ask-stan': [{ is: 'ask-stan', digits: '123', notice: say('notice.stanDigits'), expiresMs }],
  'print-problem': [
    { is: 'print-problem', target: lastTarget, safe: say('print.saleSafe'), problem: 'PAPER_OUT', expiresMs },
    { is: 'print-problem', target: lastTarget, safe: say('close.unbalanced'), problem: 'COVER_OPEN', expiresMs },
    { is: 'print-problem', target: lastTarget, safe: undefined, problem: 'SOMETHING_NEW', expiresMs },
  ],
  'confirm-close': [{ is: 'confirm-close', expiresMs }],
  closing: [
    { is: 'closing', id: 1, step: undefined },
    { is: 'closing', id: 1, step: { at: 'freezing' } },
    { is: 'closing', id: 1, step: { at: 'uploading', done: 499, of: 500 } },
  ],
  'settle-offer': [
    { is: 'settle-offer', offer: wideOffer, notice: undefined, expiresMs },
    { is: 'settle-offer', offer: wideOffer, notice: say('notice.stale'), expiresMs },
  ],
  'settle-amount': [
    { is: 'settle-amount', offer: wideOffer, digits: '999999999', fresh: true, notice: say('notice.zero'), expiresMs },
  ],
  'settle-confirm': [{ is: 'settle-confirm', offer: wideOffer, amountFen: most, expiresMs }],
  settling: [
    { is: 'settling', id: 1, offer: wideOffer, amountFen: most, step: undefined },
    { is: 'settling', id: 1, offer: wideOffer, amountFen: most, step: { at: 'processing' } },
  ],
  settlements: [
    { is: 'settlements', rows: [], no: '', fresh: false, expiresMs },
    ...(['REQUESTED', 'PROCESSING', 'SUCCESS', 'FAILED', 'RETURNED', 'CANCELLED'] as const).map(
      (state) =>
        ({
          is: 'settlements',
          rows: [{ ...wideSettlement, state, reason: state === 'FAILED' ? 'SETTLE_ACCOUNT_ERRORED' : undefined }],
          no: 'S1',
          fresh: true,
          expiresMs,
        }) as const,
    ),
  ],
  'ask-secret': [
    {
      is: 'ask-secret',
      title: say('title.removeOperator'),
      lines: [say('staff.remove', { operator: '07' })],
      operator: '00',
      secret: '123456',
      notice: { error: 'OPERATOR_LOCKED', details: { operator: '00', minutes: 40_960 } },
      command: { is: 'remove-operator', operator: '07' },
      during: { is: 'waiting', id: 1, what: { is: 'staff' }, back },
      back,
      expiresMs,
    },
  ],
  'staff-form': (
    [
      ['add', ['07', '1234', '12']],
      ['remove', ['07']],
      ['set', ['07', '1234', '1234']],
      ['own', ['123456', '654321', '65']],
      ['first', ['1234', '']],
    ] as const
  ).flatMap(([form, typed]) =>
    [undefined, say('notice.secretsDiffer'), { error: 'IDEMPOTENCY_CONFLICT', details: { no: '07' } } as const].map(
      (notice) => ({ is: 'staff-form', form, operator: '00', old: '', typed, notice, expiresMs }) as const,
    ),
  ),
  'self-check': [0, 1, 2].map((index) => ({
    is: 'self-check',
    rows: [
      {
        name: 'database',
        ok: false,
        state: 'failed',
        zh: '数据库损坏，请从备份恢复，勿删除原文件',
        en: 'Database damaged; restore a backup and keep the old file',
        detail: 'row 17 missing from index payment_by_stan',
        hotline: '95516',
      },
      { name: 'power', ok: true, state: 'unknown', zh: '供电情况不可知', en: 'Power supply not known' },
      { name: 'host', ok: true, state: 'ok', zh: '已连接主机', en: 'Connected to the host' },
    ],
    index,
    expiresMs: 0,
  })),
  operators: [0, 1].map((number) => ({
    is: 'operators',
    rows: [
      operator({ no: '00', role: 'MO', inShift: false }),
      operator(),
      operator({ no: '02', locked: true }),
      operator({ no: '03', inShift: false, firstSecret: true }),
      operator({ no: '04' }),
      operator({ no: '05' }),
      operator({ no: '99', role: 'A', inShift: false, firstSecret: true }),
    ],
    page: number,
    expiresMs,
  })),
  'hand-over': [0, 1, 2, 3].map((number) => ({
    is: 'hand-over',
    shift: shift({
      totals: ['completion-advice', 'completion-void', 'later-type', 'stored-sale', 'sale'].map((txn) => ({
        txn,
        instrument: txn === 'sale' ? '-' : 'QR_UNIONPAY',
        debitCount: 500,
        debitFen: most,
        creditCount: 0,
        creditFen: fen(0),
      })),
      debitCount: 500,
      debitFen: fen(5 * most),
      creditCount: 500,
      creditFen: fen(5 * most),
      netFen: fen(-5 * most),
      undecided: 500,
    }),
    page: number,
    expiresMs,
  })),
};
