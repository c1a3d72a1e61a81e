/** What is wrong with a simulated printer. */
export interface PrinterFaults {
  readonly paper: 'ok' | 'near-end' | 'out';
  readonly coverOpen: boolean;
  readonly offline: boolean;
  /** Stuck, until somebody frees it. */
  readonly cutterJam: boolean;
  readonly mechanical: boolean;
  readonly unrecoverable: boolean;
  /** The head is too hot: it stops and goes on by itself. */
  readonly hot: boolean;
  /** The feed button is pressed. */
  readonly feeding: boolean;
  /** The cause of an error is gone, but it waits for `DLE ENQ 1`. */
  readonly awaitsRecovery: boolean;
  /** Pin 3 of the drawer's plug is high. */
  readonly drawerOpen: boolean;
}

export const good: PrinterFaults = {
  paper: 'ok',
  coverOpen: false,
  offline: false,
  cutterJam: false,
  mechanical: false,
  unrecoverable: false,
  hot: false,
  feeding: false,
  awaitsRecovery: false,
  drawerOpen: false,
};

const bit = (on: boolean, mask: number): number => (on ? mask : 0);
const hasError = ({ cutterJam, mechanical, unrecoverable, hot }: PrinterFaults): boolean =>
  cutterJam || mechanical || unrecoverable || hot;
const isNearEnd = (faults: PrinterFaults): boolean => faults.paper !== 'ok';

/** Whether it prints nothing. */
export const isOffline = (faults: PrinterFaults): boolean =>
  hasError(faults) ||
  faults.paper === 'out' ||
  faults.coverOpen ||
  faults.offline ||
  faults.feeding ||
  faults.awaitsRecovery;

/** Bits of `DLE EOT 3`, and of the second byte of automatic status. */
const errorBits = (faults: PrinterFaults): number =>
  bit(faults.mechanical, 0x04) | bit(faults.cutterJam, 0x08) | bit(faults.unrecoverable, 0x20) | bit(faults.hot, 0x40);

/** The answer to `DLE EOT n` (devices.md §1.3). */
export function realtimeStatus(faults: PrinterFaults, n: number): number {
  const out = faults.paper === 'out';
  switch (n) {
    case 1:
      return (
        0x12 |
        bit(faults.drawerOpen, 0x04) |
        bit(isOffline(faults), 0x08) |
        bit(faults.awaitsRecovery, 0x20) |
        bit(faults.feeding, 0x40)
      );
    case 2:
      return (
        0x12 | bit(faults.coverOpen, 0x04) | bit(faults.feeding, 0x08) | bit(out, 0x20) | bit(hasError(faults), 0x40)
      );
    case 3:
      return 0x12 | errorBits(faults);
    default:
      return 0x12 | bit(isNearEnd(faults), 0x0c) | bit(out, 0x60);
  }
}

/** The four bytes of automatic status back. */
export function automaticStatus(faults: PrinterFaults): Uint8Array {
  return Uint8Array.of(
    0x10 |
      bit(faults.drawerOpen, 0x04) |
      bit(isOffline(faults), 0x08) |
      bit(faults.coverOpen, 0x20) |
      bit(faults.feeding, 0x40),
    bit(faults.awaitsRecovery, 0x01) | bit(faults.feeding, 0x02) | errorBits(faults),
    bit(isNearEnd(faults), 0x03) | bit(faults.paper === 'out', 0x0c),
    0x00,
  );
}

/** The answer to `GS r`: 1 paper, 2 drawer. */
export const bufferedStatus = (faults: PrinterFaults, n: number): Uint8Array =>
  Uint8Array.of(n % 48 === 2 ? bit(faults.drawerOpen, 0x01) : bit(isNearEnd(faults), 0x03));
