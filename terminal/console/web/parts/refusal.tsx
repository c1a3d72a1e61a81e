import { Alert, Button } from 'antd';
import type { ConsoleError } from '../console-error.ts';
import { useSession } from '../session.tsx';
import { isWord, useWords, type Word } from '../words.ts';
import { wordOr } from './word-or.ts';

/** Details that help a person; others are for the log. */
const shown = ['what', 'value', 'limit', 'min', 'max', 'left', 'minutes', 'no', 'state'] as const;

const isPlain = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** A refusal: what happened with its value and limit, what to do next, the code, and whom to call. `again`: offers to try once more. */
export function Refusal({ error, again }: { error: ConsoleError | undefined; again?: (() => void) | undefined }) {
  const { language, hotline } = useSession();
  const words = useWords();
  if (!error) return null;
  const next = `next.${error.code}`;
  const isOfState = error.code === 'ILLEGAL_STATE';
  const { state, event } = error.details;
  const details = shown.flatMap((name) => {
    const value = error.details[name];
    if (!isPlain(value) || (isOfState && name === 'state')) return [];
    return [
      `${words(`detail.${name}` satisfies Word)} ${name === 'state' ? wordOr(words, name, String(value)) : value}`,
    ];
  });
  // The terminal tells both by name.
  const title = isOfState
    ? words('refusal.state', {
        state: wordOr(words, 'state', String(state)),
        event: wordOr(words, 'action', String(event)),
      })
    : error[language];
  return (
    <Alert
      type="error"
      showIcon
      className="refusal"
      role="alert"
      title={title}
      description={
        <>
          {details.length > 0 && <p>{details.join(' · ')}</p>}
          <p>{words(isWord(next) ? next : 'next.usual')}</p>
          <p className="quiet">
            {words('refusal.code', { code: error.code })} · {words('refusal.hotline', { hotline })}
          </p>
        </>
      }
      action={again && <Button onClick={again}>{words('again')}</Button>}
    />
  );
}
