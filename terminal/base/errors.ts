import { type ErrorCode, errorTable } from './error-table.ts';
import { actionWords, ruleWords, stateWords, thingWords } from './error-words.ts';
import { type SafeValue, safeDetails } from './safe-text.ts';

export type Details = Readonly<Record<string, SafeValue>>;

/**
 * A refusal (design.md, rule 3): the caller asked for something that may not be. Nothing was changed. `details` carry the offending value,
 * the limit and who can change it; they pass through safe-text, so no card data and no secret can stand in them.
 */
export class TerminalError extends Error {
  readonly code: ErrorCode;
  readonly details: Details;

  constructor(code: ErrorCode, details: Details = {}, cause?: unknown) {
    super(code, { cause });
    this.name = 'TerminalError';
    this.code = code;
    this.details = safeDetails(details);
  }
}

export type Language = 'zh' | 'en';

/** What a person reads, e.g. `可用余额100.00元，不足200.00元`. */
export function errorText(code: ErrorCode, details: Details, language: Language): string {
  const value = (name: string): string => {
    const raw = String(details[name] ?? '');
    return detailWords[name]?.[raw]?.[language] ?? raw;
  };
  const text = errorTable[code][language]
    .replace(/\[([^\]]*\{(\w+)\}[^\]]*)\]/g, (_, part: string, name: string) => (value(name) === '' ? '' : part))
    .replace(/\{(\w+)\}/g, (_, name: string) => value(name));
  return text.replace(/ {2,}/g, ' '); // a detail that is empty
}

/** Details whose values have words of their own; what is not in them stands as it is. */
const detailWords: Readonly<Record<string, typeof thingWords>> = {
  action: actionWords,
  rule: ruleWords,
  event: actionWords,
  state: stateWords,
  what: thingWords,
};

/** For JSON answers and `pos --json`: code, both texts, details. */
export function errorBody(error: TerminalError) {
  const { code, details } = error;
  return { code, zh: errorText(code, details, 'zh').trim(), en: errorText(code, details, 'en').trim(), details };
}
