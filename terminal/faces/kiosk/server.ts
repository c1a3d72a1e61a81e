import { timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { toString as drawQr } from 'qrcode';
import { type Key, keyNames } from '../../../drivers/devices.ts';
import type { Language } from '../../base/errors.ts';
import type { Runner } from '../../screens/run.ts';
import { kioskCss } from './page-css.ts';
import { iconSvg, kioskHtml } from './page-html.ts';
import { kioskJs } from './page-js.ts';

type CardEntry = 'contactless' | 'swipe' | 'insert';
type Listener = (lines: readonly string[]) => void;
type OnSlip = (listener: Listener) => () => void;

export interface KioskOptions {
  readonly runner: Runner;
  /** Each slip as lines of text; returns the way to stop. Undefined: a real printer has the paper. */
  readonly onSlip?: OnSlip;
  /** Part of the address: who does not know it gets nothing. Made of letters and digits, from a secure source. */
  readonly token: string;
  /** A free one by default. */
  readonly port?: number;
  readonly language?: Language;
  /** Simulated mode: presents a card to the simulated reader, and the page has buttons for it. */
  readonly present?: (how: CardEntry) => void;
  /** Simulated mode: the customer enters this PIN. */
  readonly enterPin?: (pin: string) => void;
  /** More pages of this server, each under its name behind the token; the same guards stand before them. They limit the bodies they take. */
  readonly apps?: Readonly<Record<string, Hono>>;
}

export interface Kiosk {
  readonly url: string;
  stop(): Promise<void>;
}

const host = '127.0.0.1';
const longestBody = 64;
/** The longest that a QR code of level M takes as bytes. */
const longestQr = 2_331;

const keys: ReadonlySet<unknown> = new Set(keyNames);
const isKey = (value: unknown): value is Key => keys.has(value);
const isCard = (value: unknown): value is CardEntry =>
  value === 'contactless' || value === 'swipe' || value === 'insert';
const isPin = (value: unknown): value is string => typeof value === 'string' && /^\d{4,12}$/.test(value);

/** This server's own files only; nothing inline, and no frame around it but one of its own pages. */
const policy = [
  "default-src 'none'",
  ...['script-src', 'style-src', 'connect-src', 'img-src', 'frame-src', 'frame-ancestors'].map(
    (name) => `${name} 'self'`,
  ),
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

/** The address must be ours (a foreign name may point to this machine), the token right, and a command must come from our own page. */
function guard(token: string, origin: () => string): MiddlewareHandler {
  return async (c, next) => {
    if (`http://${c.req.header('host')}` !== origin()) return c.text('wrong host', 403);
    if (!sameText(c.req.param('token') ?? '', token)) return c.notFound();
    if (c.req.method !== 'GET' && c.req.header('origin') !== origin()) return c.text('wrong origin', 403);
    return next();
  };
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

async function bodyOf(c: Context): Promise<unknown> {
  try {
    return await c.req.json();
  } catch {
    return undefined; // not JSON: no key either
  }
}

const languageOf = (text: string | undefined): Language | undefined =>
  text === 'zh' || text === 'en' ? text : undefined;

const field = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;

/** A page that is opened later shows the newest slip, too. */
function rememberSlips(source: OnSlip | undefined): { onSlip: OnSlip; stop: () => void } {
  const listeners = new Set<Listener>();
  let last: readonly string[] | undefined;
  const stop = source?.((lines) => {
    last = lines;
    for (const listener of listeners) listener(lines);
  });
  return {
    stop: stop ?? (() => undefined),
    onSlip(listener) {
      listeners.add(listener);
      if (last) listener(last);
      return () => listeners.delete(listener);
    },
  };
}

export async function serveKiosk(options: KioskOptions): Promise<Kiosk> {
  const slips = rememberSlips(options.onSlip);
  const leave = new Set<() => void>();
  let origin = '';
  const app = new Hono();
  app.use(guardHeaders);
  app.use(
    '/:token/*',
    guard(options.token, () => origin),
  );
  for (const [name, more] of Object.entries(options.apps ?? {})) app.route(`/:token/${name}/`, more);
  app.use(bodyLimit({ maxSize: longestBody, onError: (c) => c.text('too large', 413) }));
  addPage(app, options);
  addKeys(app, options);
  app.get('/:token/events', (c) =>
    streamSSE(c, (stream) => follow(stream, options, slips.onSlip, leave, c.req.query('lang'))),
  );

  const { server, port } = await listen(app, options.port ?? 0);
  origin = `http://${host}:${port}`;
  return {
    url: `${origin}/${options.token}/`,
    async stop() {
      slips.stop();
      for (const end of leave) end();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
    },
  };
}

function addPage(app: Hono, { present, enterPin, language = 'zh', apps = {} }: KioskOptions): void {
  app.get('/:token/', (c) => {
    const alone = 'bench' in apps && c.req.query('part') === 'device';
    const chosen = languageOf(c.req.query('lang')) ?? language;
    const hands = { cards: !alone && present !== undefined, pin: !alone && enterPin !== undefined };
    return c.html(kioskHtml({ ...hands, language: chosen, alone }));
  });
  app.get('/:token/qr.svg', async (c) => {
    const text = c.req.query('text') ?? '';
    if (text === '' || Buffer.byteLength(text) > longestQr) return c.text(`text: 1-${longestQr} bytes`, 400);
    const svg = await drawQr(text, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' });
    return c.body(svg, 200, { 'Content-Type': 'image/svg+xml' });
  });
  app.get('/:token/icon.svg', (c) => c.body(iconSvg, 200, { 'Content-Type': 'image/svg+xml' }));
  app.get('/:token/kiosk.css', (c) => c.body(kioskCss, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
  app.get('/:token/kiosk.js', (c) => c.body(kioskJs, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }));
}

function addKeys(app: Hono, { runner, present, enterPin }: KioskOptions): void {
  app.post('/:token/key', async (c) => {
    const key = field(await bodyOf(c), 'key');
    if (!isKey(key)) return c.text('no such key', 400);
    runner.key(key);
    return c.body(null, 204);
  });
  app.post('/:token/present', async (c) => {
    const card = field(await bodyOf(c), 'card');
    if (!present || !isCard(card)) return c.text('no such card', 400);
    if (!runner.waitsForCard(card)) return c.text('no card is waited for', 409);
    present(card);
    return c.body(null, 204);
  });
  app.post('/:token/pin', async (c) => {
    const pin = field(await bodyOf(c), 'pin');
    if (!enterPin || !isPin(pin)) return c.text('no such PIN', 400);
    if (!runner.waitsForPin()) return c.text('no PIN is waited for', 409);
    enterPin(pin);
    return c.body(null, 204);
  });
}

/** Rejects when the port is taken. */
function listen(app: Hono, port: number): Promise<{ server: ReturnType<typeof serve>; port: number }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (address: AddressInfo) =>
      resolve({ server, port: address.port }),
    );
    server.once('error', reject);
  });
}

/** Sends every screen and the newest slip until the browser goes away, or the face stops. */
async function follow(
  stream: SSEStreamingApi,
  { runner, language }: KioskOptions,
  onSlip: OnSlip,
  leave: Set<() => void>,
  wanted: string | undefined,
): Promise<void> {
  const chosen = languageOf(wanted) ?? language;
  const send = (event: string, data: unknown): void => {
    // A browser that went away is noticed by onAbort; nothing waits for it here.
    stream.writeSSE({ event, data: JSON.stringify(data) }).catch(() => stream.abort());
  };
  const stops = [runner.onScreen((screen) => send('screen', screen), chosen), onSlip((lines) => send('slip', lines))];
  await new Promise<void>((resolve) => {
    leave.add(resolve);
    stops.push(() => leave.delete(resolve));
    stream.onAbort(resolve);
  });
  for (const stop of stops) stop();
}
