import { describe, expect, test } from 'vitest';
import { type ErrorCode, errorTable } from '../../../terminal/base/error-table.ts';
import { errorBody, errorText, TerminalError } from '../../../terminal/base/errors.ts';

const isCode = (code: string): code is ErrorCode => code in errorTable;
const codes = Object.keys(errorTable).filter(isCode);
const holes = (text: string): readonly string[] => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).toSorted();

describe('every refusal has words in both languages with the same details', () => {
  test.each(codes)('%s', (code) => {
    const { zh, en } = errorTable[code];
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).toMatch(/^[ -~]+$/);
    expect(holes(zh)).toEqual(holes(en));
  });
});

test('the details stand in the words', () => {
  const details = { limit: '100.00', value: '200.00' };
  expect(errorText('INSUFFICIENT_BALANCE', details, 'zh')).toBe('可用余额100.00元，不足200.00元');
  expect(errorBody(new TerminalError('INSUFFICIENT_BALANCE', details))).toEqual({
    code: 'INSUFFICIENT_BALANCE',
    zh: '可用余额100.00元，不足200.00元',
    en: 'Available balance 100.00 yuan is less than 200.00 yuan',
    details,
  });
});

test('a detail that is missing leaves no brace behind', () => {
  expect(errorText('OPERATOR_LOCKED', {}, 'en')).not.toMatch(/[{}]/);
});

test('what stands in brackets goes with its first detail', () => {
  const words = (value: string, limit: string) =>
    errorText('OFFLINE_NOT_ALLOWED', { what: 'offline-amount', value, limit }, 'zh');
  expect(words('300.00', '200.00')).toMatch(/ 300\.00，限200\.00$/);
  expect(words('', '')).not.toMatch(/[[\]，]/);
});

test.each([
  ['NOT_FOUND', { what: 'transaction', no: '000099' }, '找不到交易 000099', 'transaction 000099 was not found'],
  ['NOT_FOUND', { what: 'batch-slip', no: '' }, '找不到批结算单', 'batch slip was not found'],
  ['NOT_FOUND', { what: '--db', no: 'x.db' }, '找不到--db x.db', '--db x.db was not found'],
  [
    'ILLEGAL_STATE',
    { state: 'FAILED', event: 'reprint' },
    '现在不能重打印 (FAILED)',
    'Not possible now (FAILED): reprint',
  ],
] as const)('%s %o is said in words', (code, details, zh, en) => {
  expect(errorBody(new TerminalError(code, details))).toMatchObject({ zh, en });
});
