import type { EntryMode, Group, TxnKind } from '../../sync/protocol/common.ts';
import { present } from '../base/assert.ts';
import { type Database, perDatabase, type Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { timeOfId } from '../base/ids.ts';
import { addFen, type Fen, subtractFen, zeroFen } from '../base/money.ts';
import { receivableOf } from '../ledger/accounts.ts';
import { cleared, type Journal, saleSucceeded } from '../ledger/journal.ts';
import { balanceOf } from '../ledger/queries.ts';
import { refundReserved, refundSucceeded, unclearedRefundReserved } from '../ledger/undo-journals.ts';
import { takeHold } from './freeze.ts';
import { kinds } from './kinds.ts';
import type { Payment } from './payment.ts';
import type { Refund } from './refund.ts';
import { countSuccess } from './refund-result.ts';
import { getRefund, getRefundsOf, insertRefund, updateRefund } from './refund-store.ts';
import { put } from './restore-payment.ts';
import { getOpen, getPayment, takeStan } from './store.ts';

/**
 * What the host has and this book lacks, booked late because two persons upstream said so (J-82): the only road on which a payment that came to nothing here is paid after
 * all. Each returns the journals that are to be posted behind J-82.
 */

export interface LateBooking {
  readonly no: string;
  readonly batch: string;
  readonly businessDate: string;
  readonly stan: string | null;
  readonly entry: EntryMode;
  readonly amountFen: Fen;
  readonly feeFen: Fen;
  /** In which it counts, where the host says. */
  readonly group: Group | null;
}

const groupOf = (entry: EntryMode): Group => (entry.startsWith('QR_') ? 'codes' : 'domestic');

const statements = perDatabase((db) => ({
  byStan: db.prepare<[string, string], string>('SELECT no FROM payment WHERE batch = ? AND stan = ?').pluck(),
}));

/** Only the newest payment may be open: as long as one is, nothing can be put behind it. */
export const mayBookSale = (db: Database): boolean => getOpen(db).length === 0;

const cameToNothing: readonly Payment['state'][] = ['FAILED', 'REVERSED', 'NEEDS_HUMAN'];

/** J-01, and J-03 where it has cleared upstream. ILLEGAL_STATE where the payment stands here, or is under way. */
export function bookLateSale(
  tx: Tx,
  atMs: number,
  late: LateBooking & { readonly txn: string; readonly rateId: string | null; readonly cleared: boolean },
): { readonly payment: Payment; readonly journals: readonly Journal[] } {
  const { no, batch, businessDate, entry, amountFen, feeFen } = late;
  const known = getPayment(tx.db, no);
  if (known && !cameToNothing.includes(known.state))
    throw new TerminalError('ILLEGAL_STATE', { state: known.state, event: 'missing-sale' });
  put(tx, {
    no,
    txn: known?.txn ?? txnOf(late.txn),
    state: late.cleared ? 'CLEARED' : 'PAID',
    batch,
    businessDate,
    stan: known?.stan ?? freeStan(tx, batch, late.stan),
    operator: 'SYS',
    amountFen,
    feeFen,
    rateId: late.rateId,
    cardGroup: late.group ?? known?.cardGroup ?? groupOf(entry),
    entry,
    rrn: known?.rrn ?? null,
    authCode: known?.authCode ?? null,
    cleared: late.cleared,
    createdAt: timeOfId(no) ?? atMs,
    endedAt: atMs,
    why: 'booked-late',
  });
  const deed = { at: atMs, by: 'SYS' };
  const sale = saleSucceeded(
    { txn: no, receivable: receivableOf[entry], date: businessDate, grossFen: amountFen },
    deed,
  );
  const hold = late.cleared ? takeHold(tx, no) : undefined;
  const journals = late.cleared
    ? [sale, cleared({ txn: no, grossFen: amountFen, feeFen, ...(hold && { hold }) }, deed)]
    : [sale];
  return { payment: present(getPayment(tx.db, no), 'what was put'), journals };
}

function txnOf(name: string): TxnKind {
  const found = Object.entries(kinds).find(([txn, { side }]) => txn === name && side === 'debit');
  return found ? (found[0] as TxnKind) : 'sale';
}

/** The voucher of the bill, unless another payment of the batch has it. */
function freeStan(tx: Tx, batch: string, stan: string | null): string {
  const taken = stan === null || statements(tx.db).byStan.get(batch, stan) !== undefined;
  return taken ? takeStan(tx) : stan;
}

export interface LateRefund extends LateBooking {
  readonly original: string | null;
}

/** One refund of a payment is under way at a time, and it has to be paid: out of what is available (J-06), or by its payment where that has not cleared here (J-06b). */
export function mayBookRefund(db: Database, late: LateRefund): boolean {
  const others = late.original === null ? [] : getRefundsOf(db, late.original);
  if (others.some(({ state }) => state === 'REQUESTED' || state === 'PROCESSING')) return false;
  return isUncleared(originalOf(db, late)) || subtractFen(late.amountFen, late.feeFen) <= balanceOf(db, '2002');
}

/** J-06 or J-06b, and J-07. ILLEGAL_STATE where the refund stands here or its payment can not have it, INSUFFICIENT_BALANCE when posted. */
export function bookLateRefund(
  tx: Tx,
  atMs: number,
  late: LateRefund & { readonly counted: boolean },
): { readonly refund: Refund; readonly journals: readonly Journal[] } {
  const { no, amountFen, feeFen, businessDate, entry } = late;
  const original = originalOf(tx.db, late);
  checkRefund(tx, late, original);
  const known = getRefund(tx.db, no);
  const refund = lateRefund(late, original, known?.stan ?? late.stan ?? takeStan(tx), atMs);
  if (!known) insertRefund(tx, { ...refund, state: 'REQUESTED' });
  updateRefund(tx, refund);
  countSuccess(tx, { payment: refund.payment, amountFen, feeFen });
  const deed = { at: atMs, by: 'SYS' };
  const given = { no, amountFen, feeFen };
  const reserved =
    refund.source === '2001'
      ? unclearedRefundReserved(given, refund.payment, deed)
      : refundReserved(given, refund.source, deed);
  return {
    refund,
    journals: [reserved, refundSucceeded(given, { receivable: receivableOf[entry], date: businessDate }, deed)],
  };
}

const originalOf = (db: Database, { original }: LateRefund): Payment | undefined =>
  original === null ? undefined : getPayment(db, original);

const isUncleared = (original: Payment | undefined): boolean =>
  original !== undefined && !original.cleared && ['PAID', 'PARTLY_REFUNDED', 'REFUNDED'].includes(original.state);

/** Keys of the journals of a refund that failed here are taken. */
function checkRefund(tx: Tx, late: LateRefund, original: Payment | undefined): void {
  const { no, amountFen, feeFen } = late;
  const known = getRefund(tx.db, no);
  const refuse = (state: string): never => {
    throw new TerminalError('ILLEGAL_STATE', { state, event: 'missing-refund' });
  };
  if (known) refuse(known.state);
  if (feeFen > amountFen) refuse('FEE');
  if (!original) return;
  if (addFen(original.refundedFen, amountFen) > original.amountFen) refuse('REFUND_EXCEEDS_PAID');
  if (addFen(original.refundedFeeFen, feeFen) > original.feeFen) refuse('FEE');
  if (isUncleared(original) && balanceOf(tx.db, `2001:${original.no}`) < amountFen) refuse('REFUND_EXCEEDS_PAID');
}

const lateRefund = (
  late: LateRefund & { readonly counted: boolean },
  original: Payment | undefined,
  stan: string,
  atMs: number,
): Refund => ({
  no: late.no,
  state: 'SUCCESS',
  payment: original?.no ?? late.original ?? late.no,
  originTerminal: '',
  originBatch: original?.batch ?? '',
  originStan: original?.stan ?? '',
  originRrn: original?.rrn ?? null,
  originAuthCode: original?.authCode ?? null,
  originAt: original?.createdAt ?? timeOfId(late.original ?? '') ?? atMs,
  batch: late.batch,
  businessDate: late.businessDate,
  stan,
  operator: 'SYS',
  approvedBy: null,
  amountFen: late.amountFen,
  feeFen: late.feeFen,
  cumBeforeFen: original?.refundedFen ?? zeroFen,
  source: isUncleared(original) ? '2001' : '2002',
  entry: late.entry,
  cardGroup: late.group ?? original?.cardGroup ?? groupOf(late.entry),
  card: original?.card ?? null,
  counted: late.counted,
  idempotencyKey: null,
  requestedAt: atMs,
  endedAt: atMs,
  reason: 'booked-late',
  hostRef: null,
  rrn: null,
  prints: 0,
});
