import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shanghai, systemClock } from '../terminal/base/clock.ts';
import { armCrash } from '../terminal/base/crash-points.ts';
import type { Log } from '../terminal/base/log.ts';
import { openLog } from '../terminal/base/open-log.ts';
import { systemRandom } from '../terminal/base/random.ts';
import type { Config } from '../terminal/config.ts';
import { openTerminal, type Terminal } from '../terminal/main.ts';
import { keepHeapSmall } from './small-heap.ts';

export interface RunOptions {
  readonly home: string;
  readonly config: Config;
  /** Something threw that is not a refusal: after this the process ends. */
  readonly onBug: (error: unknown) => void;
  /** Gets each line of the log, too. */
  readonly echo?: Log;
}

export interface RunningTerminal {
  readonly terminal: Terminal;
  readonly log: Log;
  /** Where the operator console is, which `pos console` tells. */
  consoleIsAt(url: string): void;
  /** Starts what works behind the screen: devices, link, the socket for `pos`. PORT_IN_USE, DISK_FULL. */
  start(brokerUrl: string | undefined): Promise<void>;
  stop(): Promise<void>;
}

/** The terminal as a process runs it: real clock and chance, log, the socket for `pos`, slips kept as files. The keypad takes keys, nothing else runs yet. */
export async function runTerminal({ home, config, ...options }: RunOptions): Promise<RunningTerminal> {
  armCrash(process.env['POS_CRASH']);
  const { log, flush } = openLog(join(home, 'log'), options.echo);
  const onBug = (error: unknown) => {
    log('error', 'bug', { what: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
    flush();
    options.onBug(error);
  };
  const terminal = await openTerminal({ home, config, clock: systemClock, random: systemRandom, log, onBug });
  terminal.bench.onSlip?.((lines) => keepSlip(home, lines, log));
  let server: { stop(): Promise<void> } | undefined;
  let consoleUrl: string | undefined;
  return {
    terminal,
    log,
    consoleIsAt: (url) => {
      consoleUrl = url;
    },
    async start(brokerUrl) {
      const collect = keepHeapSmall();
      await terminal.testBench(); // it listens from the first byte on
      await terminal.start(brokerUrl);
      server = await serveTerminal(home, terminal, log, onBug, () => consoleUrl);
      collect();
      log('info', 'started', { terminal: config.terminal, simulated: terminal.simulated });
    },
    async stop() {
      await server?.stop();
      await terminal.stop();
      log('info', 'stopped');
      flush();
    },
  };
}

/** Opens the socket for `pos`. PORT_IN_USE. */
export async function serveTerminal(
  home: string,
  terminal: Terminal,
  log: Log,
  onBug: (error: unknown) => void,
  consoleUrl: () => string | undefined = () => undefined,
) {
  const { serveLocal } = await import('../terminal/cli/server.ts');
  const { socketIn } = await import('../terminal/cli/contract.ts');
  return serveLocal({
    socketPath: socketIn(home),
    counter: terminal.counter,
    status: () => terminal.runner.status(),
    settlementOffer: terminal.settlementOffer,
    ledgerCheck: terminal.ledgerCheck,
    doctor: terminal.doctor,
    devices: () => terminal.devices,
    backUp: terminal.backUp,
    staff: () => terminal.staff,
    desk: terminal.commandDesk,
    consoleUrl,
    screen: () => terminal.runner.screen(),
    settings: { maxBodyBytes: 64 * 1024 },
    bench: await terminal.testBench(),
    log,
    onBug,
  });
}

/** `slips/20261122-101500-1.txt`: what the paper said, with the time in Shanghai. A full disk costs the copy of the slip, not the terminal. */
function keepSlip(home: string, lines: readonly string[], log: Log): void {
  const { day, time } = shanghai(systemClock.now());
  const stamp = `${day.replaceAll('-', '')}-${time.replaceAll(':', '')}`;
  try {
    log('info', 'slip', { file: writeNew(join(home, 'slips'), stamp, `${lines.join('\n')}\n`) });
  } catch (error) {
    log('error', 'slip-not-kept', { code: codeOf(error) });
  }
}

/** Two slips of one second get different numbers. */
function writeNew(folder: string, stamp: string, text: string): string {
  for (let number = 1; ; number++) {
    const file = `${stamp}-${number}.txt`;
    try {
      writeFileSync(join(folder, file), text, { mode: 0o600, flag: 'wx' });
      return file;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
