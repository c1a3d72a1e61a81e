import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { RanTest } from './cover.ts';
import { anyId } from './rule-ids.ts';

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Runs every test whose name carries an id, those of the system too, and tells how each ended. What the tests say goes to standard error. */
export async function runTests(root: string): Promise<readonly RanTest[]> {
  const reports = mkdtempSync(join(tmpdir(), 'rules-'));
  try {
    await run(root, ['npx', 'vitest', 'run', '-t', anyId], reports);
    await run(root, ['bash', 'scripts/test-system.sh', '-t', anyId], reports);
    return readdirSync(reports).flatMap((file) => testsOf(root, JSON.parse(readFileSync(join(reports, file), 'utf8'))));
  } finally {
    rmSync(reports, { recursive: true });
  }
}

const testsOf = (root: string, report: Report): readonly RanTest[] =>
  report.testResults.flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ fullName, status }) => ({
        name: fullName,
        file: relative(root, file.name),
        passed: status === 'passed',
      })),
  );

/** A failed test is a result, not an error here. */
function run(root: string, [command = '', ...args]: readonly string[], reports: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, POS_TEST_REPORTS: reports };
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', process.stderr, process.stderr] });
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}
