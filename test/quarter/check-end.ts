import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { exportDesk } from '../../terminal/flows/export.ts';
import type { ExportAsk } from '../../terminal/flows/export-desk.ts';
import { parseCsv } from '../terminal/exports/library.ts';
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
export function checkPaidOnce(shop: Shop, { events }: Story): void {
  const refundOf = new Map(
    shop.rows<{ no: string; payment: string }>('SELECT no, payment FROM refund').map((r) => [r.no, r.payment]),
  );
  const paid = shop.rows<{ no: string; fen: number }>(
    "SELECT no, amount_fen AS fen FROM settlement WHERE state = 'SUCCESS' ORDER BY no",
  );
  const [sums, places] = [new Map<string, number>(), new Map<string, number>()];
  for (const { no } of paid)
    for (const { payment: line, netFen } of shop.desk.payments(owner, no, 10_000)) {
      const payment = refundOf.get(line) ?? line;
      sums.set(payment, (sums.get(payment) ?? 0) + netFen);
      if (payment === line && netFen > 0) places.set(payment, (places.get(payment) ?? 0) + 1);
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

/** P-29: the lines of a file come to its total, and to what the ledger moved. */
export async function checkExports(shop: Shop, { first, last }: Story): Promise<void> {
  const moved = (sql: string): number =>
    shop.system.count(`SELECT coalesce(sum(iif(e.side = 'C', e.amount_fen, -e.amount_fen)), 0)
    FROM journal j JOIN entry e ON e.id >= j.id * 64 AND e.id < (j.id + 1) * 64 WHERE ${sql}`);
  const statement = await totalOf(shop, { kind: 'statement', from: first, to: last }, '收支金额(元)');
  expect(statement).toEqual({ lines: moved("e.account = '2002'"), total: moved("e.account = '2002'") });
  const paidFen = moved("e.account = '1001' AND j.event IN ('J-21', 'J-23')");
  const settlements = await totalOf(shop, { kind: 'settlements', from: first, to: last }, '实付金额(元)');
  expect(settlements).toEqual({ lines: paidFen, total: paidFen });
}

async function totalOf(
  { system }: Shop,
  ask: Pick<ExportAsk, 'kind' | 'from' | 'to'>,
  column: string,
): Promise<{ readonly lines: number; readonly total: number }> {
  const desk = exportDesk(system.terminal.world);
  const { id } = desk.begin(owner, { format: 'csv', language: 'zh', ...ask });
  const job = () => desk.list(owner, 10).find((view) => view.id === id);
  await system.eventually('the file is made', () => ['READY', 'FAILED'].includes(job()?.state ?? ''));
  const rows = parseCsv(readFileSync(desk.open(owner, id).file, 'utf8'));
  const at = rows[0]?.indexOf(column) ?? -1;
  const end = rows.findIndex(([head]) => head === '合计');
  const fenOf = (row: readonly string[] | undefined): number => Math.round(Number(row?.[at]) * 100);
  return { lines: rows.slice(1, end).reduce((sum, row) => sum + fenOf(row), 0), total: fenOf(rows[end]) };
}

/** Nothing that was logged has a card number, its hidden middle or a track. */
export function checkLogs({ system, card }: Shop): void {
  for (const secret of [card.pan, card.pan.slice(6, -4), `${card.pan}=${card.expiry}`])
    expect(system.logged.filter((line) => line.includes(secret))).toEqual([]);
}
