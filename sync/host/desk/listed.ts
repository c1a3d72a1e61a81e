import { sql } from 'kysely';
import { mostRows } from '../report-rows.ts';
import type { HostDatabase, HostTrx } from '../store.ts';

/**
 * What the desk lists, by the time of `time`, and what of it waits for a person. Each condition is that of an index (create-desk-indexes.ts), word by word: only so the index
 * serves it.
 */
const lists = {
  settlements: { table: 'settlements', time: 'received_at', waits: "state = 'PROCESSING' and due_at is null" },
  refunds: { table: 'refunds', time: 'at', waits: "state = 'PROCESSING' and due_at is null" },
  accounts: { table: 'applications', time: 'at', waits: "kind = 'account' and state = 'ACCEPTED'" },
  applications: { table: 'applications', time: 'at', waits: "kind = 'paper-statement' and state = 'ACCEPTED'" },
  tickets: { table: 'tickets', time: 'at', waits: "state = 'OPEN'" },
  differences: {
    table: 'bill_differences',
    time: 'at',
    waits: "state in ('FOUND', 'PROPOSED') and kind <> 'clearing'",
  },
  mirror: { table: 'mirror_differences', time: 'at', waits: 'decision is null' },
} as const;

export type ListName = keyof typeof lists;
export const listNames = Object.keys(lists) as readonly ListName[];

export type Listed<N extends ListName> = HostDatabase[(typeof lists)[N]['table']] & { readonly waits: boolean };

/** What waits, the longest first, so that nothing stays out of reach; then the rest, the newest first. */
export async function listOf<N extends ListName>(trx: HostTrx, merchant: string, name: N): Promise<Listed<N>[]> {
  const waiting = await waitingIn(trx, merchant, name);
  const { table, time, waits } = lists[name];
  const { rows } = await sql<HostDatabase[(typeof lists)[N]['table']]>`
    select * from ${sql.table(table)} where merchant = ${merchant} and not (${sql.raw(waits)})
    order by ${sql.ref(time)} desc, rowid desc limit ${mostRows - waiting.length}`.execute(trx);
  return [...waiting.map((row) => ({ ...row, waits: true })), ...rows.map((row) => ({ ...row, waits: false }))];
}

async function waitingIn<N extends ListName>(
  trx: HostTrx,
  merchant: string,
  name: N,
): Promise<HostDatabase[(typeof lists)[N]['table']][]> {
  const { table, time, waits } = lists[name];
  const { rows } = await sql<HostDatabase[(typeof lists)[N]['table']]>`
    select * from ${sql.table(table)} where merchant = ${merchant} and ${sql.raw(waits)}
    order by ${sql.ref(time)}, rowid limit ${mostRows}`.execute(trx);
  return rows;
}

export async function countWaiting(trx: HostTrx, merchant: string, name: ListName): Promise<number> {
  const { table, waits } = lists[name];
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(table)} where merchant = ${merchant} and ${sql.raw(waits)}`.execute(trx);
  return Number(rows[0]?.count ?? 0);
}
