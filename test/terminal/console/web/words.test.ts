import { describe, expect, it } from 'vitest';
import { errorTable } from '../../../../terminal/base/error-table.ts';
import { catalogues, isWord, say } from '../../../../terminal/console/web/catalogues.ts';
import { looks } from '../../../../terminal/console/web/states.ts';

const { zh, en } = catalogues;
const keys = Object.keys(zh).filter(isWord);

/** Said alike in both languages: the name of the other one stands in it, or there is nothing to translate. */
const alike = new Set(['language.switch', 'language.other', 'format.xlsx']);

const holes = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();
const hasChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);

describe('the words of the console', () => {
  it('has the same keys in both languages, and none is empty', () => {
    expect(keys.length).toBeGreaterThan(500);
    expect(Object.keys(en).sort()).toEqual([...keys].sort());
    expect(keys.filter((key) => zh[key].trim() === '' || en[key].trim() === '')).toEqual([]);
  });

  it('has no text that was left in the other language', () => {
    expect(keys.filter((key) => !alike.has(key) && zh[key] === en[key] && hasChinese(zh[key]))).toEqual([]);
    expect(keys.filter((key) => !alike.has(key) && hasChinese(en[key]))).toEqual([]);
  });

  it('says something in Chinese wherever the English has words', () => {
    const nameOnly = /^[\s\p{P}\p{S}\d]*(\{\w+\}|[A-Z]{2,}\w*|[\s\p{P}\p{S}\d])*$/u;
    expect(keys.filter((key) => !alike.has(key) && !hasChinese(zh[key]) && !nameOnly.test(zh[key]))).toEqual([]);
  });

  it('quotes alike, and says one thing with one word', () => {
    expect(keys.filter((key) => /"/.test(zh[key] + en[key]))).toEqual([]);
    const others = /结算员|用户名|操作员|已停用.*用户|can not|log-in name|small letters|good until/i;
    expect(keys.filter((key) => others.test(zh[key]) || others.test(en[key]))).toEqual([]);
  });

  it('fills the same values into both', () => {
    expect(keys.filter((key) => holes(zh[key]).join() !== holes(en[key]).join())).toEqual([]);
  });

  it('has a word for every state that a desk can tell', () => {
    expect(Object.keys(looks).filter((state) => !isWord(`state.${state}`))).toEqual([]);
  });

  it('tells what to do next only for codes that there are', () => {
    const ofBrowser = ['usual', 'NO_ANSWER'];
    const known = new Set<string>([...Object.keys(errorTable), ...ofBrowser]);
    const codes = keys.filter((key) => key.startsWith('next.')).map((key) => key.slice('next.'.length));
    expect(codes.filter((code) => !known.has(code))).toEqual([]);
  });

  it('puts values where they belong, and leaves a hole that nothing was given for', () => {
    expect(say('zh', 'batch.age', { no: '000012', age: '3小时2分' })).toBe('批次 000012 已开 3小时2分');
    expect(say('en', 'batch.age', { no: '000012' })).toBe('Batch 000012, open for {age}');
  });
});
