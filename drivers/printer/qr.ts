/** Bytes that fit a QR code of version 1, 2 … at error correction M (ISO/IEC 18004, table 7). */
const CAPACITY_M = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666];
const QUIET_ZONE = 8;
const LARGEST_MODULE = 8;
const CORRECTION_M = 0x31;

/**
 * The commands that make the printer draw a QR code, as large as fits `dots` (`GS ( k`: model 2, module size, correction M, store, print).
 * Throws RangeError for more than 666 bytes of UTF-8, which no customer's telephone reads from a slip, and for control characters, which a
 * printer could take for a real-time command.
 */
export function qrCommands(data: string, dots: number): Uint8Array {
  const bytes = Buffer.from(data, 'utf8');
  if (bytes.some((byte) => byte < 0x20)) throw new RangeError('control characters in QR data');
  const version = CAPACITY_M.findIndex((capacity) => bytes.length <= capacity) + 1;
  if (version === 0 || bytes.length === 0) throw new RangeError(`QR data of ${bytes.length} bytes`);
  const module = Math.max(1, Math.min(LARGEST_MODULE, Math.floor(dots / (17 + 4 * version + QUIET_ZONE))));
  return Buffer.concat([
    graphic(0x41, [0x32, 0x00]),
    graphic(0x43, [module]),
    graphic(0x45, [CORRECTION_M]),
    graphic(0x50, [0x30, ...bytes]),
    graphic(0x51, [0x30]),
  ]);
}

function graphic(functionCode: number, parameters: readonly number[]): Uint8Array {
  const length = parameters.length + 2;
  return Uint8Array.of(0x1d, 0x28, 0x6b, length & 0xff, length >> 8, 0x31, functionCode, ...parameters);
}
