import { type CrashPoint, hearPoints } from '../../terminal/base/crash-points.ts';
import type { TestSystem } from './terminal.ts';

/** Power cuts of the terminal in this process: the same host, paper, devices and clock before and after. */

export interface CutOptions {
  /** At the first time that the point is reached, unless told. */
  readonly nth?: number;
  /** How long the point may take to be reached after `act` has ended; it may lie behind it, in what the terminal does by itself. */
  readonly patienceMs?: number;
}

/** How long an act may take, on a busy machine. */
const actMs = 30_000;

/**
 * What leads to the point. `face` is aborted by the cut, for whoever waits at a screen is gone: give it on as `signal`, or the cut takes as long as the ghost
 * waits. Its own end is lost with the power.
 */
export type Act = (face: AbortSignal) => Promise<unknown>;

/**
 * The power goes at `point` while `act` is under way or behind it; then it comes back. Resolves when the terminal has recovered, is online and signed in, and
 * nothing is under way between it and the host. Rejects when the point was not reached.
 */
export async function cutPowerAt(
  system: TestSystem,
  point: CrashPoint,
  act: Act,
  options: CutOptions = {},
): Promise<void> {
  const went = await powerGoesAt(system, point, act, { patienceMs: 5_000, ...options });
  if (!went) throw new Error(`crash point ${point} was not reached`);
  await system.startTerminal();
  await system.ready();
  await system.atRest();
}

/**
 * The same, but the terminal stays off, for who looks at its disk or changes the world first. Returns the point at which the power went; undefined: it was not
 * reached, and the terminal runs on.
 */
export async function powerGoesAt(
  system: TestSystem,
  point: CrashPoint | 'any',
  act: Act,
  { nth = 1, patienceMs = 0 }: CutOptions = {},
): Promise<CrashPoint | undefined> {
  const face = new AbortController();
  let left = nth;
  let diedAt: CrashPoint | undefined;
  let end: { readonly atMs: number; readonly error?: unknown } | undefined;
  hearPoints((reached) => {
    if (point !== 'any' && reached !== point) return;
    left -= 1;
    if (left > 0) return;
    hearPoints(undefined);
    diedAt = reached;
    system.pullPlug();
  });
  const acted = act(face.signal).then(
    () => (end = { atMs: Date.now() }),
    (error: unknown) => (end = { atMs: Date.now(), error }),
  );
  try {
    await system.eventually(
      point,
      () => diedAt !== undefined || (end && Date.now() >= end.atMs + patienceMs) === true,
      actMs,
    );
  } finally {
    hearPoints(undefined);
  }
  if (diedAt === undefined) {
    // What a ghost throws is nobody's; this is the test's.
    if (end && 'error' in end) throw end.error;
    return undefined;
  }
  face.abort();
  await system.stopTerminal();
  await acted;
  await system.stopTerminal(); // one that `act` has started
  return diedAt;
}

/**
 * The power goes at the first moment at which `moment` holds. Resolves when the terminal is off; `startTerminal` starts it again. `face`: whoever waited at a
 * screen is gone too.
 */
export async function powerCutWhen(
  system: TestSystem,
  what: string,
  moment: () => boolean,
  face?: AbortController,
): Promise<void> {
  let isOff = false;
  const look = (): void => {
    if (isOff || !moment()) return;
    isOff = true;
    system.pullPlug();
  };
  const stop = system.cashier.onStatus(look);
  await system.eventually(what, () => {
    look();
    return isOff;
  });
  stop();
  face?.abort();
  await system.stopTerminal();
}
