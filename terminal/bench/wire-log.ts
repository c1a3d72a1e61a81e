import type { DeviceName, WireEvent } from './contract.ts';
import { maskedHex } from './dialects/secrets.ts';
import type { WireListener } from './wire-reader.ts';

const KEPT = 2_000;

/** What passed on the wires, for people: hex with everything secret masked, and words. */
export interface WireLog extends WireListener {
  /** The newest `last` of a device, or of all, behind the number `after`, the oldest first. */
  events(device: DeviceName | undefined, last: number, after: number): readonly WireEvent[];
  onEvent(listener: (event: WireEvent) => void): () => void;
  clear(): void;
}

export function wireLog(): WireLog {
  let kept: WireEvent[] = [];
  let n = 0;
  const listeners = new Set<(event: WireEvent) => void>();

  const add = (event: Omit<WireEvent, 'n'>): void => {
    n += 1;
    const numbered = { n, ...event };
    kept.push(numbered);
    if (kept.length > KEPT * 1.25) kept = kept.slice(-KEPT);
    for (const listener of [...listeners]) listener(numbered);
  };

  return {
    piece({ device, way, bytes, chunks, reading }) {
      const hex = maskedHex(bytes, reading.secrets);
      add({ t: chunks[0]?.t ?? 0, device, dir: way, hex, words: reading.words });
    },
    note: ({ t, device, note }) => add({ t, device, dir: 'note', hex: '', words: note }),
    events: (device, last, after) =>
      kept
        .slice(-KEPT)
        .filter((event) => event.n > after && (device === undefined || event.device === device))
        .slice(-last),
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      kept = [];
    },
  };
}
