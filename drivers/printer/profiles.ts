/** What differs between the printers that speak ESC/POS. */
export interface PrinterProfile {
  /** Half-width cells in a line. */
  readonly columns: number;
  /** Dots in a line, for the size of a QR code. */
  readonly dots: number;
  /**
   * How the printer says that a slip is on paper: `GS ( H` with an id, or on clones without it the answer to `GS r 1`. `none`: it has no line
   * to say anything on; then a slip counts as printed when its bytes have gone out, and the printer as ready as long as it is connected.
   */
  readonly confirmation: 'process-id' | 'buffered-status' | 'none';
  /** Whether it can report every change of its status by itself (`GS a`). */
  readonly automaticStatus: boolean;
}

const paper58 = { columns: 32, dots: 384 };
const paper80 = { columns: 48, dots: 576 };

/** Profiles by their name in the configuration. `escpos-…` fits the common clones, `epson-…` what has the commands of Epson's own. */
export const printerProfiles = {
  'escpos-58': { ...paper58, confirmation: 'buffered-status', automaticStatus: false },
  'escpos-80': { ...paper80, confirmation: 'buffered-status', automaticStatus: false },
  'escpos-58-tx-only': { ...paper58, confirmation: 'none', automaticStatus: false },
  'epson-58': { ...paper58, confirmation: 'process-id', automaticStatus: true },
  'epson-80': { ...paper80, confirmation: 'process-id', automaticStatus: true },
} as const satisfies Record<string, PrinterProfile>;
