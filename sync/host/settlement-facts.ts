import type { SettlementTable } from './business-tables.ts';

/** A settlement as people at the host see it. `at` is the host's time. */
export const settlementFacts = (row: SettlementTable) => ({
  terminal: row.terminal,
  no: row.no,
  by: row.by_actor,
  mode: row.mode,
  cut: row.cut,
  amountFen: row.amount_fen,
  serviceFeeFen: row.service_fee_fen,
  accountVersion: row.account_version,
  state: row.state,
  reason: row.reason,
  decidedBy: row.decided_by,
  hostRef: row.host_ref,
  transferRef: row.transfer_ref,
  valueDate: row.value_date,
  checked: row.checked === 1,
  at: row.received_at,
});
