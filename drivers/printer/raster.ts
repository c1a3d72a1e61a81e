import type { Bitmap } from '../devices.ts';
import { rowBytes } from './bitmap.ts';

const GS = 0x1d;
const DLE = 0x10;
/** Second bytes of real-time commands: `EOT`, `ENQ`, `DC4`. */
const REALTIME: readonly number[] = [0x04, 0x05, 0x14];
const EXTRA_DOT = 0x08;

/** The command that prints `heightDots` rows of a picture from row `top` on (`GS v 0`). */
export function rasterCommand(image: Bitmap, top: number, heightDots: number): Uint8Array {
  const width = rowBytes(image.widthDots);
  const head = [GS, 0x76, 0x30, 0x00, width & 0xff, width >> 8, heightDots & 0xff, heightDots >> 8];
  const command = new Uint8Array(head.length + width * heightDots);
  command.set(head);
  command.set(image.rows.subarray(top * width, (top + heightDots) * width), head.length);
  breakRealtimeCommands(command, head.length);
  return command;
}

/** A printer takes real-time commands out of everything that arrives, a picture too: one dot more, beside another one, prevents that. */
function breakRealtimeCommands(bytes: Uint8Array, from: number): void {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (bytes[at - 1] === DLE && REALTIME.includes(byte)) bytes[at] = byte | EXTRA_DOT;
  }
}
