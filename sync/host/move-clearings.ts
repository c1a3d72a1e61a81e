import type { CalendarRecord } from '../protocol/merchant-data.ts';
import { clearingTime } from './calendar.ts';
import type { HostTrx } from './store.ts';

/** The calendar was changed: what was closed and has not cleared does so on the next business day of the one that counts now (B-025). */
export async function moveClearings(trx: HostTrx, merchant: string, calendar: CalendarRecord): Promise<void> {
  const waiting = await trx
    .selectFrom('batches')
    .select(['terminal', 'batch', 'business_date'])
    .where('merchant', '=', merchant)
    .where('clear_at', 'is not', null)
    .execute();
  for (const { terminal, batch, business_date: day } of waiting) {
    if (day === null) continue;
    await trx
      .updateTable('batches')
      .set({ clear_at: clearingTime(day, calendar) })
      .where((eb) => eb.and({ merchant, terminal, batch }))
      .execute();
  }
}
