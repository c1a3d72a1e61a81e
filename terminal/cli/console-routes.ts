import type { Hono } from 'hono';
import type { CommandDesk } from '../flows/command-desk.ts';
import { codeRequest } from './book-contract.ts';
import type { Acting } from './device-routes.ts';
import { reader } from './settlement-routes.ts';

interface Parts {
  readonly desk: () => Promise<CommandDesk>;
  readonly consoleUrl: () => string | undefined;
}

/** The way into the operator console. */
export function addConsoleRoutes(app: Hono, { desk, consoleUrl }: Parts, { read, look }: Acting): void {
  app.get('/console/users', async (c) => c.json({ users: (await desk()).users.users(reader) }));
  app.post('/console/code', async (c) => {
    const { supervisor, login } = await read(c, codeRequest);
    return look(c, async () => ({ ...(await (await desk()).code(supervisor, login)), url: consoleUrl() }));
  });
}
