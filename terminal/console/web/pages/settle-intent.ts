import { useCallback, useState } from 'react';
import { newKey } from '../browser.ts';
import { useSession } from '../session.tsx';

/** An amount, with the balance and the account that were shown when it was chosen, and the one number under which it is asked (B-051). */
export interface SettleIntent {
  readonly amountFen: number;
  readonly seenAvailableFen: number;
  readonly accountVersion: number;
  readonly key: string;
  /** It was sent and no answer came: it may have been done, so nothing else is asked before the same number found out. */
  readonly isUnanswered: boolean;
}

export type SettleWish = Pick<SettleIntent, 'amountFen' | 'seenAvailableFen' | 'accountVersion'>;

export const intentOf = (wish: SettleWish): SettleIntent => ({ ...wish, key: newKey(), isUnanswered: false });

/** Refusals from before the terminal looks whether the number was asked under already: they say nothing of an earlier try. */
const saysNothing: readonly string[] = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'SECRET_WRONG',
  'OPERATOR_LOCKED',
  'DEVICE_BUSY',
  'DATABASE_BUSY',
  'BAD_REQUEST',
];

/** Whether it is still not known if the settlement was made, after this refusal. `before`: an earlier try was not answered. */
export const isStillUnanswered = (before: boolean, code: string): boolean =>
  code === 'NO_ANSWER' || /^HTTP_/.test(code) || (before && saysNothing.includes(code));

/** Of what the tab kept. */
export function keptIntent(text: string | null): SettleIntent | undefined {
  const kept: Partial<Record<keyof SettleIntent, unknown>> | null = text === null ? null : JSON.parse(text);
  if (!kept) return undefined;
  const { amountFen, seenAvailableFen, accountVersion, key } = kept;
  const isWhole =
    Number.isSafeInteger(amountFen) && Number.isSafeInteger(seenAvailableFen) && Number.isSafeInteger(accountVersion);
  return isWhole && typeof key === 'string'
    ? {
        amountFen: Number(amountFen),
        seenAvailableFen: Number(seenAvailableFen),
        accountVersion: Number(accountVersion),
        key,
        isUnanswered: true,
      }
    : undefined;
}

/** What is being settled. One that was not answered outlives the page and a reload of the tab, for who asked for it. */
export function useSettleIntent(): [SettleIntent | undefined, (intent: SettleIntent | undefined) => void] {
  const place = `settlement-of-${useSession().user?.login}`;
  const [intent, setIntent] = useState(() => keptIntent(sessionStorage.getItem(place)));
  const hold = useCallback(
    (next: SettleIntent | undefined) => {
      if (next?.isUnanswered) sessionStorage.setItem(place, JSON.stringify(next));
      else sessionStorage.removeItem(place);
      setIntent(next);
    },
    [place],
  );
  return [intent, hold];
}
