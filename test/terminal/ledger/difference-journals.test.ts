import * as v from 'valibot';
import { expect, test } from 'vitest';
import { journalOnWire } from '../../../sync/protocol/common.ts';
import { fen } from '../../../terminal/base/money.ts';
import {
  differenceSuspended,
  shortageWrittenOff,
  surplusGivenBack,
  suspenseUndone,
} from '../../../terminal/ledger/difference-journals.ts';
import { type Journal, toWire } from '../../../terminal/ledger/journal.ts';
import { at } from './book.ts';

const deed = { at, by: 'SYS' };
const surplus = { no: 'D1', channel: '1101:2026-11-20', deltaFen: fen(500) };
const shortage = { no: 'D2', channel: '1102:2026-11-20', deltaFen: fen(-300) };

test.each<[string, Journal, string, readonly string[]]>([
  ['J-80 长款', differenceSuspended(surplus, deed), 'diff:D1', ['D 1101:2026-11-20 500', 'C 2490:D1 500']],
  ['J-81 短款', differenceSuspended(shortage, deed), 'diff:D2', ['D 1290:D2 300', 'C 1102:2026-11-20 300']],
  ['J-82 of a surplus', suspenseUndone(surplus, deed), 'undiff:D1', ['D 2490:D1 500', 'C 1101:2026-11-20 500']],
  ['J-82 of a shortage', suspenseUndone(shortage, deed), 'undiff:D2', ['D 1102:2026-11-20 300', 'C 1290:D2 300']],
  ['J-83', shortageWrittenOff(shortage, deed), 'diff-lost:D2', ['D 5002 300', 'C 1290:D2 300']],
  ['J-84', surplusGivenBack(surplus, deed), 'diff-back:D1', ['D 2490:D1 500', 'C 1101:2026-11-20 500']],
])('%s is posted as accounting.md has it', (name, journal, key, lines) => {
  expect([journal.event, journal.key]).toEqual([name.slice(0, 4), key]);
  expect(journal.lines.map(({ side, account, amount }) => `${side} ${account} ${amount}`)).toEqual(lines);
  expect(v.is(journalOnWire, toWire(journal))).toBe(true);
});
