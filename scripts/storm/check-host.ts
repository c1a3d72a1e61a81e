import type Sqlite from 'better-sqlite3';
import { moneyTxns } from './check-payments.ts';

/**
 * The terminal's book and the host's own record of it, at any moment, also with rows under way (races.md, P-26). Both are read in one turn of this process, so
 * neither moves meanwhile.
 */

/** Number of the terminal whose book it is. */
export const terminalOf = (book: Sqlite.Database): string =>
  book
    .prepare<[], string>("SELECT substr(value, instr(value, '/') + 1) FROM setting WHERE name = 'book-of'")
    .pluck()
    .get() ?? '';

interface Streams {
  /** Rows that the host has not applied are behind this one; those that the terminal has not are behind `appliedDown`, as the host counts them. */
  readonly appliedUp: number;
  readonly appliedDown: number;
  readonly stream: number;
}

/** What is under way; undefined as long as the two ends do not know of each other, or the book comes back: then nothing can be said. */
export function streamsOf(book: Sqlite.Database, host: Sqlite.Database): Streams | undefined {
  const here = book
    .prepare<[], { epoch: string; downEpoch: string | null; applied: number; restoring: number }>(
      'SELECT epoch, down_epoch AS downEpoch, applied_down AS applied, restoring FROM link_state',
    )
    .get();
  const there = host
    .prepare<[string], { id: number; epoch: string | null; downEpoch: string | null; up: number; base: number }>(
      'SELECT id, epoch, down_epoch AS downEpoch, applied_up AS up, down_base AS base FROM stream WHERE terminal = ?',
    )

    .get(terminalOf(book));
  if (!here || !there || here.restoring === 1 || here.epoch !== there.epoch || here.downEpoch !== there.downEpoch)
    return undefined;
  return { stream: there.id, appliedUp: there.up, appliedDown: there.base + here.applied };
}

export const sumsOf = (
  db: Sqlite.Database,
  sql: string,
  ...values: readonly (string | number)[]
): Map<string, number> =>
  new Map(
    db
      .prepare<unknown[], { k: string; fen: number }>(sql)
      .all(...values)
      .map(({ k, fen }) => [k, fen]),
  );

/** (a) For every account: the mirror is the book without the journals of the rows that are under way. */
export function prefixProblems(book: Sqlite.Database, host: Sqlite.Database, { appliedUp }: Streams): string[] {
  const here = sumsOf(book, "SELECT account AS k, iif(side = 'D', balance_fen, -balance_fen) AS fen FROM balance");
  const underWay = sumsOf(
    book,
    `SELECT l.value ->> 0 AS k, sum(iif(l.value ->> 1 = 'D', 1, -1) * (l.value ->> 2)) AS fen
     FROM outbox o, json_each(o.body, '$.journals') j, json_each(j.value, '$.lines') l WHERE o.seq > ? GROUP BY 1`,
    appliedUp,
  );
  const there = sumsOf(host, 'SELECT account AS k, sum(debit_fen - credit_fen) AS fen FROM mirror GROUP BY account');
  return [...new Set([...here.keys(), ...underWay.keys(), ...there.keys()])].flatMap((account) => {
    const expected = (here.get(account) ?? 0) - (underWay.get(account) ?? 0);
    const found = there.get(account) ?? 0;
    return found === expected ? [] : [`P-26a the mirror of ${account} is ${found}, not ${expected}`];
  });
}

/** The host has every journal of the book but those under way, line by line, and no other. */
export function journalProblems(book: Sqlite.Database, host: Sqlite.Database, { appliedUp }: Streams): string[] {
  const read = (db: Sqlite.Database, sql: string, ...values: readonly number[]): Map<string, string> =>
    new Map(
      db
        .prepare<unknown[], { key: string; text: string }>(sql)
        .all(...values)
        .map(({ key, text }) => [key, text]),
    );
  const here = read(
    book,
    `SELECT j.key, j.event || ' ' || (SELECT group_concat(account || side || amount_fen) FROM
       (SELECT * FROM entry e WHERE e.id / 64 = j.id ORDER BY e.id)) AS text FROM journal j
     WHERE j.key NOT IN (SELECT w.value ->> '$.key' FROM outbox o, json_each(o.body, '$.journals') w WHERE o.seq > ?)`,
    appliedUp,
  );
  const there = read(
    host,
    `SELECT journal_key AS key, event || ' ' || (SELECT group_concat((l.value ->> 0) || (l.value ->> 1) || (l.value ->> 2))
       FROM json_each(lines_json) l) AS text FROM host_journals`,
  );
  return [...new Set([...here.keys(), ...there.keys()])]
    .filter((key) => here.get(key) !== there.get(key))
    .map((key) => `P-26 journal ${key}: ${here.get(key) ?? 'none'} here, ${there.get(key) ?? 'none'} there`);
}

/** (c) What the host received and paid for this terminal is 1001 of the book and of the rows that are on their way to it. */
export function cashProblems(book: Sqlite.Database, host: Sqlite.Database, streams: Streams): string[] {
  const one = (db: Sqlite.Database, sql: string, ...values: readonly number[]): number =>
    db
      .prepare<unknown[], number>(sql)
      .pluck()
      .get(...values) ?? 0;
  const there = one(
    host,
    `SELECT (SELECT coalesce(sum(amount_fen), 0) FROM funds)
       - (SELECT coalesce(sum(amount_fen - service_fee_fen), 0) FROM settlements WHERE state = 'SUCCEEDED')`,
  );
  const here = one(book, "SELECT balance_fen FROM balance WHERE account = '1001'");
  const underWay = one(
    host,
    `SELECT coalesce(sum(CASE
         WHEN o.kind = 'funds-received' THEN o.body ->> '$.amountFen'
         WHEN o.body ->> '$.outcome' = 'succeeded' THEN s.service_fee_fen - s.amount_fen
         WHEN o.body ->> '$.outcome' = 'returned' THEN s.amount_fen - s.service_fee_fen END), 0)
       FROM outbox o LEFT JOIN settlements s ON s.no = o.body ->> '$.no'
       WHERE o.stream = ? AND o.seq > ? AND o.kind IN ('funds-received', 'settle-result')`,
    streams.stream,
    streams.appliedDown,
  );
  return here + underWay === there ? [] : [`P-26c 1001 is ${here} and ${underWay} on its way, the host says ${there}`];
}

/** (c) at rest: what the channels owe is what the host approved, less what was given back and what they paid; without J-80 to J-84. */
export function receivableProblems(book: Sqlite.Database, host: Sqlite.Database): string[] {
  const terminal = terminalOf(book);
  const code = (entry: string): string =>
    `CASE ${entry} WHEN 'QR_WECHAT' THEN '1102' WHEN 'QR_ALIPAY' THEN '1103' WHEN 'QR_UNIONPAY' THEN '1104' ELSE '1101' END`;
  const here = sumsOf(
    book,
    `SELECT k, sum(fen) AS fen FROM (
       SELECT substr(account, 1, 4) AS k, balance_fen AS fen FROM balance WHERE account LIKE '11%'
       UNION ALL SELECT substr(account, 1, 4), iif(side = 'D', -amount_fen, amount_fen)
         FROM entry JOIN journal ON journal.id = entry.id / 64 WHERE event BETWEEN 'J-80' AND 'J-84' AND account LIKE '11%') GROUP BY k`,
  );
  const there = sumsOf(
    host,
    `SELECT k, sum(fen) AS fen FROM (
       SELECT ${code('entry')} AS k, amount_fen AS fen FROM approvals WHERE terminal = @t AND txn IN ${moneyTxns} AND state IN ('APPROVED', 'CLEARED')
       UNION ALL SELECT ${code('entry')}, -amount_fen FROM refunds WHERE terminal = @t AND state = 'SUCCEEDED'
       UNION ALL SELECT account, -amount_fen FROM charge_backs WHERE terminal = @t
       UNION ALL SELECT account, -amount_fen FROM funds WHERE terminal = @t) GROUP BY k`.replaceAll(
      '@t',
      `'${terminal}'`,
    ),
  );
  return ['1101', '1102', '1103', '1104'].flatMap((k) =>
    (here.get(k) ?? 0) === (there.get(k) ?? 0)
      ? []
      : [`P-26c ${k} is ${here.get(k) ?? 0} here, the host says ${there.get(k) ?? 0}`],
  );
}
