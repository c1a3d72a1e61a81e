import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { coverOf, strangeIds, verdictOf } from './rules/cover.ts';
import { runTests } from './rules/run-tests.ts';

/**
 * `npm run rules [-- --json]`: runs the files of the tests that carry the id of a rule, a posting or an invariant, and prints for each id of
 * test/rules.json which tests carry it and whether they passed. Ends in `{"covered":[…],"failing":[…],"missing":[…]}`, and with 1 where one fails or is
 * missing; a file or a run that broke stands in `failing` by its name.
 */

const root = resolve(__dirname, '..');

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const rules: Readonly<Record<string, string>> = JSON.parse(readFileSync(`${root}/test/rules.json`, 'utf8'));
  const { tests: ran, broken } = await runTests(root);
  const covers = coverOf(rules, ran);
  for (const { id, rule, tests } of covers) {
    if (values.json) process.stdout.write(`${JSON.stringify({ id, rule, tests })}\n`);
    else {
      process.stdout.write(`${id}  ${rule}\n`);
      for (const { name, file, passed } of tests) process.stdout.write(`  ${passed ? '✓' : '✗'} ${file}: ${name}\n`);
      if (tests.length === 0) process.stdout.write('  没有测试 no test\n');
    }
  }
  const strange = strangeIds(rules, ran);
  if (strange.length > 0)
    process.stderr.write(`测试里有、rules.json 里没有 in tests, not in rules.json: ${strange.join(' ')}\n`);
  const verdict = verdictOf(covers, broken);
  process.stdout.write(`${JSON.stringify(verdict)}\n`);
  process.exitCode = verdict.failing.length + verdict.missing.length + strange.length > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
