import { describe, expect, test } from 'vitest';
import { amountTable, walletTable } from '../../../sync/host/amount-table.ts';
import { responseCodes, responseRows } from '../../../terminal/screens/response-codes.ts';

/** Field 39: five classes with a fixed text and an action each (payments.md, faces.md). */

const byClass = {
  'A success': ['00', '10', '11'],
  'B may be tried again': ['13', '55', '90'],
  'C not again with this card': [
    ...['01', '02', '03', '05', '12', '14', '15', '21', '22', '25', '38', '40', '45', '51', '54', '57', '58'],
    ...['59', '61', '62', '63', '64', '65', '75', '94'],
  ],
  'D the operator acts': ['04', '07', '34', '41', '43', '67', '77', '97', '99', 'A0'],
  'E a fault of the system': ['06', '30', '68', '91', '92', '96', '98'],
} as const;

describe.each(Object.entries(byClass))('class %s', (name, codes) => {
  test.each(codes)('%s', (code) => expect(responseCodes[code]?.class).toBe(name.slice(0, 1)));
});

test('every code has a class', () => {
  expect(Object.keys(responseCodes).toSorted()).toEqual(Object.values(byClass).flat().toSorted());
});

test.each([
  ['04', '请没收卡并联系上游'],
  ['07', '请没收卡并联系上游'],
  ['13', '请核对金额后重试'],
  ['45', '请插卡'],
  ['51', '请换卡'],
  ['55', '可重试'],
  ['63', '请持卡人联系发卡行'],
  ['68', '请查询末笔 勿重刷'],
  ['77', '请重新签到(7 1)'],
  ['90', '请稍后重试'],
  ['91', '可重试'],
  ['94', '请查询末笔 勿重刷'],
  ['96', '请稍后重试'],
  ['ZZ', '请持卡人联系发卡行'],
])('%s: %s', (code, act) => expect(responseRows(code, 'zh')[1]).toBe(act));

test('an unknown code is 交易失败', () => {
  expect(responseRows('ZZ', 'zh')[0]).toBe('(ZZ)交易失败');
  expect(responseRows('ZZ', 'en')[0]).toBe('(ZZ)Failed');
});

test('every code with which the reference host declines has its words', () => {
  const declined = [...amountTable, ...walletTable].flatMap(({ rule }) => ('code' in rule ? [rule.code] : []));
  const byRule = ['03', '12', '13', '14', '25', '54', '55', '57', '58', '59', '61', '63', '77', '94'];
  for (const code of [...declined, ...byRule]) expect(responseCodes).toHaveProperty(code);
});

test.each([
  ['14', '(14)付款码无效', '请客户刷新付款码'],
  ['54', '(54)付款码已过期', '请客户刷新付款码'],
  ['51', '(51)余额不足', '请换付款方式'],
  ['96', '(96)系统故障', '请稍后重试'],
])('%s of a code sale speaks of no card: %s, %s', (code, ...rows) => {
  expect(responseRows(code, 'zh', true)).toEqual(rows);
});
