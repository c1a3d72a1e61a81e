import { inTransaction } from '../base/database.ts';
import { markNoticesRead } from '../notices/notice.ts';
import { noticesFor, type ReadNotice, unreadFor } from '../notices/queries.ts';
import { noticeWordsOf } from '../notices/words.ts';
import type { NoticeDesk, NoticeView } from './notice-desk.ts';
import { changed, type World } from './world.ts';

/** 站内信 of whoever asks: what is for the role, and what is for that user alone. */
export const noticeDesk = (world: Pick<World, 'db' | 'clock' | 'session'>): NoticeDesk => ({
  list: (by, limit) => ({ notices: noticesFor(world.db, by, limit).map(view), unread: unreadFor(world.db, by) }),
  read(by, ids) {
    if (ids.length === 0) return;
    inTransaction(world.db, (tx) => markNoticesRead(tx, world.clock.now(), by, ids));
    changed(world);
  },
});

const view = ({ id, text, level, about, values, at, read, sent }: ReadNotice): NoticeView => ({
  id,
  text: text.slice(0, text === 'message' ? undefined : 4),
  zh: noticeWordsOf(text, values, 'zh'),
  en: noticeWordsOf(text, values, 'en'),
  level,
  about,
  at,
  read,
  sent: sent.map(({ channel, state, attempts, to, reason }) => ({
    channel,
    state,
    attempts,
    to: to ?? undefined,
    reason: reason ?? undefined,
  })),
});
