import { hash } from 'node:crypto';
import { html } from './dialect.ts';
import type { OutFile } from './out-file.ts';
import { bodyTexts, type Counted, factText, headText, type Order, totalText } from './table.ts';
import { fileWords } from './words.ts';

const style = `
@page { size: A4; margin: 15mm 12mm }
body { font: 10pt/1.4 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #000; background: #fff; margin: 8mm }
h1 { font-size: 16pt; margin: 0 0 4mm }
table { border-collapse: collapse; width: 100%; margin-bottom: 5mm }
table.facts { width: auto }
td { border: 1px solid #888; padding: 1mm 2mm; text-align: left; vertical-align: top }
table.facts td { border: 0; padding: 0.5mm 6mm 0.5mm 0 }
td.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
thead { display: table-header-group }
thead td, tfoot td { font-weight: bold; background: #eee }
tr { break-inside: avoid }
p { overflow-wrap: anywhere; font-size: 8pt }
`;

/** A page that may do nothing but show itself: whoever serves it may send the same as a header. */
export const printablePolicy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'`;

/** A document to be printed: no script, its own style, paper of A4. */
export async function writeHtml(order: Order, out: OutFile): Promise<number> {
  const { sheet, language } = order;
  const counted: Counted = { rows: 0, sums: [] };
  const title = sheet.title[language];
  await out.write(
    `<!doctype html>\n<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">\n<head>\n<meta charset="utf-8">\n` +
      `<meta http-equiv="Content-Security-Policy" content="${printablePolicy}">\n` +
      `<title>${title}</title>\n<style>${style}</style>\n</head>\n<body>\n<h1>${title}</h1>\n<table class="facts">\n`,
  );
  for (const fact of sheet.facts) await out.write(`${factText(order, html, fact)}\n`);
  await out.write(`</table>\n<table>\n<thead>${headText(order, html)}</thead>\n<tbody>\n`);
  for await (const text of bodyTexts(order, html, counted)) await out.write(text);
  await out.write(`</tbody>\n<tfoot>${totalText(order, html, counted)}</tfoot>\n</table>\n`);
  await out.write(
    `<p>${fileWords.rows[language]} ${counted.rows} · ${fileWords.sha256[language]} ${out.sha256}</p>\n</body>\n</html>\n`,
  );
  return counted.rows;
}
