import { type Kysely, sql } from 'kysely';
import { createTables, integer, nullable, own, type Table, text } from './create-tables.ts';

const tables: readonly Table[] = [
  [
    'merchant_records',
    [...text('merchant', 'kind', 'key', 'by_actor'), ...integer('rev', 'at'), ...nullable(text('record_json'))],
    ['merchant', 'kind', 'key'],
  ],
  [
    'record_log',
    [...text('merchant', 'kind', 'key', 'by_actor', 'to_json'), ...integer('n', 'at'), ...nullable(text('from_json'))],
    ['merchant', 'n'],
  ],
  ['people', [...text('merchant', 'role', 'name'), ...nullable(text('id_no'))], ['merchant', 'role']],
  [
    'applications',
    [
      ...own,
      ...text('no', 'kind', 'fingerprint', 'by_actor', 'state', 'facts_json'),
      ...integer('at'),
      ...nullable([...text('stage', 'reason', 'flaw'), ...integer('version', 'due_at', 'ended_at')]),
    ],
    ['merchant', 'terminal', 'no'],
  ],
  [
    'tickets',
    [
      ...own,
      ...text('no', 'settlement', 'text', 'by_actor', 'state'),
      ...integer('at'),
      ...nullable([...text('payment', 'answer', 'answered_by'), ...integer('answered_at', 'closed_at')]),
    ],
    ['merchant', 'terminal', 'no'],
  ],
  [
    'statements',
    [...own, ...text('no', 'settlement', 'facts_json'), ...integer('at'), ...nullable(text('channel'))],
    ['merchant', 'terminal', 'no'],
  ],
  [
    'outgoing',
    [
      ...own,
      ...text('no', 'kind', 'channel', 'text', 'facts_json', 'state'),
      ...integer('attempts', 'at'),
      ...nullable([...text('address', 'reason'), ...integer('due_at', 'ended_at')]),
    ],
    ['merchant', 'terminal', 'kind', 'no'],
  ],
];

/** Migration 3. Merchants that are there get the records that their terminals already have; the rest follows at the next start (registerMerchant). */
export async function createSettlementTables(db: Kysely<unknown>): Promise<void> {
  await createTables(db, tables);
  await sql`create index outgoing_due on outgoing (due_at)`.execute(db);
  await sql`create index applications_due on applications (due_at)`.execute(db);
  await sql`alter table accounts add column destination text not null default 'bank'`.execute(db);
  await sql`alter table accounts add column reason text`.execute(db);
  await sql`alter table batches add column clear_at integer`.execute(db);
  await sql`create index batches_due on batches (clear_at)`.execute(db);
  await sql`alter table settlements add column cut text`.execute(db);
  await sql`alter table settlements add column by_actor text not null default ''`.execute(db);
  await sql`alter table settlements add column received_at integer not null default 0`.execute(db);
  await sql`create index settlements_by_time on settlements (merchant, terminal, received_at)`.execute(db);
  await sql`create index settlements_by_transfer on settlements (transfer_ref)`.execute(db);
  await sql`insert into merchant_records (merchant, kind, key, rev, by_actor, at)
    select accounts.merchant, 'account', version, rev, 'SYS', 0 from accounts join merchants using (merchant)
    union all select merchant, 'parameters', '', rev, 'SYS', 0 from merchants`.execute(db);
}
