import { expect, test } from 'vitest';
import { say } from '../../../../terminal/console/web/catalogues.ts';
import { detailsInWords } from '../../../../terminal/console/web/pages/audit-details.ts';
import type { Words } from '../../../../terminal/console/web/words.ts';

const zh: Words = (key, values) => say('zh', key, values);
const en: Words = (key, values) => say('en', key, values);

test('an audit line says its details in words, amounts in yuan and moments in Shanghai', () => {
  const details = { amountFen: 1_234_567, stan: '000123', state: 'PAID', endedAt: Date.UTC(2026, 10, 22, 16) };
  expect(detailsInWords(zh, details)).toBe(
    '金额 12,345.67 · 凭证号 000123 · 状态 已支付 · endedAt 2026-11-23 00:00:00',
  );
  expect(detailsInWords(en, details)).toMatch(/^amount 12,345\.67 · voucher no\. 000123 · status /);
});

test('a detail that came later than this program is shown by its name, and what is empty is left out', () => {
  expect(detailsInWords(zh, { newThing: { a: [1, 2] }, code: '', limit: null, value: 0 })).toBe(
    'newThing {"a":[1,2]} · 值 0',
  );
  expect(detailsInWords(zh, {})).toBe('');
});
