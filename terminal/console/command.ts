import type { Hono } from 'hono';
import type * as v from 'valibot';
import { TerminalError } from '../base/errors.ts';
import { checked, parsedJson, wholeText } from '../base/refuse.ts';
import { confirmSecret } from '../users/console-users.ts';
import { actorOf, type User } from '../users/user.ts';
import { type CommandAnswers, type CommandPath, commands } from './contract.ts';
import { refused } from './guard.ts';
import type { ConsoleParts } from './parts.ts';
import { type ConsoleContext, requireSession, requireUser, tokenOf } from './request.ts';
import type { Session } from './sessions.ts';

const maxBodyBytes = 64 * 1024;
/** Of one session; the oldest are forgotten. */
const mostAnswers = 1_000;

export type ConsoleApp = Hono<{ Bindings: ConsoleContext['env'] }>;
export type Body<P extends CommandPath> = v.InferOutput<(typeof commands)[P]>;
type Answer<P extends CommandPath> = P extends keyof CommandAnswers ? CommandAnswers[P] : unknown;

export interface Command<P extends CommandPath> {
  readonly user: User;
  readonly session: Session;
  readonly body: Body<P>;
  /** The caller's number for this intent. */
  readonly key: string;
  readonly c: ConsoleContext;
}

/**
 * Makes a command of the contract: token, key and body are checked, the secret is proved where the body has one, and what was done under the same key before is not done again: it is
 * answered as it was. A refusal may be tried again under its key.
 */
export function addCommand<P extends CommandPath>(
  app: ConsoleApp,
  parts: ConsoleParts,
  path: P,
  work: (command: Command<P>) => Answer<P> | Promise<Answer<P>>,
): void {
  app.post(path, async (c) => {
    requireSession(c, parts);
    const key = keyOf(c, parts);
    const body = checked(commands[path], parsedJson(await bodyText(c))) as Body<P>;
    const { secret, ...rest } = body as { readonly secret?: string };
    if (secret !== undefined) {
      const asker = requireUser(c, parts);
      await parts.limits.secrets.pass(() => confirmSecret(parts.world.db, parts.world.clock, asker, secret, path));
    }
    // Body and secret took time: who may do what is asked of the book now.
    const { session, user } = requireSession(c, parts);
    const fingerprint = parts.sessions.fingerprint(`${c.req.path} ${JSON.stringify(rest)}`);
    const answer = await once(session, key, fingerprint, async () =>
      work({ user: actorOf(user), session, body, key, c }),
    );
    return c.json(answer ?? {});
  });
}

/** The number of a command whose caller proved to be a page of this server. FORBIDDEN, BAD_REQUEST. */
export function keyOf(c: ConsoleContext, parts: ConsoleParts): string {
  if (!parts.sessions.isCsrf(tokenOf(c, parts), c.req.header('x-csrf-token') ?? '')) throw refused('X-CSRF-Token');
  const key = c.req.header('idempotency-key') ?? '';
  if (!/^[\w-]{8,64}$/.test(key)) throw new TerminalError('BAD_REQUEST', { what: 'Idempotency-Key: [\\w-]{8,64}' });
  return key;
}

/** BAD_REQUEST over 64 KB, before the rest of it has come: the connection ends with the answer. */
export async function bodyText(c: ConsoleContext): Promise<string> {
  const announced = Number(c.req.header('content-length') ?? 0);
  const tooLong = announced > maxBodyBytes;
  try {
    if (tooLong) throw new TerminalError('BAD_REQUEST', { what: `body: at most ${maxBodyBytes} bytes` });
    return await wholeText(c.req.raw.body, maxBodyBytes);
  } catch (error) {
    c.header('Connection', 'close');
    throw error;
  }
}

/** IDEMPOTENCY_CONFLICT for other content under the same key. */
function once<T>(session: Session, key: string, fingerprint: string, work: () => Promise<T>): Promise<unknown> {
  const earlier = session.answers.get(key);
  if (earlier && earlier.fingerprint !== fingerprint) throw new TerminalError('IDEMPOTENCY_CONFLICT', { no: key });
  if (earlier) return earlier.answer;
  const answer = work();
  session.answers.set(key, { fingerprint, answer });
  if (session.answers.size > mostAnswers) session.answers.delete(session.answers.keys().next().value ?? '');
  answer.catch(() => session.answers.delete(key));
  return answer;
}
