import { sql } from 'kysely';
import type { BatchTable } from '../business-tables.ts';
import { rejectedRows } from '../rejected-rows.ts';
import { mostRows, newestOf } from '../report-rows.ts';
import type { HostTrx } from '../store.ts';

/** Batches, and rows of the streams that somebody must look at. */

interface InError {
  readonly terminal: string;
  readonly batch: string;
  readonly state: string;
  readonly at: number;
}

/** Whose last verdict was an error, and that are not closed since: they wait for decide-batch. Only such a verdict carries a seq in its id (compare-batch.ts). */
async function inError(trx: HostTrx, merchant: string): Promise<InError[]> {
  const { rows } = await sql<InError>`
    select s.terminal, substr(o.id, 9, 6) as batch, coalesce(b.state, 'UNKNOWN') as state, max(json_extract(o.body, '$.at')) as at
    from stream s join outbox o on o.stream = s.id and o.kind = 'batch-verdict'
    left join batches b on b.merchant = s.merchant and b.terminal = s.terminal and b.batch = substr(o.id, 9, 6)
    where s.merchant = ${merchant} and o.id glob 'verdict:??????:[0-9]*'
    and coalesce(b.state, '') not in ('CLOSED', 'CLEARED')
    and not exists (
      select 1 from outbox later where later.stream = o.stream and later.kind = 'batch-verdict'
      and +later.seq > o.seq and later.id >= substr(o.id, 1, 14) and later.id < substr(o.id, 1, 14) || ';'
      and later.id not glob 'verdict:??????:[0-9]*')
    group by s.terminal, batch`.execute(trx);
  return rows.toSorted((a, b) => a.at - b.at);
}

export const countInError = async (trx: HostTrx, merchant: string): Promise<number> =>
  (await inError(trx, merchant)).length;

export async function batchesView(trx: HostTrx, merchant: string) {
  const waiting = await inError(trx, merchant);
  const found = await newestOf(trx, merchant, 'batches', 'opened_at');
  const keyOf = (of: { readonly terminal: string; readonly batch: string }) => `${of.terminal}:${of.batch}`;
  const known = new Map(found.map((row) => [keyOf(row), row]));
  const waits = new Set(waiting.map(keyOf));
  const first = waiting.map((of) => ({ ...of, ...sumsOf(known.get(keyOf(of))), waits: true }));
  const rest = found.flatMap((row) => {
    const { terminal, batch, state, opened_at: at } = row;
    return waits.has(keyOf(row)) ? [] : [{ terminal, batch, at, state, ...sumsOf(row), waits: false }];
  });
  return { rows: [...first, ...rest] };
}

const sumsOf = (row: BatchTable | undefined) => ({
  businessDate: row?.business_date ?? null,
  clearingDate: row?.clearing_date ?? null,
  grossFen: row?.gross_fen ?? null,
  feeFen: row?.fee_fen ?? null,
});

/** Rows that one end could not take of the other. */
export async function rowsView(trx: HostTrx, merchant: string) {
  const rows = await rejectedRows(trx, { merchant }, mostRows);
  return { rows: rows.map((row) => ({ ...row, waits: row.seenBy === null })) };
}

export async function countUnseen(trx: HostTrx, merchant: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from inbox join stream on stream.id = +inbox.stream
      where merchant = ${merchant} and code is not null and seen_by is null)
    + (select count(*) from outbox join stream on stream.id = +outbox.stream
      where merchant = ${merchant} and rejected is not null and seen_by is null) as count`.execute(trx);
  return Number(rows[0]?.count ?? 0);
}
