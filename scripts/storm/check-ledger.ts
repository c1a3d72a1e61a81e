import type Sqlite from 'better-sqlite3';

/** The terminal's book against accounting.md §5 by SQL of its own: a second opinion beside `pos ledger check`. */

/** Accounts that may be below zero (accounting.md §2). */
const mayBeNegative = "substr(account, 1, 4) IN ('1001', '1101', '1102', '1103', '1104', '4001')";
/** Debit normal: assets and expenses. */
const isDebitNormal = "substr(account, 1, 1) IN ('1', '5')";

/** Entry ids are 64 × the journal's. Accounts are moved once in a journal, increases first. */
const moves = `SELECT account, id / 64 AS journal, sum(iif((side = 'D') = (${isDebitNormal}), amount_fen, -amount_fen)) AS net
  FROM entry GROUP BY account, id / 64`;

/** What of one business number may be posted once only, whatever keys it has. */
const once = [
  'J-01',
  'J-02',
  'J-02r',
  'J-02s',
  'J-02f',
  'J-03',
  'J-06',
  'J-06b',
  'J-07',
  'J-08',
  'J-10',
  'J-11',
  'J-20',
];
/** Of these one number has one at most. */
const either = [
  ['J-02s', 'J-02f'],
  ['J-06', 'J-06b'],
  ['J-07', 'J-08'],
  ['J-21', 'J-22'],
  ['J-01', 'J-20'],
];

const words = (list: readonly string[]): string => list.map((event) => `'${event}'`).join(', ');

const rules: readonly (readonly [rule: string, sql: string])[] = [
  [
    'P-01 a journal does not balance',
    `SELECT coalesce(j.key, 'entries without a journal ' || e.journal) FROM
       (SELECT id / 64 AS journal, sum(iif(side = 'D', amount_fen, -amount_fen)) AS rest FROM entry GROUP BY id / 64) e
     LEFT JOIN journal j ON j.id = e.journal WHERE e.rest <> 0 OR j.key IS NULL`,
  ],
  [
    'P-01 a journal has no lines',
    'SELECT key FROM journal j WHERE NOT EXISTS (SELECT 1 FROM entry WHERE id / 64 = j.id)',
  ],
  [
    'P-01 debits and credits differ',
    "SELECT rest FROM (SELECT coalesce(sum(iif(side = 'D', amount_fen, -amount_fen)), 0) AS rest FROM entry) WHERE rest <> 0",
  ],
  [
    'P-02 the trial balance is out by',
    `SELECT rest FROM (SELECT coalesce(sum(iif(${isDebitNormal}, balance_fen, -balance_fen)), 0) AS rest FROM balance) WHERE rest <> 0`,
  ],
  [
    'P-03 was below zero',
    `SELECT account || ' ' || running FROM (SELECT account, sum(net) OVER (PARTITION BY account ORDER BY journal) AS running FROM (${moves}))
     WHERE running < 0 AND NOT ${mayBeNegative}`,
  ],
  [
    'P-03 is below zero',
    `SELECT account || ' ' || balance_fen FROM balance WHERE balance_fen < 0 AND NOT ${mayBeNegative}`,
  ],
  [
    'P-04 the running balance is not what the lines say',
    `SELECT account || ': ' || sum(cached) || ', lines ' || sum(lines) FROM (
       SELECT account, balance_fen AS cached, 0 AS lines FROM balance UNION ALL SELECT account, 0, net FROM (${moves}))
     GROUP BY account HAVING sum(cached) <> sum(lines)`,
  ],
  [
    'P-05 posted more than once',
    `SELECT event || ' of ' || no FROM journal WHERE event IN (${words(once)}) GROUP BY event, no HAVING count(*) > 1`,
  ],
  ...either.map((events): readonly [string, string] => [
    `P-05 only one of ${events.join(', ')} is possible`,
    `SELECT no FROM journal WHERE event IN (${words(events)}) GROUP BY no HAVING count(*) > 1`,
  ]),
];

/** P-01 to P-05, in words; none: the book is sound. */
export const ledgerProblems = (book: Sqlite.Database): string[] =>
  rules.flatMap(([rule, sql]) =>
    book
      .prepare<[], string | number>(sql)
      .pluck()
      .all()
      .map((about) => `${rule}: ${about}`),
  );
