import type { ReactNode } from 'react';
import type { AnswerPath, Answers } from '../../contract.ts';
import type { Answer } from '../api.ts';
import { Refusal } from './refusal.tsx';
import { Waiting } from './waiting.tsx';

/** What the terminal answered; until then what is waited for, or why nothing came. An answer stays on the page when it could not be read again. */
export function Answered<P extends AnswerPath>({
  answer: { data, error, loading, again },
  what,
  children,
}: {
  answer: Answer<P>;
  what: string;
  children: (data: Answers[P]) => ReactNode;
}) {
  return (
    <>
      <Refusal error={error} again={again} />
      {data !== undefined ? children(data) : loading && <Waiting what={what} />}
    </>
  );
}
