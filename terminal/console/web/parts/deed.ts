import { useCallback, useRef, useState } from 'react';
import type { CommandBody, CommandPath } from '../../contract.ts';
import { type CommandAnswer, send } from '../api.ts';
import { newKey } from '../browser.ts';
import { asConsoleError, type ConsoleError } from '../console-error.ts';

export interface Deed {
  readonly busy: boolean;
  readonly error: ConsoleError | undefined;
  /** Commands the terminal. Its answer, or undefined where it refused. The same command has the same number until it is answered, so that trying again does nothing twice. */
  send<P extends CommandPath>(
    path: P,
    parts: Readonly<Record<string, string>>,
    body: CommandBody<P>,
  ): Promise<CommandAnswer<P> | undefined>;
  /** Anything else that may be refused. */
  run<T>(work: () => Promise<T>): Promise<T | undefined>;
  forget(): void;
}

/** A command that a person gives, with what became of it. */
export function useDeed(): Deed {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ConsoleError>();
  const intent = useRef<{ readonly content: string; readonly key: string }>(undefined);
  const run = useCallback(async <T>(work: () => Promise<T>) => {
    setBusy(true);
    try {
      const answer = await work();
      setError(undefined);
      return answer;
    } catch (thrown) {
      setError(asConsoleError(thrown));
      return undefined;
    } finally {
      setBusy(false);
    }
  }, []);
  const command = useCallback<Deed['send']>(
    (path, parts, body) =>
      run(async () => {
        const content = contentOf(path, parts, body);
        if (intent.current?.content !== content) intent.current = { content, key: newKey() };
        const answer = await send(path, parts, body, intent.current.key);
        intent.current = undefined;
        return answer;
      }),
    [run],
  );
  const forget = useCallback(() => {
    intent.current = undefined;
    setError(undefined);
  }, []);
  return { busy, error, send: command, run, forget };
}

/** A password that was mistyped does not make it another command. */
const contentOf = (path: string, parts: object, body: object): string =>
  JSON.stringify([path, parts, { ...body, secret: undefined }]);
