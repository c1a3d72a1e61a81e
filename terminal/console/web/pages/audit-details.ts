import { isWord } from '../catalogues.ts';
import { shanghaiTime, yuan } from '../formats.ts';
import { wordOr } from '../parts/word-or.ts';
import type { Words } from '../words.ts';

/** What stands beside an audit line, e.g. `金额 12.00 · 凭证号 000123`: amounts in yuan, moments in Shanghai, lists and records in short. */
export const detailsInWords = (words: Words, details: Readonly<Record<string, unknown>>): string =>
  Object.entries(details)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${wordOr(words, 'auditDetail', name)} ${shown(words, name, value)}`)
    .join(' · ');

/** Values that are names with words of their own. */
const families: Readonly<Record<string, readonly string[]>> = {
  state: ['state'],
  reason: ['reason'],
  stage: ['stage'],
  role: ['role'],
  action: ['action'],
  event: ['action'],
  kind: ['exportKind', 'difference', 'application'],
  format: ['format'],
};

function shown(words: Words, name: string, value: unknown): string {
  if (typeof value === 'number' && name.endsWith('Fen')) return yuan(value);
  if (typeof value === 'number' && name.endsWith('At')) return shanghaiTime(value);
  if (typeof value === 'boolean') return words(value ? 'yes' : 'no');
  if (typeof value === 'string') {
    const key = (families[name] ?? []).map((family) => `${family}.${value}`).find(isWord);
    return key === undefined ? value : words(key);
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
