import { expect } from 'vitest';
import { clearingDay, cutDays, phaseOf } from './calendar.ts';
import { momentMs, owner, type Shop } from './shop.ts';
import type { Story } from './story.ts';

/** What holds when all of it is over. */

interface Payment {
  readonly no: string;
  readonly netFen: number;
  readonly frozen: number;
}

/** What each payment brought: gross less fee, less what was given back of both. */
const payments = (shop: Shop): readonly Payment[] =>
  shop.rows<Payment>(
    `SELECT p.no, p.amount_fen - p.fee_fen
       - (SELECT coalesce(sum(r.amount_fen - r.fee_fen), 0) FROM refund r WHERE r.payment = p.no AND r.state = 'SUCCESS') AS netFen,
       EXISTS (SELECT 1 FROM freeze f WHERE f.payment = p.no) AS frozen
     FROM payment p WHERE p.txn IN ('sale', 'code-sale') AND p.state IN ('CLEARED', 'PARTLY_REFUNDED', 'REFUNDED')`,
  );

/** B-012: every fen of every payment was paid once, by a settlement that stands; a refund counts for its payment, wherever it was taken from. */
export async function checkPaidOnce(shop: Shop, { events }: Story): Promise<void> {
  const refundOf = new Map(
    shop.rows<{ no: string; payment: string }>('SELECT no, payment FROM refund').map((r) => [r.no, r.payment]),
  );
  const paid = shop.rows<{ no: string; fen: number }>(
    "SELECT no, amount_fen AS fen FROM settlement WHERE state = 'SUCCESS' ORDER BY no",
  );
  const [sums, places] = [new Map<string, number>(), new Map<string, number>()];
  for (const { no } of paid) {
    const { payments: lines } = await shop.desk.details(owner, no, 10_000);
    for (const { payment: line, netFen } of lines) {
      const payment = refundOf.get(line) ?? line;
      sums.set(payment, (sums.get(payment) ?? 0) + netFen);
      if (payment === line && netFen > 0) places.set(payment, (places.get(payment) ?? 0) + 1);
    }
  }
  const all = payments(shop);
  expect(all.length).toBeGreaterThan(paid.length);
  expect(all.map(({ no }) => [no, sums.get(no) ?? 0])).toEqual(all.map(({ no, netFen }) => [no, netFen]));
  const known = new Set(all.map(({ no }) => no));
  expect([...sums].filter(([no, sumFen]) => !known.has(no) && sumFen !== 0)).toEqual([]);
  const divided = all.filter(({ no, frozen }) => !frozen && (places.get(no) ?? 0) > 1);
  const inPart = events.filter(([, , event]) => event.do === 'settle' && event.percent < 100);
  expect(divided.length).toBeLessThanOrEqual(inPart.length);
  // What cardholders got back belongs to no payment that is settled.
  const chargedBackFen = shop.system.count('SELECT coalesce(sum(amount_fen), 0) FROM charge_back');
  const sumOf = (numbers: Iterable<number>) => [...numbers].reduce((sum, one) => sum + one, 0);
  expect(sumOf(paid.map(({ fen }) => fen))).toBe(sumOf(sums.values()) - chargedBackFen);
}

/** Nothing is left: not cleared, available, frozen, on its way, owed. */
export function checkNothingLeft({ system }: Shop): void {
  const left = system.db
    .prepare(
      "SELECT account, balance_fen FROM balance WHERE balance_fen <> 0 AND substr(account, 1, 4) NOT IN ('1001', '4001', '4002')",
    )
    .raw()
    .all();
  expect(left).toEqual([]);
}

/** B-003 to B-006: as many as the calendar says, each cut once. */
export function checkCounts(shop: Shop, { first, last, phases, events, otherCuts }: Story): void {
  const lines = (mode: string) =>
    shop.system.db
      .prepare<[string], string>("SELECT coalesce(cut || ' ', '') || state FROM settlement WHERE mode = ? ORDER BY no")
      .pluck()
      .all(mode);
  const usual = (cut: string) => (shop.emptyCuts.has(cut) ? [] : ['SUCCESS']);
  const cuts = cutDays(phases, first, last).flatMap((cut) =>
    (otherCuts[cut] ?? usual(cut)).map((state) => `${cut} ${state}`),
  );
  expect(lines('AUTO')).toEqual(cuts);
  expect(lines('MANUAL')).toEqual(events.filter(([, , event]) => event.do === 'settle').map(() => 'SUCCESS'));
  expect(lines('REALTIME')).toEqual(Array.from({ length: realTimeCredits(shop, phases) }, () => 'SUCCESS'));
}

/** A mode changes in the afternoon, behind the sales. Each code by itself, and the cards of each day together when they clear (B-025, B-026). */
function realTimeCredits(shop: Shop, phases: Story['phases']): number {
  const isRealTime = (day: string) => phaseOf(phases, day)?.mode === 'REALTIME';
  const changes = phases.flatMap(({ from, mode }, i) =>
    mode === 'REALTIME' ? [[momentMs(from, 'evening'), momentMs(phases[i + 1]?.from ?? '9999-12-31', 'evening')]] : [],
  );
  const codes = shop
    .rows<{ at: number }>("SELECT created_at AS at FROM payment WHERE txn = 'code-sale' AND cleared = 1")
    .filter(({ at }) => changes.some(([from = 0, to = 0]) => at >= from && at < to));
  const days = shop
    .rows<{ day: string }>(
      "SELECT DISTINCT b.business_date AS day FROM batch b JOIN payment p ON p.batch = b.no WHERE p.txn = 'sale' AND p.cleared = 1",
    )
    // Cleared in the morning of the next business day, so in the mode of the evening before it.
    .filter(({ day }) => isRealTime(dayBefore(clearingDay(day))));
  return codes.length + days.length;
}

const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** Nothing that was logged has a card number, its hidden middle or a track. */
export function checkLogs({ system, card }: Shop): void {
  for (const secret of [card.pan, card.pan.slice(6, -4), `${card.pan}=${card.expiry}`])
    expect(system.logged.filter((line) => line.includes(secret))).toEqual([]);
}
