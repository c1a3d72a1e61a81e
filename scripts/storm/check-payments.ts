import type Sqlite from 'better-sqlite3';

/** Payments, refunds and settlements of the terminal against its own book: P-08, P-09, P-14, P-32, by SQL of its own. */

/** What takes money from the customer. */
export const moneyTxns = "('sale', 'completion', 'code-sale', 'stored-sale', 'completion-advice')";

/** Per number: what the accounts of `code` hold, and what `expected` (no, fen) says they should. */
const held = (code: string, expected: string): string =>
  `SELECT no || ' holds ' || sum(found) || ', not ' || sum(wanted) FROM (
     SELECT substr(account, 6) AS no, balance_fen AS found, 0 AS wanted FROM balance WHERE account LIKE '${code}:%'
     UNION ALL SELECT no, 0, fen FROM (${expected}))
   GROUP BY no HAVING sum(found) <> sum(wanted)`;

const uncleared = `SELECT p.no AS no, p.amount_fen - (SELECT coalesce(sum(r.amount_fen), 0) FROM refund r
     WHERE r.payment = p.no AND r.source = '2001' AND r.state <> 'FAILED') AS fen
   FROM payment p WHERE p.txn IN ${moneyTxns} AND p.cleared = 0 AND p.state IN ('PAID', 'VOIDING', 'PARTLY_REFUNDED', 'REFUNDED')`;

const openSettlements = "SELECT no, amount_fen AS fen FROM settlement WHERE state IN ('REQUESTED', 'PROCESSING')";

/** A void of what cleared at once holds under its own number, as long as it is not decided. */
const givingBack = `SELECT no, amount_fen AS fen FROM refund WHERE state IN ('REQUESTED', 'PROCESSING')
   UNION ALL SELECT v.no, v.amount_fen FROM payment v JOIN payment p ON p.no = v.original
     WHERE p.state = 'VOIDING' AND p.cleared = 1 AND v.state IN ('CREATED', 'REVERSING', 'NEEDS_HUMAN')`;

const refundsOf = (what: string): string =>
  `(SELECT coalesce(sum(fen), 0) FROM (
     SELECT payment, ${what}_fen AS fen FROM refund WHERE state = 'SUCCESS'
     UNION ALL SELECT payment, ${what}_fen FROM refund_elsewhere) WHERE payment = p.no)`;

/** accounting.md §4.1 with the parameters by default, which the scenarios keep. */
const feeFen = `(p.amount_fen * CASE
     WHEN p.txn = 'code-sale' THEN 3800
     WHEN p.entry = 'CONTACTLESS' AND p.amount_fen <= 100000 THEN 3800
     ELSE 6000 END + 500000) / 1000000`;

const rules: readonly (readonly [rule: string, sql: string])[] = [
  ['P-08 2001', held('2001', uncleared)],
  ['P-09 2005', held('2005', openSettlements)],
  ['P-09 2302', held('2302', givingBack)],
  [
    'P-09 in transit, and nothing of this terminal is',
    "SELECT account FROM balance WHERE substr(account, 1, 4) IN ('2006', '2102', '2103', '2203', '2301')",
  ],
  [
    'P-14 a payment does not say what its refunds do',
    `SELECT p.no || ' says ' || p.refunded_fen || '/' || p.refunded_fee_fen FROM payment p
     WHERE p.refunded_fen <> ${refundsOf('amount')} OR p.refunded_fee_fen <> ${refundsOf('fee')}`,
  ],
  [
    'P-14 more was refunded than paid',
    `SELECT p.no FROM payment p WHERE ${refundsOf('amount')} > p.amount_fen OR ${refundsOf('fee')} > p.fee_fen`,
  ],
  [
    'P-14 refunded whole, and not all of the fee is back',
    `SELECT p.no || ' fee ' || p.fee_fen || ', back ' || ${refundsOf('fee')} FROM payment p
     WHERE ${refundsOf('amount')} = p.amount_fen AND ${refundsOf('fee')} <> p.fee_fen AND (SELECT value ->> '$."fee.refundPolicy"'
       FROM setting WHERE name = 'parameters') = 'RETURN_PROPORTIONAL'`,
  ],
  [
    'P-14 the state is not what the refunds say',
    `SELECT p.no || ' is ' || p.state FROM payment p WHERE p.state IN ('PARTLY_REFUNDED', 'REFUNDED', 'PAID', 'CLEARED', 'VOIDED')
     AND p.txn IN ${moneyTxns}
     AND (p.state = 'REFUNDED') + 2 * (p.state = 'PARTLY_REFUNDED') <>
       (${refundsOf('amount')} = p.amount_fen) + 2 * (${refundsOf('amount')} > 0 AND ${refundsOf('amount')} < p.amount_fen)`,
  ],
  [
    'P-14 more went back than was paid',
    `SELECT p.no || ' of ' || p.amount_fen FROM payment p WHERE p.txn IN ${moneyTxns}
     AND iif(p.state = 'VOIDED', p.amount_fen, 0) + ${refundsOf('amount')}
       + (SELECT coalesce(sum(c.amount_fen), 0) FROM charge_back c WHERE c.payment = p.no) > p.amount_fen`,
  ],
  [
    'J-09 only flagged, and its money is there',
    "SELECT f.no FROM freeze f JOIN payment p ON p.no = f.payment WHERE f.state = 'FLAGGED' AND p.cleared = 1",
  ],
  [
    'J-09 held without a freeze, or more than it',
    `SELECT b.account || ' ' || b.balance_fen FROM balance b LEFT JOIN freeze f ON f.no = substr(b.account, 6) AND f.state = 'FROZEN'
     WHERE b.account LIKE '2004:%' AND b.balance_fen > coalesce(f.amount_fen, 0)`,
  ],
  [
    'P-32 the fee',
    `SELECT p.no || ' ' || p.entry || ' of ' || p.amount_fen || ' is ' || p.fee_fen FROM payment p
     WHERE p.txn IN ${moneyTxns} AND p.state IN ('PAID', 'CLEARED', 'VOIDING', 'VOIDED', 'PARTLY_REFUNDED', 'REFUNDED') AND p.fee_fen <> ${feeFen}`,
  ],
];

export const paymentProblems = (book: Sqlite.Database): string[] =>
  rules.flatMap(([rule, sql]) =>
    book
      .prepare<[], string>(sql)
      .pluck()
      .all()
      .map((about) => `${rule}: ${about}`),
  );
