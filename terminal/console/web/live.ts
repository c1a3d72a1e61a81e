import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Changed, ConsoleEvent } from '../contract.ts';
import { afterMs } from './browser.ts';

/** The one event stream of the page (`GET /api/events`): what changed, and how far a close or an export is. It is opened again whenever it is lost. */

export type Progress = Extract<ConsoleEvent, { event: 'progress' }>['data'];
/** `off`: nobody is logged in. */
export type LiveState = 'off' | 'connecting' | 'live' | 'lost';

const againAfterMs = 3_000;

type ChangeListener = (what: readonly Changed[] | 'everything') => void;
type ProgressListener = (progress: Progress) => void;

const changeListeners = new Set<ChangeListener>();
const progressListeners = new Set<ProgressListener>();
const stateListeners = new Set<() => void>();
let state: LiveState = 'off';
let source: EventSource | undefined;
let forget: () => void = () => {};

function become(next: LiveState): void {
  if (state === next) return;
  state = next;
  for (const listener of stateListeners) listener();
}

const tell = (what: readonly Changed[] | 'everything'): void => {
  for (const listener of [...changeListeners]) listener(what);
};

/** What was sent is JSON of the server's own; anything else is passed over. */
function dataOf(event: MessageEvent<unknown>): unknown {
  try {
    return typeof event.data === 'string' ? JSON.parse(event.data) : undefined;
  } catch {
    return undefined;
  }
}

function open(): void {
  const opened = new EventSource('/api/events');
  source = opened;
  opened.addEventListener('open', () => {
    const wasLost = state === 'lost';
    become('live');
    if (wasLost) tell('everything');
  });
  opened.addEventListener('error', () => {
    opened.close();
    become('lost');
    forget = afterMs(againAfterMs, open);
  });
  opened.addEventListener('changed', (event) => {
    const data = dataOf(event) as { what?: readonly Changed[] } | undefined;
    tell(data?.what ?? 'everything');
  });
  opened.addEventListener('progress', (event) => {
    const data = dataOf(event) as Progress | undefined;
    if (data) for (const listener of [...progressListeners]) listener(data);
  });
}

/** For who is logged in. */
export function startLive(): void {
  if (source) return;
  become('connecting');
  open();
}

export function stopLive(): void {
  forget();
  source?.close();
  source = undefined;
  become('off');
}

/** Returns the way to stop. */
export function onChanged(listener: ChangeListener): () => void {
  changeListeners.add(listener);
  return () => changeListeners.delete(listener);
}

/** The newest step of each close, or of each export, by its number, as the terminal tells it while the page is open. */
export function useProgress(of: Progress['of']): Readonly<Record<string, Progress>> {
  const [steps, setSteps] = useState<Readonly<Record<string, Progress>>>({});
  useEffect(() => {
    const listener: ProgressListener = (step) => {
      if (step.of === of) setSteps((before) => ({ ...before, [step.no]: step }));
    };
    progressListeners.add(listener);
    return () => {
      progressListeners.delete(listener);
    };
  }, [of]);
  return steps;
}

const subscribe = (listener: () => void): (() => void) => {
  stateListeners.add(listener);
  return () => stateListeners.delete(listener);
};

export const useLiveState = (): LiveState => useSyncExternalStore(subscribe, () => state);
