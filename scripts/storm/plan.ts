import { type HostCrashPoint, hostCrashPoints } from '../../sync/host/crash-points.ts';
import { type CrashPoint, crashPoints } from '../../terminal/base/crash-points.ts';
import { type Seeded, seeded } from './seeded.ts';

export type Step =
  | { readonly do: 'sale'; readonly amountFen: number; readonly how: 'contactless' | 'swipe'; readonly forget: boolean }
  | { readonly do: 'close' }
  | { readonly do: 'settle'; readonly fail: boolean };

export type Victim =
  | { readonly who: 'terminal'; readonly point: CrashPoint; readonly nth: number }
  | { readonly who: 'host'; readonly point: HostCrashPoint; readonly nth: number }
  /** Killed so long after the reader was asked for the `sale`th card. */
  | { readonly who: 'broker'; readonly sale: number; readonly afterMs: number };

/** One round: a short business day, and who dies where. Wholly given by storm seed and round number. */
export interface Plan {
  readonly victim: Victim;
  readonly steps: readonly Step[];
}

const terminalPoints = Object.keys(crashPoints) as CrashPoint[];
const hostPoints = Object.keys(hostCrashPoints) as HostCrashPoint[];
/** Every point in turn, so that any 50 rounds meet each of them; the broker now and then. */
const places: readonly (CrashPoint | HostCrashPoint | 'broker')[] = [
  ...terminalPoints,
  ...hostPoints,
  ...Array.from({ length: 6 }, () => 'broker' as const),
];

export const allPoints: readonly (CrashPoint | HostCrashPoint)[] = [...terminalPoints, ...hostPoints];

const isTerminalPoint = (point: string): point is CrashPoint => Object.hasOwn(crashPoints, point);

export function planOf(seed: number, round: number): Plan {
  const chance = seeded(seed * 1_000_003 + round);
  const place = places[(seed + round * 17) % places.length] ?? 'broker'; // 17 and the number of places have no common factor
  if (place === 'broker')
    return {
      victim: { who: 'broker', sale: 1 + chance.below(3), afterMs: chance.below(120) },
      steps: stepsFor(chance, place),
    };
  return planAt(place, 1 + chance.below(nthFor(place)), chance);
}

/** A round that dies at `point` for sure. */
export function planAt(point: CrashPoint | HostCrashPoint, nth: number, chance: Seeded): Plan {
  const victim: Victim = isTerminalPoint(point) ? { who: 'terminal', point, nth } : { who: 'host', point, nth };
  return { victim, steps: stepsFor(chance, point) };
}

/** How many passages of a point every round is sure to make. */
const nthFor = (point: string): number =>
  point.startsWith('sale.') || point.startsWith('link.') || point.startsWith('host.approve') ? 2 : 1;

function stepsFor(chance: Seeded, place: string): Step[] {
  const sale = (ending: number, forget = false): Step => ({
    do: 'sale',
    amountFen: (1 + chance.below(3_000)) * 100 + ending,
    how: chance.pick(['contactless', 'swipe']),
    forget,
  });
  // 98 was never booked, 99 was booked and its answer lost: both end in a reversal.
  const lost = /^reversal\.|^host\.reverse/.test(place) || chance.next() < 0.3 ? [sale(chance.pick([98, 99]))] : [];
  // An approval that the host forgets makes the close unbalanced.
  const forget = place === 'close.after-upload' || chance.next() < 0.3;
  const sales = [sale(0), ...lost, sale(chance.pick([0, 0, 51])), sale(0, forget)];
  const settle: Step = { do: 'settle', fail: chance.next() < 0.2 };
  return [...sales, { do: 'close' }, settle, sale(0)];
}
