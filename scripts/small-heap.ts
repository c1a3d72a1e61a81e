import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Keeps the heap near what is in use (figures.md, F3): by default V8 lets the young generation grow to 48 MiB and begins to collect the old one
 * only at some hundred. These flags are read while the program runs; they change V8's hash of flags, so they are set after the program with its
 * code cache was loaded. Returns the first full collection, which sets the old generation's limit: for when everything is loaded.
 */
export function keepHeapSmall(): () => void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  return () => {
    if (typeof collect === 'function') collect();
  };
}
