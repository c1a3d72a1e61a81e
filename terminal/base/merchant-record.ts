import { type Database, perDatabase, type Tx } from './database.ts';

/** What upstream decides once for the merchant and sends whole: a copy, which only a newer `rev` replaces. */
export type MerchantRecordKind = 'mode' | 'profile' | 'calendar';

interface Row {
  readonly rev: number;
  readonly record: string;
}

const statements = perDatabase((db) => ({
  save: db.prepare(`INSERT INTO merchant_record VALUES (?, ?, ?)
    ON CONFLICT (kind) DO UPDATE SET rev = excluded.rev, record = excluded.record WHERE excluded.rev > merchant_record.rev`),
  get: db.prepare<[string], Row>('SELECT rev, record FROM merchant_record WHERE kind = ?'),
}));

/** False: what is here is newer, or the same. */
export const keepMerchantRecord = (tx: Tx, kind: MerchantRecordKind, rev: number, record: object): boolean =>
  statements(tx.db).save.run(kind, rev, JSON.stringify(record)).changes === 1;

/** As it came; its contract was checked on the wire. Undefined: upstream never sent one. */
export const merchantRecord = (
  db: Database,
  kind: MerchantRecordKind,
): { readonly rev: number; readonly record: unknown } | undefined => {
  const row = statements(db).get.get(kind);
  return row && { rev: row.rev, record: JSON.parse(row.record) };
};
