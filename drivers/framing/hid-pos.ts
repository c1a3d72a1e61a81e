import type { Clock } from '../clock.ts';
import type { Decoder } from './decoder.ts';
import { type CodeFrame, isLineBreak, pauseTimer } from './lines.ts';

/** Where things stand in the reports of a code scanner with an HID POS interface; all of them are 64 bytes, report ID first (devices.md §3). */
export interface HidPosLayout {
  readonly reportId: number;
  /** Where the AIM id may begin, a `]`; the code follows it. Empty: it is not sent. */
  readonly aimAt: readonly number[];
  /** Where the code begins when there is no AIM id. */
  readonly dataAt: number;
  /** Bytes of the code in one report at most. */
  readonly longestPart: number;
  /** Whose lowest bit says that the code goes on in the next report. undefined: it goes on behind each full report. */
  readonly moreAt: number | undefined;
}

export const hidPosLayouts = {
  /** Access-IS, Honeywell, Zebra, Datalogic. The AIM id may begin one byte late. */
  common: { reportId: 0x02, aimAt: [2, 3], dataAt: 5, longestPart: 56, moreAt: 63 },
  microscan: { reportId: 0x01, aimAt: [], dataAt: 2, longestPart: 62, moreAt: undefined },
} as const satisfies Record<string, HidPosLayout>;

export const HID_POS_REPORT_LENGTH = 64;
export const AIM_LENGTH = 3;
const LENGTH_AT = 1;
const AIM_START = 0x5d;
/** The reports of one code come at most this far apart. */
const REPORTS_APART_MS = 100;

export interface HidPosOptions {
  readonly clock: Clock;
  readonly layout: HidPosLayout;
  /** Bytes of the longest code that is delivered; a longer one is left out. */
  readonly longest: number;
}

interface Part {
  readonly aim: string | undefined;
  readonly data: Uint8Array;
  readonly goesOn: boolean;
}

/**
 * Codes out of reports; each push is one report. Reports of another ID, length or content are ignored. A code whose next report does not come,
 * or comes with another AIM id, is `incomplete`. Reports carry no number, so a lost middle one cannot be noticed: payment codes fit into one.
 */
export function hidPos({ clock, layout, longest }: HidPosOptions, emit: (frame: CodeFrame) => void): Decoder {
  let open: { readonly aim: string | undefined; readonly parts: Uint8Array[] } | undefined;
  let length = 0;

  const pause = pauseTimer(clock, REPORTS_APART_MS, () => {
    if (layout.moreAt === undefined) end();
    else loseOpen();
  });

  const reset = (): void => {
    pause.stop();
    open = undefined;
    length = 0;
  };

  const loseOpen = (): void => {
    reset();
    emit({ kind: 'unusable', reason: 'incomplete' });
  };

  const end = (): void => {
    if (!open) return;
    const { aim } = open;
    const isTooLong = length > longest;
    const data = withoutLineEnd(Buffer.concat(open.parts));
    reset();
    if (isTooLong) emit({ kind: 'unusable', reason: 'too-long' });
    else if (data.length > 0) emit({ kind: 'code', data, ...(aim === undefined ? {} : { aim }) });
  };

  const add = (part: Part): void => {
    if (open && open.aim !== part.aim) loseOpen();
    open ??= { aim: part.aim, parts: [] };
    length += part.data.length;
    if (length <= longest) open.parts.push(part.data);
    else open.parts.length = 0;
    if (part.goesOn) pause.restart();
    else end();
  };

  return {
    push(report) {
      const part = partOf(layout, report);
      if (part) add(part);
    },
    dropPartial: reset,
    held: () => (open && length <= longest ? length : 0),
  };
}

function partOf(layout: HidPosLayout, report: Uint8Array): Part | undefined {
  const length = report[LENGTH_AT] ?? 0;
  if (report.length !== HID_POS_REPORT_LENGTH || report[0] !== layout.reportId) return undefined;
  if (length > layout.longestPart) return undefined;
  const aimAt = layout.aimAt.find((at) => report[at] === AIM_START);
  const dataAt = aimAt === undefined ? layout.dataAt : aimAt + AIM_LENGTH;
  return {
    aim: aimAt === undefined ? undefined : String.fromCharCode(...report.subarray(aimAt, dataAt)),
    data: Uint8Array.from(report.subarray(dataAt, dataAt + length)),
    goesOn:
      layout.moreAt === undefined ? length === layout.longestPart : ((report[layout.moreAt] ?? 0) & 0x01) === 0x01,
  };
}

function withoutLineEnd(data: Uint8Array): Uint8Array {
  let end = data.length;
  while (isLineBreak(data[end - 1])) end -= 1;
  return Uint8Array.from(data.subarray(0, end));
}

export interface HidPosSending {
  /** Where the AIM id is put; the first place of the layout when not given. */
  readonly aimAt?: number;
  /** Bytes of the code in each report; as many as there is room for when not given. */
  readonly partLength?: number;
}

/** The reports of one code, as a scanner sends them. */
export function encodeHidPos(
  layout: HidPosLayout,
  code: { readonly data: Uint8Array; readonly aim: string },
  { aimAt = layout.aimAt[0], partLength = layout.longestPart }: HidPosSending = {},
): Uint8Array[] {
  const reports: Uint8Array[] = [];
  for (let at = 0; at < code.data.length; at += partLength) {
    const part = code.data.subarray(at, at + partLength);
    const report = new Uint8Array(HID_POS_REPORT_LENGTH);
    report.set([layout.reportId, part.length]);
    if (aimAt !== undefined) report.set(Buffer.from(code.aim, 'latin1'), aimAt);
    report.set(part, aimAt === undefined ? layout.dataAt : aimAt + AIM_LENGTH);
    if (layout.moreAt !== undefined && at + partLength < code.data.length) report[layout.moreAt] = 0x01;
    reports.push(report);
  }
  return reports;
}
