import type { Hono } from 'hono';
import { deskJs } from './desk-js.ts';
import { dialogJs } from './dialog-js.ts';
import { elementsJs } from './elements-js.ts';
import { moneyViewsJs } from './money-views-js.ts';
import { otherViewsJs } from './other-views-js.ts';
import { deskCss } from './page-css.ts';
import { deskHtml, iconSvg } from './page-html.ts';
import { riskViewsJs } from './risk-views-js.ts';

const javascript = 'text/javascript; charset=utf-8';

/** The page and its files: plain scripts, in the order in which the page names them. */
const files: readonly (readonly [path: string, text: string, type: string])[] = [
  ['/desk.css', deskCss, 'text/css; charset=utf-8'],
  ['/icon.svg', iconSvg, 'image/svg+xml'],
  ['/elements.js', elementsJs, javascript],
  ['/dialog.js', dialogJs, javascript],
  ['/money-views.js', moneyViewsJs, javascript],
  ['/risk-views.js', riskViewsJs, javascript],
  ['/other-views.js', otherViewsJs, javascript],
  ['/desk.js', deskJs, javascript],
];

export function addPage(app: Hono): void {
  app.get('/', (c) => c.html(deskHtml(c.req.query('lang') === 'en' ? 'en' : 'zh')));
  for (const [path, text, type] of files) app.get(path, (c) => c.body(text, 200, { 'Content-Type': type }));
}
