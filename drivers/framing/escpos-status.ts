import type { Decoder } from './decoder.ts';

/** What a printer sends back, told apart by the bits that are fixed in each kind (devices.md §1.3). */
export type PrinterFrame =
  /** The answer to `DLE EOT n`; which n is not in it. */
  | { readonly kind: 'realtime'; readonly status: number }
  /** Four bytes of automatic status back. */
  | { readonly kind: 'automatic'; readonly status: readonly [number, number, number, number] }
  /** The answer to `GS r`. */
  | { readonly kind: 'buffered'; readonly status: number }
  /** `GS ( H` fn 48: everything before it is on paper. `id` is what was sent with the request. */
  | { readonly kind: 'printed'; readonly id: string };

const XON = 0x11;
const XOFF = 0x13;
const BLOCK_START = 0x37;
const PROCESS_ID = 0x22;
const MAX_BLOCK_LENGTH = 80;
const STATUS_LENGTH = 4;

const isRealtime = (byte: number): boolean => (byte & 0x93) === 0x12;
const isAutomaticStart = (byte: number): boolean => (byte & 0x93) === 0x10;
const isPlainStatus = (byte: number): boolean => (byte & 0x90) === 0;

export interface PrinterStatusDecoder extends Decoder {
  readonly noise: { readonly junkBytes: number };
}

/** Tells the kinds apart. XON and XOFF may stand anywhere, even inside a block, and mean nothing here. */
export function printerStatusDecoder(emit: (frame: PrinterFrame) => void): PrinterStatusDecoder {
  const noise = { junkBytes: 0 };
  let open: { readonly kind: 'automatic' | 'block'; readonly bytes: number[] } | undefined;

  const dropPartial = (): void => {
    noise.junkBytes += open?.bytes.length ?? 0;
    open = undefined;
  };

  const begin = (byte: number): void => {
    if (isRealtime(byte)) emit({ kind: 'realtime', status: byte });
    else if (isAutomaticStart(byte)) open = { kind: 'automatic', bytes: [byte] };
    else if (byte === BLOCK_START) open = { kind: 'block', bytes: [byte] };
    else if (isPlainStatus(byte)) emit({ kind: 'buffered', status: byte });
    else noise.junkBytes += 1;
  };

  const continueAutomatic = (bytes: number[], byte: number): void => {
    if (!isPlainStatus(byte)) {
      dropPartial();
      begin(byte);
      return;
    }
    bytes.push(byte);
    const [first, second, third, fourth] = bytes;
    if (bytes.length < STATUS_LENGTH) return;
    open = undefined;
    emit({ kind: 'automatic', status: [first ?? 0, second ?? 0, third ?? 0, fourth ?? 0] });
  };

  const continueBlock = (bytes: number[], byte: number): void => {
    if (byte !== 0) {
      if (byte < 0x20 || byte > 0x7e) {
        dropPartial();
        begin(byte);
        return;
      }
      bytes.push(byte);
      if (bytes.length > MAX_BLOCK_LENGTH) dropPartial();
      return;
    }
    if (bytes[1] !== PROCESS_ID) {
      dropPartial();
      return;
    }
    open = undefined;
    emit({ kind: 'printed', id: String.fromCharCode(...bytes.slice(2)) });
  };

  return {
    noise,
    dropPartial,
    held: () => open?.bytes.length ?? 0,
    push(bytes) {
      for (const byte of bytes) {
        if (byte === XON || byte === XOFF) continue;
        if (!open) begin(byte);
        else if (open.kind === 'automatic') continueAutomatic(open.bytes, byte);
        else continueBlock(open.bytes, byte);
      }
    },
  };
}
