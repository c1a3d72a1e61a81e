import type { FaultUse } from './fault.ts';
import type { SimulatedPort, WireBehaviour } from './simulated-port.ts';

/** What can lie on a wire, for the table in wire-faults.ts. */
export type OnWire = Required<WireBehaviour>['onSend'];

const BITS_PER_BYTE_ON_A_LINE = 10;
/** Shorter steps than this no clock keeps. */
const STEP_MS = 1;

const below = (random: () => number, limit: number): number => Math.floor(random() * limit);
export const junk = (random: () => number, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, () => below(random, 256));
export const join = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));
export const half = (bytes: Uint8Array): number => Math.ceil(bytes.length / 2);

/** Bytes one after another, as fast as the line is. What follows waits behind them, also when it is not slowed itself. */
export function paced(port: SimulatedPort, { value: baudRate, times, chance }: FaultUse): WireBehaviour {
  const { clock } = port;
  const byteMs = (BITS_PER_BYTE_ON_A_LINE * 1000) / baudRate;
  const step = Math.max(1, Math.floor(STEP_MS / byteMs));
  let left = times;
  let freeAtMs = 0;
  // What is on the line: a timer that comes late must not let later bytes pass.
  const line: (() => void)[] = [];
  return {
    onSend(bytes, deliver) {
      const nowMs = clock.now();
      const startMs = Math.max(nowMs, freeAtMs);
      const slow = left > 0 && chance();
      if (slow) left -= 1;
      else if (startMs === nowMs && line.length === 0) return deliver(bytes);
      const size = slow ? step : bytes.length;
      for (let at = 0; at < bytes.length; at += size) {
        const part = bytes.slice(at, at + size);
        freeAtMs = startMs + (slow ? (at + part.length) * byteMs : 0);
        line.push(() => deliver(part));
        port.later(freeAtMs - nowMs, () => line.shift()?.());
      }
    },
  };
}

/** What comes within `value` ms of a frame comes in one chunk with it. */
export function coalesced(port: SimulatedPort, { value, times, chance }: FaultUse): WireBehaviour {
  let left = times;
  const held: Uint8Array[] = [];
  return {
    onSend(bytes, deliver) {
      if (held.length === 0) {
        if (left <= 0 || !chance()) return deliver(bytes);
        left -= 1;
        port.later(value, () => deliver(join(...held.splice(0))));
      }
      held.push(bytes);
    },
  };
}

export function singleBytes(): OnWire {
  return (bytes, deliver) => {
    for (const byte of bytes) deliver(Uint8Array.of(byte));
  };
}

export function randomChunks({ random }: SimulatedPort, longest: number): OnWire {
  return (bytes, deliver) => {
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + below(random, longest);
      deliver(bytes.slice(at, at + size));
      at += size;
    }
  };
}

export function flippedBit({ random }: SimulatedPort): OnWire {
  return (bytes, deliver) => {
    const at = below(random, bytes.length);
    const bit = 1 << below(random, 8);
    deliver(bytes.map((byte, i) => (i === at ? byte ^ bit : byte)));
  };
}

export function droppedByte({ random }: SimulatedPort): OnWire {
  return (bytes, deliver) => {
    const at = below(random, bytes.length);
    deliver(bytes.filter((_, i) => i !== at));
  };
}

/** Another rate samples the bits at the wrong moments: mostly high bits that nobody sent. */
export function garbage({ random }: SimulatedPort): OnWire {
  return (bytes, deliver) => deliver(bytes.map((byte) => (~byte & below(random, 128)) | 0x80));
}

/** The first frame breaks off, and nothing comes behind it. */
export function truncated(_port: SimulatedPort, length: number): OnWire {
  let silent = false;
  return (bytes, deliver) => {
    if (!silent) deliver(bytes.slice(0, Math.min(length, bytes.length - 1)));
    silent = true;
  };
}

/** The plug is pulled when `count` more bytes have passed, and again after each time that it was plugged in. */
export function unplugAfter(port: SimulatedPort, count: number): OnWire {
  let left = count;
  return (bytes, deliver) => {
    if (bytes.length <= left) {
      left -= bytes.length;
      return deliver(bytes);
    }
    deliver(bytes.slice(0, left));
    left = count;
    // What was delivered is under way until the next microtask.
    queueMicrotask(() => port.unplug());
  };
}
