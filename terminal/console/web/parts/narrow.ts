import { useSyncExternalStore } from 'react';

/** A phone held upright, or a narrow window: tables become cards there. */
const narrow = (): MediaQueryList => matchMedia('(max-width: 767px)');

const subscribe = (listener: () => void): (() => void) => {
  const query = narrow();
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
};

export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => narrow().matches);
