import { TerminalError } from '../base/errors.ts';
import { formatYuan, maxKeyedFen, zeroFen } from '../base/money.ts';

/** What of a profile (B-020) somebody wants otherwise; what is not named stays. */
export interface ProfileChange {
  readonly email?: string | null | undefined;
  readonly mobile?: string | null | undefined;
  readonly address?: string | null | undefined;
  readonly contact?: string | null | undefined;
  readonly agreement?: string | undefined;
  readonly remindFromFen?: number | undefined;
}

/** Characters at most. */
const longest = { email: 150, contact: 50, address: 150, agreement: 50 } as const;

/** Returned without the spaces around them; what is empty is null, none. INVALID_CONTACT, INVALID_MOBILE, AGREEMENT_REQUIRED, INVALID_AMOUNT. */
export function checkProfile(given: ProfileChange): ProfileChange {
  if (given.agreement?.trim() === '') throw new TerminalError('AGREEMENT_REQUIRED');
  const change: ProfileChange = Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? value.trim() || null : value]),
  );
  const { email, mobile, remindFromFen = 0 } = change;
  for (const what of ['email', 'contact', 'address', 'agreement'] as const) requireShort(what, change[what] ?? '');
  if (email && !/^[^\s@]{1,64}@[^\s@]+\.[^\s@]+$/.test(email))
    throw new TerminalError('INVALID_CONTACT', { what: 'email', limit: 64 });
  if (mobile && !/^1[3-9]\d{9}$/.test(mobile))
    throw new TerminalError('INVALID_MOBILE', { value: mobile.slice(0, 20) });
  if (!Number.isSafeInteger(remindFromFen) || remindFromFen < 0 || remindFromFen > maxKeyedFen)
    throw new TerminalError('INVALID_AMOUNT', {
      value: String(remindFromFen / 100),
      min: formatYuan(zeroFen),
      max: formatYuan(maxKeyedFen),
    });
  return change;
}

/** INVALID_CONTACT, naming the limit. */
export function requireShort(what: keyof typeof longest, value: string): void {
  if (value.length > longest[what]) throw new TerminalError('INVALID_CONTACT', { what, limit: `1-${longest[what]}` });
}
