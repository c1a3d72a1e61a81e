import type { Io } from './io-log.ts';
import type { Press, SaleKeys } from './measured-counter.ts';
import { TtyScreen } from './tty-screen.ts';

/** What the logs of terminal and broker tell of each key and each sale. */

/** From each key to the moment at which what it brings was written to the text terminal, in milliseconds. */
export function keyTimes(log: readonly Io[], presses: readonly Press[]): readonly number[] {
  const screen = new TtyScreen();
  const drawn = log.filter(({ port, isRead }) => port === 0 && !isRead);
  let next = 0;
  return presses.map(({ atMs, expect }) => {
    for (; next < drawn.length; next++) {
      const write = drawn[next];
      if (!write) break;
      screen.write(write.text);
      if (write.atMs < atMs || !expect.test(screen.text())) continue;
      next += 1;
      return write.atMs - atMs;
    }
    throw new Error(`the log does not show ${expect}`);
  });
}

export interface Ports {
  readonly reader: number;
  readonly printer: number;
}

/** The terminal's own work in a sale, in milliseconds, without what the reader took to answer. */
export interface OwnTimes {
  /** From the amount's 确认 until it has asked for the card: the intent is committed. */
  readonly intentMs: number;
  /** From the card's last byte to the page that confirms it. */
  readonly cardMs: number;
  /** From that page's 确认 to the request on the wire. */
  readonly requestMs: number;
  /** From the answer at the broker to the first byte for the printer: the result is committed. */
  readonly resultMs: number;
}

export const sumOf = ({ intentMs, cardMs, requestMs, resultMs }: OwnTimes): number =>
  intentMs + cardMs + requestMs + resultMs;

export function ownTimes(log: readonly Io[], broker: readonly Io[], keys: SaleKeys, ports: Ports): OwnTimes {
  const between = log.filter(({ atMs }) => atMs >= keys.amountMs && atMs <= keys.endMs);
  const find = (what: string, from: number, is: (io: Io) => boolean): number => {
    const found = between.find((io) => io.atMs >= from && is(io));
    if (!found) throw new Error(`the log of a sale has no ${what}`);
    return found.atMs;
  };
  const drawn = (text: RegExp, from: number) =>
    find(String(text), from, ({ port, text: written }) => port === 0 && text.test(written));
  const asked = drawn(/请挥卡/, keys.amountMs);
  const confirming = drawn(/确认消费/, asked);
  const cardRead = between.findLast(({ atMs, port, isRead }) => port === ports.reader && isRead && atMs <= confirming);
  const sent = find('request', keys.confirmMs, ({ auth, isRead }) => auth === 'up' && !isRead);
  const answered =
    broker.find(({ atMs, auth, isRead }) => auth === 'down' && !isRead && atMs >= sent)?.atMs ?? Number.NaN;
  const printed = find('print', answered, ({ port, isRead }) => port === ports.printer && !isRead);
  const own = (from: number, to: number): number => to - from - deviceTime(between, ports.reader, from, to);
  return {
    intentMs: own(keys.amountMs, asked),
    cardMs: confirming - (cardRead?.atMs ?? confirming),
    requestMs: own(keys.confirmMs, sent),
    resultMs: own(answered, printed),
  };
}

/** How long the device owed an answer. */
function deviceTime(log: readonly Io[], port: number, from: number, to: number): number {
  let sum = 0;
  let asked: number | undefined;
  for (const io of log) {
    if (io.port !== port || io.atMs < from || io.atMs > to) continue;
    if (!io.isRead) asked ??= io.atMs;
    else if (asked !== undefined) {
      sum += io.atMs - asked;
      asked = undefined;
    }
  }
  return sum;
}

export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
};
