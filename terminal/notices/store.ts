import { type Database, perDatabase, type Tx } from '../base/database.ts';

/** All SQL of notices. */

export interface Notice {
  readonly id: number;
  readonly event: string;
  /** A user; empty: everybody of the roles that its text is for. */
  readonly recipient: string;
  readonly text: string;
  readonly about: string;
  readonly level: 'info' | 'warning';
  readonly values: Readonly<Record<string, string>>;
  readonly at: number;
}

/** What went out beside a notice. */
export interface Sent {
  readonly event: string;
  readonly channel: 'email' | 'sms';
  readonly state: 'QUEUED' | 'SENT' | 'FAILED' | 'DEAD';
  readonly attempts: number;
  /** Masked. */
  readonly to: string | null;
  readonly reason: string | null;
}

/** Who looks: one user, and the texts that the user's role may read. */
export interface Reader {
  readonly no: string;
  readonly texts: readonly string[];
}

type NoticeRow = Omit<Notice, 'values'> & { readonly values: string; readonly read: number };

const sentColumns = 'event, channel, state, attempts, sent_to AS "to", reason';
const forReader = `(recipient = @no OR recipient = '' AND text IN (SELECT value FROM json_each(@texts)))`;
/** Up to there everything is read. */
const mark = 'coalesce((SELECT notice FROM notice_mark WHERE by = @no AND texts = @texts), 0)';
const isRead = 'EXISTS (SELECT 1 FROM notice_read WHERE notice = id AND by = @no)';

const statements = perDatabase((db) => ({
  insert: db.prepare(`INSERT INTO notice (event, recipient, text, about, level, "values", at)
    VALUES (@event, @recipient, @text, @about, @level, @values, @at) ON CONFLICT (event, recipient) DO NOTHING`),
  insertSent: db.prepare('INSERT INTO notice_sent (event, channel) VALUES (?, ?) ON CONFLICT DO NOTHING'),
  updateSent: db.prepare(
    'UPDATE notice_sent SET state = ?, attempts = ?, sent_to = ?, reason = ? WHERE event = ? AND channel = ?',
  ),
  sent: db.prepare<[string, string], Sent>(`SELECT ${sentColumns} FROM notice_sent WHERE event = ? AND channel = ?`),
  sentOf: db.prepare<[string], Sent>(`SELECT ${sentColumns} FROM notice_sent WHERE event = ? ORDER BY channel`),
  newest: db.prepare<[{ no: string; texts: string; limit: number }], NoticeRow>(
    `SELECT id, event, recipient, text, about, level, "values", at, ${isRead} AS read FROM notice
      WHERE ${forReader} ORDER BY id DESC LIMIT @limit`,
  ),
  unread: db
    .prepare<[{ no: string; texts: string; most: number }], number>(
      `SELECT count(*) FROM (SELECT 1 FROM notice WHERE id > ${mark} AND ${forReader} AND NOT ${isRead} LIMIT @most)`,
    )
    .pluck(),
  read: db.prepare(`INSERT INTO notice_read (notice, by, at) SELECT id, @no, @at FROM notice WHERE id = @id AND ${forReader}
    ON CONFLICT DO NOTHING`),
  mark: db.prepare(`INSERT INTO notice_mark VALUES (@no, @texts,
      coalesce((SELECT min(id) - 1 FROM notice WHERE id > ${mark} AND ${forReader} AND NOT ${isRead}), (SELECT max(id) FROM notice), 0))
    ON CONFLICT DO UPDATE SET notice = excluded.notice`),
  old: db.prepare<[number, number], { id: number; event: string }>(
    'SELECT id, event FROM notice WHERE at < ? ORDER BY id LIMIT ?',
  ),
  deleteRead: db.prepare('DELETE FROM notice_read WHERE notice = ?'),
  deleteSent: db.prepare('DELETE FROM notice_sent WHERE event = ?'),
  delete: db.prepare('DELETE FROM notice WHERE id = ?'),
}));

/** False: it is there already. */
export const insertNotice = (tx: Tx, { values, ...row }: Omit<Notice, 'id'>): boolean =>
  statements(tx.db).insert.run({ ...row, values: JSON.stringify(values) }).changes === 1;

export const insertSent = (tx: Tx, event: string, channel: Sent['channel']): void => {
  statements(tx.db).insertSent.run(event, channel);
};

export const updateSent = (tx: Tx, { state, attempts, to, reason, event, channel }: Sent): void => {
  statements(tx.db).updateSent.run(state, attempts, to, reason, event, channel);
};

/** By the number of its row in the outbox, `<event>:<channel>`. */
export function getSent(db: Database, no: string): Sent | undefined {
  const colon = no.lastIndexOf(':');
  return statements(db).sent.get(no.slice(0, colon), no.slice(colon + 1));
}

export const getSentOf = (db: Database, event: string): readonly Sent[] => statements(db).sentOf.all(event);

/** The newest first. */
export const getNotices = (
  db: Database,
  { no, texts }: Reader,
  limit: number,
): readonly (Notice & { readonly read: boolean })[] =>
  statements(db)
    .newest.all({ no, texts: JSON.stringify(texts), limit })
    .map((row) => ({ ...row, values: JSON.parse(row.values), read: row.read === 1 }));

/** How many are not read, counted to `most`. */
export const countUnread = (db: Database, { no, texts }: Reader, most: number): number =>
  statements(db).unread.get({ no, texts: JSON.stringify(texts), most }) ?? 0;

/** Those of them that are for the reader. */
export function markRead(tx: Tx, { no, texts }: Reader, ids: readonly number[], at: number): void {
  const { read, mark } = statements(tx.db);
  const reader = { no, texts: JSON.stringify(texts) };
  for (const id of ids) read.run({ ...reader, id, at });
  mark.run(reader);
}

/** Deletes at most `limit` of before `beforeMs`, the oldest first. Returns how many. */
export function deleteNotices(tx: Tx, beforeMs: number, limit: number): number {
  const { old, deleteRead, deleteSent, delete: deleteNotice } = statements(tx.db);
  const rows = old.all(beforeMs, limit);
  for (const { id, event } of rows) {
    deleteRead.run(id);
    deleteSent.run(event);
    deleteNotice.run(id);
  }
  return rows.length;
}
