import type { Database } from '../base/database.ts';
import type { Role, User } from '../users/user.ts';
import { countUnread, getNotices, getSentOf, type Notice, type Reader, type Sent } from './store.ts';
import { isNoticeText, type NoticeText } from './words.ts';

/** What faces read of notices. */

/** The column “to” of cross-cutting.md; U is upstream and reads its own. N-05 is for who asked alone. */
const roles: Readonly<Record<NoticeText, readonly Role[]>> = {
  'N-05': [],
  'N-06': ['M', 'O', 'MO'],
  'N-07': ['M', 'O', 'MO'],
  'N-07r': ['M', 'O', 'MO'],
  'N-07a': ['M', 'O', 'MO'],
  'N-08': ['M', 'MO'],
  'N-08n': ['M', 'MO'],
  'N-08f': ['M', 'MO'],
  'N-10': ['O', 'MO'],
  'N-10b': ['O', 'MO'],
  'N-10c': ['O', 'MO'],
  message: ['M', 'O', 'MO', 'S'],
};

export const readerOf = ({ no, role }: User): Reader => ({
  no,
  texts: Object.entries(roles).flatMap(([text, may]) => (may.includes(role) ? [text] : [])),
});

export interface ReadNotice extends Omit<Notice, 'text'> {
  readonly text: NoticeText;
  readonly read: boolean;
  readonly sent: readonly Sent[];
}

/** Those for this user, the newest first. */
export const noticesFor = (db: Database, by: User, limit: number): readonly ReadNotice[] =>
  getNotices(db, readerOf(by), limit).flatMap((notice) => {
    const { text } = notice;
    return isNoticeText(text) ? [{ ...notice, text, sent: getSentOf(db, notice.event) }] : [];
  });

/** Counted to 1,000. */
export const unreadFor = (db: Database, by: User): number => countUnread(db, readerOf(by), 1_000);
