import type { CardData } from './card-reader/card-data.ts';

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
}

interface Device {
  /** The port's name in the configuration: `card-reader`, `printer` … */
  readonly name: string;
  /** Connects now and again whenever the device is lost, until `stop`. Returns at once; never throws for an absent device. */
  start(): void;
  stop(): Promise<void>;
  status(): DeviceStatus;
  /** Called with every change of `status()`. Returns the way to stop listening. */
  onStatus(listener: (status: DeviceStatus) => void): () => void;
}

export interface CardRequest {
  readonly amountFen: number;
  readonly type: 'sale' | 'refund';
  /** How long the reader waits for a card, in milliseconds. */
  readonly timeoutMs: number;
}

export interface CardReader extends Device {
  /**
   * Waits for one card and reads it. Throws DeviceError: CARD_TIMEOUT, CARD_UNREADABLE (details.reason: `two-cards`, `removed`,
   * `expired`, `blocked`, `unsupported`, `track`, `chip`), CANCELLED within 300 ms of `signal`, DEVICE_*.
   */
  readCard(request: CardRequest, signal: AbortSignal): Promise<CardData>;
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
  | { readonly kind: 'cut' };

/** A slip is data: the same lines give the bytes for the printer and the text for a screen. */
export type Slip = readonly SlipLine[];

export interface ReceiptPrinter extends Device {
  /** Cells in a line: 32 (58 mm) or 48 (80 mm). */
  readonly columns: number;
  /**
   * Prints a slip and resolves when the printer says that it is on paper. Throws DeviceError: PAPER_OUT, DEVICE_*; then it is
   * not known how much came out, and whoever asked decides about printing again.
   */
  print(slip: Slip, signal?: AbortSignal): Promise<void>;
}

/** The keys of a keypad, in the order of a real one. `doubleZero` is the 00 key. */
export type Key =
  | '0'
  | '1'
  | '2'
  | '3'
  | '4'
  | '5'
  | '6'
  | '7'
  | '8'
  | '9'
  | 'doubleZero'
  | 'dot'
  | 'clear'
  | 'cancel'
  | 'enter'
  | 'function'
  | 'up'
  | 'down';

export interface Keypad extends Device {
  onKey(listener: (key: Key) => void): () => void;
}
