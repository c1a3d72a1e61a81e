import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { Context } from 'hono';
import type { Random } from '../base/random.ts';
import { policy } from './guard.ts';

/** The built pages, from disk. */

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

const coded: readonly (readonly [string, string])[] = [
  ['br', '.br'],
  ['gzip', '.gz'],
];

/** Whole names, no dot in front: so no way up, and nothing hidden. */
const assetPath = /^\/(?:[A-Za-z0-9_-][\w.-]*\/)*[A-Za-z0-9_-][\w.-]*$/;

export interface PageOptions {
  /** Where vite put them: `index.html` and `assets/`. */
  readonly folder: string;
  readonly random: Random;
}

/** A file where the path names one; the page itself for every other path, since it finds its way by itself. */
export async function servePage(c: Context, options: PageOptions): Promise<Response> {
  const { path } = c.req;
  if (extname(path) === '') return index(c, options);
  return (await asset(c, options.folder)) ?? c.text('没有这个文件 no such file', 404);
}

async function index(c: Context, { folder, random }: PageOptions): Promise<Response> {
  const html = await readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined);
  if (html === undefined) return c.text(`页面未构建 the pages are not built: ${folder}`, 404);
  const nonce = Buffer.from(random.bytes(18)).toString('base64');
  c.header('Content-Security-Policy', policy(nonce));
  return c.html(html.replaceAll('__NONCE__', nonce));
}

async function asset(c: Context, folder: string): Promise<Response | undefined> {
  const { path } = c.req;
  const type = types[extname(path)];
  if (type === undefined || !assetPath.test(path)) return undefined;
  const accepted = (c.req.header('accept-encoding') ?? '').split(',').map((word) => word.trim().split(';')[0]);
  for (const [coding, ending] of [...coded.filter(([name]) => accepted.includes(name)), ['', ''] as const]) {
    const bytes = await fileIn(folder, `${path}${ending}`);
    if (!bytes) continue;
    c.header('Content-Type', type);
    c.header('Vary', 'Accept-Encoding');
    if (coding !== '') c.header('Content-Encoding', coding);
    // The name of what stands in `assets` holds the hash of its content.
    c.header('Cache-Control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    return c.body(bytes);
  }
  return undefined;
}

/** Undefined also for what a link leads to outside the folder. */
async function fileIn(folder: string, path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    if (!file.startsWith(root + sep) || !(await stat(file)).isFile()) return undefined;
    return new Uint8Array(await readFile(file));
  } catch {
    return undefined;
  }
}
