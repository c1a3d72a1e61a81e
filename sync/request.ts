import type { Clock } from './clock.ts';
import { SyncError } from './errors.ts';
import type { Answer, Request } from './protocol/requests.ts';

/** What `ask` needs of a link. */
export interface Asker {
  readonly clock: Clock;
  request(id: string, request: Request, deadlineMs: number, answered: (answer: Answer) => void): (() => void) | null;
}

export interface AskOptions {
  /** How long to wait for the answer; the host ignores the request after it. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

export type AnswerTo<R extends Request> = Extract<Answer, { readonly kind: R['kind'] }>;

/**
 * Asks the host. Sent once, at once, past any rows that wait; the same id asked again is answered the same.
 * Rejects with OFFLINE (nothing was sent), NO_ANSWER (deadline passed: the outcome is unknown) or CANCELLED (unknown too, unless aborted
 * before the call). An answer that comes later goes to the link's `onLateAnswer`.
 */
export function ask<R extends Request>(link: Asker, id: string, request: R, options: AskOptions): Promise<AnswerTo<R>> {
  const { deadlineMs, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new SyncError('CANCELLED', 'cancelled before it was sent'));
    const forget = link.request(id, request, deadlineMs, (answer) => {
      if (isAnswerTo(request, answer)) settle(() => resolve(answer));
    });
    if (!forget) return reject(new SyncError('OFFLINE', 'the host is not there'));
    const stopWaiting = link.clock.after(deadlineMs, () =>
      settle(() => reject(new SyncError('NO_ANSWER', 'no answer in time', { deadlineMs }))),
    );
    const aborted = () => settle(() => reject(new SyncError('CANCELLED', 'cancelled while waiting')));
    signal?.addEventListener('abort', aborted);
    const settle = (how: () => void) => {
      forget();
      stopWaiting();
      signal?.removeEventListener('abort', aborted);
      how();
    };
  });
}

const isAnswerTo = <R extends Request>(request: R, answer: Answer): answer is AnswerTo<R> =>
  answer.kind === request.kind;

/** Request id: the number of what it is about, its kind, its STAN. */
export const requestId = (about: string, kind: Request['kind'], stan: string): string => `${about}:${kind}:${stan}`;
