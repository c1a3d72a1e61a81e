import { useCallback, useRef, useState } from 'react';
import { newKey } from '../browser.ts';
import { asConsoleError, type ConsoleError } from '../console-error.ts';

export interface Deed {
  readonly busy: boolean;
  readonly error: ConsoleError | undefined;
  /** Does `work`, and says whether it was done. `key`: the number of the intent; it stays while no answer came, so that trying again does nothing twice. */
  run(work: (key: string) => Promise<unknown>): Promise<boolean>;
  forget(): void;
}

/** A command that a person gives, with what became of it. */
export function useDeed(): Deed {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ConsoleError>();
  const key = useRef<string>(undefined);
  const run = useCallback(async (work: (key: string) => Promise<unknown>) => {
    key.current ??= newKey();
    setBusy(true);
    try {
      await work(key.current);
      key.current = undefined;
      setError(undefined);
      return true;
    } catch (thrown) {
      const refusal = asConsoleError(thrown);
      if (refusal.code !== 'NO_ANSWER') key.current = undefined;
      setError(refusal);
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  const forget = useCallback(() => {
    key.current = undefined;
    setError(undefined);
  }, []);
  return { busy, error, run, forget };
}
