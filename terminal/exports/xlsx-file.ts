import { createHash } from 'node:crypto';
import { xlsx } from './dialect.ts';
import type { OutFile } from './out-file.ts';
import type { Fact } from './sheet.ts';
import { bodyTexts, type Counted, factText, headText, type Order, totalText } from './table.ts';
import { fileWords } from './words.ts';
import { ZipFile } from './zip-file.ts';

/**
 * A workbook (ECMA-376) of two sheets, rows and facts, written as it goes: packages that write workbooks hold all of it in memory and make it in one piece (write-excel-file),
 * which neither the memory nor the sales beside it allow (F8).
 */
export async function writeXlsx(order: Order, out: OutFile): Promise<number> {
  const counted: Counted = { rows: 0, sums: [] };
  const zip = new ZipFile(out);
  for (const [name, text] of Object.entries(frame(order))) await zip.add(name, [text]);
  const hash = createHash('sha256');
  await zip.add('xl/worksheets/sheet1.xml', hashed(rowsSheet(order, counted), hash));
  const facts: readonly Fact[] = [
    ...order.sheet.facts,
    { head: fileWords.rows, value: String(counted.rows) },
    { head: fileWords.sheetSha256, value: hash.digest('hex') },
  ];
  await zip.add('xl/worksheets/sheet2.xml', [factsSheet(order, facts)]);
  await zip.end();
  return counted.rows;
}

/** Rows of a sheet, with its head and its totals. */
export const mostXlsxRows = 1_048_576 - 2;

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const documents = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

async function* hashed(
  texts: AsyncIterable<string | Uint8Array>,
  sum: { update(text: string | Uint8Array): unknown },
): AsyncGenerator<string | Uint8Array> {
  for await (const text of texts) {
    sum.update(text);
    yield text;
  }
}

const sheetBegin = (pane = ''): string => `${xml}<worksheet xmlns="${main}">${pane}<sheetData>`;
const sheetEnd = '</sheetData></worksheet>';

async function* rowsSheet(order: Order, counted: Counted): AsyncGenerator<string | Uint8Array> {
  const pane =
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';
  yield sheetBegin(pane) + headText(order, xlsx);
  yield* bodyTexts(order, xlsx, counted);
  yield totalText(order, xlsx, counted) + sheetEnd;
}

const factsSheet = (order: Order, facts: readonly Fact[]): string =>
  sheetBegin() + facts.map((fact, line) => factText(order, xlsx, fact, line)).join('') + sheetEnd;

/** A name of a sheet has at most 31 characters and none of these. */
const sheetName = (words: string): string => words.replace(/[\][:*?/\\&<>"']/g, ' ').slice(0, 31);

/** Everything but the sheets. Style 1 is an amount. */
function frame({ sheet, language }: Order): Readonly<Record<string, string>> {
  const names = [sheet.title[language], fileWords.about[language]].map(sheetName);
  const part = (name: string, type: string) =>
    `<Override PartName="/xl/${name}" ContentType="${documents}.${type}+xml"/>`;
  const relation = (id: number, type: string, target: string) =>
    `<Relationship Id="rId${id}" Type="${office}/${type}" Target="${target}"/>`;
  return {
    '[Content_Types].xml': `${xml}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${part('workbook.xml', 'sheet.main')}${part('styles.xml', 'styles')}${part('worksheets/sheet1.xml', 'worksheet')}${part('worksheets/sheet2.xml', 'worksheet')}</Types>`,
    '_rels/.rels': `${xml}<Relationships xmlns="${packages}/relationships">${relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${names.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${xml}<Relationships xmlns="${packages}/relationships">${[1, 2].map((i) => relation(i, 'worksheet', `worksheets/sheet${i}.xml`)).join('')}${relation(3, 'styles', 'styles.xml')}</Relationships>`,
    'xl/styles.xml': `${xml}<styleSheet xmlns="${main}"><fonts count="1"><font><sz val="11"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf xfId="0" numFmtId="4" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  };
}
