import { isDay } from '../base/clock.ts';
import { usage } from './failure.ts';
import { maxListed } from './max-listed.ts';

/** What was typed, checked before anybody is asked for a secret. */

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** `--idempotency-key`. */
export function keyOf(typed: unknown): string | undefined {
  const key = textOf(typed);
  if (key === undefined || /^[\w-]{8,64}$/.test(key)) return key;
  throw usage(
    `--idempotency-key 应为 8 至 64 位字母、数字、- 或 _: ${key}`,
    `--idempotency-key has 8 to 64 letters, digits, - and _: ${key}`,
  );
}

/** `--limit`. */
export function limitOf(typed: unknown): number {
  const text = textOf(typed) ?? '';
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= maxListed) return Number(text);
  throw usage(`--limit 应为 1 至 ${maxListed}: ${text}`, `--limit is 1 to ${maxListed}: ${text}`);
}

/** A number of 26 characters, as lists show it; small letters will do. */
export function numberOf(typed: string): string {
  const no = typed.toUpperCase();
  if (/^[0-9A-Z]{26}$/.test(no)) return no;
  throw usage(`编号应为列表所示的 26 位: ${typed}`, `Give the number of 26 characters that the list shows: ${typed}`);
}

/** YYYY-MM-DD. */
export function dayOf(typed: string): string {
  if (isDay(typed)) return typed;
  throw usage(`日期应为 YYYY-MM-DD: ${typed}`, `A day is YYYY-MM-DD: ${typed}`);
}

/** `?a=1&b=2` of what was given. */
export function query(given: Readonly<Record<string, string | number | undefined>>): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) parts.set(name, String(value));
  return parts.size === 0 ? '' : `?${parts.toString()}`;
}
