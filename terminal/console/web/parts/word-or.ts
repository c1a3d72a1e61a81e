import type { TransactionView } from '../../../flows/counter.ts';
import { isWord } from '../catalogues.ts';
import type { Words } from '../words.ts';

/** The word of a family for a name, or the name where it came later than this program. */
export function wordOr(words: Words, family: string, name: string): string {
  const key = `${family}.${name}`;
  return isWord(key) ? words(key) : name;
}

/** A wallet, or the card and how it was read. */
export const paidBy = (words: Words, { entry, card }: Pick<TransactionView, 'entry' | 'card'>): string =>
  [card, entry === undefined ? undefined : wordOr(words, 'entry', entry)]
    .filter((part) => part !== undefined)
    .join(' · ');
