import { describe, expect, test } from 'vitest';
import { accountKey, accountOf, chart, findAccount, receivableOf } from '../../../terminal/ledger/accounts.ts';

const codes = (wanted: (account: (typeof chart)[number]) => boolean) => chart.filter(wanted).map(({ code }) => code);

describe('the chart of accounts is accounting.md §2', () => {
  test('30 accounts, each once, each with both names', () => {
    expect(chart.length).toBe(30);
    expect(new Set(chart.map(({ code }) => code)).size).toBe(30);
    for (const { zh, en } of chart) expect([zh.length > 0, /^[ -~]+$/.test(en)]).toEqual([true, true]);
  });

  test('claims and losses are debit normal, what is owed or kept is credit normal', () => {
    for (const { code, side } of chart) expect([code, side]).toEqual([code, '15'.includes(code.charAt(0)) ? 'D' : 'C']);
  });

  test('only these may be negative', () => {
    expect(codes((account) => account.mayBeNegative)).toEqual(['1001', '1101', '1102', '1103', '1104', '4001']);
  });

  test('only these stand alone, without dimensions', () => {
    expect(codes((account) => account.dimensions.length === 0)).toEqual([
      '1001',
      '1202',
      '2002',
      '4001',
      '4002',
      '5002',
    ]);
  });

  test('there is no rounding account', () => {
    expect(chart.filter(({ en }) => /round/i.test(en))).toEqual([]);
  });
});

test.each([
  ['2002', '2002'],
  ['1101:2026-11-20', '1101'],
  ['2001:01JD00000000000000000000AB', '2001'],
  ['2005:S-1', '2005'],
  ['2202:P1:T20251121-000123', '2202'],
  ['1201:P1:A1', '1201'],
])('%s is a key of %s', (key, code) => {
  expect(accountOf(key).code).toBe(code);
});

test.each([
  ['an unknown code', '9999'],
  ['nothing', ''],
  ['half a code', '200'],
  ['a dimension too many', '2002:x'],
  ['an empty dimension', '2002:'],
  ['no dimension', '2001'],
  ['no dimension after the colon', '2001:'],
  ['two dimensions for one', '2001:a:b'],
  ['one dimension for two', '2202:P1'],
  ['a number for a date', '1101:20261120'],
  ['a date with blanks', '1101: 2026-11-20'],
  ['a blank in a number', '2001:a b'],
  ['Chinese in a number', '2001:甲'],
  ['another separator', '2001-a'],
])('%s is no account: %j', (_, key) => {
  expect(findAccount(key)).toBeUndefined();
  expect(() => accountOf(key)).toThrow('the account is in the chart');
});

test('a key is the code and its dimensions', () => {
  expect(accountKey('2002')).toBe('2002');
  expect(accountKey('2202', 'P1', 'O1')).toBe('2202:P1:O1');
});

test('every entry mode has its receivable', () => {
  expect(receivableOf).toEqual({
    MAG: '1101',
    CHIP: '1101',
    CONTACTLESS: '1101',
    QR_WECHAT: '1102',
    QR_ALIPAY: '1103',
    QR_UNIONPAY: '1104',
  });
});
