import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { booksOf, hear, plantDifferences } from '../terminal/flows/bill-rig.ts';
import type { Matched } from './match-child.ts';

/** B-032 at its full size: a bill of 100,000 lines, a tenth of them refunds. Memory is watched while it is matched (F7: 30 MB at most), in a process of its own. */

/** Where its packages are found. */
const child = join(import.meta.dirname, '../../node_modules/.cache', `match-child-${process.pid}.mjs`);
const [sales, refundEvery] = [92_000, 10];

test('B-032 a bill of 100,000 lines with 50 planted differences: exactly these are found, within 30 MB', async () => {
  const books = booksOf(sales, refundEvery);
  try {
    expect(books.lines.length).toBeGreaterThan(100_000);
    const { bill, planted } = plantDifferences(books.lines, 50);
    hear(books, bill, 1);
    books.db.close();
    await bundle();
    const matched: Matched = JSON.parse(execFileSync(process.execPath, [child, books.folder], { encoding: 'utf8' }));
    expect(new Map(matched.found)).toEqual(planted);
    const spoilt = [...planted.values()].filter((kind) => kind !== 'surplus').length;
    const agreed = books.lines.length - spoilt;
    expect(matched.run).toMatchObject({ state: 'DIFFERENCES', matched: agreed, differences: 50, waiting: 0 });
    expect(matched.memoryMb).toBeLessThan(30);
  } finally {
    books.close();
    rmSync(child, { force: true });
  }
}, 120_000);

const bundle = () =>
  build({
    entryPoints: [join(import.meta.dirname, 'match-child.ts')],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
