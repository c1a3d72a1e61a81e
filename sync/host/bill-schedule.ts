import { orderBill } from './bills.ts';
import type { TerminalRef } from './business.ts';
import type { Host } from './host.ts';
import { owner } from './host.ts';
import { terminalsOf } from './merchant-records.ts';
import { dayOfNumber } from './number-day.ts';
import { readParameters } from './parameters.ts';
import { dayMs, dayStart, shanghaiDay } from './shanghai.ts';
import type { HostTrx } from './store.ts';

/** When bills are made by the clock: on the next day at `host.billHour`, and once for each day that a host that was off has missed. */

const hourMs = 3_600_000;
/** Days further back are nobody's any more. */
const mostDaysBack = 31;

/** Orders what is due and resolves to the time when more is; null: never by the clock. */
export async function orderDueBills(host: Host): Promise<number | null> {
  return host.store.transaction().execute(async (trx) => {
    const merchants = await trx.selectFrom('merchants').select('merchant').execute();
    const times: number[] = [];
    for (const { merchant } of merchants) {
      const hour = (await readParameters(trx, merchant))['host.billHour'];
      if (hour > 0) times.push(await orderFor(host, trx, merchant, hour));
    }
    return times.length === 0 ? null : Math.min(...times);
  });
}

/** Changes when a person moves the hour of a merchant: what is due is another thing then. */
export async function billHours(host: Host): Promise<string> {
  const set = await host.store
    .selectFrom('merchants')
    .leftJoin('parameters', (join) =>
      join.onRef('parameters.merchant', '=', 'merchants.merchant').on('parameters.name', '=', 'host.billHour'),
    )
    .select(['merchants.merchant', 'value_json'])
    .execute();
  return JSON.stringify(set);
}

async function orderFor(host: Host, trx: HostTrx, merchant: string, hour: number): Promise<number> {
  const now = host.clock.now();
  // The day that ends `hour` before: its bill is due now.
  const today = shanghaiDay(now - hour * hourMs);
  for (const terminal of await terminalsOf(trx, merchant)) await orderMissing(host, trx, terminal, today);
  return dayStart(today) + dayMs + hour * hourMs;
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

/** Of its first payment or refund. */
async function firstDay(trx: HostTrx, of: TerminalRef): Promise<string | null> {
  const sale = await trx
    .selectFrom('approvals')
    .select((eb) => eb.fn.min('payment').as('no'))
    .where((eb) => eb.and(owner(of)))
    .executeTakeFirst();
  const refund = await trx
    .selectFrom('refunds')
    .select((eb) => eb.fn.min('no').as('no'))
    .where((eb) => eb.and(owner(of)))
    .executeTakeFirst();
  const days = [sale, refund].flatMap((row) => (row?.no && dayOfNumber(row.no)) || []);
  return days.toSorted()[0] ?? null;
}
