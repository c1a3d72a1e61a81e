import { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { isIP } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { AssertionFailed } from '../base/assert.ts';
import { TerminalError } from '../base/errors.ts';
import { type BugReport, refusalOf } from '../base/refuse.ts';
import type { ConsoleDesks } from '../flows/console-desks.ts';
import type { World } from '../flows/world.ts';
import { guardHeaders, guardPlace, isLoopback, ourHosts, type Place } from './guard.ts';
import { Buckets, busy, Gate } from './limits.ts';
import { servePage } from './pages.ts';
import type { ConsoleParts } from './parts.ts';
import { Progress } from './progress.ts';
import { addressOf } from './request.ts';
import { makeRoutes } from './routes.ts';
import { Sessions } from './sessions.ts';

/** How long a caller may take, and how many there may be. */
const timings = {
  handshakeTimeout: 10_000,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16_384,
};
const mostConnections = 100;
/** Nobody in the network holds all the places. */
const mostOfAddress = 60;

export interface ConsoleOptions extends BugReport {
  readonly world: World;
  readonly desks: ConsoleDesks;
  /** Where the built pages lie. */
  readonly pages: string;
  readonly address: string;
  /** Another one when it is taken; 0: any free one. */
  readonly port: number;
  /** PEM. Without it the console is for this machine alone. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly timings?: Partial<typeof timings>;
}

export interface Console {
  readonly url: string;
  /** The port that was asked for and was taken. */
  readonly busyPort: number | undefined;
  /** The bench page of this terminal, to which the console leads. */
  showBench(url: string): void;
  stop(): Promise<void>;
}

/** The operator console: API under `/api`, pages beside it. BAD_REQUEST for another address than this machine's without TLS. */
export async function serveConsole(options: ConsoleOptions): Promise<Console> {
  const { world, tls, address } = options;
  if (!tls && !isLoopback(address))
    throw new TerminalError('BAD_REQUEST', { what: `console.address ${address}: 需要 needs console.tls` });
  let port = 0;
  let bench: string | undefined;
  const scheme = tls ? 'https' : 'http';
  const certificate = tls && new X509Certificate(tls.cert);
  const place: Place = { scheme, isOurs: ourHosts({ scheme, port: () => port, certificate }) };
  const leave = new Set<() => void>();
  const parts: ConsoleParts = {
    world,
    desks: options.desks,
    log: options.log,
    onBug: options.onBug,
    sessions: new Sessions(world.clock, world.random),
    limits: {
      secrets: new Gate(2, 4),
      readings: new Gate(1, 8),
      logInsOfAddress: new Buckets(world.clock, { burst: 20, perMinute: 20 }),
      logIns: new Buckets(world.clock, { burst: 40, perMinute: 40 }),
    },
    isSecure: tls !== undefined,
    cookieName: () => `console-${port}`,
    bench: () => bench,
    progress: new Progress(world.clock, options.desks.exports.underWay),
  };
  const app = makeApp(options, parts, place, leave);
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const handle: Parameters<typeof createServer>[1] = (incoming, outgoing) => void listener(incoming, outgoing);
  const serverOptions = { ...timings, ...options.timings };
  const server: Server = tls
    ? createSecureServer({ ...serverOptions, ...tls, minVersion: 'TLSv1.2' }, handle)
    : createServer(serverOptions, handle);
  server.maxConnections = mostConnections;
  if (tls) capAddresses(server);
  const busyPort = (await listens(server, address, options.port)) ? undefined : options.port;
  if (busyPort !== undefined) await listens(server, address, 0);
  server.on('error', (error) => options.log('error', 'console-failed', { what: error.message })); // no file left for a caller, say
  const bound = server.address();
  if (bound !== null && typeof bound === 'object') port = bound.port;
  return {
    url: `${place.scheme}://${shownHost(address)}:${port}/`,
    busyPort,
    showBench: (url) => {
      bench = url;
    },
    stop: () =>
      new Promise((resolve) => {
        for (const end of [...leave]) end();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type App = Hono<{ Bindings: HttpBindings }>;

function makeApp(options: ConsoleOptions, parts: ConsoleParts, place: Place, leave: Set<() => void>): App {
  const { clock, random } = options.world;
  const perAddress = new Buckets(clock, { burst: 300, perMinute: 1_800 });
  const together = new Buckets(clock, { burst: 600, perMinute: 3_600 });
  const app: App = new Hono();
  app.onError((error, c) => {
    const hasLeft = c.req.raw.signal.aborted && !(error instanceof AssertionFailed);
    if (hasLeft) return c.body(null, 503);
    const { status, ...body } = refusalOf(error, `${c.req.method} ${c.req.path}`, options);
    return c.json(body, status);
  });
  app.use(guardHeaders(place));
  app.use(guardPlace(place)); // first: a page elsewhere takes nothing from who works here
  app.use(async (c, next) => {
    if (!perAddress.take(addressOf(c)) || !together.take('')) throw busy();
    return next();
  });
  app.route('/api', makeRoutes(parts, leave));
  app.get('*', (c) => servePage(c, { folder: options.pages, random }));
  return app;
}

const shownHost = (address: string): string =>
  address === '0.0.0.0' || address === '::' ? 'localhost' : isIP(address) === 6 ? `[${address}]` : address;

function capAddresses(server: Server): void {
  const held = new Map<string, number>();
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (held.get(address) ?? 0) + 1;
    held.set(address, count);
    socket.once('close', () => {
      const left = (held.get(address) ?? 0) - 1;
      if (left > 0) held.set(address, left);
      else held.delete(address);
    });
    if (count > mostOfAddress) socket.destroy();
  });
}

/** False: the port is taken. */
function listens(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      server.off('listening', succeed);
      if (error.code === 'EADDRINUSE' && port !== 0) resolve(false);
      else reject(error);
    };
    const succeed = (): void => {
      server.off('error', fail);
      resolve(true);
    };
    server.once('error', fail);
    server.once('listening', succeed);
    server.listen(port, host);
  });
}
