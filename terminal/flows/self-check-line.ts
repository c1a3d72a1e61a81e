/** One line of the self-check (B-045): how it stands, what to do when it is not well, and the figures behind it. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** `warn`: well, but not for long. `unknown`: nothing here can tell. */
  readonly state: 'ok' | 'warn' | 'failed' | 'unknown';
  readonly zh: string;
  readonly en: string;
  readonly detail?: string;
  /** Whom to call (B-042); only where something is wrong. */
  readonly hotline?: string;
}

export type Words = readonly [zh: string, en: string];

const line = (name: string, state: Check['state'], [zh, en]: Words, detail?: string): Check => ({
  name,
  ok: state !== 'failed',
  state,
  zh,
  en,
  ...(detail !== undefined && { detail }),
});

export const well = (name: string, words: Words, detail?: string): Check => line(name, 'ok', words, detail);
export const warned = (name: string, words: Words, detail?: string): Check => line(name, 'warn', words, detail);
export const unwell = (name: string, words: Words, detail?: string): Check => line(name, 'failed', words, detail);
export const notKnown = (name: string, words: Words, detail?: string): Check => line(name, 'unknown', words, detail);
