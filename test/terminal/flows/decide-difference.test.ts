import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BillLine, DifferenceDecided } from '../../../sync/protocol/bills.ts';
import { hearPoints } from '../../../terminal/base/crash-points.ts';
import { inTransaction } from '../../../terminal/base/database.ts';
import { finish } from '../../../terminal/base/steps.ts';
import { decideDifference } from '../../../terminal/flows/decide-difference.ts';
import { balanceOf, journalsOf } from '../../../terminal/ledger/queries.ts';
import { paymentSteps } from '../../../terminal/payments/check-payments.ts';
import { paymentByNo } from '../../../terminal/payments/queries.ts';
import { refundByNo } from '../../../terminal/payments/refund-queries.ts';
import { accountSteps } from '../../../terminal/settlement/check-accounts.ts';
import { getDifferences, getNewestRun } from '../../../terminal/settlement/reconcile-store.ts';
import { type Books, booksOf, day, hear, numberOf, work } from './bill-rig.ts';

/** What two persons upstream decide (P-28), without a host: what it books, and what it waits for. */

let books: Books;
beforeEach(() => {
  books = booksOf(20);
});
afterEach(() => books.close());

const first = () => getDifferences(books.db, false, 1)[0];
const lateNo = `${numberOf(4)}X`;
const lateLine = (change: Partial<BillLine>): BillLine => ({
  payment: lateNo,
  txn: 'sale',
  state: 'PAID',
  amountFen: 5_000,
  feeFen: 30,
  entry: 'CHIP',
  batch: '000001',
  stan: '777777',
  at: 0,
  ...change,
});
const billWith = (line: BillLine) => books.lines.toSpliced(5, 0, line);

type Record = NonNullable<DifferenceDecided['record']>;
const record = (change: Partial<Record> = {}): Record => ({
  payment: lateNo,
  original: null,
  batch: '000001',
  businessDate: day,
  entry: 'CHIP',
  amountFen: 5_000,
  feeFen: 30,
  rate: null,
  cleared: true,
  group: null,
  stan: null,
  ...change,
});

let seq = 1_000;
function decide(decision: DifferenceDecided['decision'], change: Partial<DifferenceDecided> = {}): void {
  const { db, clock } = books;
  seq += 1;
  const no = first()?.no ?? '';
  const persons = { by: 'li', approvedBy: 'zhao', reason: '核对' };
  const body = { no: `decided:${seq}`, at: clock.now(), difference: no, decision, ...persons, record: null, ...change };
  inTransaction(db, (tx) => decideDifference(tx, clock.now(), { kind: 'difference-decided', seq, id: body.no, body }));
}
const events = () => journalsOf(books.db, first()?.no ?? '').map(({ event }) => event);
const proven = () => [...finish(paymentSteps(books.db)), ...finish(accountSteps(books.db))];

describe('a missing sale', () => {
  beforeEach(async () => {
    hear(books, billWith(lateLine({})), 1);
    await work(books);
  });

  test('J-82 J-01 J-03 is booked with its payment, and another bill finds nothing', async () => {
    expect(events()).toEqual(['J-80']);
    decide('missing-sale', { record: record() });
    expect(first()).toMatchObject({ state: 'ADJUSTED', decidedBy: 'li', approvedBy: 'zhao' });
    expect(events()).toEqual(['J-80', 'J-82']);
    expect(journalsOf(books.db, lateNo).map(({ event }) => event)).toEqual(['J-01', 'J-03']);
    expect(balanceOf(books.db, '2002')).toBe(4_970);
    expect(paymentByNo(books.db, lateNo)).toMatchObject({
      state: 'CLEARED',
      stan: '777777',
      amountFen: 5_000,
      feeFen: 30,
    });
    expect(getNewestRun(books.db, day)?.state).toBe('RESOLVED');
    expect(proven()).toEqual([]);
    hear(books, billWith(lateLine({})), 2);
    await work(books);
    expect(getNewestRun(books.db, day)?.state).toBe('BALANCED');
  });

  test('a card of abroad counts in its group; a host that does not say it has domestic ones', () => {
    decide('missing-sale', { record: record({ group: 'foreign' }) });
    expect(paymentByNo(books.db, lateNo)?.cardGroup).toBe('foreign');
  });

  test('J-82 explained without money is told, too: it has its end upstream', () => {
    books.db.exec(`UPDATE difference SET delta_fen = 0, channel = NULL`);
    decide('explained');
    expect(books.db.prepare("SELECT count(*) FROM outbox WHERE kind = 'posted'").pluck().get()).toBe(1);
  });

  test('J-82 that has not cleared upstream is PAID and waits for its clearing (P-08)', () => {
    decide('missing-sale', { record: record({ cleared: false }) });
    expect(paymentByNo(books.db, lateNo)?.state).toBe('PAID');
    expect(balanceOf(books.db, `2001:${lateNo}`)).toBe(5_000);
    expect(proven()).toEqual([]);
  });

  test('J-82 waits while a payment is open at the counter', async () => {
    books.db.exec(`INSERT INTO payment (no, txn, state, batch, business_date, stan, operator, amount_fen, created_at, reversal)
      VALUES ('open', 'sale', 'CREATED', '000002', '${day}', '000001', '01', 1, 0, 'DUE')`);
    decide('missing-sale', { record: record() });
    expect(first()?.state).toBe('INVESTIGATING');
    await work(books);
    expect(paymentByNo(books.db, lateNo)).toBeUndefined();
    books.db.exec("UPDATE payment SET state = 'FAILED', reversal = NULL WHERE no = 'open'");
    await work(books);
    expect([first()?.state, paymentByNo(books.db, lateNo)?.state]).toEqual(['ADJUSTED', 'CLEARED']);
  });

  test.each<[string, DifferenceDecided['decision'], Partial<DifferenceDecided>, string]>([
    ['P-28 by one person', 'give-back', { approvedBy: 'li' }, 'SELF_APPROVAL_FORBIDDEN'],
    ['a write-off of a surplus', 'write-off', {}, 'ILLEGAL_STATE'],
    ['another amount', 'missing-sale', { record: record({ amountFen: 4_999 }) }, 'ILLEGAL_STATE'],
    ['another payment', 'missing-sale', { record: record({ payment: numberOf(3) }) }, 'ILLEGAL_STATE'],
    ['no record', 'missing-sale', {}, 'ILLEGAL_STATE'],
    ['a refund in place of it', 'missing-refund', { record: record() }, 'ILLEGAL_STATE'],
    ['a difference that there is not', 'explained', { difference: 'none' }, 'NOT_FOUND'],
  ])('refuses %s and changes nothing', (_, decision, change, code) => {
    const before = JSON.stringify(first());
    expect(() => decide(decision, change)).toThrow(code);
    expect(JSON.stringify(first())).toBe(before);
    expect(balanceOf(books.db, `2490:${first()?.no}`)).toBe(5_000);
  });

  test('P-28 a power cut in the middle of a decision leaves nothing of it', () => {
    hearPoints((reached) => {
      if (reached === 'bill.in-decision') throw new Error(reached);
    });
    expect(() => decide('missing-sale', { record: record() })).toThrow('bill.in-decision');
    hearPoints(undefined);
    expect([first()?.state, paymentByNo(books.db, lateNo)]).toEqual(['FOUND', undefined]);
    decide('missing-sale', { record: record() });
    expect(first()?.state).toBe('ADJUSTED');
    expect(proven()).toEqual([]);
  });

  test('J-84 given back once; the same decision again changes nothing, another is refused', () => {
    decide('give-back');
    decide('give-back');
    expect(events()).toEqual(['J-80', 'J-84']);
    expect(() => decide('explained')).toThrow('ILLEGAL_STATE');
    expect(proven()).toEqual([]);
  });
});

describe('a missing refund', () => {
  const original = numberOf(1);
  const asRefund = { original, feeFen: 0 };

  async function decideWhileUnderWay(): Promise<void> {
    hear(books, billWith(lateLine({ txn: 'refund', amountFen: 500, feeFen: 0 })), 1);
    await work(books);
    books.db.exec(`INSERT INTO refund (no, state, payment, origin_terminal, origin_batch, origin_stan, origin_at, batch, business_date, stan, operator,
        amount_fen, fee_fen, cum_before_fen, source, entry, card_group, requested_at)
      VALUES ('under-way', 'PROCESSING', '${original}', '', '', '', 0, '000002', '${day}', '800001', '01', 100, 0, 0, '2002', 'CHIP', 'domestic', 0)`);
    decide('missing-refund', { record: record({ ...asRefund, amountFen: 500 }) });
    await work(books);
  }

  test('J-81 J-82 J-06b J-07 of a payment that has not cleared is taken from it', async () => {
    hear(books, billWith(lateLine({ txn: 'refund', amountFen: 500, feeFen: 0 })), 1);
    await work(books);
    expect([events(), first()?.deltaFen]).toEqual([['J-81'], -500]);
    decide('missing-refund', { record: record({ ...asRefund, amountFen: 500 }) });
    expect(journalsOf(books.db, lateNo).map(({ event }) => event)).toEqual(['J-06b', 'J-07']);
    expect(refundByNo(books.db, lateNo)).toMatchObject({ state: 'SUCCESS', payment: original, source: '2001' });
    expect(paymentByNo(books.db, original)).toMatchObject({ state: 'PARTLY_REFUNDED', refundedFen: 500 });
    expect(proven()).toEqual([]);
  });

  test('J-82 J-06 with too little available waits for money, or is written off (J-83)', async () => {
    const bill = billWith(lateLine({ txn: 'refund', amountFen: 5_000, feeFen: 0 }));
    hear(books, bill, 1);
    await work(books);
    decide('missing-refund', { record: record({ original: null, feeFen: 0 }) });
    await work(books);
    expect([first()?.state, first()?.decision]).toEqual(['INVESTIGATING', 'missing-refund']);
    expect(refundByNo(books.db, lateNo)).toBeUndefined();
    decide('write-off');
    expect([first()?.state, events(), balanceOf(books.db, '5002')]).toEqual(['ADJUSTED', ['J-81', 'J-83'], 5_000]);
    await work(books);
    expect(proven()).toEqual([]);
  });

  test('J-82 waits while another refund of that payment is under way, and is gone on with when it ends', async () => {
    await decideWhileUnderWay();
    expect([first()?.state, refundByNo(books.db, lateNo)]).toEqual(['INVESTIGATING', undefined]);
    books.db.exec("UPDATE refund SET state = 'FAILED' WHERE no = 'under-way'");
    await work(books);
    expect([first()?.state, refundByNo(books.db, lateNo)?.state]).toEqual(['ADJUSTED', 'SUCCESS']);
  });

  test('what waited and can not be booked any more is open again, and upstream hears of it', async () => {
    await decideWhileUnderWay();
    books.db.exec(`UPDATE refund SET state = 'SUCCESS' WHERE no = 'under-way';
      UPDATE payment SET state = 'PARTLY_REFUNDED', refunded_fen = 600 WHERE no = '${original}'`);
    await work(books);
    expect(first()).toMatchObject({ state: 'INVESTIGATING', decision: null, waits: null });
    const told = books.db.prepare("SELECT body FROM outbox WHERE kind = 'difference-examined'").pluck().all();
    expect(told.map((body) => JSON.parse(String(body)))).toMatchObject([
      { by: 'SYS', facts: { difference: first()?.no, finding: 'investigating', text: 'ILLEGAL_STATE' }, journals: [] },
    ]);
    decide('write-off');
    expect(events()).toEqual(['J-81', 'J-83']);
  });

  test('J-82 J-06 J-07 follows as soon as there is enough', async () => {
    const both = [lateLine({ txn: 'refund', amountFen: 4_000, feeFen: 0 })];
    hear(books, billWith(both[0] as BillLine), 1);
    await work(books);
    decide('missing-refund', { record: record({ original: null, amountFen: 4_000, feeFen: 0 }) });
    books.db.exec(`INSERT INTO balance VALUES ('2002', 'C', 0, 4000), ('1001', 'D', 1, 4000)`);
    await work(books);
    expect(first()?.state).toBe('ADJUSTED');
    expect([balanceOf(books.db, '2002'), refundByNo(books.db, lateNo)?.state]).toEqual([0, 'SUCCESS']);
    const told = "SELECT count(*) FROM outbox WHERE kind = 'posted'";
    expect(books.db.prepare(told).pluck().get()).toBe(1);
    expect(proven()).toEqual([]);
  });
});
