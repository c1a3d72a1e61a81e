import { expect, test } from 'vitest';
import type { ParameterRow } from '../../../../terminal/console/contract.ts';
import { markOf, markSigns, shownParameters } from '../../../../terminal/console/web/pages/parameter-changes.ts';

const row = (over: Partial<ParameterRow> = {}): ParameterRow => ({
  name: 'batch.maxRecords',
  value: 500,
  usual: 500,
  before: undefined,
  ...over,
});

test.each([
  ['as the program would take it', row(), 'usual'],
  ['another value than the usual', row({ value: 300 }), 'set'],
  ['changed by the last revision', row({ value: 300, before: 400 }), 'changed-now'],
  ['changed back to the usual', row({ before: 300 }), 'changed-now'],
  ['switched off, which is a value like others', row({ value: false, usual: true, before: true }), 'changed-now'],
  ['the revision before had the same', row({ value: 300, before: 300 }), 'set'],
  ['the terminal does not use it', row({ usual: undefined }), 'unknown'],
] as const)('a parameter is marked: %s', (_, parameter, mark) => {
  expect(markOf(parameter)).toBe(mark);
});

test('each mark has a sign of its own, so that colour alone says nothing', () => {
  const signs = Object.values(markSigns);
  expect(new Set(signs).size).toBe(signs.length);
});

const wordsOf = (name: string): string => (name === 'refund.maxFen' ? '单笔退货上限' : name);
const rows = [
  row(),
  row({ name: 'refund.maxFen', value: 1 }),
  row({ name: 'new.flag', usual: undefined }),
  row({ name: 'offline.enabled', value: true, usual: false, before: false }),
];
const names = (search: string, onlyChanged = false): readonly string[] =>
  shownParameters(rows, { search, onlyChanged, wordsOf }).map(({ name }) => name);

test('what changed stands first, then what is not usual, last what only the host uses', () => {
  expect(names('')).toEqual(['offline.enabled', 'refund.maxFen', 'batch.maxRecords', 'new.flag']);
});

test('a search finds names and words, in any case', () => {
  expect(names('退货')).toEqual(['refund.maxFen']);
  expect(names(' OFFLINE ')).toEqual(['offline.enabled']);
  expect(names('nothing like it')).toEqual([]);
});

test('only what is not usual, when that is asked for', () => {
  expect(names('', true)).toEqual(['offline.enabled', 'refund.maxFen']);
});
