import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { runPos } from '../../../terminal/cli/program.ts';
import type { RouteParts } from '../../../terminal/cli/routes.ts';
import { type LocalServer, serveLocal } from '../../../terminal/cli/server.ts';
import { capturedShell } from './captured-shell.ts';

/** A home of its own for each test, `pos` in it with a shell that is recorded, and the socket's server when a test wants one. */
export function posRig() {
  let home = '';
  let server: LocalServer | undefined;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'pos-'));
  });
  const stopServer = async (): Promise<void> => {
    await server?.stop();
    server = undefined;
  };
  afterEach(async () => {
    await stopServer();
    rmSync(home, { recursive: true });
  });
  const unused = (): never => {
    throw new Error('not part of this test');
  };
  return {
    home: () => home,
    stopServer,
    async pos(line: string, options: Parameters<typeof capturedShell>[0] = {}) {
      const shell = capturedShell({ ...options, env: { POS_HOME: home, ...options.env } });
      const exit = await runPos(line.split(' ').filter(Boolean), shell);
      return { exit, out: shell.stdout(), err: shell.stderr(), asked: shell.asked };
    },
    async serve(parts: Partial<RouteParts>): Promise<void> {
      server = await serveLocal({
        socketPath: join(home, 'pos.sock'),
        counter: unused,
        status: unused,
        settlementOffer: unused,
        backUp: unused,
        ledgerCheck: unused,
        doctor: unused,
        devices: unused,
        staff: unused,
        desk: unused,
        consoleUrl: unused,
        screen: unused,
        settings: { maxBodyBytes: 65_536 },
        log: () => {},
        onBug: () => {},
        ...parts,
      });
    },
  };
}
