import type { Random } from '../random.ts';
import { shanghaiDay } from './shanghai.ts';
import type { HostTrx } from './store.ts';

/** The host's own numbers, counted in the store so that none comes twice. */
async function next(trx: HostTrx, name: string): Promise<number> {
  const row = await trx
    .insertInto('counters')
    .values({ name, value: 1 })
    .onConflict((oc) => oc.column('name').doUpdateSet((eb) => ({ value: eb('counters.value', '+', 1) })))
    .returning('value')
    .executeTakeFirstOrThrow();
  return row.value;
}

/** Reference number (DE 37, an12): month and day in Shanghai, then eight digits. */
export async function nextRrn(trx: HostTrx, nowMs: number): Promise<string> {
  const count = await next(trx, 'rrn');
  return shanghaiDay(nowMs).slice(5).replace('-', '') + String(count % 100_000_000).padStart(8, '0');
}

/** Authorisation code (DE 38, an6). */
export function authCode(random: Random): string {
  return String(Math.floor(random.next() * 1_000_000)).padStart(6, '0');
}

/** The host's reference of a settlement, `H…`, of a bank transfer, `T…`, a refund `R…`, a freeze `F…`, a charge-back `C…`, an invoice `I…`, a message `M…`. */
export async function nextReference(
  trx: HostTrx,
  prefix: 'H' | 'T' | 'R' | 'F' | 'C' | 'I' | 'M' | 'S',
): Promise<string> {
  return prefix + String(await next(trx, `reference-${prefix}`)).padStart(10, '0');
}
