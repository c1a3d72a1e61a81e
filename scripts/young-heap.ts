import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the young generation of the heap as small as it is now (2 MiB): by default a busy terminal lets it grow to 48 MiB, which is half of what
 * it may use (figures.md, F3). The flag changes V8's hash of flags, so it is set after the program with its code cache was loaded.
 */
export const keepYoungHeapSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1');
