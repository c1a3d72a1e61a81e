import { type ColumnDefinitionBuilder, type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { BusinessTables } from './business-tables.ts';

type Column = readonly [name: string, type: 'text' | 'integer', may?: 'null'];

const text = (...names: string[]): Column[] => names.map((name) => [name, 'text']);
const integer = (...names: string[]): Column[] => names.map((name) => [name, 'integer']);
const nullable = (columns: Column[]): Column[] => columns.map(([name, type]) => [name, type, 'null']);

const own = text('merchant', 'terminal');

/** Table by table: columns, then the primary key. */
const tables: readonly (readonly [name: keyof BusinessTables, columns: Column[], key: string[]])[] = [
  ['merchants', [...text('merchant', 'name'), ...integer('rev')], ['merchant']],
  ['parameters', text('merchant', 'name', 'value_json'), ['merchant', 'name']],
  [
    'accounts',
    [...text('merchant', 'state', 'name', 'number', 'bank'), ...integer('version')],
    ['merchant', 'version'],
  ],
  ['fee_rates', [...text('merchant', 'id'), ...integer('ppm'), ...nullable(integer('cap_fen'))], ['merchant', 'id']],
  ['terminals', [...own, ...text('next_batch'), ...integer('sent_rev')], ['merchant', 'terminal']],
  ['counters', [...text('name'), ...integer('value')], ['name']],
  [
    'answers',
    [
      ...own,
      ...text('kind', 'payment', 'request_id', 'fingerprint', 'answer_json'),
      ...integer('not_before', 'silent'),
    ],
    ['merchant', 'terminal', 'kind', 'payment'],
  ],
  [
    'approvals',
    [
      ...own,
      ...text('payment', 'batch', 'stan', 'card_group', 'entry', 'code', 'state', 'booked_by'),
      ...integer('amount_fen', 'fee_fen', 'at'),
      ...nullable(text('rate_id', 'card_masked', 'rrn', 'auth_code')),
    ],
    ['merchant', 'terminal', 'payment'],
  ],
  ['barred', [...own, ...text('payment'), ...integer('at')], ['merchant', 'terminal', 'payment']],
  [
    'records',
    [...own, ...text('kind', 'payment', 'batch', 'stan', 'state', 'facts_json'), ...integer('amount_fen', 'at')],
    ['merchant', 'terminal', 'kind', 'payment'],
  ],
  [
    'batches',
    [
      ...own,
      ...text('batch', 'state'),
      ...nullable(text('business_date', 'verdicts_json', 'host_totals_json', 'terminal_totals_json')),
      ...nullable(text('differing_json', 'clearing_date')),
      ...nullable(integer('gross_fen', 'fee_fen', 'compared_at', 'closed_at', 'cleared_at')),
      ...integer('opened_at'),
    ],
    ['merchant', 'terminal', 'batch'],
  ],
  [
    'uploads',
    [
      ...own,
      ...text('batch', 'payment', 'stan', 'side', 'card_group', 'rate_id', 'entry'),
      ...integer('amount_fen'),
      ...nullable(text('rrn')),
    ],
    ['merchant', 'terminal', 'batch', 'payment'],
  ],
  [
    'funds',
    [...own, ...text('account', 'date', 'batch'), ...integer('n', 'amount_fen', 'posted')],
    ['merchant', 'terminal', 'account', 'date', 'n'],
  ],
  [
    'settlements',
    [
      ...own,
      ...text('no', 'mode', 'state'),
      ...integer('amount_fen', 'account_version', 'service_fee_fen', 'plan_return', 'checked', 'at'),
      ...nullable(text('reason', 'host_ref', 'transfer_ref', 'value_date', 'plan_fail')),
      ...nullable(integer('due_at')),
    ],
    ['merchant', 'terminal', 'no'],
  ],
  [
    'host_journals',
    [...own, ...text('journal_key', 'event', 'no', 'by_actor', 'lines_json'), ...integer('at')],
    ['merchant', 'terminal', 'journal_key'],
  ],
  ['mirror', [...own, ...text('account'), ...integer('debit_fen', 'credit_fen')], ['merchant', 'terminal', 'account']],
  [
    'mirror_differences',
    [
      ...own,
      ...integer('n', 'seq', 'book_fen', 'mirror_fen', 'at'),
      ...text('row_kind', 'row_id', 'account'),
      ...nullable([...text('decision'), ...integer('decided_at')]),
    ],
    ['merchant', 'terminal', 'n'],
  ],
];

const indexes: readonly (readonly [name: string, table: keyof BusinessTables, columns: string[]])[] = [
  ['approvals_by_batch', 'approvals', ['merchant', 'terminal', 'batch', 'state']],
  ['settlements_due', 'settlements', ['due_at']],
  ['host_journals_by_no', 'host_journals', ['merchant', 'terminal', 'no']],
  ['answers_by_request', 'answers', ['merchant', 'terminal', 'request_id']],
];

/** Migration 2. The columns are NOT NULL unless said; STRICT where the database knows it. */
export async function createBusinessTables(db: Kysely<unknown>): Promise<void> {
  for (const [name, columns, key] of tables) {
    let table: CreateTableBuilder<string, string> = db.schema.createTable(name);
    for (const [column, type, may] of columns) {
      table = table.addColumn(column, type, (c: ColumnDefinitionBuilder) => (may === 'null' ? c : c.notNull()));
    }
    await table.addPrimaryKeyConstraint(`${name}_key`, key).modifyEnd(sql`strict`).execute();
  }
  for (const [name, table, columns] of indexes) {
    await db.schema.createIndex(name).on(table).columns(columns).execute();
  }
}
