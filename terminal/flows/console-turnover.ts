import { dayMs, shanghai, startOfDay } from '../base/clock.ts';
import { perDatabase } from '../base/database.ts';
import { idsFrom } from '../base/ids.ts';
import { finishSlowly, type Steps } from '../base/steps.ts';
import { type SoldSum, soldBetween } from '../payments/queries.ts';
import type { Turnover } from './console-desk.ts';
import type { World } from './world.ts';

const days = 14;
/** What is added up in one step. */
const stepMs = 3_600_000;
/** A day that is over changes by voids and late reversals only. */
const goodMs = { today: 5_000, before: 15 * 60_000 };

interface DaySums {
  readonly sums: readonly SoldSum[];
  readonly at: number;
}

const remembered = perDatabase(() => new Map<string, DaySums>());

/** The last fortnight, added up in small steps and remembered, since it holds up no sale however many there were. */
export async function turnover(world: World, signal: AbortSignal | undefined): Promise<Turnover> {
  const { clock } = world;
  const known = remembered(world.db);
  const today = shanghai(clock.now()).day;
  const wanted = Array.from({ length: days }, (_, i) => shanghai(startOfDay(today) - (days - 1 - i) * dayMs).day);
  for (const day of known.keys()) if (!wanted.includes(day)) known.delete(day);
  for (const day of wanted) {
    const now = clock.now();
    const age = now - (known.get(day)?.at ?? 0);
    if (age >= 0 && age < (day === today ? goodMs.today : goodMs.before)) continue;
    known.set(day, { sums: await finishSlowly(ofDay(world, day), clock, signal), at: now });
  }
  const all = wanted.map((day) => ({ day, sums: known.get(day)?.sums ?? [] }));
  return {
    byDay: all.map(({ day, sums }) => ({ day, ...total(sums) })),
    byInstrument: byInstrument(all.flatMap(({ sums }) => sums)),
  };
}

function* ofDay({ db }: World, day: string): Steps<readonly SoldSum[]> {
  const from = startOfDay(day);
  const sums: SoldSum[] = [];
  for (let at = from; at < from + dayMs; at += stepMs) {
    sums.push(...soldBetween(db, idsFrom(at), idsFrom(at + stepMs)));
    yield;
  }
  return sums;
}

const total = (sums: readonly SoldSum[]) => ({
  count: sums.reduce((all, { count }) => all + count, 0),
  grossFen: sums.reduce((all, { sumFen }) => all + sumFen, 0),
});

function byInstrument(sums: readonly SoldSum[]): Turnover['byInstrument'] {
  const names = [...new Set(sums.map(({ entry }) => entry))];
  return names
    .map((instrument) => ({ instrument, ...total(sums.filter(({ entry }) => entry === instrument)) }))
    .sort((a, b) => b.grossFen - a.grossFen);
}
