import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import * as v from 'valibot';
import { TerminalError } from '../base/errors.ts';
import { checked } from '../base/refuse.ts';
import { activeUser, secretMark } from '../users/console-users.ts';
import { actorOf, type ConsoleUser, type User } from '../users/user.ts';
import type { ConsoleParts } from './parts.ts';
import type { Session } from './sessions.ts';

/** Who asks, and what for. */

export type ConsoleContext = Context<{ Bindings: HttpBindings }>;

export const addressOf = (c: ConsoleContext): string => c.env.incoming.socket.remoteAddress ?? '';

export const tokenOf = (c: ConsoleContext, parts: ConsoleParts): string => getCookie(c, parts.cookieName()) ?? '';

/** Without a life time it ends with the browser. */
export const giveToken = (c: ConsoleContext, parts: ConsoleParts, token: string): void =>
  setCookie(c, parts.cookieName(), token, { httpOnly: true, sameSite: 'Strict', secure: parts.isSecure, path: '/' });

/** Pages say it of what they ask by themselves, so that nobody stays logged in by a page that is left open. */
const isByItself = (c: ConsoleContext): boolean => c.req.header('x-background') === '1';

/** What somebody who is logged in has. */
export interface Visit {
  readonly session: Session;
  readonly user: ConsoleUser;
}

/** A session whose user upstream has not answered for yet is none so far. */
export function sessionOf(c: ConsoleContext, parts: ConsoleParts, isActive = !isByItself(c)): Visit | undefined {
  const { db } = parts.world;
  const stands = ({ login, secretMark: mark }: Session): boolean => secretMark(db, login) === mark;
  const session = parts.sessions.find(tokenOf(c, parts), isActive, stands);
  const user = session && activeUser(db, session.login);
  return session && user && { session, user };
}

/** UNAUTHENTICATED. */
export function requireSession(c: ConsoleContext, parts: ConsoleParts): Visit {
  const found = sessionOf(c, parts);
  if (!found) throw new TerminalError('UNAUTHENTICATED');
  return found;
}

/** UNAUTHENTICATED. */
export const requireUser = (c: ConsoleContext, parts: ConsoleParts): User => actorOf(requireSession(c, parts).user);

const limit = v.optional(
  v.pipe(v.string(), v.regex(/^\d{1,3}$/), v.transform(Number), v.minValue(1), v.maxValue(200)),
  '50',
);
const seen = v.optional(v.pipe(v.string(), v.regex(/^[\w:.-]{1,80}$/)));
const page = v.object({ limit, before: seen, after: seen });

/** BAD_REQUEST. */
export const pageOf = (c: ConsoleContext): v.InferOutput<typeof page> => checked(page, c.req.query());

/** In a query. */
export const wholeNumber = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));

const day = v.pipe(v.string(), v.isoDate());
const period = v.object({ from: day, to: day });

/** BAD_REQUEST. */
export const periodOf = (c: ConsoleContext): v.InferOutput<typeof period> => checked(period, c.req.query());

/** A number in the path. BAD_REQUEST. */
export const partOf = (c: ConsoleContext, name: string): string =>
  checked(v.pipe(v.string(), v.regex(/^[\w:.@-]{1,80}$/)), c.req.param(name));
