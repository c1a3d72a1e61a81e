import { describe, expect, test } from 'vitest';
import { errorTable } from '../../../terminal/base/error-table.ts';
import { responseCodes, responseRows } from '../../../terminal/screens/response-codes.ts';
import { bodyRows, columns, textWidth, wrap } from '../../../terminal/screens/screen.ts';
import { rowsOf } from '../../../terminal/screens/texts.ts';
import { en } from '../../../terminal/screens/texts-en.ts';
import { zh } from '../../../terminal/screens/texts-zh.ts';

/** The widest value that each name in braces can stand for. */
const widest: Readonly<Record<string, string>> = {
  step: '5',
  time: '12-31 23:59',
  operator: '98',
  count: '500',
  batch: '999999',
  hours: '9999',
  problem: 'open cover',
  digits: '8',
  seconds: '60',
  index: '500',
  done: '500',
  of: '500',
  version: '10.20.30',
  schema: '1000',
  hotline: '400-820-5555',
  limit: '99',
  least: '16',
  most: '24',
  rev: '99999',
  type: 'Pre-auth',
  stan: '999999',
  amount: '9,999,999.99',
};

const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();
const filled = (text: string): string => text.replace(/\{(\w+)\}/g, (_, name: string) => widest[name] ?? `{${name}}`);

/** Cells that a text may take, by the first word of its key. */
function room(key: string): { cells: number; rows: number } {
  if (key === 'mark') return { cells: 6, rows: 1 };
  if (key.startsWith('title.')) return { cells: columns - textWidth(zh.mark), rows: 1 };
  if (/^(menu|choice)\./.test(key)) return { cells: columns - 2, rows: 1 };
  if (/^(label|type)\./.test(key)) return { cells: 8, rows: 1 };
  if (/^(keys|link|problem|state|settleState|notice|advice|reason)\./.test(key)) return { cells: columns, rows: 1 };
  return { cells: columns, rows: 3 };
}

/** Unicode's ambiguous-width and half-width neighbours: only ASCII, Chinese characters and full-width punctuation keep the grid. */
const keepsTheGrid = /^[ -~\n\u3001-\u3002\u4e00-\u9fff\uff01-\uff5e]*$/;

const entries = Object.entries(zh).flatMap(([key, text]) => [
  { key, language: 'zh', text: text as string },
  { key, language: 'en', text: en[key as keyof typeof zh] },
]);

describe('every text of the screen', () => {
  test.each(entries)('$key in $language fits its rows', ({ key, text }) => {
    const rows = filled(text).split('\n');
    for (const row of rows) expect(textWidth(row), row).toBeLessThanOrEqual(room(key).cells);
    expect(rows.length).toBeLessThanOrEqual(room(key).rows);
    expect(text).toMatch(keepsTheGrid);
    expect(filled(text)).not.toContain('{');
  });

  test('both languages have the same keys, and the same values in each', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
    for (const [key, text] of Object.entries(zh)) expect(names(en[key as keyof typeof zh]), key).toEqual(names(text));
  });

  test.each(['…', '—', '“', '”', '¥', '①', '↑', '·', '×'])('a catalogue with %s would fail', (char) => {
    expect(`余额${char}不足`).not.toMatch(keepsTheGrid);
  });
});

describe('response codes', () => {
  const codes = '00 01 03 04 05 13 14 30 41 43 51 54 55 57 58 59 61 65 68 75 77 91 94 96'.split(' ');

  test('all of the amount table have a text', () =>
    expect(Object.keys(responseCodes)).toEqual(expect.arrayContaining(codes)));

  test.each([...Object.keys(responseCodes), 'ZZ'])('(%s) fits in both languages', (code) => {
    for (const language of ['zh', 'en'] as const) {
      for (const row of responseRows(code, language)) {
        expect(textWidth(row), row).toBeLessThanOrEqual(columns);
        expect(row).toMatch(keepsTheGrid);
      }
    }
  });

  test.each([
    ['51', '(51)余额不足', '请换卡'],
    ['91', '(91)发卡行不能操作', '可重试'],
    ['77', '(77)批次不一致', '请重新签到(7 1)'],
    ['04', '(04)此卡被没收', '请没收卡并联系上游'],
    ['Q9', '(Q9)交易失败', '请持卡人联系发卡行'],
  ])('%s says %s, %s', (code, text, act) => expect(responseRows(code, 'zh')).toEqual([text, act]));
});

describe('texts of refusals', () => {
  test.each(Object.entries(errorTable))('%s is broken into rows that fit', (_code, { zh: chinese, en: english }) => {
    for (const text of [chinese, english]) {
      const rows = wrap(text.replace(/\{\w+\}/g, '1,234.56'));
      expect(rows.length).toBeLessThanOrEqual(bodyRows - 1);
      for (const row of rows) expect(textWidth(row), row).toBeLessThanOrEqual(columns);
    }
  });

  test.each([
    ['可用余额100.00元，不足200.00元', ['可用余额100.00元，', '不足200.00元']],
    ['The host is not connected; try again', ['The host is not', 'connected; try again']],
    ['一二三四五六七八九十，十一', ['一二三四五六七八九十', '十一']],
    ['一二三四五六七八九十一，十', ['一二三四五六七八九十', '一，十']],
    ['一二三四五六七八九十一。', ['一二三四五六七八九十', '一。']],
    ['改 \u001b[2J 名', ['改 ?[2J 名']],
  ])('%s', (text, rows) => expect(wrap(text)).toEqual(rows));
});

describe('a refusal in words', () => {
  test.each([
    ['an action', 'FORBIDDEN', { operator: '01', action: 'settle' }, '资金结算'],
    ['a thing that is called like an action', 'NOT_FOUND', { what: 'drawer', no: '' }, '找不到钱箱'],
    ['a rule that is called like an action', 'RISK_BLOCKED', { no: '', rule: 'sale' }, '单笔超额'],
  ] as const)('%s', (_, error, details, words) => {
    expect(rowsOf({ error, details }, 'zh').join('')).toContain(words);
  });
});
