import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import * as v from 'valibot';
import { carryOut, command } from '../commands.ts';
import { type OrderTaker, type RefusalCode, refusal, takeOrder } from '../orders.ts';
import { addPage } from './page.ts';
import { type Reviewer, type Session, Sessions } from './sessions.ts';
import { takesBy } from './takes-by.ts';
import { isView, readView } from './views.ts';

export interface DeskOptions extends OrderTaker {
  /** 0: a free one. */
  readonly port: number;
  readonly reviewers: readonly Reviewer[];
}

const address = '127.0.0.1';
const cookie = 'desk';
const longestBody = 64 * 1024;

/** This server's own files only, nothing inline, in no frame. */
const policy = [
  "default-src 'none'",
  ...['script-src', 'style-src', 'connect-src', 'img-src'].map((name) => `${name} 'self'`),
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const guardHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('Content-Security-Policy', policy);
  c.header('X-Content-Type-Options', 'nosniff');
  c.header('Referrer-Policy', 'no-referrer');
  c.header('Cache-Control', 'no-store');
};

const logIn = v.strictObject({
  login: v.pipe(v.string(), v.maxLength(40)),
  secret: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
});

/** The reviewers' page and its API: what they see (`GET /api/view/…`), and the commands of commands.ts (`POST /api/command`) in the name of whoever is logged in. On this machine only. */
export class Desk {
  readonly #options: DeskOptions;
  readonly #sessions: Sessions;
  #server: ServerType | null = null;
  #origin = '';

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#sessions = new Sessions(options.reviewers, options.host.clock, options.host.random);
  }

  /** Where the page is; empty before the start. */
  get url(): string {
    return this.#origin && `${this.#origin}/`;
  }

  /** Rejects when the port is taken. */
  async start(): Promise<void> {
    const server = createAdaptorServer({ fetch: this.#app().fetch });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#options.port, address, resolve);
    });
    this.#server = server;
    this.#origin = `http://${address}:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if ('closeAllConnections' in server) server.closeAllConnections();
    await closed;
  }

  #app(): Hono {
    const { host } = this.#options;
    const app = new Hono();
    app.use(guardHeaders);
    // A foreign name may point to this machine, and a foreign page may post to it.
    app.use(async (c, next) => {
      const isOurs = `http://${c.req.header('host')}` === this.#origin;
      const isSent = c.req.method !== 'GET' && c.req.header('origin') !== this.#origin;
      return isOurs && !isSent ? next() : refuse(c, 'FORBIDDEN');
    });
    app.use(bodyLimit({ maxSize: longestBody, onError: (c) => refuse(c, 'TOO_LARGE') }));
    addPage(app);
    app.post('/api/log-in', (c) => this.#logIn(c));
    app.get('/api/session', (c) => this.#withSession(c, (session) => c.json(session)));
    app.post('/api/log-out', (c) =>
      this.#withCommand(c, () => {
        this.#sessions.logOut(getCookie(c, cookie));
        deleteCookie(c, cookie);
        return c.json({ ok: true });
      }),
    );
    app.get('/api/view/:name', (c) => this.#withSession(c, () => this.#view(c)));
    app.post('/api/command', (c) => this.#withCommand(c, (session) => this.#command(c, session)));
    app.notFound((c) => refuse(c, 'NOT_FOUND'));
    app.onError((error, c) => {
      host.log('error', 'host.desk-failed', { path: c.req.path, why: error.message });
      return c.json({ error: 'INTERNAL', zh: '系统故障', en: 'internal error' }, 500);
    });
    return app;
  }

  async #logIn(c: Context): Promise<Response> {
    const parsed = v.safeParse(logIn, await bodyOf(c));
    if (!parsed.success) return refuse(c, 'INVALID');
    const { login, secret } = parsed.output;
    const found = await this.#sessions.logIn(login, secret);
    const { log } = this.#options.host;
    if (typeof found === 'string') {
      log('warn', 'host.desk-log-in-refused', { why: found });
      return refuse(c, found);
    }
    log('info', 'host.desk-log-in', { login });
    setCookie(c, cookie, found.token, { httpOnly: true, sameSite: 'Strict', path: '/' });
    return c.json(publicPart(found.session));
  }

  #withSession(c: Context, act: (session: Session) => Response | Promise<Response>): Response | Promise<Response> {
    const session = this.#sessions.find(getCookie(c, cookie));
    return session ? act(publicPart(session)) : refuse(c, 'UNAUTHENTICATED');
  }

  #withCommand(c: Context, act: (session: Session) => Response | Promise<Response>): Response | Promise<Response> {
    return this.#withSession(c, (session) =>
      c.req.header('x-csrf-token') === session.csrf ? act(session) : refuse(c, 'FORBIDDEN'),
    );
  }

  async #view(c: Context): Promise<Response> {
    const { host, merchant } = this.#options;
    const name = c.req.param('name') ?? '';
    if (!isView(name)) return refuse(c, 'NOT_FOUND');
    return c.json(await host.store.transaction().execute((trx) => readView(name, trx, merchant)));
  }

  /** `by` is whoever is logged in, whatever the page says. */
  async #command(c: Context, { login }: Session): Promise<Response> {
    const { host } = this.#options;
    const body = await bodyOf(c);
    const given = typeof body === 'object' && body !== null ? body : {};
    const order = takesBy(given) ? { ...given, by: login } : given;
    const refused = await takeOrder(this.#options, command, order, (trx, to, valid) => carryOut(host, trx, to, valid));
    const what = 'command' in given && typeof given.command === 'string' ? given.command.slice(0, 40) : '';
    host.log('info', 'host.desk-command', { login, what, outcome: refused?.body.error ?? 'done' });
    return refused ? c.json(refused.body, refused.status) : c.json({ ok: true });
  }
}

const publicPart = ({ login, name, csrf }: Session): Session => ({ login, name, csrf });

const bodyOf = (c: Context): Promise<unknown> => c.req.json().catch(() => null);

function refuse(c: Context, error: RefusalCode): Response {
  const { status, body } = refusal(error);
  return c.json(body, status);
}
