import type { Message, Notify, NotifyResult } from '../../sync/protocol/notices.ts';
import type { StatementIssued } from '../../sync/protocol/settlement.ts';
import { send } from '../../sync/stream/send.ts';
import { dayMs } from '../base/clock.ts';
import type { Tx } from '../base/database.ts';
import type { User } from '../users/user.ts';
import { readerOf } from './queries.ts';
import { deleteNotices, getSent, insertNotice, insertSent, markRead, updateSent } from './store.ts';
import type { NoticeText, NoticeValues } from './words.ts';

/** 站内信 and what goes out beside it (cross-cutting.md, N-05 to N-10, delivery rules): written with what happened, once for each event, recipient and channel. */

export type Channel = Notify['facts']['channel'];

export interface NoticeEvent<Text extends NoticeText> {
  readonly text: Text;
  /** What it is about: a settlement, a difference, an export. The same text about the same thing is the same event, told once. */
  readonly about: string;
  readonly values: NoticeValues<Text>;
  readonly level: 'info' | 'warning';
  /** Whom it is for alone: N-05. Without it, the roles of its text (queries.ts). */
  readonly to?: string;
}

/** What also goes out, by the table of cross-cutting.md. N-08 is the host's own sending. */
const channels: Readonly<Partial<Record<NoticeText, readonly Channel[]>>> = {
  'N-06': ['email', 'sms'],
  'N-07': ['sms'],
  'N-07r': ['sms'],
  'N-07a': ['sms'],
};

/**
 * Writes a notice in the transaction of what happened, and the `notify` rows where e-mail or SMS go out too; call `Link.wake` after the commit. The same event again changes
 * nothing. In a replay (a book that comes back) nothing goes out; what went out then comes back by `restoreNotify`.
 */
export function notice<Text extends NoticeText>(tx: Tx, now: number, event: NoticeEvent<Text>): void {
  const { text, about, values, level, to = '' } = event;
  const id = `${text}:${about}`;
  if (!insertNotice(tx, { event: id, recipient: to, text, about, level, values, at: now })) return;
  for (const channel of channels[text] ?? []) {
    const no = `${id}:${channel}`;
    const facts = { event: id, recipient: 'profile', channel, text, values } as const;
    const seq = send(tx.db, { kind: 'notify', id: no, body: { no, at: now, by: 'SYS', facts, journals: [] } });
    if (seq > 0) insertSent(tx, id, channel);
  }
}

/** N-08: where the host sent the settlement statement, or that it is only here (B-030). */
export function noticeIssued(tx: Tx, now: number, { settlement: no, channel, to }: StatementIssued): void {
  if (channel === 'none') notice(tx, now, { text: 'N-08n', about: no, values: { no }, level: 'warning' });
  else if (channel === 'failed') notice(tx, now, { text: 'N-08f', about: no, values: { no }, level: 'warning' });
  else notice(tx, now, { text: 'N-08', about: no, values: { no, to: to ?? '' }, level: 'info' });
}

/** A message from upstream, for everybody at the console. */
export const recordMessage = (tx: Tx, now: number, { no, zh, en, level }: Message): void =>
  notice(tx, now, { text: 'message', about: no, values: { zh, en }, level });

/** How the sending of a `notify` went: QUEUED → SENT | FAILED(n) → DEAD. What has ended stays as it ended; what nobody here knows of must not hold up the stream. */
export function recordNotifyResult(tx: Tx, result: NotifyResult): void {
  const sent = getSent(tx.db, result.notice);
  if (!sent || sent.state === 'SENT' || sent.state === 'DEAD') return;
  const state = ({ sent: 'SENT', failed: 'FAILED', dead: 'DEAD' } as const)[result.outcome];
  const { attempts, to, reason } = result;
  updateSent(tx, { ...sent, state, attempts, to, reason });
}

/** Of these, those that are for the user. */
export const markNoticesRead = (tx: Tx, now: number, by: User, ids: readonly number[]): void =>
  markRead(tx, readerOf(by), ids, now);

/** It went out before the book was lost, and does not again. */
export const restoreNotify = (tx: Tx, { facts }: Notify): void => insertSent(tx, facts.event, facts.channel);

const keepMs = 400 * dayMs;
const slice = 500;

/** Deletes the oldest that nobody looks at any more. Returns how many: 0 when there is nothing more. */
export const pruneNotices = (tx: Tx, nowMs: number): number => deleteNotices(tx, nowMs - keepMs, slice);
