import { sql } from 'kysely';
import type { TerminalRef } from './business.ts';
import type { HostDatabase, HostTrx } from './store.ts';

/** Whole rows, as reports and the desk read them. */

type Name = keyof HostDatabase;

/** Everything of a terminal in one table, in this order. */
export async function rowsOf<T extends Name>(
  trx: HostTrx,
  of: TerminalRef,
  table: T,
  ...order: readonly (keyof HostDatabase[T] & string)[]
): Promise<HostDatabase[T][]> {
  const { rows } = await sql<HostDatabase[T]>`
    select * from ${sql.table(table)} where merchant = ${of.merchant} and terminal = ${of.terminal}
    order by ${sql.join(order.map((column) => sql.ref(column)))}`.execute(trx);
  return rows;
}

/** As much as one looks at. */
export const mostRows = 200;

/** The newest of a merchant over all its terminals, by the time in this column. */
export async function newestOf<T extends Name>(
  trx: HostTrx,
  merchant: string,
  table: T,
  time: keyof HostDatabase[T] & string,
): Promise<HostDatabase[T][]> {
  const { rows } = await sql<HostDatabase[T]>`
    select * from ${sql.table(table)} where merchant = ${merchant}
    order by ${sql.ref(time)} desc, rowid desc limit ${mostRows}`.execute(trx);
  return rows;
}
