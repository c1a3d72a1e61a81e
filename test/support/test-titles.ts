import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const listing = v.array(v.object({ name: v.string(), file: v.string() }));

/** `file > title` of each test in these files, rows of tables too. The files are loaded as for a run, and none of their tests is run. */
export async function testTitles(files: readonly string[]): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'titles-'));
  try {
    const json = join(folder, 'titles.json');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    // What a worker of vitest is told in its environment is not for the one that is started here.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|POS_TEST)/.test(name)));
    const args = ['list', '--no-isolate', '--pool=threads', `--json=${json}`, ...files];
    await run(process.execPath, [vitest, ...args], { cwd: root, env });
    const found = v.parse(listing, JSON.parse(readFileSync(json, 'utf8')));
    return found.map(({ file, name }) => `${file.slice(root.length + 1)} > ${name}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
