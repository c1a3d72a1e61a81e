import { csv } from './dialect.ts';
import type { OutFile } from './out-file.ts';
import { bodyTexts, type Counted, factText, headText, type Order, totalText } from './table.ts';
import { fileWords } from './words.ts';

const newLine = csv.between;

/** UTF-8 with a BOM, which spreadsheets ask for; CRLF (RFC 4180). The last line has the SHA-256 of all before it. */
export async function writeCsv(order: Order, out: OutFile): Promise<number> {
  const counted: Counted = { rows: 0, sums: [] };
  await out.write(`\ufeff${headText(order, csv)}${newLine}`);
  for await (const text of bodyTexts(order, csv, counted)) {
    await out.write(text);
    await out.write(newLine);
  }
  const total = totalText(order, csv, counted);
  if (total !== '') await out.write(total + newLine);
  const facts = [...order.sheet.facts, { head: fileWords.rows, value: String(counted.rows) }];
  for (const fact of facts) await out.write(factText(order, csv, fact) + newLine);
  await out.write(factText(order, csv, { head: fileWords.sha256, value: out.sha256 }) + newLine);
  return counted.rows;
}
