import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRealSale } from './real-sale.ts';
import type { SaleBench } from './sale-bench.ts';
import { openShim, type SyncShim } from './sync-shim.ts';
import { openYardstickSale } from './yardstick-sale.ts';
import { millisecondsASync } from './yardstick-sync.ts';

/** What `count` commits cost together. */
export interface Cost {
  readonly count: number;
  readonly ms: number;
  readonly cpuMs: number;
  readonly syncs: number;
  readonly writtenBytes: number;
}

/** One round of F1, from a fresh process. */
export interface Round {
  readonly yardstick: Cost;
  readonly sale: Cost;
  /** The first 100 commits after the start. */
  readonly saleFirst: Cost;
  /** The same with 5 ms added to each sync. */
  readonly yardstickSlow: Cost;
  readonly saleSlow: Cost;
  readonly wholeSlow: Cost & { readonly commitsEach: number };
  readonly syncMs: number;
}

const slowSyncMs = 5;
const blockSales = 100; // what one wake of the idle screen finds in the log
const warmUpSales = 2000; // both are compiled by then: V8's own work is no part of a sale

function writtenBytes(): number {
  const match = /^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'));
  return Number(match?.[1]);
}

/** What is read of the system stands outside of what is measured. */
function costOf(shim: SyncShim, count: number, work: () => unknown): Cost {
  const before = { syncs: shim.syncs(), written: writtenBytes(), cpu: process.cpuUsage(), at: performance.now() };
  work();
  const ms = performance.now() - before.at;
  const cpu = process.cpuUsage(before.cpu);
  return {
    count,
    ms,
    cpuMs: (cpu.user + cpu.system) / 1000,
    syncs: shim.syncs() - before.syncs,
    writtenBytes: writtenBytes() - before.written,
  };
}

const nothing: Cost = { count: 0, ms: 0, cpuMs: 0, syncs: 0, writtenBytes: 0 };

const plus = (a: Cost, b: Cost): Cost => ({
  count: a.count + b.count,
  ms: a.ms + b.ms,
  cpuMs: a.cpuMs + b.cpuMs,
  syncs: a.syncs + b.syncs,
  writtenBytes: a.writtenBytes + b.writtenBytes,
});

/** A block of sales one after the other, with the checkpoint of the idle screen behind it; only their commits are measured. */
function block(shim: SyncShim, bench: SaleBench, count: number): Cost {
  let cost = nothing;
  for (let done = 0; done < count; done++) {
    bench.prepare();
    cost = plus(
      cost,
      costOf(shim, 1, () => bench.commit()),
    );
  }
  bench.checkpoint();
  return cost;
}

/** Blocks of both in turn, so that both see the same machine. */
function inTurn(shim: SyncShim, benches: readonly [SaleBench, SaleBench], sales: number): readonly [Cost, Cost] {
  let costs: readonly [Cost, Cost] = [nothing, nothing];
  for (let done = 0; done < sales; done += blockSales) {
    costs = [plus(costs[0], block(shim, benches[0], blockSales)), plus(costs[1], block(shim, benches[1], blockSales))];
  }
  return costs;
}

function round(folder: string, sales: number): Round {
  const shim = openShim();
  const yardstick = openYardstickSale(join(folder, 'y1.db'));
  const real = openRealSale(join(folder, 'sale.db'));
  const saleFirst = block(shim, real, blockSales);
  block(shim, yardstick, blockSales);
  inTurn(shim, [yardstick, real], warmUpSales);
  const [yardstickCost, saleCost] = inTurn(shim, [yardstick, real], sales);
  const syncMs = millisecondsASync(join(folder, 'y2'), sales);
  shim.delayMs(slowSyncMs);
  const yardstickSlow = block(shim, yardstick, blockSales);
  const saleSlow = block(shim, real, blockSales);
  let commitsEach = 0;
  const wholeSlow = costOf(shim, blockSales, () => {
    commitsEach = real.whole(blockSales);
  });
  shim.delayMs(0);
  real.close();
  yardstick.close();
  shim.close();
  return {
    yardstick: yardstickCost,
    sale: saleCost,
    saleFirst,
    yardstickSlow,
    saleSlow,
    wholeSlow: { ...wholeSlow, commitsEach },
    syncMs,
  };
}

const [folder, sales] = process.argv.slice(2);
if (folder && sales) process.stdout.write(JSON.stringify(round(folder, Number(sales))));
