import { useCallback, useEffect, useRef, useState } from 'react';
import type { AnswerPath, Answers, Changed, CommandAnswers, CommandBody, CommandPath } from '../contract.ts';
import { addressOf, type Parts, type Query } from './addresses.ts';
import { afterMs, newKey } from './browser.ts';
import { answerOf, asConsoleError, ConsoleError } from './console-error.ts';
import { onChanged } from './live.ts';

export { ConsoleError } from './console-error.ts';

/** How pages ask the terminal and command it (contract.ts). */

export type CommandAnswer<P extends CommandPath> = P extends keyof CommandAnswers
  ? CommandAnswers[P]
  : Readonly<Record<string, never>>;

/** Which changes make an answer old. */
const concerns: Readonly<Record<AnswerPath, readonly Changed[]>> = {
  '/session': [],
  '/overview': ['status', 'settlements', 'batches', 'transactions', 'differences', 'notices', 'devices', 'merchant'],
  '/settlement/home': ['settlements', 'transactions', 'batches', 'merchant', 'status'],
  '/settlement/applications': ['merchant'],
  '/settlements': ['settlements'],
  '/settlements/:no': ['settlements'],
  '/settlements/:no/payments': ['settlements'],
  '/tickets': ['settlements'],
  '/batches': ['batches', 'transactions'],
  '/batches/:no': ['batches', 'transactions'],
  '/transactions': ['transactions'],
  '/transactions/:payment': ['transactions'],
  '/todo': ['status', 'settlements', 'batches', 'transactions', 'differences', 'exports', 'devices'],
  '/reconciliation': ['differences'],
  '/differences': ['differences'],
  '/statements': ['statements'],
  '/statements/:date': ['statements'],
  '/report': ['transactions', 'settlements'],
  '/exports': ['exports'],
  '/users': ['users', 'merchant'],
  '/operators': ['users'],
  '/parameters': ['merchant'],
  '/audit': [],
  '/devices': ['devices', 'status'],
  '/notices': ['notices'],
};

/** Changes come in crowds; what came within this time is asked for once. */
const gatherMs = 200;

/** Of the session; the log-in that it came with makes it good for commands. */
let csrf = '';
export function rememberCsrf(token: string): void {
  csrf = token;
}

let whenLoggedOut: () => void = () => {};
/** `act` runs when the terminal no longer knows who asks. */
export function onLoggedOut(act: () => void): void {
  whenLoggedOut = act;
}

async function ask(address: string, request: RequestInit): Promise<unknown> {
  try {
    return await answerOf(
      await fetch(address, { ...request, headers: { Accept: 'application/json', ...request.headers } }),
    );
  } catch (error) {
    const refusal = asConsoleError(error);
    if (refusal.code === 'UNAUTHENTICATED') whenLoggedOut();
    throw refusal;
  }
}

const asking = (signal: AbortSignal | undefined, isByItself: boolean): RequestInit => ({
  signal: signal ?? null,
  headers: isByItself ? { 'X-Background': '1' } : {},
});

/** Reads one answer. `isByItself`: no person asked for it, so it keeps nobody logged in. Throws ConsoleError. */
export async function read<P extends AnswerPath>(
  path: P,
  parts: Parts = {},
  query: Query = {},
  { signal, isByItself = false }: { readonly signal?: AbortSignal; readonly isByItself?: boolean } = {},
): Promise<Answers[P]> {
  return (await ask(addressOf(path, parts, query), asking(signal, isByItself))) as Answers[P];
}

/** Commands the terminal. `key`: the number of the intent, the same one when a person tries again. Throws ConsoleError. */
export async function send<P extends CommandPath>(
  path: P,
  parts: Parts,
  body: CommandBody<P>,
  key: string = newKey(),
): Promise<CommandAnswer<P>> {
  const post = () =>
    ask(addressOf(path, parts), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf, 'Idempotency-Key': key },
      body: JSON.stringify(body),
    });
  try {
    return (await post()) as CommandAnswer<P>;
  } catch (error) {
    if (!isOldToken(error)) throw error;
    // Another page of this browser logged in again: its token is good here too.
    rememberCsrf((await read('/session')).csrf);
    return (await post()) as CommandAnswer<P>;
  }
}

const isOldToken = (error: unknown): boolean =>
  error instanceof ConsoleError && error.code === 'FORBIDDEN' && error.details['action'] === 'X-CSRF-Token';

export interface Answer<P extends AnswerPath> {
  /** Stays while it is asked again. */
  readonly data: Answers[P] | undefined;
  readonly error: ConsoleError | undefined;
  /** Nothing is here yet. */
  readonly loading: boolean;
  again(): void;
}

interface Held<P extends AnswerPath> {
  readonly address?: string;
  readonly data?: Answers[P];
  readonly error?: ConsoleError;
}

/** What the terminal answers, kept fresh by the event stream. `path` undefined: nothing is asked. */
export function useAnswer<P extends AnswerPath>(path: P | undefined, parts?: Parts, query?: Query): Answer<P> {
  const address = path && addressOf(path, parts, query);
  const [held, hold] = useState<Held<P>>({});
  const [round, setRound] = useState({ n: 0, isByItself: false });
  const askAgain = useCallback((isByItself: boolean) => setRound(({ n }) => ({ n: n + 1, isByItself })), []);
  const again = useCallback(() => askAgain(false), [askAgain]);
  const asked = useRef<string>(undefined);

  useEffect(() => {
    if (address === undefined) return;
    const stop = new AbortController();
    // Another address is a person's wish, whoever asked last for the one before.
    const isByItself = round.isByItself && asked.current === address;
    asked.current = address;
    const take = (next: (before: Held<P>) => Held<P>) => !stop.signal.aborted && hold(next);
    ask(address, asking(stop.signal, isByItself)).then(
      (data) => take(() => ({ address, data: data as Answers[P] })),
      (error: unknown) =>
        take((before) => ({ ...(before.address === address && before), address, error: asConsoleError(error) })),
    );
    return () => stop.abort();
  }, [address, round]);

  useEffect(() => {
    if (path === undefined) return;
    let forget: (() => void) | undefined;
    const stop = onChanged((what) => {
      if (forget || (what !== 'everything' && !what.some((one) => concerns[path].includes(one)))) return;
      forget = afterMs(gatherMs, () => {
        forget = undefined;
        askAgain(true);
      });
    });
    return () => {
      forget?.();
      stop();
    };
  }, [path, askAgain]);

  const current = held.address === address ? held : {};
  return {
    data: current.data,
    error: current.error,
    loading: address !== undefined && current.data === undefined && current.error === undefined,
    again,
  };
}
