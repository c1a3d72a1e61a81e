import * as v from 'valibot';
import { type Answer, answer as answerSchema } from '../protocol/requests.ts';
import type { TerminalRef } from './business.ts';
import type { AnswerTable } from './business-tables.ts';
import type { Host } from './host.ts';
import { owner } from './host.ts';
import type { HostTrx } from './store.ts';

/** An answer as the business gives it: not before `notBefore`, and never when `silent`. */
export interface Reply {
  readonly answer: Answer;
  readonly notBefore: number;
  readonly silent: boolean;
}

/** What an answer is kept under: one payment number has one transaction and one reversal. */
export interface AnswerKey {
  readonly kind: Answer['kind'];
  readonly payment: string;
  readonly requestId: string;
  /** What was asked, without what a resend may change. */
  readonly fingerprint: string;
}

/** The answer given before to this payment number or request id; `conflict` when something else was asked under it then. */
export async function storedReply(trx: HostTrx, from: TerminalRef, key: AnswerKey): Promise<Reply | 'conflict' | null> {
  // Two questions: an OR would read every answer of the terminal.
  const row =
    (await find(trx, from, key, 'payment', key.payment)) ?? (await find(trx, from, key, 'request_id', key.requestId));
  if (!row) return null;
  if (row.fingerprint !== key.fingerprint) return 'conflict';
  const answer = v.parse(answerSchema, JSON.parse(row.answer_json));
  return { answer, notBefore: row.not_before, silent: row.silent === 1 };
}

async function find(
  trx: HostTrx,
  from: TerminalRef,
  { kind }: AnswerKey,
  column: 'payment' | 'request_id',
  value: string,
): Promise<AnswerTable | undefined> {
  return trx
    .selectFrom('answers')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), kind }))
    .where(column, '=', value)
    .executeTakeFirst();
}

/** Keeps an answer in the transaction of what it says. A `delay-answer` fault of the tester is used up here. */
export async function keepReply(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  key: AnswerKey,
  given: { readonly answer: Answer; readonly lateMs: number; readonly silent: boolean },
): Promise<Reply> {
  const lateMs = host.faults.take('delay-answer', key.kind)?.ms ?? given.lateMs;
  const reply = { answer: given.answer, notBefore: host.clock.now() + lateMs, silent: given.silent };
  await trx
    .insertInto('answers')
    .values({
      ...owner(from),
      kind: key.kind,
      payment: key.payment,
      request_id: key.requestId,
      fingerprint: key.fingerprint,
      answer_json: JSON.stringify(given.answer),
      not_before: reply.notBefore,
      silent: given.silent ? 1 : 0,
    })
    .execute();
  return reply;
}
