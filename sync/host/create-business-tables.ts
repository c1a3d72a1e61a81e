import type { Kysely } from 'kysely';
import type { BusinessTables } from './business-tables.ts';
import { createTables, integer, nullable, own, type Table, text } from './create-tables.ts';

/** What follows upon payments. */
const moreTables: readonly Table[] = [
  [
    'refunds',
    [
      ...own,
      ...text('no', 'batch', 'business_date', 'stan', 'origin_terminal', 'payment', 'source', 'card_group', 'entry'),
      ...text('state', 'book_state'),
      ...integer('amount_fen', 'fee_fen', 'cum_before', 'funded', 'at'),
      ...nullable([...text('back_to', 'reason', 'host_ref', 'rrn', 'plan_fail'), ...integer('due_at', 'ended_at')]),
    ],
    ['merchant', 'terminal', 'no'],
  ],
  [
    'code_orders',
    [
      ...own,
      ...text('payment', 'batch', 'stan', 'fingerprint', 'instrument', 'state', 'code'),
      ...integer('amount_fen', 'discount_fen', 'needs_pin', 'expires_at'),
      ...nullable([...text('code_url'), ...integer('pays_at')]),
    ],
    ['merchant', 'terminal', 'payment'],
  ],
  [
    'verifications',
    [...own, ...text('payment', 'sent_by', 'sent_to'), ...integer('tries_left', 'expires_at')],
    ['merchant', 'terminal', 'payment'],
  ],
  [
    'freezes',
    [...own, ...text('no', 'payment', 'state'), ...integer('n', 'amount_fen', 'by_clearing', 'ending', 'at')],
    ['merchant', 'terminal', 'no'],
  ],
  [
    'charge_backs',
    [
      ...own,
      ...text('no', 'payment', 'account', 'date'),
      ...integer('amount_fen', 'posted', 'at'),
      ...nullable(text('freeze')),
    ],
    ['merchant', 'terminal', 'no'],
  ],
  [
    'invoices',
    [
      ...own,
      ...text('no', 'kind', 'payment', 'state'),
      ...integer('amount_fen', 'at'),
      ...nullable(text('blue_no', 'reason', 'invoice_no', 'url')),
    ],
    ['merchant', 'terminal', 'no'],
  ],
  [
    'notices',
    [...own, ...text('kind', 'no', 'by_actor', 'facts_json'), ...integer('at')],
    ['merchant', 'terminal', 'kind', 'no'],
  ],
];

const tables: readonly Table[] = [
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
      ...text('payment', 'txn', 'batch', 'stan', 'card_group', 'entry', 'code', 'state', 'booked_by'),
      ...integer('asked_fen', 'amount_fen', 'discount_fen', 'fee_fen', 'at'),
      ...nullable(text('original', 'rate_id', 'card_masked', 'rrn', 'auth_code')),
      ...nullable(integer('cleared_at', 'valid_until')),
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
      ...text('batch', 'payment', 'stan', 'txn', 'side', 'card_group', 'entry'),
      ...integer('amount_fen'),
      ...nullable(text('rate_id', 'rrn')),
    ],
    ['merchant', 'terminal', 'batch', 'payment'],
  ],
  [
    'funds',
    [...own, ...text('account', 'date', 'batch'), ...integer('n', 'amount_fen', 'posted')],
    ['merchant', 'terminal', 'account', 'date', 'n'],
  ],
  ...moreTables,
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
  ['refunds_due', 'refunds', ['due_at']],
  ['refunds_by_payment', 'refunds', ['merchant', 'payment']],
  ['refunds_by_batch', 'refunds', ['merchant', 'terminal', 'batch']],
  ['freezes_by_payment', 'freezes', ['merchant', 'terminal', 'payment']],
  ['invoices_by_payment', 'invoices', ['merchant', 'terminal', 'payment']],
  ['host_journals_by_no', 'host_journals', ['merchant', 'terminal', 'no']],
  ['answers_by_request', 'answers', ['merchant', 'terminal', 'request_id']],
];

/** Migration 2. */
export async function createBusinessTables(db: Kysely<unknown>): Promise<void> {
  await createTables(db, tables);
  for (const [name, table, columns] of indexes) {
    await db.schema.createIndex(name).on(table).columns(columns).execute();
  }
}
