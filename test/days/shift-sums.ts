import type Sqlite from 'better-sqlite3';

/** Every payment of an operator is in one shift and no other: what the shifts that ended say together is what the payments say. */
export function shiftProblems(book: Sqlite.Database): string[] {
  const read = (sql: string): string => book.prepare<[], string>(sql).pluck().get() ?? '';
  const open = read("SELECT count(*) FROM shift_undecided WHERE operator = '01'");
  const [shifts, payments] = [
    read(`SELECT coalesce(sum(debit_count), 0) || '/' || coalesce(sum(debit_fen), 0) || ' ' || coalesce(sum(credit_count), 0) || '/' ||
      coalesce(sum(credit_fen), 0) FROM shift_total t JOIN shift s ON s.id = t.shift WHERE s.operator = '01'`),
    read(`WITH done AS (
        SELECT txn IN ('void', 'completion-void') AS credit, amount_fen FROM payment WHERE operator = '01' AND txn NOT IN ('preauth', 'preauth-void')
          AND state IN ('PAID', 'CLEARED', 'VOIDED', 'PARTLY_REFUNDED', 'REFUNDED', 'DONE')
        UNION ALL SELECT 1, amount_fen FROM refund WHERE operator = '01' AND counted = 1)
      SELECT count(*) FILTER (WHERE NOT credit) || '/' || coalesce(sum(amount_fen) FILTER (WHERE NOT credit), 0) || ' ' ||
        count(*) FILTER (WHERE credit) || '/' || coalesce(sum(amount_fen) FILTER (WHERE credit), 0) FROM done`),
  ];
  return [
    ...(Number(open) === 0 ? [] : [`the last shift left ${open} undecided`]),
    ...(shifts === payments ? [] : [`shifts add up to ${shifts}, the payments to ${payments}`]),
  ];
}
