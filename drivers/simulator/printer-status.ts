/** What is wrong with a simulated printer. */
export interface PrinterFaults {
  readonly paper: 'ok' | 'near-end' | 'out';
  readonly coverOpen: boolean;
  readonly offline: boolean;
  readonly cutterJam: boolean;
  readonly unrecoverable: boolean;
  /** The head is too hot: it stops and goes on by itself. */
  readonly hot: boolean;
}

const bit = (on: boolean, mask: number): number => (on ? mask : 0);
const isOffline = (faults: PrinterFaults): boolean =>
  faults.paper === 'out' ||
  faults.coverOpen ||
  faults.offline ||
  faults.cutterJam ||
  faults.unrecoverable ||
  faults.hot;
const isNearEnd = (faults: PrinterFaults): boolean => faults.paper !== 'ok';
const hasError = (faults: PrinterFaults): boolean => faults.cutterJam || faults.unrecoverable || faults.hot;

/** The answer to `DLE EOT n` (devices.md §1.3). */
export function realtimeStatus(faults: PrinterFaults, n: number): number {
  const out = faults.paper === 'out';
  switch (n) {
    case 1:
      return 0x12 | bit(isOffline(faults), 0x08);
    case 2:
      return 0x12 | bit(faults.coverOpen, 0x04) | bit(out, 0x20) | bit(hasError(faults), 0x40);
    case 3:
      return 0x12 | bit(faults.cutterJam, 0x08) | bit(faults.unrecoverable, 0x20) | bit(faults.hot, 0x40);
    default:
      return 0x12 | bit(isNearEnd(faults), 0x0c) | bit(out, 0x60);
  }
}

/** The four bytes of automatic status back. */
export function automaticStatus(faults: PrinterFaults): Uint8Array {
  return Uint8Array.of(
    0x10 | bit(isOffline(faults), 0x08) | bit(faults.coverOpen, 0x20),
    bit(faults.cutterJam, 0x08) | bit(faults.unrecoverable, 0x20) | bit(faults.hot, 0x40),
    bit(isNearEnd(faults), 0x03) | bit(faults.paper === 'out', 0x0c),
    0x00,
  );
}

/** The answer to `GS r 1`. */
export const bufferedStatus = (faults: PrinterFaults): Uint8Array => Uint8Array.of(bit(isNearEnd(faults), 0x03));
