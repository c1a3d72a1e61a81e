import { readFileSync } from 'node:fs';

/** One write or read of a measured process (io-shim.c). */
export interface Io {
  /** CLOCK_MONOTONIC in milliseconds, as `process.hrtime` has it. */
  readonly atMs: number;
  /** Of the other end of a connection; 0: the screen. */
  readonly port: number;
  readonly isRead: boolean;
  /** An authorisation went by. */
  readonly auth: 'up' | 'down' | undefined;
  /** What went to the screen. */
  readonly text: string;
}

const headBytes = 24;
const [authUp, authDown, isRead] = [1, 2, 4];

/** In the order of time. */
export function readIoLog(file: string): readonly Io[] {
  const bytes = readFileSync(file);
  const log: Io[] = [];
  for (let at = 0; at + headBytes <= bytes.length; ) {
    const flags = bytes.readUInt32LE(at + 12);
    const end = at + headBytes + bytes.readUInt32LE(at + 20);
    log.push({
      atMs: Number(bytes.readBigUInt64LE(at)) / 1e6,
      port: bytes.readUInt32LE(at + 8),
      isRead: (flags & isRead) !== 0,
      auth: (flags & authUp) !== 0 ? 'up' : (flags & authDown) !== 0 ? 'down' : undefined,
      text: bytes.toString('utf8', at + headBytes, end),
    });
    at = end;
  }
  return log.sort((a, b) => a.atMs - b.atMs);
}

/** On the clock of the log. */
export const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;
