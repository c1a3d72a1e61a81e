import { hidReportTransport } from '../framing/hid-report.ts';
import type { Transport } from '../transport/transport.ts';
import type { BehaviourStack } from './behaviours.ts';

/** Frames over a transport that carries one report at a time; `behaviours` meet each report that leaves. */
export function reportsOver(transport: Transport, behaviours: BehaviourStack<never>): Transport {
  return hidReportTransport({
    async write(report, timeoutMs) {
      const written: Promise<void>[] = [];
      behaviours.send(report, (out) => void written.push(transport.write(out, timeoutMs)));
      await Promise.all(written);
    },
    onData: (listener) => transport.onData(listener),
    onClose: (listener) => transport.onClose(listener),
    close: () => transport.close(),
  });
}
