import type { Language } from './language.ts';
import { batchesEn } from './texts-batches-en.ts';
import { batchesZh } from './texts-batches-zh.ts';
import { en } from './texts-en.ts';
import { listsEn } from './texts-lists-en.ts';
import { listsZh } from './texts-lists-zh.ts';
import { moneyEn } from './texts-money-en.ts';
import { moneyZh } from './texts-money-zh.ts';
import { zh } from './texts-zh.ts';

/** Every text of the pages, in both languages; `{name}` in one stands for a value. */

export type Word = keyof typeof zh | keyof typeof moneyZh | keyof typeof batchesZh | keyof typeof listsZh;
export type Values = Readonly<Record<string, string | number>>;

export const catalogues: Readonly<Record<Language, Readonly<Record<Word, string>>>> = {
  zh: { ...zh, ...moneyZh, ...batchesZh, ...listsZh },
  en: { ...en, ...moneyEn, ...batchesEn, ...listsEn },
};

export const isWord = (key: string): key is Word => Object.hasOwn(catalogues.zh, key);

export const say = (language: Language, key: Word, values: Values = {}): string =>
  catalogues[language][key].replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
