import { shanghai, systemClock } from '../../terminal/base/clock.ts';
import { TerminalError } from '../../terminal/base/errors.ts';
import { lockHome } from '../../terminal/base/lock-home.ts';
import type { Log } from '../../terminal/base/log.ts';
import type { Config } from '../../terminal/config.ts';
import { moveAside, prepareHome } from '../home.ts';
import { ConsoleKeeper } from '../keep-console.ts';
import { openConsole } from '../open-console.ts';
import { openFace } from '../open-face.ts';
import { runTerminal } from '../run-terminal.ts';
import { bannerLines, farewellLines, pageLines } from './banner.ts';
import { Ending } from './ending.ts';
import { explain, homeInUse } from './explain.ts';
import { HostKeeper } from './host-keeper.ts';
import { openKiosk } from './open-kiosk.ts';
import { readOptions, type StartOptions, usageLines } from './options.ts';
import { firstSecrets } from './reviewers.ts';

/**
 * What `npm start` does once its program is loaded: prepares the home, starts the host as a child and the terminal in this process, then its
 * faces. `leaveBoot`: there is a text terminal, with the boot screen on it, and this gives it back.
 */
export function startProgram(args: readonly string[], leaveBoot: (() => void) | undefined): void {
  const ending = new Ending();
  ending.listen();
  if (leaveBoot) ending.screen(leaveBoot);
  let home = '';
  const fail = (error: unknown) => ending.end(1, explain(error, home));
  process.on('uncaughtException', fail);
  try {
    const options = readOptions(args);
    home = options.home;
    if (options.help) ending.end(0, usageLines);
    else start(options, ending, leaveBoot, fail).catch(fail);
  } catch (error) {
    ending.end(2, explain(error, home));
  }
}

async function start(
  options: StartOptions,
  ending: Ending,
  leaveBoot: (() => void) | undefined,
  onBug: (error: unknown) => void,
): Promise<void> {
  const opened = openHome(options);
  if (!opened) return ending.end(1, homeInUse(options.home));
  const { home, config, oldHome } = opened;
  const onTty = leaveBoot !== undefined;
  const host = hostFor(options, opened);
  ending.before(() => host.stop());
  const starting = host.start();
  starting.catch(() => {}); // told below, unless the terminal fails first
  const running = await runTerminal({ home, config, onBug, ...(onTty ? {} : { echo: echoLine }) });
  ending.before(() => running.stop());
  host.logTo(running.log);
  const broker = await starting;
  await running.start(broker.brokerUrl);
  const { terminal, log, consoleIsAt: isAt } = running;
  const { simulated, world } = terminal;
  const wantsConsole = options.console || config.console !== undefined || simulated;
  const open = () => openConsole(terminal, { home, config, log, onBug });
  const keeper = new ConsoleKeeper({ world, log, onBug, open, isAt });
  ending.before(() => keeper.stop());
  const operatorConsole = wantsConsole ? await keeper.start() : undefined;
  const kiosk = options.kiosk || !onTty ? await openKiosk(terminal, config) : undefined;
  if (kiosk) ending.before(() => kiosk.stop());
  if (kiosk?.benchUrl !== undefined) keeper.showBench(kiosk.benchUrl);

  leaveBoot?.();
  const desk = broker.desk === null ? undefined : { url: broker.desk, firstSecrets: firstSecrets(home) };
  const lines = bannerLines({ home, simulated, ...broker, desk, kiosk, operatorConsole, oldHome, onTty });
  process.stdout.write(`${lines.join('\n')}\n`);
  ending.farewell(farewellLines(home));
  if (onTty) {
    const face = openFace(terminal, config, () => ending.end(0));
    ending.screen(() => face.stop());
    if (simulated) face.note(pageLines({ kiosk, operatorConsole, desk }));
  }
}

interface OpenedHome {
  readonly home: string;
  readonly config: Config;
  readonly oldHome: string | undefined;
}

/** Undefined: another process uses it. */
function openHome({ home, fresh, language }: StartOptions): OpenedHome | undefined {
  const lock = lockHome(home);
  if (!lock) return undefined;
  let oldHome: string | undefined;
  if (fresh) {
    oldHome = moveAside(home);
    lock.release();
    if (!lockHome(home)) return undefined;
  }
  const prepared = prepareHome(home);
  const config = language ? { ...prepared.config, language } : prepared.config;
  return { home: prepared.home, config, oldHome };
}

function hostFor({ brokerPort }: StartOptions, { home, config }: OpenedHome): HostKeeper {
  if (config.host === 'acquirer')
    throw new TerminalError('BAD_REQUEST', {
      what: 'config.json host acquirer: 本程序只带参考主机 this program ships with a reference host only',
    });
  const broker = config.brokerUrl === undefined ? { port: brokerPort } : { url: config.brokerUrl };
  return new HostKeeper({ home, config, broker }, systemClock);
}

/** Log lines as a person reads them: `10:15:00 info  started terminal=10000001`. */
const echoLine: Log = (level, event, details = {}) => {
  const words = Object.entries(details).map(([name, value]) => ` ${name}=${value}`);
  process.stdout.write(`${shanghai(systemClock.now()).time} ${level.padEnd(5)} ${event}${words.join('')}\n`);
};
