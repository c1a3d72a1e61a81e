import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { journalOnWire } from '../../../sync/protocol/common.ts';
import { type Journal, toWire } from '../../../terminal/ledger/journal.ts';
import { at, clear, funds, released, returned, sale, settle, settled } from './book.ts';

/** `D 2002 100`: side, account, fen. */
const linesOf = (journal: Journal | undefined): readonly string[] | undefined =>
  journal?.lines.map(({ side, account, amount }) => `${side} ${account} ${amount}`);

const cases: readonly [string, Journal | undefined, string, string, readonly string[]][] = [
  ['sale', sale('T1', 10_000), 'J-01', 'sale:T1', ['D 1101:2026-11-20 10000', 'C 2001:T1 10000']],
  ['clearing', clear('T1', 10_000, 60), 'J-03', 'clear:T1', ['D 2001:T1 10000', 'C 2002 9940', 'C 4001 60']],
  ['clearing without a fee', clear('T1', 50, 0), 'J-03', 'clear:T1', ['D 2001:T1 50', 'C 2002 50']],
  ['clearing, all of it fee', clear('T1', 50, 50), 'J-03', 'clear:T1', ['D 2001:T1 50', 'C 4001 50']],
  [
    'money from the channel',
    funds(10_000, 2),
    'J-05',
    'fund:1101:2026-11-20:2',
    ['D 1001 10000', 'C 1101:2026-11-20 10000'],
  ],
  ['money to the channel', funds(-300), 'J-05', 'fund:1101:2026-11-20:1', ['D 1101:2026-11-20 300', 'C 1001 300']],
  ['settlement requested', settle('S1', 9_000), 'J-20', 'settle:S1', ['D 2002 9000', 'C 2005:S1 9000']],
  ['settlement succeeded', settled('S1', 9_000), 'J-21', 'settled:S1', ['D 2005:S1 9000', 'C 1001 9000']],
  [
    'settlement succeeded with a service fee',
    settled('S1', 9_000, 20),
    'J-21',
    'settled:S1',
    ['D 2005:S1 9000', 'C 1001 8980', 'C 4002 20'],
  ],
  ['settlement released', released('S1', 9_000), 'J-22', 'unsettle:S1', ['D 2005:S1 9000', 'C 2002 9000']],
  ['settlement returned', returned('S1', 9_000, 20), 'J-23', 'settle-return:S1', ['D 1001 8980', 'C 2002 8980']],
];

describe('the postings in force are accounting.md §3', () => {
  test.each(cases.map(([what, journal, event, ...rest]) => [event, what, journal, ...rest] as const))(
    '%s %s',
    (event, _, journal, key, lines) => {
      expect([journal?.event, journal?.key, journal?.at, journal?.by]).toEqual([event, key, at, '01']);
      expect(linesOf(journal)).toEqual(lines);
    },
  );

  test.each(cases)('%s fits the protocol', (_, journal) => {
    expect(journal && v.safeParse(journalOnWire, toWire(journal)).issues).toBeUndefined();
  });
});

test('nothing received is no journal', () => {
  expect(funds(0)).toBeUndefined();
});

test.each([
  ['a service fee as big as the settlement', () => settled('S1', 100, 100)],
  ['a service fee over the settlement', () => returned('S1', 100, 101)],
  ['a negative service fee', () => settled('S1', 100, -1)],
])('%s is a bug: the host refuses it', (_, make) => {
  expect(make).toThrow('the service fee is less than the amount');
});
