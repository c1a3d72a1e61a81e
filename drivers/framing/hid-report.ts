import type { Port, Transport } from '../transport/transport.ts';
import type { Decoder } from './decoder.ts';
import { frameLength, MAX_FRAME_LENGTH } from './vivotech2.ts';

/**
 * ViVOtech2 over HID (devices.md §2.1): a report is its ID and 63 bytes. A short frame is one report, padded with zeros; a longer one is a
 * first, full middle ones, and a last, padded one. Both directions are the same.
 */

export const REPORT_ID = { whole: 0x01, first: 0x02, middle: 0x03, last: 0x04 } as const;
const BODY_LENGTH = 63;
const MAX_REPORTS = Math.ceil(MAX_FRAME_LENGTH / BODY_LENGTH);

/** The reports of one frame, 64 bytes each. */
export function toReports(frame: Uint8Array): Uint8Array[] {
  const count = Math.max(1, Math.ceil(frame.length / BODY_LENGTH));
  return Array.from({ length: count }, (_, i) => {
    const report = new Uint8Array(1 + BODY_LENGTH);
    report[0] = reportId(i, count);
    report.set(frame.subarray(i * BODY_LENGTH, (i + 1) * BODY_LENGTH), 1);
    return report;
  });
}

function reportId(index: number, count: number): number {
  if (count === 1) return REPORT_ID.whole;
  if (index === 0) return REPORT_ID.first;
  return index === count - 1 ? REPORT_ID.last : REPORT_ID.middle;
}

/**
 * Puts frames together again; each `push` is one report. The padding is cut off by the frame's own length. A frame with a report missing, a
 * report that continues nothing and one with another ID are dropped.
 */
export function reportDecoder(emit: (frame: Uint8Array) => void): Decoder {
  let bodies: Uint8Array[] = [];
  const held = (): number => bodies.reduce((sum, body) => sum + body.length, 0);

  const finish = (): void => {
    const message = Uint8Array.from(bodies.flatMap((body) => [...body]));
    bodies = [];
    const length = frameLength(message) ?? message.length;
    if (length <= message.length) emit(message.slice(0, length));
  };

  return {
    push(report) {
      const body = report.slice(1, 1 + BODY_LENGTH);
      const continues = bodies.length > 0 && bodies.length < MAX_REPORTS;
      switch (report[0]) {
        case REPORT_ID.whole:
        case REPORT_ID.first:
          bodies = [body];
          break;
        case REPORT_ID.middle:
        case REPORT_ID.last:
          bodies = continues ? [...bodies, body] : [];
          break;
        default:
          return;
      }
      if (bodies.length > 0 && (report[0] === REPORT_ID.whole || report[0] === REPORT_ID.last)) finish();
    },
    dropPartial() {
      bodies = [];
    },
    held,
  };
}

/** Frames over a transport that carries one report at a time. A write must be one frame, and arrives as one. */
export function hidReportTransport(transport: Transport): Transport {
  return {
    async write(bytes, timeoutMs) {
      // All at once: were each to wait for the one before, another frame could get between them.
      await Promise.all(toReports(bytes).map((report) => transport.write(report, timeoutMs)));
    },
    onData(listener) {
      const decoder = reportDecoder(listener);
      transport.onData((report) => decoder.push(report));
    },
    onClose: (listener) => transport.onClose(listener),
    close: () => transport.close(),
  };
}

/** A port whose transports carry reports, for a driver that wants frames. */
export function overHidReports(port: Port): Port {
  return {
    get describe() {
      return port.describe;
    },
    connect: async () => hidReportTransport(await port.connect()),
    ...(port.onAppear ? { onAppear: (listener) => port.onAppear?.(listener) ?? (() => undefined) } : {}),
  };
}
