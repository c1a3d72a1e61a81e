import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { Session } from '../contract.ts';
import { onLoggedOut, read, rememberCsrf } from './api.ts';
import { afterMs } from './browser.ts';
import type { Language } from './language.ts';
import { startLive, stopLive, useLiveState } from './live.ts';

export type OwnSession = Session & {
  /** Asks the terminal once more who is logged in, which keeps nobody logged in. */
  refresh(): void;
  /** Takes what a log-in or a set-up answered. */
  enter(session: Session): void;
  language: Language;
  setLanguage(language: Language): void;
};

const SessionContext = createContext<OwnSession | undefined>(undefined);

const languageKey = 'console-language';
const againAfterMs = 3_000;

const chosenLanguage = (): Language | undefined => {
  const kept = localStorage.getItem(languageKey);
  return kept === 'zh' || kept === 'en' ? kept : undefined;
};

/** Asks who is logged in, and asks again until the terminal answers; `waiting` is shown until then. */
export function SessionProvider({ waiting, children }: { waiting: ReactNode; children: ReactNode }) {
  const [session, setSession] = useState<Session>();
  const [chosen, setChosen] = useState(chosenLanguage);
  const [round, setRound] = useState({ n: 0, isByItself: false });
  const refresh = useCallback(() => setRound(({ n }) => ({ n: n + 1, isByItself: true })), []);
  const enter = useCallback((entered: Session) => {
    rememberCsrf(entered.csrf);
    setSession(entered);
  }, []);

  useEffect(() => {
    const stop = new AbortController();
    let forget = () => {};
    read('/session', {}, {}, { signal: stop.signal, isByItself: round.isByItself }).then(
      (answer) => !stop.signal.aborted && enter(answer),
      () => {
        if (!stop.signal.aborted) forget = afterMs(againAfterMs, refresh);
      },
    );
    return () => {
      stop.abort();
      forget();
    };
  }, [round, enter, refresh]);

  useEffect(() => onLoggedOut(refresh), [refresh]);

  // The stream ends with the session, and with the program.
  const live = useLiveState();
  useEffect(() => {
    if (live === 'lost') refresh();
  }, [live, refresh]);

  const login = session?.user?.login;
  useEffect(() => {
    if (login === undefined) return;
    startLive();
    return stopLive;
  }, [login]);

  const language = chosen ?? session?.language ?? 'zh';
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);

  const value = useMemo(
    () =>
      session && {
        ...session,
        refresh,
        enter,
        language,
        setLanguage: (next: Language) => {
          localStorage.setItem(languageKey, next);
          setChosen(next);
        },
      },
    [session, refresh, enter, language],
  );
  return value ? <SessionContext value={value}>{children}</SessionContext> : waiting;
}

export function useSession(): OwnSession {
  const session = useContext(SessionContext);
  if (!session) throw new Error('no SessionProvider around this page');
  return session;
}
