import { type HostCrashPoint, hostCrashPoints } from '../../sync/host/crash-points.ts';
import { type CrashPoint, crashPoints } from '../../terminal/base/crash-points.ts';
import type { CardTxn } from '../stage/cashier.ts';
import { type Seeded, seeded } from './seeded.ts';

export type Step =
  | {
      readonly do: 'card';
      readonly txn: CardTxn;
      readonly amountFen: number;
      readonly how: 'contactless' | 'swipe';
      /** The host forgets that it approved. */
      readonly forget: boolean;
    }
  /** 取消 when the card was read. */
  | { readonly do: 'cancelled'; readonly amountFen: number }
  | { readonly do: 'code'; readonly amountFen: number }
  /** Of the newest sale that stands; a refund is of a part, and pressed again until it was taken. */
  | { readonly do: 'void' }
  | { readonly do: 'refund'; readonly key: string; readonly fail: boolean }
  | { readonly do: 'report' }
  | { readonly do: 'invoice'; readonly key: string }
  | { readonly do: 'close' }
  | { readonly do: 'settle'; readonly fail: boolean }
  /** The terminal is off until the pre-authorisations are too old. */
  | { readonly do: 'expire' }
  /** The device is replaced by an empty one; the host gives it its book. */
  | { readonly do: 'lose-book' };

export type Victim =
  /** `from`: it is armed at the start behind this step; else at the first one. */
  | {
      readonly who: 'terminal';
      readonly point: CrashPoint;
      readonly nth: number;
      readonly from?: Step['do'] | undefined;
    }
  | { readonly who: 'host'; readonly point: HostCrashPoint; readonly nth: number }
  /** Killed so long after the reader was asked for the `sale`th card. */
  | { readonly who: 'broker'; readonly sale: number; readonly afterMs: number };

/** One round: a short business day, and who dies where. Wholly given by storm seed and round number. */
export interface Plan {
  /** The merchant is settled in real time, else by hand. */
  readonly realTime: boolean;
  readonly victim: Victim;
  readonly steps: readonly Step[];
}

/**
 * Not these, which no business day reaches. The power goes at each in test/scenarios/{exports,reconcile}.test.ts (export.*, bill.*-decision) and in
 * test/terminal/flows/{match-bill,statements,settlement-apply,settlement-desk}.test.ts (bill.*, statement.*, apply.*, settle.*-stop).
 */
const besideTheDay = /^(bill|statement|apply|export)\.|^settle\..*-stop/;
export const terminalPoints = (Object.keys(crashPoints) as CrashPoint[]).filter((point) => !besideTheDay.test(point));
/** Not these, which no business day reaches: test/system/host-settlement-points.test.ts kills the host at each. */
const elsewhere = /^host\.(apply|account|clear|bill)-/;
export const hostPoints = (Object.keys(hostCrashPoints) as HostCrashPoint[]).filter((point) => !elsewhere.test(point));
/** Every point in turn, so that any 100 rounds meet each of them; the broker now and then. */
const places: readonly (CrashPoint | HostCrashPoint | 'broker')[] = [
  ...terminalPoints,
  ...hostPoints,
  ...Array.from({ length: 6 }, () => 'broker' as const),
];
/** Has no factor in common with any number of places that there may be. */
const stride = 8_191;

const isTerminalPoint = (point: string): point is CrashPoint => Object.hasOwn(crashPoints, point);

export function planOf(seed: number, round: number): Plan {
  const chance = seeded(seed * 1_000_003 + round);
  const place = places[(seed + round * stride) % places.length] ?? 'broker';
  if (place === 'broker')
    return {
      realTime: chance.next() < 0.2,
      victim: { who: 'broker', sale: 1 + chance.below(3), afterMs: chance.below(120) },
      steps: stepsFor(chance, place),
    };
  return planAt(place, 1 + chance.below(nthFor(place)), chance);
}

/** A round that dies at `point` for sure. */
export function planAt(point: CrashPoint | HostCrashPoint, nth: number, chance: Seeded): Plan {
  const victim: Victim = isTerminalPoint(point)
    ? { who: 'terminal', point, nth, from: startOf(point) }
    : { who: 'host', point, nth };
  return { realTime: isByItself(point), victim, steps: stepsFor(chance, point) };
}

const isByItself = (point: string): boolean => point.endsWith('-auto');

/** These lie behind a later start. */
function startOf(point: CrashPoint): Step['do'] | undefined {
  if (point.startsWith('hold.')) return 'expire';
  return point.startsWith('restore.') ? 'lose-book' : undefined;
}

/** How many passages of a point every round is sure to make. */
const nthFor = (point: string): number =>
  point.startsWith('sale.') || point.startsWith('link.') || point.startsWith('host.approve') ? 2 : 1;

/** Which steps a point needs to be reached at all. */
const needs: readonly (readonly [points: RegExp, steps: (chance: Seeded) => readonly Step[]])[] = [
  [/^hold\./, (chance) => [card(chance, 'preauth'), { do: 'expire' }]],
  [/^host\.transact/, () => [{ do: 'void' }]],
  [/^code\.|^host\.code|-auto$/, (chance) => [{ do: 'code', amountFen: yuan(chance) }]],
  [/^stored\.|^host\.forward/, (chance) => [card(chance, 'stored-sale')]],
  [/^refund\.|^host\.refund/, (chance) => [refund(chance)]],
  [/^sale\..*stop/, (chance) => [{ do: 'cancelled', amountFen: yuan(chance) }]],
  [/^invoice\./, (chance) => [{ do: 'invoice', key: `invoice-${chance.below(1_000_000_000)}` }]],
  [/^risk\./, () => [{ do: 'report' }]],
  [/^restore\.|^host\.restore/, () => [{ do: 'lose-book' }]],
];

function stepsFor(chance: Seeded, place: string): Step[] {
  // 98 was never booked, 99 was booked and its answer lost: both end in a reversal.
  const lost =
    /^reversal\.|doubt|^host\.reverse/.test(place) || chance.next() < 0.3 ? [sale(chance, chance.pick([98, 99]))] : [];
  // An approval that the host forgets makes the close unbalanced.
  const forget = place === 'close.in-upload' || place === 'close.after-upload' || chance.next() < 0.3;
  const more = needs.flatMap(([points, steps]) => (points.test(place) || chance.next() < 0.1 ? steps(chance) : []));
  const sales = [sale(chance, 0), ...lost, sale(chance, chance.pick([0, 0, 51])), ...more, sale(chance, 0, forget)];
  return [...sales, { do: 'close' }, { do: 'settle', fail: chance.next() < 0.2 }, sale(chance, 0)];
}

/** Whole yuan: the endings of the amount table are chosen. */
const yuan = (chance: Seeded): number => (1 + chance.below(3_000)) * 100;

const card = (chance: Seeded, txn: CardTxn): Step => ({
  do: 'card',
  txn,
  // Offline sales have a limit.
  amountFen: txn === 'stored-sale' ? yuan(chance) % 20_000 || 100 : yuan(chance),
  how: txn === 'stored-sale' ? 'contactless' : chance.pick(['contactless', 'swipe']),
  forget: false,
});

const sale = (chance: Seeded, ending: number, forget = false): Step => ({
  do: 'card',
  txn: 'sale',
  amountFen: yuan(chance) + ending,
  how: chance.pick(['contactless', 'swipe']),
  forget,
});

const refund = (chance: Seeded): Step => ({
  do: 'refund',
  key: `refund-${chance.below(1_000_000_000)}`,
  fail: chance.next() < 0.3,
});
