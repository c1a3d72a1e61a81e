/** How a printer says it is, from `DLE EOT n` or from automatic status (devices.md §1.3). */
export interface PrinterCondition {
  readonly offline: boolean;
  readonly coverOpen: boolean;
  readonly paperOut: boolean;
  readonly paperNearEnd: boolean;
  readonly cutter: boolean;
  readonly mechanical: boolean;
  readonly unrecoverable: boolean;
  /** Stopped by an error that only `DLE EOT 3` names. */
  readonly error: boolean;
  /** Waits for something that ends by itself: a hot head. */
  readonly pausing: boolean;
  /** The feed button is pressed: off-line until it is let go. */
  readonly feeding: boolean;
  /** What was wrong has been put right, but it waits to be told so, by its button or by `DLE ENQ 1`. */
  readonly awaitsRecovery: boolean;
  /** Pin 3 of the drawer's plug. Whether high is open depends on the drawer. */
  readonly drawerPinHigh: boolean;
}

/** A stable word for what keeps a printer from printing. */
export type PrinterProblem = 'COVER_OPEN' | 'PAPER_OUT' | 'CUTTER' | 'MECHANICAL' | 'UNRECOVERABLE' | 'OFFLINE';

export const goodCondition: PrinterCondition = {
  offline: false,
  coverOpen: false,
  paperOut: false,
  paperNearEnd: false,
  cutter: false,
  mechanical: false,
  unrecoverable: false,
  error: false,
  pausing: false,
  feeding: false,
  awaitsRecovery: false,
  drawerPinHigh: false,
};

/** The n of `DLE EOT n`. */
export const REALTIME_REQUESTS = [1, 2, 3, 4] as const;
export type RealtimeRequest = (typeof REALTIME_REQUESTS)[number];

const has = (status: number, bits: number): boolean => (status & bits) === bits;

/** The condition after the answer to `DLE EOT n`. */
export function withRealtime(before: PrinterCondition, n: RealtimeRequest, status: number): PrinterCondition {
  switch (n) {
    case 1:
      return {
        ...before,
        drawerPinHigh: has(status, 0x04),
        offline: has(status, 0x08),
        awaitsRecovery: has(status, 0x20),
        feeding: has(status, 0x40),
      };
    case 2:
      return {
        ...before,
        coverOpen: has(status, 0x04),
        feeding: before.feeding || has(status, 0x08),
        paperOut: has(status, 0x20),
        error: has(status, 0x40),
      };
    case 3:
      return {
        ...before,
        mechanical: has(status, 0x04),
        cutter: has(status, 0x08),
        unrecoverable: has(status, 0x20),
        pausing: has(status, 0x40),
      };
    case 4:
      return { ...before, paperNearEnd: has(status, 0x0c), paperOut: before.paperOut || has(status, 0x60) };
  }
}

/** The condition that the four bytes of automatic status tell. */
export function fromAutomatic([first, second, third]: readonly [number, number, number, number]): PrinterCondition {
  return {
    drawerPinHigh: has(first, 0x04),
    offline: has(first, 0x08),
    coverOpen: has(first, 0x20),
    feeding: has(first, 0x40) || has(second, 0x02),
    awaitsRecovery: has(second, 0x01),
    mechanical: has(second, 0x04),
    cutter: has(second, 0x08),
    unrecoverable: has(second, 0x20),
    pausing: has(second, 0x40),
    error: false,
    paperNearEnd: has(third, 0x03),
    paperOut: has(third, 0x0c),
  };
}

/** What must be put right before anything is printed; the first that a person would see comes first. A pause is no problem. */
export function problemOf(condition: PrinterCondition): PrinterProblem | undefined {
  const { offline, error, pausing, feeding, awaitsRecovery } = condition;
  if (condition.coverOpen) return 'COVER_OPEN';
  if (condition.paperOut) return 'PAPER_OUT';
  if (condition.cutter) return 'CUTTER';
  if (condition.unrecoverable) return 'UNRECOVERABLE';
  if (condition.mechanical || (error && !pausing)) return 'MECHANICAL';
  return awaitsRecovery || (offline && !pausing && !feeding) ? 'OFFLINE' : undefined;
}

/** What stops a slip that is being printed. Off-line and an error without its cause may be only a pause or a pressed button. */
export const troubleOf = (condition: PrinterCondition): PrinterProblem | undefined =>
  problemOf({ ...condition, offline: false, error: false });

/** Whether `DLE ENQ 1` may bring it back. */
export function isRecoverable(condition: PrinterCondition): boolean {
  const { coverOpen, paperOut, unrecoverable, cutter, mechanical, error, pausing, awaitsRecovery } = condition;
  if (coverOpen || paperOut || unrecoverable) return false;
  return cutter || mechanical || awaitsRecovery || (error && !pausing);
}
