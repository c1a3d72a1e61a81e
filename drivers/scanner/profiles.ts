import { type HidPosLayout, hidPosLayouts } from '../framing/hid-pos.ts';
import type { LineEnding } from '../framing/lines.ts';

/** What differs between code scanners. */
export type ScannerProfile =
  /** Sends what it reads, with an ending, whenever it reads something. */
  | { readonly kind: 'text'; readonly ending: LineEnding }
  /** Reads only when it is told to, in packets; sends what it reads as text. */
  | { readonly kind: 'ssi' }
  | {
      readonly kind: 'hid';
      readonly layout: HidPosLayout;
      /** A feature report, ID first, that has to be sent after opening before the scanner speaks HID POS. For the transport. */
      readonly featureAfterOpen?: readonly number[];
    };

const common: ScannerProfile = { kind: 'hid', layout: hidPosLayouts.common };

/** Profiles by their name in the configuration (devices.md §3). The serial ones leave the factory with 9600 8N1. */
export const scannerProfiles = {
  'text-cr': { kind: 'text', ending: 'cr' },
  'text-crlf': { kind: 'text', ending: 'crlf' },
  'text-lf': { kind: 'text', ending: 'lf' },
  'text-gap': { kind: 'text', ending: 'gap' },
  'gm72-ssi': { kind: 'ssi' },
  'hid-pos': common,
  'hid-pos-honeywell': { ...common, featureAfterOpen: [0xfe, 0x01] },
  'hid-pos-microscan': { kind: 'hid', layout: hidPosLayouts.microscan },
} as const satisfies Record<string, ScannerProfile>;

/** Bytes of the longest code that is delivered. */
export const LONGEST_CODE = 2_048;
