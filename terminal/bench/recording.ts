import * as v from 'valibot';
import { TerminalError } from '../base/errors.ts';
import { deviceNames } from '../cli/device-names.ts';
import type { DeviceName } from './contract.ts';
import type { Called } from './watched.ts';
import type { Piece, WireListener, WireNote } from './wire-reader.ts';

/**
 * A recording of wires: NDJSON, one object a line, `t` in milliseconds since its first line. What a card or a customer brought was replaced when
 * it was recorded, by test values of the same length and with right checksums, so that a driver takes them for what they were.
 */

const t = v.pipe(v.number(), v.minValue(0));
const device = v.picklist(deviceNames);
const line = v.variant('dir', [
  /** What passed; `out`: to the device. */
  v.strictObject({ t, device, dir: v.literal('out'), hex: v.pipe(v.string(), v.hexadecimal()) }),
  v.strictObject({ t, device, dir: v.literal('in'), hex: v.pipe(v.string(), v.hexadecimal()) }),
  /** `profile …` at the beginning, `connected`, or why the connection ended. */
  v.strictObject({ t, device, dir: v.literal('note'), note: v.string() }),
  /** What a driver was asked for, and how that ended; `error`: the code of its DeviceError. */
  v.strictObject({ t, device, dir: v.literal('call'), call: v.string(), with: v.optional(v.unknown()) }),
  v.strictObject({ t, device, dir: v.literal('end'), call: v.string(), error: v.optional(v.string()) }),
]);
export type RecordedLine = v.InferOutput<typeof line>;

const LONGEST = 50_000;

/** BAD_REQUEST, naming the line. */
export function readRecording(text: string): readonly RecordedLine[] {
  return text
    .split('\n')
    .filter((one) => one.trim() !== '')
    .map((one, at) => {
      const parsed = v.safeParse(line, parsedOr(one));
      if (parsed.success) return parsed.output;
      const [issue] = parsed.issues;
      throw new TerminalError('BAD_REQUEST', { what: `line ${at + 1}: ${v.getDotPath(issue) ?? ''} ${issue.message}` });
    });
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface Recorder extends WireListener {
  /** Forgets what was recorded before. */
  start(only: DeviceName | undefined, nowMs: number, profiles: Readonly<Partial<Record<DeviceName, string>>>): void;
  /** How many lines there are. */
  stop(): number;
  readonly recording: boolean;
  /** In the order in which it passed. */
  lines(): readonly RecordedLine[];
  called(called: Called, t: number): void;
}

interface Ordered {
  readonly order: number;
  readonly line: RecordedLine;
}

export function recorder(nextOrder: () => number): Recorder {
  let lines: Ordered[] = [];
  let startMs = 0;
  let only: DeviceName | undefined;
  let recording = false;

  const add = (order: number, made: RecordedLine): void => {
    if (!recording || (only !== undefined && made.device !== only) || lines.length >= LONGEST) return;
    lines.push({ order, line: { ...made, t: Math.max(0, Math.round(made.t - startMs)) } });
  };

  return {
    get recording() {
      return recording;
    },
    start(device, nowMs, profiles) {
      lines = [];
      only = device;
      startMs = nowMs;
      recording = true;
      for (const name of deviceNames) {
        const profile = profiles[name];
        if (profile !== undefined)
          add(nextOrder(), { t: nowMs, device: name, dir: 'note', note: `profile ${profile}` });
      }
    },
    stop() {
      recording = false;
      return lines.length;
    },
    lines: () => lines.toSorted((a, b) => a.order - b.order).map(({ line: one }) => one),
    piece(piece) {
      if (recording) for (const { order, ...chunk } of chunksOf(piece)) add(order, chunk);
    },
    note: ({ order, ...note }: WireNote) => add(order, { ...note, dir: 'note' }),
    called: ({ is, ...rest }, t) => add(nextOrder(), { t, dir: is, ...rest }),
  };
}

/** The piece without its secrets, cut where its chunks ended. */
function chunksOf({ device, way, bytes, chunks, dialect }: Piece) {
  const shown = bytes.slice();
  dialect.disguise(way, shown);
  let at = 0;
  return chunks.map(({ t: when, order, length }) => {
    const hex = Buffer.from(shown.subarray(at, at + length)).toString('hex');
    at += length;
    return { order, t: when, device, dir: way, hex } as const;
  });
}
