import type { Group, GroupTotals } from '../../sync/protocol/common.ts';
import type { SettlementAccount } from '../../sync/protocol/merchant-data.ts';
import { assert } from '../base/assert.ts';
import { type Database, perDatabase, type Tx } from '../base/database.ts';
import { type Batch, groups } from './batch.ts';
import type { Settlement } from './settlement.ts';

/** All SQL of batches, settlement accounts and settlements. */

const settlementColumns = `s.no, s.state, s.mode, s.amount_fen AS amountFen, s.service_fee_fen AS serviceFeeFen, s.account_version AS accountVersion,
  s.idempotency_key AS idempotencyKey, s.requested_by AS requestedBy, s.requested_at AS requestedAt, s.ended_at AS endedAt, s.reason,
  s.host_ref AS hostRef, s.transfer_ref AS transferRef, s.value_date AS valueDate, s.checked_by AS checkedBy, s.cut,
  s.again_of AS againOf, s.again_from_rev AS againFromRev, s.stop_by AS stopBy, s.issued_channel AS issuedChannel, s.issued_to AS issuedTo, a.masked_number AS maskedAccount`;
const fromSettlement = 'FROM settlement s JOIN settlement_account a ON a.version = s.account_version';

const accountColumns = 'version, state, name, masked_number AS maskedNumber, bank, destination, reason, rev';

const sides = ['debit', 'credit'] as const;
export type Side = (typeof sides)[number];

type BatchRow = Record<string, string | number | null>;
export type AccountRow = SettlementAccount & { readonly rev: number };

const statements = perDatabase((db) => ({
  open: db.prepare<unknown[], BatchRow>(
    "INSERT INTO batch (no, state, business_date, opened_at) VALUES (?, 'OPEN', ?, ?) RETURNING *",
  ),
  current: db.prepare<[], BatchRow>("SELECT * FROM batch WHERE state <> 'CLOSED'"),
  byNo: db.prepare<[string], BatchRow>('SELECT * FROM batch WHERE no = ? ORDER BY id DESC LIMIT 1'),
  newest: db.prepare<[{ before: string | null; limit: number }], BatchRow>(`SELECT * FROM batch
    WHERE @before IS NULL OR id < (SELECT max(id) FROM batch WHERE no = @before) ORDER BY id DESC LIMIT @limit`),
  update:
    db.prepare(`UPDATE batch SET state = ?, closed_at = ?, closed_by = ?, verdict = ?, decided = ?, differing = ?, next_batch = ?, uploaded = ?,
    cleared_at = ?, prints = ? WHERE id = ?`),
  add: Object.fromEntries(
    groups.flatMap((group) =>
      sides.map((side) => [
        `${group}_${side}`,
        db.prepare(`UPDATE batch SET records = records + 1, ${group}_${side}_count = ${group}_${side}_count + 1,
          ${group}_${side}_fen = ${group}_${side}_fen + ? WHERE no = ? AND state = 'OPEN'`),
      ]),
    ),
  ),
  totals: db.prepare(
    `UPDATE batch SET records = ?, ${groups
      .flatMap((group) => sides.map((side) => `${group}_${side}_count = ?, ${group}_${side}_fen = ?`))
      .join(', ')} WHERE id = ?`,
  ),
  saveAccount:
    db.prepare(`INSERT INTO settlement_account (version, state, name, masked_number, bank, destination, reason, rev) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (version) DO UPDATE SET state = excluded.state, name = excluded.name, masked_number = excluded.masked_number,
      bank = excluded.bank, destination = excluded.destination, reason = excluded.reason, rev = excluded.rev
      WHERE excluded.rev > settlement_account.rev`),
  supersede: db.prepare(
    "UPDATE settlement_account SET state = 'SUPERSEDED' WHERE state IN ('ACTIVE','ERRORED') AND version < ?",
  ),
  account: db.prepare<[], AccountRow>(
    `SELECT ${accountColumns} FROM settlement_account
     ORDER BY CASE state WHEN 'ACTIVE' THEN 0 WHEN 'ERRORED' THEN 1 ELSE 2 END, version DESC LIMIT 1`,
  ),
  accounts: db.prepare<[], AccountRow>(`SELECT ${accountColumns} FROM settlement_account ORDER BY version DESC`),
  accountState: db
    .prepare<[number], SettlementAccount['state']>('SELECT state FROM settlement_account WHERE version = ?')
    .pluck(),
  insertSettlement:
    db.prepare(`INSERT INTO settlement (no, state, mode, amount_fen, account_version, idempotency_key, requested_by, requested_at, cut, again_of)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  updateSettlement:
    db.prepare(`UPDATE settlement SET state = ?, service_fee_fen = ?, ended_at = ?, reason = ?, host_ref = ?, transfer_ref = ?,
    value_date = ?, checked_by = ?, again_from_rev = ?, stop_by = ?, issued_channel = ?, issued_to = ? WHERE no = ?`),
  settlement: db.prepare<[string], Settlement>(`SELECT ${settlementColumns} ${fromSettlement} WHERE s.no = ?`),
  byKey: db.prepare<[string], Settlement>(`SELECT ${settlementColumns} ${fromSettlement} WHERE s.idempotency_key = ?`),
  settlements: db.prepare<[number], Settlement>(
    `SELECT ${settlementColumns} ${fromSettlement} ORDER BY s.no DESC LIMIT ?`,
  ),
  settlementsBefore: db.prepare<[string, number], Settlement>(
    `SELECT ${settlementColumns} ${fromSettlement} WHERE s.no < ? ORDER BY s.no DESC LIMIT ?`,
  ),
  toBuildAnew: db.prepare<[], Settlement>(
    `SELECT ${settlementColumns} ${fromSettlement} WHERE s.again_from_rev IS NOT NULL ORDER BY s.no`,
  ),
  notCleared: db.prepare<[], BatchRow>("SELECT * FROM batch WHERE state = 'CLOSED' AND cleared_at IS NULL ORDER BY id"),
}));

function batch(row: BatchRow): Batch {
  const number = (name: string): number => Number(row[name]);
  const text = (name: string): string | null => (row[name] === null ? null : String(row[name]));
  const totalsOf = (group: Group): GroupTotals => ({
    debitCount: number(`${group}_debit_count`),
    debitFen: number(`${group}_debit_fen`),
    creditCount: number(`${group}_credit_count`),
    creditFen: number(`${group}_credit_fen`),
  });
  const verdicts = (name: string): Batch['verdict'] => JSON.parse(text(name) ?? 'null');
  return {
    id: number('id'),
    no: String(row['no']),
    state: String(row['state']) as Batch['state'],
    businessDate: String(row['business_date']),
    openedAt: number('opened_at'),
    closedAt: row['closed_at'] === null ? null : number('closed_at'),
    closedBy: text('closed_by'),
    records: number('records'),
    totals: { domestic: totalsOf('domestic'), foreign: totalsOf('foreign'), codes: totalsOf('codes') },
    verdict: verdicts('verdict'),
    decided: verdicts('decided'),
    differing: JSON.parse(text('differing') ?? '[]'),
    nextBatch: text('next_batch'),
    uploaded: number('uploaded'),
    clearedAt: row['cleared_at'] === null ? null : number('cleared_at'),
    prints: number('prints'),
  };
}

const optional = (row: BatchRow | undefined): Batch | undefined => (row ? batch(row) : undefined);

export const insertBatch = (tx: Tx, no: string, businessDate: string, atMs: number): Batch => {
  const row = statements(tx.db).open.get(no, businessDate, atMs);
  assert(row, 'a new batch row comes back');
  return batch(row);
};

export const updateBatch = (tx: Tx, b: Batch): void => {
  statements(tx.db).update.run(
    b.state,
    b.closedAt,
    b.closedBy,
    b.verdict && JSON.stringify(b.verdict),
    b.decided && JSON.stringify(b.decided),
    JSON.stringify(b.differing),
    b.nextBatch,
    b.uploaded,
    b.clearedAt,
    b.prints,
    b.id,
  );
};

/** Replaces the running totals. */
export const updateTotals = (tx: Tx, { id, records, totals }: Pick<Batch, 'id' | 'records' | 'totals'>): void => {
  const figures = groups.flatMap((group) => {
    const { debitCount, debitFen, creditCount, creditFen } = totals[group];
    return [debitCount, debitFen, creditCount, creditFen];
  });
  statements(tx.db).totals.run(records, ...figures, id);
};

/** Adds a record to the running totals of the open batch. */
export const addToTotals = (tx: Tx, batchNo: string, group: Group, side: Side, amountFen: number): void => {
  const changed = statements(tx.db).add[`${group}_${side}`]?.run(amountFen, batchNo).changes;
  assert(changed === 1, `batch ${batchNo} is open`);
};

/** The batch that is not closed; undefined before the first sign-in and between a close and the next sign-in. */
export const getCurrentBatch = (db: Database): Batch | undefined => optional(statements(db).current.get());
export const getBatch = (db: Database, no: string): Batch | undefined => optional(statements(db).byNo.get(no));
/** The newest first; those opened before `before`. */
export const getBatches = (db: Database, limit: number, before: string | null = null): readonly Batch[] =>
  statements(db).newest.all({ before, limit }).map(batch);

/** A whole record as upstream decided it; an older `rev` changes nothing. A newer version that is ACTIVE supersedes those before it. Returns the state of that version before, if any. */
export const saveAccount = (
  tx: Tx,
  account: SettlementAccount,
  rev: number,
): SettlementAccount['state'] | undefined => {
  const { saveAccount: save, supersede, accountState } = statements(tx.db);
  const { version, state, name, maskedNumber, bank, destination, reason } = account;
  const before = accountState.get(version);
  save.run(version, state, name, maskedNumber, bank, destination, reason, rev);
  if (state === 'ACTIVE') supersede.run(version);
  return before;
};

/** The one that is ACTIVE or else ERRORED, or else the newest version. */
export const getAccount = (db: Database): AccountRow | undefined => statements(db).account.get();

/** The newest version first. */
export const getAccounts = (db: Database): readonly AccountRow[] => statements(db).accounts.all();

export const insertSettlement = (tx: Tx, s: Settlement): void => {
  statements(tx.db).insertSettlement.run(
    s.no,
    s.state,
    s.mode,
    s.amountFen,
    s.accountVersion,
    s.idempotencyKey,
    s.requestedBy,
    s.requestedAt,
    s.cut,
    s.againOf,
  );
};

export const updateSettlement = (tx: Tx, s: Settlement): void => {
  statements(tx.db).updateSettlement.run(
    s.state,
    s.serviceFeeFen,
    s.endedAt,
    s.reason,
    s.hostRef,
    s.transferRef,
    s.valueDate,
    s.checkedBy,
    s.againFromRev,
    s.stopBy,
    s.issuedChannel,
    s.issuedTo,
    s.no,
  );
};

export const getSettlement = (db: Database, no: string): Settlement | undefined => statements(db).settlement.get(no);
export const getSettlementByKey = (db: Database, key: string): Settlement | undefined => statements(db).byKey.get(key);
export const getSettlements = (db: Database, limit: number): readonly Settlement[] =>
  statements(db).settlements.all(limit);
/** Those before `before`, the newest first. */
export const getSettlementsBefore = (db: Database, before: string, limit: number): readonly Settlement[] =>
  statements(db).settlementsBefore.all(before, limit);
/** Refused ones of SYS that are still to be built anew, the oldest first. */
export const getToBuildAnew = (db: Database): readonly Settlement[] => statements(db).toBuildAnew.all();
/** Batches whose close is over and of which nothing was cleared, the oldest first. */
export const getNotCleared = (db: Database): readonly Batch[] => statements(db).notCleared.all().map(batch);
