import { shanghai } from '../base/clock.ts';
import type { Language } from '../base/errors.ts';
import { instrumentWords, stateWords, typeWords } from '../flows/export-words.ts';

type Words = Readonly<Record<string, { readonly zh: string; readonly en: string }>>;

/** In a sentence. */
const small = (table: Words, code: string, language: Language): string =>
  wordOf(table, code, language).replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());

/** A state of a payment, a batch or a settlement in words; an unknown one as it is. */
export const stateText = (state: string, language: Language): string => small(stateWords, state, language);

/** What kind of transaction; an unknown one as it is. */
export const typeText = (type: string, language: Language): string => small(typeWords, type, language);

/** How a card or a code was read; an unknown way as it is. */
export const entryText = (entry: string, language: Language): string => small(instrumentWords, entry, language);

/** A word of a table of flows/export-words.ts; what is not in it as it is. */
export const wordOf = (words: Words, code: string, language: Language): string => words[code]?.[language] ?? code;

/** `1 record`, `12 records`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export function timeText(atMs: number): string {
  const { day, time } = shanghai(atMs);
  return `${day} ${time}`;
}

/** How long ago, in the largest unit that fits: `3 天`, `5 小时`, `12 分钟`. */
export function ageText(ms: number, language: Language): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 120) return language === 'zh' ? `${minutes} 分钟` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return language === 'zh' ? `${hours} 小时` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return language === 'zh' ? `${days} 天` : `${days} days`;
}
