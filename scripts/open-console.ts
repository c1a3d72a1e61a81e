import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TerminalError } from '../terminal/base/errors.ts';
import type { Log } from '../terminal/base/log.ts';
import type { Config } from '../terminal/config.ts';
import type { Console } from '../terminal/console/server.ts';
import type { Terminal } from '../terminal/main.ts';
import type { OpenCode } from '../terminal/users/set-up.ts';

export interface OpenedConsole extends Console {
  /** For the first user; undefined when somebody has a secret. */
  readonly code: OpenCode | undefined;
}

export interface ConsolePlace {
  readonly home: string;
  readonly config: Config;
  readonly log: Log;
  readonly onBug: (error: unknown) => void;
}

/** The operator console of this terminal, loaded only now. BAD_REQUEST for a certificate that cannot be read, and for another address than this machine's without one. */
export async function openConsole(
  terminal: Terminal,
  { home, config, log, onBug }: ConsolePlace,
): Promise<OpenedConsole> {
  const { address = '127.0.0.1', port = 8_021, tls } = config.console ?? {};
  const [{ serveConsole }, { firstCode }, desks] = await Promise.all([
    import('../terminal/console/server.ts'),
    import('../terminal/flows/console-user.ts'),
    terminal.console(),
  ]);
  const served = await serveConsole({
    world: terminal.world,
    desks,
    pages: builtPages(),
    address,
    port,
    tls: tls && { cert: pem(home, tls.cert), key: pem(home, tls.key) },
    log,
    onBug,
  });
  log('info', 'console', { url: served.url });
  const code = await firstCode(terminal.world).catch((error: unknown) => {
    if (error instanceof TerminalError) return undefined; // `pos console code` makes one when the disk has room again
    throw error;
  });
  return { ...served, code };
}

/** Beside the programs in dist; from source, where those are built. */
function builtPages(): string {
  const beside = join(import.meta.dirname, 'console');
  return existsSync(beside) ? beside : join(import.meta.dirname, '../dist/console');
}

function pem(home: string, file: string): string {
  try {
    return readFileSync(resolve(home, file), 'utf8');
  } catch {
    throw new TerminalError('BAD_REQUEST', { what: `console.tls ${file}` });
  }
}
