import { type Database, perDatabase, type Tx } from './database.ts';

/** Something to be done at a time, even after a restart. One row for each kind and thing. */
export interface DueWork {
  readonly kind: string;
  readonly about: string;
  readonly dueAt: number;
  readonly attempts: number;
}

const statements = perDatabase((db) => ({
  upsert: db.prepare(`INSERT INTO due_work (kind, about, due_at) VALUES (?, ?, ?)
    ON CONFLICT (kind, about) DO UPDATE SET due_at = excluded.due_at, attempts = attempts + 1`),
  remove: db.prepare('DELETE FROM due_work WHERE kind = ? AND about = ?'),
  due: db.prepare<[number], DueWork>(
    'SELECT kind, about, due_at AS dueAt, attempts FROM due_work WHERE due_at <= ? ORDER BY due_at, kind, about LIMIT 100',
  ),
  ofKind: db.prepare<[string], DueWork>(
    'SELECT kind, about, due_at AS dueAt, attempts FROM due_work WHERE kind = ? ORDER BY due_at LIMIT 1',
  ),
  next: db.prepare<[], { dueAt: number | null }>('SELECT min(due_at) AS dueAt FROM due_work'),
}));

/** Puts work on the list; if it is there already, moves it to the new time and counts an attempt. */
export const schedule = (tx: Tx, kind: string, about: string, dueAt: number): void => {
  statements(tx.db).upsert.run(kind, about, dueAt);
};

export const finishWork = (tx: Tx, kind: string, about: string): void => {
  statements(tx.db).remove.run(kind, about);
};

/** What is due at `now`, the oldest first, at most 100. */
export const workDueAt = (db: Database, now: number): readonly DueWork[] => statements(db).due.all(now);

/** Of one kind what is due first, now or later. */
export const nextWork = (db: Database, kind: string): DueWork | undefined => statements(db).ofKind.get(kind);

export const nextDueAt = (db: Database): number | null => statements(db).next.get()?.dueAt ?? null;
