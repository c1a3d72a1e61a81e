import { createReadStream, readFileSync } from 'node:fs';
import readXlsx from 'read-excel-file/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { audit } from '../../../terminal/base/audit.ts';
import { inTransaction } from '../../../terminal/base/database.ts';
import { csv } from '../../../terminal/exports/dialect.ts';
import { rowText } from '../../../terminal/exports/slices.ts';
import { sell } from '../till.ts';
import { day, newLibrary, parseCsv, settler, type TestLibrary } from './library.ts';

/** What a person or a host wrote must do nothing in a spreadsheet and nothing in a page. */

let library: TestLibrary;
beforeEach(() => {
  library = newLibrary();
});
afterEach(() => library.close());

/** As it stands in the book; what comes in by the usual road is made safe before. */
const written = (about: string): void => {
  library.db.exec('DROP TRIGGER audit_no_update');
  inTransaction(library.db, (tx) =>
    audit(tx, { at: library.clock.now(), by: 'wang', action: 'note', about: '', outcome: 'ok' }),
  );
  library.db.prepare("UPDATE audit SET about = ? WHERE action = 'note'").run(about);
};
const audited = { kind: 'audit', from: day, to: day } as const;

const cells: readonly (readonly [what: string, text: string, inCsv: string])[] = [
  ['a formula', '=HYPERLINK("http://x","y")', `'=HYPERLINK("http://x","y")`],
  ['a sum', '+1+2', "'+1+2"],
  ['a difference', '-1-2', "'-1-2"],
  ['a macro', '@SUM(A1)', "'@SUM(A1)"],
  ['a long number', '123456789012345678', "'123456789012345678"],
  ['a number of eleven digits', '13800138000', '13800138000'],
  ['a number that begins with zero', '000123', "'000123"],
  ['a zero', '0', '0'],
  ['quotes and commas', 'a "b", c', 'a "b", c'],
  ['markup', '<script>alert(1)</script>&amp;', '<script>alert(1)</script>&amp;'],
  ['Chinese', '备注：正常', '备注：正常'],
];

describe('X-05 X-06: text in a file', () => {
  test.each(cells)('of CSV: %s', async (_, text, inCsv) => {
    written(text);
    const rows = parseCsv(await library.text({ ...audited }));
    expect(rows.find((row) => row[3] === 'note')?.[4]).toBe(inCsv);
  });

  test.each(['\t=1+2', '\r=1+2'])('of CSV: a formula behind %j is text', async (text) => {
    written(text);
    const file = await library.text({ ...audited });
    expect(file).toContain(text === '\t=1+2' ? ",'\t=1+2," : `,"'\r=1+2",`);
  });

  test.each(cells)('of XLSX: %s is text as it is', async (_, text) => {
    written(text);
    const { id } = await library.make({ ...audited, format: 'xlsx' });
    const [sheet] = await readXlsx(createReadStream(library.desk.open(settler, id).file));
    expect(sheet?.data.find((row) => row[3] === 'note')?.[4]).toBe(text);
  });

  test('of XLSX: a control character does not break the file', async () => {
    written('a\u0001b<');
    const { id } = await library.make({ ...audited, format: 'xlsx' });
    const [sheet] = await readXlsx(createReadStream(library.desk.open(settler, id).file));
    expect(sheet?.data.find((row) => row[3] === 'note')?.[4]).toBe('a b<');
  });

  test('of a page: markup is shown, never run', async () => {
    written('<script>alert(1)</script>"&');
    const { id } = await library.make({ ...audited, format: 'html' });
    const page = readFileSync(library.desk.open(settler, id).file, 'utf8');
    expect(page).toContain('<td>&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;</td>');
    expect(page).not.toContain('<script');
  });

  /** What the host calls its reference. */
  const hostile = '1,=1+1"<b>\u0001&';

  test('a reference of the host stays in its cell of CSV', async () => {
    sell(library, 10_001, { rrn: hostile });
    const [head, row] = parseCsv(await library.text({}));
    expect(row).toHaveLength(head?.length ?? 0);
    expect(row?.[10]).toBe(`'${hostile}`);
  });

  test('a reference of the host breaks no workbook and no page', async () => {
    sell(library, 10_001, { rrn: hostile });
    const { id } = await library.make({ format: 'xlsx' });
    const [sheet] = await readXlsx(createReadStream(library.desk.open(settler, id).file));
    expect(sheet?.data[1]?.[10]).toBe('1,=1+1"<b> &');
    expect(await library.text({ format: 'html' })).toContain('<td>1,=1+1&quot;&lt;b&gt; &amp;</td>');
  });

  test('words with a comma, and a code without words, stay in their cell of CSV', () => {
    const words = { x: { zh: '甲,乙', en: 'A, "b"' } };
    const column = { key: 'state', head: { zh: '状态', en: 'State' }, type: 'word', words } as const;
    const cell = (state: string) => rowText(library.db, [column], { state }, { dialect: csv, language: 'en' });
    expect(cell('x')).toBe('"A, ""b"""');
    expect(cell('=1,2')).toBe(`"'=1,2"`);
    expect(cell('PAID')).toBe('PAID');
  });
});
