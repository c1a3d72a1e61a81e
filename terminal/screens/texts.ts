import type { ErrorCode } from '../base/error-table.ts';
import { type Details, errorText, type Language } from '../base/errors.ts';
import { wrap } from './screen.ts';
import { en } from './texts-en.ts';
import { type TextKey, zh } from './texts-zh.ts';

/** The names in braces of a text. */
type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Params<Key extends TextKey> = [Names<(typeof zh)[Key]>] extends [never]
  ? []
  : [params: Readonly<Record<Names<(typeof zh)[Key]>, string | number>>];

/** A text that is chosen now and put into words when it is drawn: plain JSON, in no language. */
export type Say =
  | { readonly text: TextKey; readonly params: Readonly<Record<string, string | number>> }
  | { readonly error: ErrorCode; readonly details: Details };

export const say = <Key extends TextKey>(key: Key, ...[params]: Params<Key>): Say => ({
  text: key,
  params: params ?? {},
});

/** The rows of a text, each at most 20 cells. */
export function rowsOf(what: Say, language: Language): readonly string[] {
  if ('error' in what) return wrap(errorText(what.error, spoken(what.details, language), language));
  return (language === 'zh' ? zh : en)[what.text]
    .replace(/\{(\w+)\}/g, (_, name: string) => String(what.params[name] ?? ''))
    .split('\n');
}

/** What is named otherwise has words of its own (error-table.ts), also where it is called like an action. */
const spokenAs: Readonly<Record<string, 'state' | 'action'>> = { state: 'state', action: 'action', event: 'action' };

/** A refusal names actions and states as the program knows them; a cashier reads them as words. */
function spoken(details: Details, language: Language): Details {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => {
      const family = spokenAs[name];
      const text = family && typeof value === 'string' ? keyFor(family, value) : undefined;
      return [name, text ? rowsOf({ text, params: {} }, language).join(' ') : value];
    }),
  );
}

/** A text of one row. */
export function wordsOf<Key extends TextKey>(language: Language, key: Key, ...params: Params<Key>): string {
  return rowsOf(say(key, ...params), language).join(' ');
}

/** `state.PAID` for a state that has a text; undefined for a name that came later than this program. */
export function keyFor(
  family:
    | 'state'
    | 'action'
    | 'advice'
    | 'settleState'
    | 'txn'
    | 'type'
    | 'reason'
    | 'problem'
    | 'entry'
    | 'sale.unreadable'
    | 'sale.reader'
    | 'sale.pinPad',
  name: string,
) {
  const key = `${family}.${name}`;
  return isTextKey(key) ? key : undefined;
}

/** Why a card could not be read, by the reason of CARD_UNREADABLE. */
export const unreadable = (reason: string): Say => ({
  text: keyFor('sale.unreadable', reason) ?? 'sale.unreadable',
  params: {},
});

const isTextKey = (key: string): key is TextKey => Object.hasOwn(zh, key);

/** What is wrong with a device, by its driver's word or by the code of a refusal. */
export const problemWords = (language: Language, problem: string): string =>
  rowsOf({ text: keyFor('problem', problem) ?? 'problem.other', params: {} }, language).join(' ');
