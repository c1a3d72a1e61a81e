import { accountsOf, maskNumber } from '../accounts.ts';
import type { SettlementState } from '../business-tables.ts';
import { settlementFacts } from '../settlement-facts.ts';
import type { HostTrx } from '../store.ts';
import { listOf } from './listed.ts';

/** What may be decided, by the state. */
const legal: Readonly<Partial<Record<SettlementState, readonly string[]>>> = {
  PROCESSING: ['succeeded', 'failed'],
  SUCCEEDED: ['returned'],
};

/** `together`: how many settlements the bank would return with this one. */
export async function settlementsView(trx: HostTrx, merchant: string) {
  const accounts = new Map((await accountsOf(trx, merchant)).map((account) => [account.version, account]));
  const found = await listOf(trx, merchant, 'settlements');
  const transfers = new Set(found.flatMap(({ transfer_ref }) => transfer_ref ?? []));
  const together = await paidWith(trx, merchant, [...transfers]);
  const rows = found.map((row) => {
    const account = accounts.get(row.account_version);
    return {
      ...settlementFacts(row),
      account: account ? `${account.name} ${maskNumber(account.number)}` : '',
      together: together.get(row.transfer_ref ?? '') ?? 0,
      may: legal[row.state] ?? [],
      waits: row.waits,
    };
  });
  return { rows };
}

/** How many settlements each of these transfers paid that stand. */
async function paidWith(trx: HostTrx, merchant: string, transfers: readonly string[]): Promise<Map<string, number>> {
  if (transfers.length === 0) return new Map();
  const rows = await trx
    .selectFrom('settlements')
    .select((eb) => ['transfer_ref', eb.fn.countAll().as('count')])
    .where('transfer_ref', 'in', transfers)
    .where((eb) => eb.and({ merchant, state: 'SUCCEEDED' }))
    .groupBy('transfer_ref')
    .execute();
  return new Map(rows.map((row) => [row.transfer_ref ?? '', Number(row.count)]));
}

export async function ticketsView(trx: HostTrx, merchant: string) {
  const found = await listOf(trx, merchant, 'tickets');
  const rows = found.map(({ by_actor: by, answered_by: answeredBy, ...row }) => ({
    terminal: row.terminal,
    no: row.no,
    settlement: row.settlement,
    payment: row.payment,
    text: row.text,
    by,
    state: row.state,
    answer: row.answer,
    answeredBy,
    at: row.at,
    waits: row.waits,
  }));
  return { rows };
}
