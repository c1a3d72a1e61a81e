import { setImmediate as turn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { lockHome } from '../terminal/base/lock-home.ts';
import { homeByDefault, prepareHome } from './home.ts';
import { ConsoleKeeper } from './keep-console.ts';
import { mark } from './mark.ts';
import { openConsole } from './open-console.ts';
import { openFace } from './open-face.ts';
import { runTerminal } from './run-terminal.ts';
import { explain, homeInUse } from './start/explain.ts';

/** What `terminal` does once its program is loaded. `leaveBoot` gives the text terminal back when the boot screen is on it. */
export async function terminalProgram(args: readonly string[], leaveBoot: (() => void) | undefined): Promise<void> {
  const end = (lines: readonly string[]): never => {
    leaveBoot?.();
    process.stderr.write(`${lines.join('\n')}\n`);
    process.exit(1);
  };
  const { values } = parseArgs({
    args: [...args],
    options: {
      home: { type: 'string', default: homeByDefault() },
      broker: { type: 'string' },
      face: { type: 'boolean', default: false },
      console: { type: 'boolean', default: false },
      'stop-with-stdin': { type: 'boolean', default: false },
    },
  });
  try {
    if (!lockHome(values.home)) return end(homeInUse(values.home));
    const { home, config } = prepareHome(values.home);
    const onBug = (error: unknown) => end(explain(error, home));
    const running = await runTerminal({ home, config, onBug });
    const { terminal, log, consoleIsAt: isAt } = running;
    const place = { home, config, log, onBug };
    const open = () => openConsole(terminal, place);
    const keeper = new ConsoleKeeper({ world: terminal.world, log, onBug, open, isAt });
    const stop = () => {
      keeper
        .stop()
        .then(() => running.stop())
        .then(
          () => process.exit(0),
          () => process.exit(1),
        );
    };
    // A parent that was killed takes its terminal with it.
    if (values['stop-with-stdin']) process.stdin.resume().once('end', () => process.exit(0));
    leaveBoot?.();
    if (values.face) openFace(terminal, config, stop);
    else process.once('SIGTERM', stop);
    mark('ready');
    await turn(); // a key that came meanwhile goes first
    await running.start(values.broker ?? config.brokerUrl);
    const { url, code } = (values.console || config.console ? await keeper.start() : undefined) ?? {};
    if (!values.face) process.stdout.write(`${JSON.stringify({ ready: true, console: url, code: code?.code })}\n`);
  } catch (error) {
    end(explain(error, values.home));
  }
}
