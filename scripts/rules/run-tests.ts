import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { RanTest } from './cover.ts';
import { idsIn } from './rule-ids.ts';

/** What vitest's JSON reporter writes of one run. */
export interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

interface Ran {
  readonly tests: readonly RanTest[];
  /** Files, and whole runs, that failed without a failed test that carries an id: they may have lost any test. */
  readonly broken: readonly string[];
}

interface Run {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** How many reports it leaves when it gets to its end. */
  readonly reports: number;
}

const runs: readonly Run[] = [
  { command: ['npx', 'vitest', 'run'], env: {}, reports: 1 },
  { command: ['bash', 'scripts/test-system.sh'], env: { POS_SYSTEM_TESTS: '1' }, reports: 2 },
];

/**
 * Runs every file with a test whose name carries an id, those of the system too, and tells how each test ended. Whole files: a test may stand on what one
 * without an id did before it. What the tests say goes to standard error.
 */
export async function runTests(root: string): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  try {
    const all: Ran[] = [];
    for (const [n, run] of runs.entries()) {
      const reports = join(folder, String(n));
      mkdirSync(reports);
      const files = await filesWithIds(root, join(folder, `${n}.json`), run.env);
      const code = await start(root, [...run.command, ...files], { POS_TEST_REPORTS: reports });
      all.push(ranIn(root, run, code, readReports(reports)));
    }
    return { tests: all.flatMap(({ tests }) => tests), broken: all.flatMap(({ broken }) => broken) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** None, which stands for all, where one of them can not even be read. */
async function filesWithIds(root: string, into: string, env: Run['env']): Promise<readonly string[]> {
  await start(root, ['npx', 'vitest', 'list', `--json=${into}`], env);
  if (!existsSync(into)) return [];
  const listed: readonly { readonly name: string; readonly file: string }[] = JSON.parse(readFileSync(into, 'utf8'));
  const files = listed.filter(({ name }) => idsIn(name).length > 0).map(({ file }) => relative(root, file));
  return [...new Set(files)];
}

const readReports = (folder: string): readonly Report[] =>
  readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));

/** What one run came to, by how it ended (null: it was killed) and the reports that it left. */
export function ranIn(
  root: string,
  { command, reports: due }: Pick<Run, 'command' | 'reports'>,
  code: number | null,
  reports: readonly Report[],
): Ran {
  const files = reports.flatMap(({ testResults }) => testResults);
  const tests = files.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => ({
      name: fullName,
      file: relative(root, name),
      passed: status === 'passed',
    })),
  );
  const blamed = new Set(tests.filter((test) => !test.passed && idsIn(test.name).length > 0).map(({ file }) => file));
  const failed = files.filter(({ status }) => status !== 'passed').map(({ name }) => relative(root, name));
  const isLost = reports.length < due || (code !== 0 && failed.length === 0);
  return { tests, broken: [...failed.filter((file) => !blamed.has(file)), ...(isLost ? [command.join(' ')] : [])] };
}

/** Its exit code; null: it was killed. A failed test is a result, not an error here. */
function start(
  root: string,
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', process.stderr, process.stderr] as const;
    const child = spawn(program, args, { cwd: root, env: { ...process.env, ...env }, stdio: [...stdio] });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code));
  });
}
