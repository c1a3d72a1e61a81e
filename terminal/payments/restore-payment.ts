import type { Unrecorded } from '../../sync/protocol/book.ts';
import type { TxnKind } from '../../sync/protocol/common.ts';
import type { CompleteByAdvice, PaymentRecorded, ReversalEnded, StoreSale } from '../../sync/protocol/payments.ts';
import type { Refund as RefundRow } from '../../sync/protocol/refunds.ts';
import { dayMs } from '../base/clock.ts';
import { perDatabase, type Tx } from '../base/database.ts';
import { timeOfId } from '../base/ids.ts';
import { fen } from '../base/money.ts';
import { parameter } from '../base/parameters.ts';
import { takeHold } from './freeze.ts';
import { kinds } from './kinds.ts';
import { scheduleExpiry } from './originals.ts';
import type { PaymentState } from './payment.ts';
import { countRefundPrint, getRefund, insertRefund } from './refund-store.ts';
import { getPayment } from './store.ts';

/**
 * Payments and refunds as the rows that told the host of them have them, for a book that comes back from the host. Journals, totals and the host's own words are
 * put back by others. What no row tells stays unknown: chip data and issuer for a slip, who authorised, the fingerprint of the card, how often
 * it was printed: once is taken for granted, so that whatever is printed now carries the duplicate mark.
 */

interface Put {
  readonly no: string;
  readonly txn: TxnKind;
  readonly state: PaymentState;
  readonly batch: string;
  readonly businessDate: string;
  readonly stan: string;
  readonly operator: string;
  readonly original?: string | null;
  readonly amountFen: number;
  readonly discountFen?: number;
  readonly feeFen?: number;
  readonly rateId?: string | null;
  readonly cardGroup?: string | null;
  readonly entry: string | null;
  readonly card?: string | null;
  readonly code?: string | null;
  readonly rrn?: string | null;
  readonly authCode?: string | null;
  readonly cleared?: boolean;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly why?: string | null;
  readonly reversal?: 'DUE' | 'DONE' | 'NEEDS_HUMAN' | null;
  readonly reversalAttempts?: number;
}

const statements = perDatabase((db) => ({
  put: db.prepare(`INSERT INTO payment (no, txn, state, batch, business_date, stan, operator, original, amount_fen, discount_fen, fee_fen, rate_id,
      card_group, entry, card, code, rrn, auth_code, cleared, created_at, ended_at, why, reversal, reversal_attempts, prints)
    VALUES (@no, @txn, @state, @batch, @businessDate, @stan, @operator, @original, @amountFen, @discountFen, @feeFen, @rateId, @cardGroup, @entry,
      @card, @code, @rrn, @authCode, @cleared, @createdAt, @endedAt, @why, @reversal, @reversalAttempts, 1)
    ON CONFLICT (no) DO UPDATE SET state = excluded.state, amount_fen = excluded.amount_fen, discount_fen = excluded.discount_fen,
      fee_fen = excluded.fee_fen, rate_id = excluded.rate_id, card_group = excluded.card_group, entry = excluded.entry,
      card = coalesce(excluded.card, card), code = excluded.code, rrn = excluded.rrn, auth_code = excluded.auth_code,
      cleared = excluded.cleared, ended_at = excluded.ended_at, why = excluded.why, reversal = excluded.reversal, prints = max(prints, 1)`),
  reversed: db.prepare(
    `UPDATE payment SET state = ?, reversal = ?, reversal_code = ?, reversal_attempts = ?, ended_at = ? WHERE no = ?`,
  ),
  state: db.prepare('UPDATE payment SET state = ? WHERE no = ?'),
  validUntil: db.prepare('UPDATE payment SET valid_until = ? WHERE no = ?'),
  unvoid: db.prepare(
    "UPDATE payment SET state = iif(cleared = 1, 'CLEARED', 'PAID') WHERE no = ? AND state = 'VOIDING'",
  ),
  setStan: db.prepare("UPDATE counter SET value = ? WHERE name = 'stan'"),
  stan: db.prepare<[], number>("SELECT value FROM counter WHERE name = 'stan'").pluck(),
}));

/** Writes a payment whole, over what is here under its number; for what did not come by its own way (see also book-late.ts). */
export const put = (tx: Tx, p: Put): void => {
  statements(tx.db).put.run({
    original: null,
    discountFen: 0,
    feeFen: 0,
    rateId: null,
    cardGroup: null,
    card: null,
    code: null,
    rrn: null,
    authCode: null,
    why: null,
    reversal: null,
    reversalAttempts: 0,
    ...p,
    cleared: p.cleared ? 1 : 0,
  });
};

/** Who did a thing, as a payment names its operator. */
interface Frame<Facts> {
  readonly no: string;
  readonly at: number;
  readonly by: string;
  readonly facts: Facts;
}

/** `payment-recorded`. A void whose end was not told is reversed, as after any loss of its answer. */
export function restoreRecord(tx: Tx, row: Frame<PaymentRecorded['facts']>, businessDate: string): void {
  const { no, at, by, facts } = row;
  const requested = facts.state === 'REQUESTED';
  put(tx, {
    ...facts,
    no,
    state: stateOf(facts),
    businessDate,
    operator: by,
    rateId: facts.rate?.id ?? null,
    cardGroup: facts.group,
    cleared: facts.cleared || requested || getPayment(tx.db, no)?.cleared === true,
    createdAt: timeOfId(no) ?? at,
    endedAt: requested ? null : at,
    why: requested ? 'restart' : null,
    reversal: requested ? 'DUE' : null,
  });
  if (facts.cleared) takeHold(tx, no); // its J-03 is among the journals of this row, with what the freeze before it holds
  if (facts.original !== null) moveOriginal(tx, facts.txn, facts.state, facts.original);
  const restored = facts.state === 'HELD' ? getPayment(tx.db, no) : undefined;
  if (restored && restored.validUntil === null) {
    const validUntil = restored.createdAt + parameter(tx.db, 'preauth.validDays') * dayMs;
    statements(tx.db).validUntil.run(validUntil, no);
    scheduleExpiry(tx, { ...restored, validUntil });
  }
}

function stateOf({ state, cleared }: PaymentRecorded['facts']): PaymentState {
  if (state === 'REQUESTED') return 'REVERSING';
  return state === 'PAID' && cleared ? 'CLEARED' : state;
}

/** What a void or a completion made of the payment that it is about. */
function moveOriginal(tx: Tx, txn: TxnKind, state: PaymentRecorded['facts']['state'], original: string): void {
  const { of } = kinds[txn];
  if (!of) return;
  const sql = statements(tx.db);
  if (state === 'FAILED') sql.unvoid.run(original);
  else if (of.done === 'completed') sql.state.run('COMPLETED', original);
  else sql.state.run(state === 'REQUESTED' ? 'VOIDING' : 'VOIDED', original);
  const preauth = txn === 'completion-void' && state === 'DONE' ? getPayment(tx.db, original)?.original : undefined;
  if (preauth) sql.state.run('HELD', preauth);
}

/** `reversal-ended`. Of a payment that nothing else is known of, only that it came to nothing: it stands as a sale. */
export function restoreReversal(tx: Tx, row: Frame<ReversalEnded['facts']>, businessDate: string): void {
  const { no, at, by, facts } = row;
  const state = facts.state === 'DONE' ? 'REVERSED' : 'NEEDS_HUMAN';
  const known = getPayment(tx.db, no);
  if (!known) {
    const { batch, stan, amountFen, reason: why } = facts;
    const createdAt = timeOfId(no) ?? at;
    put(tx, {
      no,
      txn: 'sale',
      state,
      batch,
      businessDate,
      stan,
      operator: by,
      amountFen,
      entry: null,
      createdAt,
      endedAt: at,
      why,
    });
  } else if (known.original !== null && state === 'REVERSED') statements(tx.db).unvoid.run(known.original);
  statements(tx.db).reversed.run(state, facts.state, facts.code, facts.attempts, at, no);
}

/** `store-sale` and `complete-by-advice`: they wait for their result. */
export function restoreTold(
  tx: Tx,
  txn: 'stored-sale' | 'completion-advice',
  row: Frame<StoreSale['facts'] | CompleteByAdvice['facts']>,
  businessDate: string,
): void {
  const { no, at, by, facts } = row;
  const { batch, stan, amountFen, entry, card } = facts;
  const original = 'original' in facts ? facts.original : null;
  const times = { createdAt: timeOfId(no) ?? at, endedAt: null };
  put(tx, {
    no,
    txn,
    state: 'STORED',
    batch,
    businessDate,
    stan,
    operator: by,
    original,
    amountFen,
    entry,
    card,
    ...times,
  });
}

/** `refund`: it waits for its result. */
export function restoreRefund(tx: Tx, row: Frame<RefundRow['facts']>): void {
  const { no, at, by, facts } = row;
  const { origin } = facts;
  if (getRefund(tx.db, no)) return;
  insertRefund(tx, {
    no,
    state: 'REQUESTED',
    payment: origin.payment,
    originTerminal: origin.terminal,
    originBatch: origin.batch,
    originStan: origin.stan,
    originRrn: origin.rrn,
    originAuthCode: null,
    originAt: getPayment(tx.db, origin.payment)?.createdAt ?? timeOfId(origin.payment) ?? at,
    batch: facts.batch,
    businessDate: facts.businessDate,
    stan: facts.stan,
    operator: by,
    approvedBy: null,
    amountFen: fen(facts.amountFen),
    feeFen: fen(facts.feeFen),
    cumBeforeFen: fen(facts.cumBefore),
    source: facts.source === '2001' ? '2001' : '2002', // what a split held is not known here
    entry: facts.entry,
    cardGroup: facts.group,
    card: facts.card,
    counted: false,
    idempotencyKey: null,
    requestedAt: at,
    endedAt: null,
    reason: null,
    hostRef: null,
    rrn: null,
    prints: 0,
  });
  countRefundPrint(tx, no);
}

/**
 * An approval of which no record came: its answer was lost, so it is reversed; a code order is asked for instead. False when the book knows the payment.
 */
export function restoreUnrecorded(tx: Tx, approval: Unrecorded, businessDate: string): boolean {
  const { payment: no, txn, batch, stan, amountFen, entry, group, at } = approval;
  if (getPayment(tx.db, no)) return false;
  const doubt =
    txn === 'code-sale' ? ({ state: 'UNKNOWN' } as const) : ({ state: 'REVERSING', reversal: 'DUE' } as const);
  const about = { no, txn, batch, businessDate, stan, operator: 'SYS', amountFen, entry, cardGroup: group };
  put(tx, { ...about, ...doubt, createdAt: timeOfId(no) ?? at, endedAt: null, why: 'restart' });
  return true;
}

/** Numbers that were taken after the last one that the host saw, such as for a sign-in: so many are left out, so that none comes twice. */
const stanGap = 200;
const stans = 999_999;

/** Counts on from the last STAN that the host saw, where that is further than the book. */
export function restoreStan(tx: Tx, last: string | null): void {
  const here = statements(tx.db).stan.get() ?? 0;
  const ahead = last === null ? 0 : (Number(last) - here + stans) % stans;
  const from = ahead < stans / 2 ? here + ahead : here;
  statements(tx.db).setStan.run((from + stanGap) % stans);
}
