import { Hono } from 'hono';
import { toString as drawQr } from 'qrcode';
import type { Language } from '../../base/errors.ts';
import { elementsJs } from './elements-js.ts';
import { faultsJs } from './faults-js.ts';
import { benchCss } from './page-css.ts';
import { benchHtml } from './page-html.ts';
import { benchJs } from './page-js.ts';
import { paperJs } from './paper-js.ts';
import { wireJs } from './wire-js.ts';

/** The longest that a QR code of level M takes as bytes. */
const longestQr = 2_331;

/** The bench page and its own files. What it does goes to the bench's API, which stands beside it under `../sim`. */
export function benchPage(language: Language): Hono {
  const app = new Hono();
  const files: readonly (readonly [string, string, string])[] = [
    ['/bench.css', benchCss, 'text/css; charset=utf-8'],
    ['/elements.js', elementsJs, 'text/javascript; charset=utf-8'],
    ['/bench.js', benchJs, 'text/javascript; charset=utf-8'],
    ['/faults.js', faultsJs, 'text/javascript; charset=utf-8'],
    ['/paper.js', paperJs, 'text/javascript; charset=utf-8'],
    ['/wire.js', wireJs, 'text/javascript; charset=utf-8'],
  ];
  app.get('/', (c) => c.html(benchHtml(language)));
  for (const [path, text, type] of files) app.get(path, (c) => c.body(text, 200, { 'Content-Type': type }));
  app.get('/qr.svg', async (c) => {
    const data = c.req.query('data') ?? '';
    if (data === '' || Buffer.byteLength(data) > longestQr) return c.text(`data: 1-${longestQr} bytes`, 400);
    const svg = await drawQr(data, { type: 'svg', margin: 1, errorCorrectionLevel: 'M' });
    return c.body(svg, 200, { 'Content-Type': 'image/svg+xml' });
  });
  return app;
}
