import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { socketIn } from '../../terminal/cli/contract.ts';
import { prepareHome } from '../home.ts';
import { type CounterDevices, openDevices } from '../stage/counter-devices.ts';
import { callJson } from '../stage/socket.ts';
import { seeded } from '../storm/seeded.ts';
import { cancelEverywhere, cancelPlaces } from './cancel-places.ts';
import { compileShim } from './compile-shim.ts';
import { Echo } from './echo.ts';
import type { CounterTask } from './f4-child.ts';
import { type Figure, type Goal, goalOf } from './figure.ts';
import { readIoLog } from './io-log.ts';
import { type LinkChild, withLinkChildren } from './link-children.ts';
import { MeasuredCounter, type SaleKeys } from './measured-counter.ts';
import { keyTimes, type OwnTimes, ownTimes, quantile, sumOf } from './reactions.ts';
import { seedSales } from './seed-sales.ts';
import { Backlog } from './waiting-backlog.ts';

/**
 * F4: the real terminal at the counter, by its text terminal, while its link drains a backlog and somebody reads lists and checks the book without a pause.
 * Keys are timed when they leave the hand, everything else by a shim when it is written; the devices are simulated in this process, over tcp.
 */

const seed = 4;
const warmUpSales = 5;
const backlogRows = 30_000;
const limits = { hostWaitMs: 30_000, reversalRetryMs: 200, idleMs: 1_000, maxRecords: 1_000_000 };

interface Played {
  readonly keyMs: readonly number[];
  readonly sales: readonly OwnTimes[];
  readonly cancelMs: readonly number[];
  readonly echoMs: readonly number[];
  readonly reports: number;
  readonly drained: number;
}

/** Somebody who reads the list of transactions and checks the book, again and again. `stop` tells how often. */
function readReports(home: string): { stop(): Promise<number> } {
  let going = true;
  const reading = (async () => {
    let reports = 0;
    for (; going; reports++)
      await callJson(socketIn(home), 'GET', reports % 2 === 0 ? '/v1/transactions?limit=50' : '/v1/ledger/check');
    return reports;
  })();
  return {
    stop: () => {
      going = false;
      return reading;
    },
  };
}

async function sell(counter: MeasuredCounter, echo: Echo, backlog: Backlog, count: number): Promise<SaleKeys[]> {
  const chance = seeded(seed);
  const sales: SaleKeys[] = [];
  for (let n = 0; n < count; n++) {
    backlog.fill();
    await echo.once();
    sales.push(await counter.sale([String(1 + chance.below(9)), String(chance.below(9))]));
  }
  return sales;
}

const portOf = (address: string): number => Number(/\d+$/.exec(address)?.[0]);

/** So many sales by a terminal with `oldSales` in its book, then 取消 everywhere. */
export const playCounter = (sales: number, oldSales: number, devices: CounterDevices): Promise<Played> =>
  withLinkChildren(async (start, folder) => {
    const home = join(folder, 'home');
    const library = compileShim(folder, 'io-shim');
    const log = (who: string): string => join(folder, `${who}.log`);
    const shim = (who: string) => ({ LD_PRELOAD: library, IO_LOG: log(who) });
    const child = (task: CounterTask, env = {}): Promise<LinkChild<object, { readonly url?: string }>> =>
      start('bench-f4-child', task, env);
    prepareHome(home);
    writeFileSync(join(home, 'config.json'), JSON.stringify({ ...devices.addresses, keypad: 'none', limits }));
    seedSales(join(home, 'terminal.db'), oldSales, () => {});
    const broker = await child({ role: 'broker' }, shim('broker'));
    const { url } = broker;
    const host = await child({ role: 'host', url, folder: home });
    for (const { standBack } of [broker, host]) standBack();
    const echo = new Echo(shim('echo'), log('echo'));
    const counter = await MeasuredCounter.start(home, url, devices, shim('terminal'));
    const db = new Sqlite(join(home, 'terminal.db'));
    db.pragma('wal_autocheckpoint = 0'); // that is the terminal's work
    try {
      const backlog = new Backlog(db, backlogRows);
      const reports = readReports(home);
      await sell(counter, echo, backlog, warmUpSales);
      const warmUpKeys = counter.presses.length;
      const sold = await sell(counter, echo, backlog, sales);
      const read = await reports.stop();
      const saleKeys = counter.presses.length;
      await cancelEverywhere(counter, host.freeze);
      const written = readIoLog(log('terminal'));
      const passed = readIoLog(log('broker'));
      const times = keyTimes(written, counter.presses);
      const isCancel = (index: number): boolean => counter.presses[index]?.isCancel ?? false;
      const { reader, printer } = devices.addresses;
      const ports = { reader: portOf(reader), printer: portOf(printer) };
      return {
        keyMs: times.slice(warmUpKeys, saleKeys),
        cancelMs: times.filter((_, index) => isCancel(index)),
        sales: sold.map((keys) => ownTimes(written, passed, keys, ports)),
        echoMs: echo.times(),
        reports: read,
        drained: backlog.drained(),
      };
    } finally {
      db.close();
      echo.stop();
      await counter.stop();
    }
  });

const inWords = (times: readonly number[]): string =>
  [0.5, 0.9, 0.99, 1]
    .map((share) => `${share === 1 ? 'max' : `p${share * 100}`} ${quantile(times, share).toFixed(1)}`)
    .join(', ');

const parts: Readonly<Record<string, (times: OwnTimes) => number>> = {
  '意图 intent': ({ intentMs }) => intentMs,
  '读卡后 card': ({ cardMs }) => cardMs,
  '请求 request': ({ requestMs }) => requestMs,
  '结果 result': ({ resultMs }) => resultMs,
};

function goalsOf({ keyMs, sales, cancelMs }: Played): readonly Goal[] {
  const p99 = (times: readonly number[]): readonly number[] => [quantile(times, 0.99)];
  return [
    goalOf('收款自身用时 own time in a sale, p99 ms', p99(sales.map(sumOf)), 10, 'lower'),
    goalOf('按键到显示 key to screen, p99 ms', p99(keyMs), 16, 'lower'),
    goalOf('取消 cancel obeyed, max ms', [Math.max(...cancelMs)], 300, 'lower'),
  ];
}

export const f4 = (quick: boolean): Figure => ({
  name: 'F4',
  title: '柜台反应 at the counter',
  run: async (say) => {
    const devices = await openDevices();
    try {
      const played = await playCounter(quick ? 40 : 300, quick ? 1_000 : 10_000, devices);
      say(`${played.reports} 次查询 reports, ${played.drained} 行上送 rows drained meanwhile`);
      say(`机器噪声,空进程回显 the machine's noise, a bare process that echoes: ${inWords(played.echoMs)} ms`);
      say(`收款自身 own time in a sale: ${inWords(played.sales.map(sumOf))} ms (${played.sales.length})`);
      for (const [name, of] of Object.entries(parts)) say(`  ${name}: ${inWords(played.sales.map(of))} ms`);
      say(`按键到显示 key to screen: ${inWords(played.keyMs)} ms (${played.keyMs.length})`);
      for (const [index, { zh, en }] of cancelPlaces.entries())
        say(`取消 cancel, ${zh} ${en}: ${(played.cancelMs[index] ?? Number.NaN).toFixed(0)} ms`);
      return goalsOf(played);
    } finally {
      await devices.close();
    }
  },
});
