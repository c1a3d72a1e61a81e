import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { TerminalError } from '../base/errors.ts';
import type { ConsoleApp } from './command.ts';
import { follow } from './events.ts';
import type { ConsoleParts } from './parts.ts';
import { requireUser, sessionOf } from './request.ts';
import { addBookRoutes } from './routes-book.ts';
import { addListRoutes } from './routes-lists.ts';
import { addSessionRoutes } from './routes-session.ts';
import { addSettlementRoutes } from './routes-settlement.ts';
import { addUserRoutes } from './routes-users.ts';

/** Everything under `/api` (contract.ts). */
export function makeRoutes(parts: ConsoleParts, leave: Set<() => void>): ConsoleApp {
  const app: ConsoleApp = new Hono<{ Bindings: HttpBindings }>();
  addSessionRoutes(app, parts);
  addSettlementRoutes(app, parts);
  addBookRoutes(app, parts, leave);
  addListRoutes(app, parts);
  addUserRoutes(app, parts);
  app.get('/events', (c) => {
    requireUser(c, parts);
    parts.progress.requireRoom();
    // That a page listens does not keep a session alive.
    const isAlive = () => sessionOf(c, parts, false) !== undefined;
    return streamSSE(c, (stream) => follow(stream, parts, isAlive, leave));
  });
  app.all('*', (c) => {
    throw new TerminalError('NOT_FOUND', { what: c.req.method, no: c.req.path });
  });
  return app;
}
