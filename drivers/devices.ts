import { CardData } from './card-reader/card-data.ts';
import type { PinBlock } from './pin-pad/pin-block.ts';

/**
 * What a terminal needs of its devices, in words of the counter, not of the wire. A driver implements one of these over any
 * transport. Nothing that costs money or paper is ever repeated by a driver by itself.
 */

/** Where a device is in its life. `fault`: connected, but it says that it cannot work (see `problem`). */
export type DeviceState = 'stopped' | 'absent' | 'connecting' | 'ready' | 'fault';

export interface DeviceStatus {
  readonly state: DeviceState;
  /** A stable word for what is wrong, e.g. `PAPER_OUT`, `COVER_OPEN`, `PORT_IN_USE`, `NO_ANSWER`; undefined when nothing is. */
  readonly problem?: string;
  /** More about it for a person, e.g. which process holds the port: `pos (pid 812)`. */
  readonly detail?: string;
}

/** What was counted since `start`, for `pos device list` and the log: a bad cable shows here long before it fails. */
export interface DeviceCounters {
  readonly connects: number;
  readonly losses: number;
  /** Exchanges that ended without their answer. */
  readonly timeouts: number;
  /** Frames that answered nothing, such as late answers. */
  readonly strayFrames: number;
  /** Frames with a wrong checksum or length. */
  readonly badFrames: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface Device {
  /** What it is for, and its name everywhere: `card-reader`, `pin-pad`, `scanner`, `keypad`, `display`, `printer`. */
  readonly name: string;
  /** Where it is attached, for people: `serial:/dev/ttyUSB0@115200`. */
  readonly port: string;
  /** Connects now and again whenever the device is lost, until `stop`. Returns at once; never throws for an absent device. */
  start(): void;
  stop(): Promise<void>;
  status(): DeviceStatus;
  /** Called with every change of `status()`. Returns the way to stop listening. */
  onStatus(listener: (status: DeviceStatus) => void): () => void;
  counters(): DeviceCounters;
}

export interface CardRequest {
  readonly amountFen: number;
  readonly type: 'sale' | 'refund';
  /** How long the reader waits for a card, in milliseconds. */
  readonly timeoutMs: number;
  /** The chip of this card failed: its stripe is accepted although it has a chip (fallback). */
  readonly fallback?: boolean;
}

/** A card that was offered while nothing was asked for. What is on the chip is read when the amount is known; the card stays in. */
export type OfferedCard = { readonly by: 'swipe'; readonly card: CardData } | { readonly by: 'insert' };

/** What the host said about a card that is still in the reader. */
export interface HostResult {
  readonly kind: 'approved' | 'declined' | 'no-answer';
  /** Response code (DE 39); undefined without an answer. */
  readonly code: string | undefined;
}

export interface CardReader extends Device {
  /**
   * Waits for one card, swiped, inserted or held to the reader, and reads it. Throws DeviceError: CARD_TIMEOUT, CARD_UNREADABLE
   * (details.reason: `two-cards`, `removed`, `expired`, `blocked`, `unsupported`, `track`, `chip`, `declined` (by the card itself),
   * `use-chip` (a stripe whose card has a chip)), CANCELLED within 300 ms of `signal`, DEVICE_*.
   */
  readCard(request: CardRequest, signal: AbortSignal): Promise<CardData>;
  /**
   * Waits at idle for a card that is swiped or inserted, however long that takes; a card that is held to the reader is left alone, because no
   * amount is known. Throws DeviceError: CANCELLED by `signal`, CARD_UNREADABLE, DEVICE_*.
   */
  awaitCard(signal: AbortSignal): Promise<OfferedCard>;
  /**
   * Tells the chip of the last `readCard` what the host said; resolves to what the card makes of it. At once `accepted` when that card was not a
   * chip. Throws DeviceError: CARD_UNREADABLE (`removed`), DEVICE_*; then the card has not accepted.
   */
  finishCard(result: HostResult): Promise<'accepted' | 'refused'>;
}

export interface PinRequest {
  readonly card: CardData;
  readonly amountFen: number;
  /** How long the customer may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** A card of nobody, for who tries a PIN pad out: no card has this number. */
export const nobodysCard = (): CardData =>
  new CardData('MAG', { pan: '0'.repeat(16), track2: undefined, expiry: '9912', emvTags: {} });

/** Where a customer enters a PIN. The PIN is enciphered inside the device; nobody else ever sees its digits. */
export interface PinPad extends Device {
  /**
   * Throws DeviceError: PIN_TIMEOUT, PIN_CANCELLED (by the customer), CANCELLED within 300 ms of `signal`, DEVICE_FAULT (details.reason
   * `key-absent`, `keys-exhausted`, `parameters` …), DEVICE_*.
   */
  readPin(request: PinRequest, signal: AbortSignal): Promise<PinBlock>;
}

/** A code as the customer's telephone showed it: whoever has it may be able to charge, so it stands in no log. */
export interface ScannedCode {
  readonly text: string;
  /** `QR`, `CODE128`, `EAN` …; undefined where the scanner does not say. */
  readonly symbology: string | undefined;
}

export interface CodeScanner extends Device {
  /** Waits for one code. One that came before it was asked for is not it. Throws DeviceError: SCAN_TIMEOUT, CANCELLED, DEVICE_*. */
  scan(timeoutMs: number, signal: AbortSignal): Promise<ScannedCode>;
  /** Called when a code came that nobody asked for, and was dropped. Returns the way to stop listening. */
  onDropped(listener: () => void): () => void;
}

/** The customer's side: two lines of twenty characters, ASCII. */
export interface CustomerDisplay extends Device {
  /** Shows both lines until the next call, also on a display that is connected only later. What is too long is cut, what is not ASCII becomes `?`. */
  show(upper: string, lower: string): void;
}

/** One line of a slip. Columns are half-width cells: a Chinese character takes two. */
export type SlipLine =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly align?: 'left' | 'center' | 'right';
      readonly size?: 'normal' | 'double';
      readonly bold?: boolean;
    }
  /** Left and right text on one line, padded apart; too long for one line: the right part moves to the next. */
  | { readonly kind: 'pair'; readonly left: string; readonly right: string; readonly bold?: boolean }
  /** Columns of fixed width in cells, negative = right-aligned. The widths must fit the paper. */
  | {
      readonly kind: 'columns';
      readonly cells: readonly { readonly text: string; readonly width: number; readonly align?: 'left' | 'right' }[];
    }
  | { readonly kind: 'rule' }
  | { readonly kind: 'feed'; readonly lines: number }
  | { readonly kind: 'qr'; readonly data: string }
  /** Printed in the middle; wider than the paper is a RangeError. */
  | { readonly kind: 'image'; readonly image: Bitmap }
  | { readonly kind: 'cut' };

/** Black dots are 1 bits; each row begins with a new byte, most significant bit first. */
export interface Bitmap {
  readonly widthDots: number;
  readonly heightDots: number;
  readonly rows: Uint8Array;
}

/** A slip is data: the same lines give the bytes for the printer and the text for a screen. */
export type Slip = readonly SlipLine[];

export interface ReceiptPrinter extends Device {
  /** Cells in a line: 32 (58 mm) or 48 (80 mm). */
  readonly columns: number;
  /**
   * Prints a slip and resolves when the printer says that it is on paper. Throws DeviceError: PAPER_OUT, DEVICE_*; then part of it may be on
   * paper, and whoever asked decides about `resume` or printing all of it again.
   */
  print(slip: Slip, signal?: AbortSignal): Promise<void>;
  /**
   * Prints what is missing of the slip that failed last: `head`, then everything from the first line that the printer has not confirmed. What the
   * printer still had in its buffer and has printed by itself since then is not printed twice. Without `head` when nothing is missing, or when
   * nothing of the slip was ever sent. Resolves to false when there is no such slip (then print the whole). Throws as `print`, and may then be
   * asked again.
   */
  resume(head: Slip, signal?: AbortSignal): Promise<boolean>;
  /** Opens the cash drawer that hangs at the printer. Throws DeviceError DEVICE_*. */
  openDrawer(): Promise<void>;
}

/** The keys of a keypad, in the order of a real one. `doubleZero` is the 00 key. */
export const keyNames = [
  '0',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  'doubleZero',
  'dot',
  'clear',
  'cancel',
  'enter',
  'function',
  'up',
  'down',
] as const;
export type Key = (typeof keyNames)[number];

export interface Keypad extends Device {
  onKey(listener: (key: Key) => void): () => void;
}
