import type { Language } from '../base/errors.ts';
import type { CounterStatus } from '../flows/counter.ts';
import { compose, type Screen } from './screen.ts';
import { rowsOf, type Say, wordsOf } from './texts.ts';
import type { TextKey } from './texts-zh.ts';

/** What a view may know besides its place. */
export interface Look {
  readonly status: CounterStatus;
  readonly language: Language;
  readonly now: number;
}

interface Page {
  readonly title: Say;
  /** Rows ready to draw, or texts. */
  readonly body: readonly (string | Say)[];
  readonly amount?: string;
  readonly keys: Extract<TextKey, `keys.${string}`>;
}

export function page(look: Look, { title, body, amount, keys }: Page): Screen {
  return compose({
    title: rowsOf(title, look.language).join(' '),
    mark: look.status.simulated ? wordsOf(look.language, 'mark') : '',
    body: body.flatMap((part) => (typeof part === 'string' ? [part] : rowsOf(part, look.language))),
    amount,
    keys: wordsOf(look.language, keys),
  });
}

/** Whole seconds until `untilMs`, never negative. */
export const secondsLeft = (look: Look, untilMs: number): number => Math.max(0, Math.ceil((untilMs - look.now) / 1000));
