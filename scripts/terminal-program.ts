import { setImmediate as turn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { lockHome } from '../terminal/base/lock-home.ts';
import { homeByDefault, prepareHome } from './home.ts';
import { mark } from './mark.ts';
import { type OpenedConsole, openConsole } from './open-console.ts';
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
    let operatorConsole: OpenedConsole | undefined;
    const stop = () => {
      Promise.resolve(operatorConsole?.stop())
        .then(() => running.stop())
        .then(
          () => process.exit(0),
          () => process.exit(1),
        );
    };
    // A parent that was killed takes its terminal with it.
    if (values['stop-with-stdin']) process.stdin.resume().once('end', () => process.exit(0));
    leaveBoot?.();
    if (values.face) openFace(running.terminal, config, stop);
    else process.once('SIGTERM', stop);
    mark('ready');
    await turn(); // a key that came meanwhile goes first
    await running.start(values.broker ?? config.brokerUrl);
    if (values.console || config.console)
      operatorConsole = await openConsole(running.terminal, { home, config, log: running.log, onBug });
    const { url, code } = operatorConsole ?? {};
    if (url !== undefined) running.consoleIsAt(url);
    if (!values.face) process.stdout.write(`${JSON.stringify({ ready: true, console: url, code: code?.code })}\n`);
  } catch (error) {
    end(explain(error, values.home));
  }
}
