import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import { TerminalError } from '../base/errors.ts';

/** What a request must be before anything is looked at, and what every answer says of itself. */

/** `hosts`: whether a name or address with its port is this server; a foreign name may point to this machine. */
export interface Place {
  readonly scheme: 'http' | 'https';
  readonly isOurs: (host: string) => boolean;
}

/** This server's own files and what it made itself; styles of components carry the page's nonce. */
export const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

const apiPolicy = "default-src 'none'; frame-ancestors 'none'";

export const guardHeaders = ({ scheme }: Place): MiddlewareHandler => {
  return async (c, next) => {
    await next();
    if (!c.res.headers.has('Content-Security-Policy')) c.header('Content-Security-Policy', apiPolicy);
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    c.header('X-Frame-Options', 'DENY');
    c.header('Cross-Origin-Opener-Policy', 'same-origin');
    c.header('Cross-Origin-Resource-Policy', 'same-origin');
    if (scheme === 'https') c.header('Strict-Transport-Security', 'max-age=31536000');
  };
};

const standardPorts = { http: 80, https: 443 } as const;

/** This machine, or with TLS what the certificate is for. Browsers leave out the port that a scheme has by itself. */
export function ourHosts({
  scheme,
  port,
  certificate,
}: Pick<Place, 'scheme'> & {
  readonly port: () => number;
  readonly certificate: X509Certificate | undefined;
}): (host: string) => boolean {
  return (host) => {
    const [, name = '', said] = /^(\[[\da-f:]+\]|[\w.-]+)(?::(\d+))?$/.exec(host.toLowerCase()) ?? [];
    if (name === '' || Number(said ?? standardPorts[scheme]) !== port()) return false;
    const bare = name.replace(/^\[|\]$/g, '');
    if (bare === 'localhost' || isLoopback(bare)) return true;
    if (!certificate) return false;
    return (isIP(bare) ? certificate.checkIP(bare) : certificate.checkHost(bare)) !== undefined;
  };
}

export const isLoopback = (address: string): boolean => address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);

/** FORBIDDEN. */
export function guardPlace({ scheme, isOurs }: Place): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host') ?? '';
    if (!isOurs(host)) throw refused('Host');
    if (c.req.method !== 'GET' && c.req.header('origin') !== `${scheme}://${host}`) throw refused('Origin');
    if (isFromElsewhere(c)) throw refused('Sec-Fetch-Site');
    return next();
  };
}

/** Browsers say where a request comes from; other programs do not. A link from elsewhere leads to the page, to nothing else. */
function isFromElsewhere(c: Context): boolean {
  const site = c.req.header('sec-fetch-site') ?? 'none';
  if (site === 'same-origin' || site === 'none') return false;
  return c.req.path.startsWith('/api/') || c.req.header('sec-fetch-dest') !== 'document';
}

/** Names what was wrong: `Host`, `Origin`, `X-CSRF-Token`. A page that is told the last asks `/session` again. */
export const refused = (what: string): TerminalError => new TerminalError('FORBIDDEN', { operator: '', action: what });
