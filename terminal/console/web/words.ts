import { useCallback } from 'react';
import { say, type Values, type Word } from './catalogues.ts';
import { useSession } from './session.tsx';

export { isWord, type Values, type Word } from './catalogues.ts';

export type Words = (key: Word, values?: Values) => string;

/** The words of a page, in the language of who reads it. */
export function useWords(): Words {
  const { language } = useSession();
  return useCallback((key, values) => say(language, key, values), [language]);
}
