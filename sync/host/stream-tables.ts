import { type Generated, type Kysely, sql } from 'kysely';

/** The host's ends of the streams, one pair for each terminal. */

export interface StreamTable {
  id: Generated<number>;
  merchant: string;
  terminal: string;
  /** The terminal's epoch, and the last of its rows that was applied; null before its first hello. */
  epoch: string | null;
  applied_up: number;
  /** Rows in the inbox that wait for a hole before them to be filled. */
  kept: number;
  /** The highest row of the epoch that was rejected; 0 when none was. */
  rejected_up: number;
  /** The epoch of the rows to the terminal: a new one for each of the terminal's. On the wire they count from 1, after `down_base`. */
  down_epoch: string | null;
  down_base: number;
  down_highest: number;
  down_acked: number;
}

/** Every epoch that a terminal ever had, counted by `n`: an older one is a restored backup or a replayed hello. */
export interface StreamEpochTable {
  stream: number;
  epoch: string;
  n: number;
  /** The `down_base` of its stream then. */
  down_base: number;
  at: number;
}

/**
 * `kept`: beyond a hole, not applied yet. `rejected`: not understood. `quarantined`: understood, refused by the business, or its id came before with
 * another body. `repeated`: the same id and body under another seq, applied before.
 */
export type InboxState = 'applied' | 'kept' | 'rejected' | 'quarantined' | 'repeated';

export interface InboxTable {
  stream: number;
  epoch: string;
  seq: number;
  kind: string;
  id: string;
  body: string;
  state: InboxState;
  /** Reject code of a row that was not applied. */
  code: string | null;
  error: string | null;
  at: number;
  /** Who looked at one that was not applied. */
  seen_by: Generated<string | null>;
}

/** A row whose seq came before with other bytes: the terminal's database was restored from a backup. */
export interface InboxConflictTable {
  stream: number;
  epoch: string;
  seq: number;
  sha256: string;
  kind: string;
  id: string;
  body: string;
  at: number;
}

export interface OutboxTable {
  stream: number;
  seq: number;
  kind: string;
  id: string;
  body: string;
  /** The terminal's code for a row that it could not understand. */
  rejected: string | null;
  rejected_at: Generated<number | null>;
  /** Who looked at one that was rejected. */
  seen_by: Generated<string | null>;
}

export interface StreamTables {
  stream: StreamTable;
  stream_epoch: StreamEpochTable;
  inbox: InboxTable;
  inbox_conflict: InboxConflictTable;
  outbox: OutboxTable;
}

const strict = sql`strict`;
const strictWithoutRowid = sql`strict, without rowid`;

/** One migration of the host's store. */
export async function createStreamTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('stream')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('merchant', 'text', (c) => c.notNull())
    .addColumn('terminal', 'text', (c) => c.notNull())
    .addColumn('epoch', 'text')
    .addColumn('applied_up', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('kept', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('rejected_up', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('down_epoch', 'text')
    .addColumn('down_base', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('down_highest', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('down_acked', 'integer', (c) => c.notNull().defaultTo(0))
    .addUniqueConstraint('stream_of_terminal', ['merchant', 'terminal'])
    .modifyEnd(strict)
    .execute();
  await db.schema
    .createTable('stream_epoch')
    .addColumn('stream', 'integer', (c) => c.notNull().references('stream.id'))
    .addColumn('epoch', 'text', (c) => c.notNull())
    .addColumn('n', 'integer', (c) => c.notNull())
    .addColumn('down_base', 'integer', (c) => c.notNull())
    .addColumn('at', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('stream_epoch_key', ['stream', 'epoch'])
    .modifyEnd(strictWithoutRowid)
    .execute();
  await createInbox(db);
  await db.schema
    .createTable('outbox')
    .addColumn('stream', 'integer', (c) => c.notNull().references('stream.id'))
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('rejected', 'text')
    .addPrimaryKeyConstraint('outbox_key', ['stream', 'seq'])
    .addUniqueConstraint('outbox_id', ['stream', 'kind', 'id'])
    .modifyEnd(strictWithoutRowid)
    .execute();
}

async function createInbox(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('inbox')
    .addColumn('stream', 'integer', (c) => c.notNull().references('stream.id'))
    .addColumn('epoch', 'text', (c) => c.notNull())
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('code', 'text')
    .addColumn('error', 'text')
    .addColumn('at', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('inbox_key', ['stream', 'epoch', 'seq'])
    .modifyEnd(strictWithoutRowid)
    .execute();
  // A terminal's id of a thing is applied once, in whatever epoch it comes.
  await sql`create unique index inbox_id on inbox (stream, kind, id) where state in ('applied', 'kept')`.execute(db);
  // Rows that need a person, for the desk.
  await sql`create index inbox_trouble on inbox (code, stream, epoch, seq) where code is not null`.execute(db);
  await db.schema
    .createTable('inbox_conflict')
    .addColumn('stream', 'integer', (c) => c.notNull().references('stream.id'))
    .addColumn('epoch', 'text', (c) => c.notNull())
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('sha256', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('at', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('inbox_conflict_key', ['stream', 'epoch', 'seq', 'sha256'])
    .modifyEnd(strictWithoutRowid)
    .execute();
}

/** A migration: what people did about rows that were not taken. Of an ordinary row it writes nothing more. */
export async function addRejectedRows(db: Kysely<unknown>): Promise<void> {
  await sql`alter table inbox add column seen_by text`.execute(db);
  await sql`alter table outbox add column rejected_at integer`.execute(db);
  await sql`alter table outbox add column seen_by text`.execute(db);
  await sql`create index outbox_rejected on outbox (stream, seq) where rejected is not null`.execute(db);
}
