import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import pino from 'pino';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Random } from '../random.ts';
import { type HostConfig, readConfig } from './config.ts';
import { startProgram } from './program.ts';

/**
 * The reference upstream as a program: `host CONFIG.json` (or POS_HOST_CONFIG). Prints one JSON line when it is ready; everything else
 * goes to `log/host.log` in its home. The only place in sync with the real clock and real chance.
 */

const longestTimerMs = 2 ** 31 - 1;
const stopMs = 900;

const clock: Clock = {
  now: () => Date.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, Math.min(ms, longestTimerMs));
    return () => clearTimeout(timer);
  },
};

const random: Random = {
  next: () => randomInt(2 ** 40) / 2 ** 40,
  bytes: (length) => randomBytes(length),
};

function openLog(config: HostConfig): Log {
  const dest = join(config.home, 'log', 'host.log');
  const logger = pino(pino.destination({ dest, mkdir: true, sync: true }));
  return (level, event, details = {}) => logger[level](details, event);
}

async function main(): Promise<void> {
  const file = process.argv[2] ?? process.env['POS_HOST_CONFIG'];
  if (file === undefined) throw new Error('usage: host CONFIG.json');
  const config = readConfig(file);
  const log = openLog(config);
  const die = (error: unknown) => {
    log('error', 'host.died', { why: error instanceof Error ? (error.stack ?? error.message) : 'unknown' });
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);

  const program = await startProgram(config, { clock, random, log, fatal: die });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => die(new Error('stopping took too long')), stopMs).unref();
    program.stop().then(() => process.exit(0), die);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (config.stopWithStdin) process.stdin.once('end', stop).resume();
  const { brokerUrl, control, desk } = program;
  process.stdout.write(`${JSON.stringify({ ready: true, brokerUrl, control, desk })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'unknown error'}\n`);
  process.exit(1);
});
