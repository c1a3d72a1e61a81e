import { expect, test } from 'vitest';
import type { Word } from '../../../../terminal/console/web/catalogues.ts';
import { say, type Values } from '../../../../terminal/console/web/catalogues.ts';
import { applicationAbout } from '../../../../terminal/console/web/pages/application-about.ts';
import { modeWords } from '../../../../terminal/console/web/pages/mode-words.ts';

const zh = (key: Word, values?: Values) => say('zh', key, values);
const en = (key: Word, values?: Values) => say('en', key, values);

test.each([
  ['mode', 'AUTO DAILY', '自动结算 · 每个工作日', 'Automatic · Every business day'],
  ['mode', 'AUTO WEEKLY:3', '自动结算 · 每星期三', 'Automatic · every Wednesday'],
  ['mode', 'AUTO MONTHLY:28', '自动结算 · 每月 28 日', 'Automatic · on day 28 of each month'],
  ['mode', 'MANUAL', '手动结算', 'Manual'],
  ['profile', 'email remindFromFen', '电子邮箱、余额提醒', 'E-mail, Balance reminder'],
  [
    'user',
    'zhang.wei MO REMOVED',
    'zhang.wei · 主账号兼结算人 · 已移除',
    'zhang.wei · Main account and settler · Removed',
  ],
  ['account', '中国银行 622202******0128', '中国银行 622202******0128', '中国银行 622202******0128'],
  ['paper-statement', '2026-10', '2026-10', '2026-10'],
] as const)('an application of %s "%s" is told in words', (kind, about, inChinese, inEnglish) => {
  expect(applicationAbout(zh, { kind, about })).toBe(inChinese);
  expect(applicationAbout(en, { kind, about })).toBe(inEnglish);
});

test('B-003 the cycle stands beside the automatic mode only', () => {
  expect(modeWords(zh, { mode: 'AUTO', cycle: { every: 'WEEKLY', weekday: 7 } })).toBe('自动结算 · 每星期日');
  expect(modeWords(zh, { mode: 'REALTIME', cycle: { every: 'DAILY' } })).toBe('实时结算');
});
