import { orderBill } from './bills.ts';
import type { TerminalRef } from './business.ts';
import type { Host } from './host.ts';
import { owner } from './host.ts';
import { dayOfNumber } from './number-day.ts';
import { readParameters } from './parameters.ts';
import { dayStart, shanghaiDay } from './shanghai.ts';
import type { HostTrx } from './store.ts';

/** When bills are made by the clock: on the next day at `host.billHour`, and once for each day that a host that was off has missed. */

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Days further back are nobody's any more. */
const mostDaysBack = 31;

/** Orders what is due and resolves to the time until more is; null: never by the clock. */
export async function orderDueBills(host: Host): Promise<number | null> {
  return host.store.transaction().execute(async (trx) => {
    const merchants = await trx.selectFrom('merchants').select('merchant').execute();
    const waits: number[] = [];
    for (const { merchant } of merchants) {
      const hour = (await readParameters(trx, merchant))['host.billHour'];
      if (hour > 0) waits.push(await orderFor(host, trx, merchant, hour));
    }
    return waits.length === 0 ? null : Math.min(...waits);
  });
}

async function orderFor(host: Host, trx: HostTrx, merchant: string, hour: number): Promise<number> {
  const now = host.clock.now();
  // The day that ends `hour` before: its bill is due now.
  const today = shanghaiDay(now - hour * hourMs);
  const terminals = await trx.selectFrom('terminals').select('terminal').where('merchant', '=', merchant).execute();
  for (const { terminal } of terminals) await orderMissing(host, trx, { merchant, terminal }, today);
  return dayStart(today) + dayMs + hour * hourMs - now;
}

async function orderMissing(host: Host, trx: HostTrx, of: TerminalRef, today: string): Promise<void> {
  const first = await firstDay(trx, of);
  if (first === null) return;
  const bound = shanghaiDay(dayStart(today) - mostDaysBack * dayMs);
  const from = first > bound ? first : bound;
  const rows = await trx
    .selectFrom('bills')
    .select('date')
    .distinct()
    .where((eb) => eb.and(owner(of)))
    .where('date', '>=', from)
    .execute();
  const made = new Set(rows.map(({ date }) => date));
  for (let date = from; date < today; date = shanghaiDay(dayStart(date) + dayMs)) {
    if (!made.has(date)) await orderBill(host, trx, of, date);
  }
}

/** Of its first payment. */
async function firstDay(trx: HostTrx, of: TerminalRef): Promise<string | null> {
  const row = await trx
    .selectFrom('approvals')
    .select((eb) => eb.fn.min('payment').as('payment'))
    .where((eb) => eb.and(owner(of)))
    .executeTakeFirst();
  return row?.payment ? dayOfNumber(row.payment) : null;
}
