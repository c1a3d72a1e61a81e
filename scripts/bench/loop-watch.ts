import { monitorEventLoopDelay } from 'node:perf_hooks';
import { keepHeapSmall } from '../small-heap.ts';

/** What a work cost beside its time: the longest time for which nothing else had its turn, and the memory at its peak over that before it. */
export interface Watched {
  readonly ms: number;
  readonly blockedMs: number;
  readonly memoryMb: number;
}

const sampleMs = 5;

/** In a process of its own, with the heap that a terminal has: what was there before is taken off. */
export async function watch(work: () => Promise<unknown>): Promise<Watched> {
  keepHeapSmall()();
  const before = process.memoryUsage.rss();
  let peak = before;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, sampleMs);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const started = performance.now();
  await work();
  const ms = performance.now() - started;
  await new Promise((resolve) => setTimeout(resolve, sampleMs));
  delay.disable();
  clearInterval(sampler);
  return { ms, blockedMs: delay.max / 1e6, memoryMb: (peak - before) / 2 ** 20 };
}
