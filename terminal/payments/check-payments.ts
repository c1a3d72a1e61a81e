import type { Database } from '../base/database.ts';
import type { Steps } from '../base/steps.ts';
import { kinds } from './kinds.ts';

/** A payment, refund or account in transit whose money is not where its state says: which rule of accounting.md §5, and what it is about. */
export interface PaymentProblem {
  readonly rule: 'P-08' | 'P-09' | 'P-14';
  readonly about: string;
  readonly what: string;
  readonly foundFen: number;
  readonly expectedFen: number;
}

const maxProblems = 100;

interface Row {
  readonly no: string;
  readonly foundFen: number;
  readonly expectedFen: number;
}

const txns = Object.entries(kinds)
  .filter(([, { side }]) => side === 'debit')
  .map(([txn]) => `'${txn}'`)
  .join(', ');

/** P-08: 2001 of a payment is G − ΣR reserved by J-06b and not failed while it has not cleared, else nothing. */
const uncleared = `cleared = 0 AND txn IN (${txns}) AND state IN ('PAID', 'VOIDING', 'PARTLY_REFUNDED', 'REFUNDED')`;
const reserved = `coalesce((SELECT sum(amount_fen) FROM refund r WHERE r.payment = p.no AND r.source = '2001' AND r.state <> 'FAILED'), 0)`;
const held = (no: string): string =>
  `coalesce((SELECT balance_fen FROM balance WHERE side = 'C' AND account = '2001:' || ${no}), 0)`;
const owed = `iif(${uncleared}, amount_fen - ${reserved}, 0)`;

/** P-14: what a payment says of its refunds is what they say, here and elsewhere. That ΣR ≤ G and Σf ≤ F is a CHECK of the table. */
const given = (column: 'amount' | 'fee'): string =>
  `(SELECT coalesce(sum(${column}_fen), 0) FROM refund d WHERE d.payment = p.no AND d.state = 'SUCCESS')
    + (SELECT coalesce(sum(${column}_fen), 0) FROM refund_elsewhere d WHERE d.payment = p.no)`;

/** One page of payments: all three figures of each. */
const ofPayments = `SELECT id, no, ${held('p.no')} AS heldFen, ${owed} AS owedFen, refunded_fen AS refundedFen, ${given('amount')} AS givenFen,
    refunded_fee_fen AS refundedFeeFen, ${given('fee')} AS givenFeeFen
  FROM payment p WHERE id > ? ORDER BY id LIMIT ?`;

interface Figures {
  readonly id: number;
  readonly no: string;
  readonly heldFen: number;
  readonly owedFen: number;
  readonly refundedFen: number;
  readonly givenFen: number;
  readonly refundedFeeFen: number;
  readonly givenFeeFen: number;
}

/** P-08, the other way round: 2001 of a payment that is not here. */
const ofNoPayment = `SELECT substr(account, 6) AS no, balance_fen AS foundFen, 0 AS expectedFen FROM balance
  WHERE side = 'C' AND account BETWEEN '2001:' AND '2001;' AND balance_fen <> 0
    AND substr(account, 6) NOT IN (SELECT no FROM payment) LIMIT ${maxProblems}`;

/** P-09 for 2302: what open refunds, and voids under way of what had cleared at once, have asked for; each under its own number. */
const inTransit = `SELECT no, sum(found) AS foundFen, sum(expected) AS expectedFen FROM (
    SELECT substr(account, 6) AS no, balance_fen AS found, 0 AS expected FROM balance WHERE side = 'C' AND account BETWEEN '2302:' AND '2302;'
    UNION ALL SELECT no, 0, amount_fen FROM refund WHERE state IN ('REQUESTED', 'PROCESSING')
    UNION ALL SELECT v.no, 0, o.amount_fen FROM payment o INDEXED BY payment_waiting JOIN payment v ON v.original = o.no
      WHERE o.state = 'VOIDING' AND o.cleared = 1 AND v.txn IN ('void', 'completion-void')
        AND v.state IN ('CREATED', 'AUTHORIZING', 'REVERSING', 'NEEDS_HUMAN'))
  GROUP BY no HAVING foundFen <> expectedFen LIMIT ${maxProblems}`;

/** Payments that are read at once. */
const page = 250;

/** Reads the payments and refunds and proves them against the book, in steps between which other things may be done; the caller keeps one snapshot open over all of them. */
export function* paymentSteps(db: Database): Steps<readonly PaymentProblem[]> {
  const problems: PaymentProblem[] = [];
  const compare = (rule: PaymentProblem['rule'], what: string, { no, foundFen, expectedFen }: Row): void => {
    if (foundFen !== expectedFen && problems.length < maxProblems)
      problems.push({ rule, about: no, what, foundFen, expectedFen });
  };
  for (const row of db.prepare<[], Row>(ofNoPayment).all()) compare('P-08', 'not yet cleared (2001)', row);
  for (const row of db.prepare<[], Row>(inTransit).all()) compare('P-09', 'refund or void in transit (2302)', row);
  yield;
  const read = db.prepare<[number, number], Figures>(ofPayments);
  let last = 0;
  for (let rows = read.all(last, page); rows.length > 0; rows = read.all(last, page)) {
    for (const row of rows) {
      const { no } = row;
      compare('P-08', 'not yet cleared (2001)', { no, foundFen: row.heldFen, expectedFen: row.owedFen });
      compare('P-14', 'refunded', { no, foundFen: row.refundedFen, expectedFen: row.givenFen });
      compare('P-14', 'fee given back', { no, foundFen: row.refundedFeeFen, expectedFen: row.givenFeeFen });
      last = row.id;
    }
    yield;
  }
  return problems.toSorted((a, b) => a.rule.localeCompare(b.rule));
}
