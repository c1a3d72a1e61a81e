import { describe, expect, test } from 'vitest';
import { coverOf, strangeIds, verdictOf } from '../../scripts/rules/cover.ts';
import { idsIn } from '../../scripts/rules/rule-ids.ts';
import { type Report, ranIn } from '../../scripts/rules/run-tests.ts';

const passed = (name: string) => ({ name, file: 'a.test.ts', passed: true });
// Put together here, so that these names do not count as tests of those rules.
const rule = (letter: string, number: string) => `${letter}-${number}`;
const [five, six, seven] = [rule('B', '005'), rule('B', '006'), rule('J', '07')];

describe('the ids that a name carries', () => {
  test.each([
    [`${five}: a part of the balance`, [five]],
    [`${five} and ${six}, ${five} again`, [five, six]],
    [`the journal ${seven}b`, [`${seven}b`]],
    [`${rule('P', '01')} to ${rule('P', '03')} hold`, ['01', '03', '02'].map((n) => rule('P', n))],
    ['a sale of UTF-16 on COM-12', []],
  ])('%#', (name, ids) => {
    expect(idsIn(name).toSorted()).toEqual(ids.toSorted());
  });
});

test('a rule is covered when every test of it passed; without one it is missing; an id that is no rule is strange', () => {
  const ran = [passed(`${five} one`), { ...passed(`${five} ${six} two`), passed: false }, passed(`${seven} three`)];
  const rules = { [five]: '', [six]: '', [rule('J', '01')]: '' };
  expect(verdictOf(coverOf(rules, ran))).toEqual({ covered: [], failing: [five, six], missing: [rule('J', '01')] });
  expect(verdictOf(coverOf({ [seven]: '' }, ran))).toEqual({ covered: [seven], failing: [], missing: [] });
  expect(strangeIds(rules, ran)).toEqual([seven]);
});

describe('what a run came to', () => {
  const run = { command: ['npx', 'vitest', 'run'], reports: 1 };
  const report = (status: string, ...tests: readonly (readonly [name: string, status: string])[]): Report => ({
    testResults: [
      {
        name: '/r/a.test.ts',
        status,
        assertionResults: tests.map(([fullName, ended]) => ({ fullName, status: ended })),
      },
    ],
  });
  const passing = report('passed', [`${five} one`, 'passed']);
  test.each<[string, number | null, readonly Report[], readonly string[], readonly string[]]>([
    ['all passed', 0, [passing], [], []],
    ['a rule failed', 1, [report('failed', [`${five} one`, 'failed'])], [five], []],
    [
      'a test without an id failed',
      1,
      [report('failed', ['one', 'failed'], [`${five} two`, 'passed'])],
      [],
      ['a.test.ts'],
    ],
    ['a set-up failed, and nothing of it was run', 1, [report('failed', [`${five} one`, 'skipped'])], [five], []],
    ['a file that can not be read', 1, [report('failed')], [], ['a.test.ts']],
    ['one that hangs after its tests', 1, [passing], [], ['npx vitest run']],
    ['no report', 1, [], [], ['npx vitest run']],
    ['killed', null, [passing], [], ['npx vitest run']],
  ])('%s', (_, code, reports, failing, broken) => {
    const ran = ranIn('/r', run, code, reports);
    expect(ran.broken).toEqual(broken);
    expect(verdictOf(coverOf({ [five]: '' }, ran.tests), ran.broken).failing).toEqual([...failing, ...broken]);
  });
});
