import type { StatementIssued } from '../protocol/settlement.ts';
import { findAccount, maskNumber } from './accounts.ts';
import type { TerminalRef } from './business.ts';
import type { SettlementTable } from './business-tables.ts';
import { type Host, owner } from './host.ts';
import { readProfile } from './merchant-records.ts';
import { nextReference } from './numbers.ts';
import { queueOutgoing } from './outgoing.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';
import { debitTxns } from './txns.ts';

/**
 * The settlement slip (结算单, B-029): one for each success, from the host's own records, sent to the merchant's e-mail or by SMS, as far as the host has the way out (B-030, N-08); without an
 * address it is only in the terminal. Amounts in the facts are fen, as texts.
 */
export async function issueStatement(host: Host, trx: HostTrx, settlement: SettlementTable): Promise<void> {
  const now = host.clock.now();
  const no = await nextReference(trx, 'S');
  const facts = await factsOf(trx, no, settlement);
  await trx
    .insertInto('statements')
    .values({
      ...owner(settlement),
      no,
      settlement: settlement.no,
      facts_json: JSON.stringify(facts),
      channel: null,
      at: now,
    })
    .execute();
  const { email, mobile } = await readProfile(trx, settlement.merchant);
  const addresses = { email, sms: mobile };
  const usable = host.waysOut.find((way) => addresses[way] !== null);
  const channel = usable ?? (email === null ? 'sms' : 'email');
  const address = addresses[channel];
  if (address === null) return statementSent(host, trx, settlement, no, { channel: 'none', to: null });
  await queueOutgoing(trx, settlement, { no, kind: 'statement', channel, address, text: 'N-08', facts }, now);
}

async function factsOf(trx: HostTrx, no: string, settlement: SettlementTable): Promise<Record<string, string>> {
  const { merchant, amount_fen: amount, service_fee_fen: fee } = settlement;
  const account = await findAccount(trx, merchant, settlement.account_version);
  return {
    statement: no,
    settlement: settlement.no,
    mode: settlement.mode,
    amountFen: String(amount),
    serviceFeeFen: String(fee),
    netFen: String(amount - fee),
    accountName: account.name,
    account: maskNumber(account.number),
    bank: account.bank,
    transferRef: settlement.transfer_ref ?? '',
    valueDate: settlement.value_date ?? '',
    payments: String(await clearedSince(trx, settlement)),
  };
}

/** How many payments cleared after the settlement before this one. The batches keep the look short: only those that were open or cleared since. */
async function clearedSince(trx: HostTrx, settlement: SettlementTable): Promise<number> {
  const { received_at: until } = settlement;
  const last = await trx
    .selectFrom('settlements')
    .select('received_at')
    .where((eb) => eb.and(owner(settlement)))
    .where('received_at', '<', until)
    .where('state', 'in', ['SUCCEEDED', 'RETURNED'])
    .orderBy('received_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const since = last?.received_at ?? 0;
  const batches = await trx
    .selectFrom('batches')
    .select('batch')
    .where((eb) => eb.and(owner(settlement)))
    .where((eb) => eb.or([eb('cleared_at', 'is', null), eb('cleared_at', '>', since)]))
    .execute();
  if (batches.length === 0) return 0;
  const row = await trx
    .selectFrom('approvals')
    .select((eb) => eb.fn.countAll().as('count'))
    .where((eb) => eb.and({ ...owner(settlement), state: 'CLEARED' }))
    .where(
      'batch',
      'in',
      batches.map(({ batch }) => batch),
    )
    .where('txn', 'in', debitTxns)
    .where('cleared_at', '>', since)
    .where('cleared_at', '<=', until)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** The slip went out, or never will: tells the terminal. `to` is masked. */
export async function statementSent(
  host: Host,
  trx: HostTrx,
  of: TerminalRef,
  no: string,
  { channel, to }: Pick<StatementIssued, 'channel' | 'to'>,
): Promise<void> {
  const { settlement } = await trx
    .updateTable('statements')
    .set({ channel })
    .where((eb) => eb.and({ ...owner(of), no }))
    .returning('settlement')
    .executeTakeFirstOrThrow();
  const body = { no, at: host.clock.now(), settlement, channel, to };
  await sendDown(trx, of, { kind: 'statement-issued', id: no, body });
}
