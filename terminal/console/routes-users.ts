import { addCommand, type ConsoleApp } from './command.ts';
import type { Answers } from './contract.ts';
import type { ConsoleParts } from './parts.ts';
import { partOf, requireUser } from './request.ts';

/** Named users: upstream decides, this terminal gives them their first secret. */
export function addUserRoutes(app: ConsoleApp, parts: ConsoleParts): void {
  const { users } = parts.desks;

  app.get('/users', (c) => {
    const by = requireUser(c, parts);
    return c.json({ users: users.users(by), applications: users.applications(by) } satisfies Answers['/users']);
  });
  addCommand(app, parts, '/users', ({ user, body: { secret: _, ...record }, key }) => users.apply(user, record, key));
  addCommand(app, parts, '/users/:login/code', ({ user, c }) => users.setUpCode(user, partOf(c, 'login')));
}
