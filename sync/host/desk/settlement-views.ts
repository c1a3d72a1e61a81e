import { accountsOf, maskNumber } from '../accounts.ts';
import type { SettlementState } from '../business-tables.ts';
import type { HostTrx } from '../store.ts';

const most = 200;

/** What may be decided, by the state. */
const legal: Readonly<Partial<Record<SettlementState, readonly string[]>>> = {
  PROCESSING: ['succeeded', 'failed'],
  SUCCEEDED: ['returned'],
};

export async function settlementsView(trx: HostTrx, merchant: string) {
  const accounts = new Map((await accountsOf(trx, merchant)).map((account) => [account.version, account]));
  const found = await trx
    .selectFrom('settlements')
    .selectAll()
    .where('merchant', '=', merchant)
    .orderBy('received_at', 'desc')
    .limit(most)
    .execute();
  const rows = found.map((row) => {
    const account = accounts.get(row.account_version);
    return {
      terminal: row.terminal,
      no: row.no,
      at: row.at,
      by: row.by_actor,
      mode: row.mode,
      amountFen: row.amount_fen,
      serviceFeeFen: row.service_fee_fen,
      account: account ? `${account.name} ${maskNumber(account.number)}` : '',
      accountVersion: row.account_version,
      state: row.state,
      reason: row.reason,
      transferRef: row.transfer_ref,
      valueDate: row.value_date,
      checked: row.checked === 1,
      may: legal[row.state] ?? [],
      waits: row.state === 'PROCESSING' && row.due_at === null,
    };
  });
  return { rows };
}

export async function ticketsView(trx: HostTrx, merchant: string) {
  const found = await trx
    .selectFrom('tickets')
    .selectAll()
    .where('merchant', '=', merchant)
    .orderBy('at', 'desc')
    .limit(most)
    .execute();
  const rows = found.map(
    ({ terminal, no, settlement, payment, text, by_actor: by, state, answer, answered_by, at }) => ({
      terminal,
      no,
      settlement,
      payment,
      text,
      by,
      state,
      answer,
      answeredBy: answered_by,
      at,
      waits: state === 'OPEN',
    }),
  );
  return { rows };
}
