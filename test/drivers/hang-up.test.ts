import { setTimeout as realTime } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { portFrom } from '../../drivers/transport/port-from.ts';
import { openPty, realClock } from '../support/pty.ts';

/**
 * The stock reader of the serial binding spins for ever when a line is hung up while data flows, and takes 33 MB a second
 * (devices.md §5.3). Over the native binding, with what the kernel does when a USB adapter is pulled: TIOCVHANGUP.
 */
const RUNS = 50;
const WARM_UP_RUNS = 10;
const LIMIT_MS = 100;
const QUIET_MS = 500;
const MEGABYTE = 1024 * 1024;
/** Anybody but root may only close the far end, which the port must survive as well. */
const how = process.getuid?.() === 0 ? 'hung-up' : 'far end closed';

interface Run {
  readonly how: string;
  readonly reason: string;
  readonly tookMs: number;
  /** How long this process did not run at all meanwhile: the machine may be busy with others. */
  readonly stoodStillMs: number;
}

async function hangUpWhileDataFlows(): Promise<Run> {
  const device = openPty();
  const near = await portFrom(`serial:${device.path}`, realClock).connect();
  const closed = new Promise<string>((resolve) => near.onClose(resolve));
  const flowing = new Promise<void>((resolve) => {
    let bytes = 0;
    near.onData((chunk) => {
      bytes += chunk.length;
      if (bytes > 2_000) resolve();
    });
  });
  let lastTick = performance.now();
  let stoodStillMs = 0;
  const flood = setInterval(() => {
    stoodStillMs = Math.max(stoodStillMs, performance.now() - lastTick);
    lastTick = performance.now();
    device.far.write(new Uint8Array(500).fill(0x55)).catch(() => undefined);
  }, 1);
  try {
    await flowing;
    stoodStillMs = 0;
    lastTick = performance.now();
    const at = performance.now();
    const done = device.hangUp();
    const reason = await Promise.race([closed, realTime(2_000, 'never')]);
    const tookMs = performance.now() - at;
    await expect(near.write(Uint8Array.of(1))).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
    return { how: done, reason, tookMs, stoodStillMs: Math.max(stoodStillMs, performance.now() - lastTick) };
  } finally {
    clearInterval(flood);
    await near.close();
    device.close();
  }
}

it(`a serial line that is hung up while data flows is closed within ${LIMIT_MS} ms, ${RUNS} times of ${RUNS}, and leaves nothing running`, {
  timeout: 60_000,
}, async () => {
  const runs: Run[] = [];
  for (let run = 0; run < WARM_UP_RUNS; run++) runs.push(await hangUpWhileDataFlows());
  const memoryBefore = process.memoryUsage.rss();
  while (runs.length < RUNS) runs.push(await hangUpWhileDataFlows());
  expect(runs.filter((run) => run.how !== how || run.reason !== 'lost')).toEqual([]);
  expect(runs.filter(({ tookMs, stoodStillMs }) => tookMs > LIMIT_MS + stoodStillMs)).toEqual([]);

  const cpuBefore = process.cpuUsage();
  const quietBefore = process.memoryUsage.rss();
  await realTime(QUIET_MS);
  const { user, system } = process.cpuUsage(cpuBefore);
  // One port that spins takes nearly all of the time.
  expect((user + system) / 1_000).toBeLessThan(QUIET_MS / 2);
  expect(process.memoryUsage.rss() - quietBefore).toBeLessThan(8 * MEGABYTE);
  expect(process.memoryUsage.rss() - memoryBefore).toBeLessThan(64 * MEGABYTE);
});
