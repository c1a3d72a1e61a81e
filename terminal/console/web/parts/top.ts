import { useEffect, useRef } from 'react';

/** Whenever `what` is shown in place of something else, who came by keyboard or hears the page begins at its top. */
export function useTop(what: string): void {
  const shown = useRef(what);
  useEffect(() => {
    if (shown.current === what) return;
    shown.current = what;
    scrollTo(0, 0);
    document.querySelector('main')?.focus({ preventScroll: true });
  }, [what]);
}
