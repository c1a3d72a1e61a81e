import { type Kysely, sql } from 'kysely';

/** Who decided it at the desk. */
const authors = ['settlements', 'refunds', 'applications', 'mirror_differences'] as const;

const indexes: readonly (readonly [name: string, on: string, where?: string])[] = [
  // What the desk lists, the newest first.
  ['settlements_by_day', 'settlements (merchant, received_at)'],
  ['refunds_by_day', 'refunds (merchant, at)'],
  ['applications_by_day', 'applications (merchant, at)'],
  ['tickets_by_day', 'tickets (merchant, at)'],
  ['statements_by_day', 'statements (merchant, at)'],
  ['bills_by_day', 'bills (merchant, date, version)'],
  ['bill_differences_by_day', 'bill_differences (merchant, at)'],
  ['mirror_differences_by_day', 'mirror_differences (merchant, at)'],
  ['outgoing_by_day', 'outgoing (merchant, at)'],
  ['freezes_by_day', 'freezes (merchant, at)'],
  ['charge_backs_by_day', 'charge_backs (merchant, at)'],
  ['batches_by_day', 'batches (merchant, opened_at)'],
  // What waits there for a person (desk/waiting.ts).
  ['settlements_waiting', 'settlements (merchant, received_at)', "state = 'PROCESSING' and due_at is null"],
  ['refunds_waiting', 'refunds (merchant, at)', "state = 'PROCESSING' and due_at is null"],
  ['accounts_waiting', 'applications (merchant, at)', "kind = 'account' and state = 'ACCEPTED'"],
  ['applications_waiting', 'applications (merchant, at)', "kind = 'paper-statement' and state = 'ACCEPTED'"],
  ['tickets_waiting', 'tickets (merchant, at)', "state = 'OPEN'"],
  [
    'bill_differences_waiting',
    'bill_differences (merchant, at)',
    "state in ('FOUND', 'PROPOSED') and kind <> 'clearing'",
  ],
  ['mirror_differences_waiting', 'mirror_differences (merchant, at)', 'decision is null'],
  // What the workers take up next.
  ['bills_waiting', 'bills (at, date)', "state <> 'SENT'"],
  ['outgoing_due', 'outgoing (channel, due_at)', 'due_at is not null'],
  // What prune.ts lets go of: rows of money are in none of these.
  [
    'inbox_passing',
    'inbox (at)',
    "code is null and (state = 'repeated' or (state = 'applied' and kind in ('telemetry', 'audit-line', 'opening')))",
  ],
  ['outbox_passing', 'outbox (stream, seq)', "kind in ('book-restore', 'file-part')"],
  ['notices_passing', 'notices (at)', "kind in ('telemetry', 'audit-line')"],
  ['outgoing_ended', 'outgoing (ended_at)', 'ended_at is not null'],
];

/** Migration 5. A sale writes no entry of these. */
export async function createDeskIndexes(db: Kysely<unknown>): Promise<void> {
  for (const table of authors) await sql`alter table ${sql.table(table)} add column decided_by text`.execute(db);
  await sql`drop index outgoing_due`.execute(db);
  for (const [name, on, where] of indexes) {
    await sql.raw(`create index ${name} on ${on}${where === undefined ? '' : ` where ${where}`}`).execute(db);
  }
}
