import { useEffect } from 'react';
import { useWords } from '../words.ts';

/** What the tab of the browser says. */
export function useTitle(title: string): void {
  const words = useWords();
  useEffect(() => {
    document.title = `${title} · ${words('console')}`;
  }, [title, words]);
}
