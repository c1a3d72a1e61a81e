import { addDays, isDay, shanghai } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { timeOfId } from '../base/ids.ts';
import type { Steps } from '../base/steps.ts';
import { numbersOf, type ReportRow, reportRows } from '../payments/day-rows.ts';
import { type ReportSettlement, settlementsBetween } from '../settlement/report-settlements.ts';
import { inSlices } from './prove-book.ts';
import type { Report, ReportLine } from './statement-desk.ts';
import type { World } from './world.ts';

/** Days in one report at most. */
const mostDays = 400;

/** INVALID_RANGE for what are no days, in the wrong order, or too many. */
export function checkRange(from: string, to: string): void {
  if (!isDay(from) || !isDay(to) || to < from || addDays(from, mostDays) <= to)
    throw new TerminalError('INVALID_RANGE', { value: `${from} – ${to}` });
}

/** Payments and refunds of these days, both included, added up in one pass (B-039, B-043); `operator`: only the own ones. INVALID_RANGE. */
export async function makeReport(
  world: Pick<World, 'db' | 'clock'>,
  from: string,
  to: string,
  operator?: string,
  signal?: AbortSignal,
): Promise<Report> {
  checkRange(from, to);
  return inSlices(world, (reader) => reportSteps(reader, from, to, operator), signal);
}

/** In steps between which other things may be done; the caller keeps one snapshot open over all of them. */
export function* reportSteps(db: Database, from: string, to: string, operator: string | undefined): Steps<Report> {
  const sums = { day: new Map<string, Sum>(), instrument: new Map<string, Sum>(), operator: new Map<string, Sum>() };
  const total = newSum('total');
  for (const page of reportRows(db, numbersOf(from, to))) {
    for (const row of page) {
      if (operator !== undefined && row.operator !== operator) continue;
      add(total, row);
      add(sumOf(sums.day, dayOf(row.no)), row);
      add(sumOf(sums.instrument, row.entry), row);
      add(sumOf(sums.operator, row.operator), row);
    }
    yield;
  }
  const { newest, totals } = operator === undefined ? yield* settlementSteps(db, from, to) : noSettlements;
  return {
    from,
    to,
    byDay: sorted(sums.day),
    byInstrument: sorted(sums.instrument),
    byOperator: sorted(sums.operator),
    settlements: newest.map(({ no, requestedAt, amountFen, state }) => ({
      no,
      day: shanghai(requestedAt).day,
      amountFen,
      state,
    })),
    bySettlement: totals,
    total,
  };
}

const mostSettlements = 500;
type SettlementTotal = { -readonly [K in keyof Report['bySettlement'][number]]: Report['bySettlement'][number][K] };
interface Settlements {
  readonly newest: readonly ReportSettlement[];
  readonly totals: Report['bySettlement'];
}
const noSettlements: Settlements = { newest: [], totals: [] };

function* settlementSteps(db: Database, from: string, to: string): Steps<Settlements> {
  let newest: readonly ReportSettlement[] = [];
  const totals = new Map<string, SettlementTotal>();
  for (const page of settlementsBetween(db, numbersOf(from, to))) {
    newest = [...newest, ...page].slice(-mostSettlements);
    for (const { requestedAt, state, amountFen } of page) {
      const { day } = shanghai(requestedAt);
      const total = totals.get(`${day} ${state}`) ?? { day, state, count: 0, amountFen: 0 };
      totals.set(`${day} ${state}`, total);
      total.count += 1;
      total.amountFen += amountFen;
    }
    yield;
  }
  return { newest, totals: [...totals].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total) };
}

type Sum = { -readonly [K in keyof ReportLine]: ReportLine[K] };

const newSum = (name: string): Sum => ({
  name,
  count: 0,
  grossFen: 0,
  refundCount: 0,
  refundFen: 0,
  feeFen: 0,
  netFen: 0,
});

function sumOf(sums: Map<string, Sum>, name: string): Sum {
  const known = sums.get(name);
  if (known) return known;
  const sum = newSum(name);
  sums.set(name, sum);
  return sum;
}

function add(sum: Sum, { isRefund, amountFen, feeFen }: ReportRow): void {
  const sign = isRefund ? -1 : 1;
  if (isRefund) {
    sum.refundCount += 1;
    sum.refundFen += amountFen;
  } else {
    sum.count += 1;
    sum.grossFen += amountFen;
  }
  sum.feeFen += sign * feeFen;
  sum.netFen += sign * (amountFen - feeFen);
}

const dayOf = (no: string): string => shanghai(timeOfId(no.slice(0, 26)) ?? 0).day;
const sorted = (sums: Map<string, Sum>): readonly ReportLine[] =>
  [...sums.values()].toSorted((a, b) => a.name.localeCompare(b.name));
