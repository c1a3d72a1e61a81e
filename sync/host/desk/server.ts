import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import * as v from 'valibot';
import { carryOut, command } from '../commands.ts';
import { closeServer, failed, type OrderTaker, refuse, takeOrder } from '../orders.ts';
import { addPage } from './page.ts';
import { type Reviewer, type Session, Sessions } from './sessions.ts';
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
    this.#server = null;
    if (server) await closeServer(server);
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
    app.onError(failed(host.log, 'host.desk-failed'));
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
    const isByItself = c.req.header('x-background') === '1';
    const session = this.#sessions.find(getCookie(c, cookie), isByItself);
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
    const order = { ...given, by: login };
    const refused = await takeOrder(this.#options, command, order, (trx, to, valid) => carryOut(host, trx, to, valid));
    host.log('info', 'host.desk-command', { login, ...aboutOf(given), result: refused?.body.error ?? 'done' });
    return refused ? c.json(refused.body, refused.status) : c.json({ ok: true });
  }
}

/** What a command is about, as far as the log may know: numbers of things and codes, nothing that a person wrote. */
function aboutOf(given: object): Record<string, string> {
  const named = new Map<string, unknown>(Object.entries(given));
  if (named.get('command') === 'set-parameter') named.set('parameter', named.get('name'));
  return Object.fromEntries(
    logged.flatMap((name) => {
      const value = named.get(name);
      return value !== undefined && /^[\w:.-]{1,60}$/.test(String(value)) ? [[name, String(value)]] : [];
    }),
  );
}

const logged = [
  ...['command', 'terminal', 'no', 'payment', 'batch', 'difference', 'ticket', 'version', 'n', 'date', 'parameter'],
  ...['outcome', 'decision', 'reason', 'row', 'amountFen'],
];

const publicPart = ({ login, name, csrf }: Session): Session => ({ login, name, csrf });

const bodyOf = (c: Context): Promise<unknown> => c.req.json().catch(() => null);
