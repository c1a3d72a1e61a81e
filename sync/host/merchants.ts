import type { SettlementAccount } from '../protocol/settlement.ts';
import type { TerminalRef } from './business.ts';
import type { AccountTable } from './business-tables.ts';
import { forTerminal, type ParameterName, readParameters } from './parameters.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';

/** What upstream knows of a merchant: its terminals, settlement account versions (states.md 4) and parameters, all under one `rev`. */

export interface AccountData {
  readonly name: string;
  readonly number: string;
  readonly bank: string;
}

export interface MerchantSetUp {
  readonly number: string;
  readonly name: string;
  readonly account: AccountData;
  readonly parameters: Readonly<Partial<Record<ParameterName, unknown>>>;
  readonly terminals: readonly string[];
  /** Number of the first batch of a new terminal. */
  readonly firstBatch: string;
}

/** Registers a merchant and its terminals; what is registered already stays as the host's own decisions left it. */
export async function registerMerchant(trx: HostTrx, setUp: MerchantSetUp): Promise<void> {
  const merchant = setUp.number;
  if (!(await findMerchant(trx, merchant))) {
    await trx.insertInto('merchants').values({ merchant, name: setUp.name, rev: 1 }).execute();
    await trx
      .insertInto('accounts')
      .values({ merchant, version: 1, state: 'ACTIVE', ...accountColumns(setUp.account) })
      .execute();
    for (const [name, value] of Object.entries(setUp.parameters)) await writeParameter(trx, merchant, name, value);
  }
  for (const terminal of setUp.terminals) {
    await trx
      .insertInto('terminals')
      .values({ merchant, terminal, next_batch: setUp.firstBatch, sent_rev: 0 })
      .onConflict((oc) => oc.columns(['merchant', 'terminal']).doNothing())
      .execute();
  }
}

export async function findMerchant(trx: HostTrx, merchant: string) {
  return trx.selectFrom('merchants').selectAll().where('merchant', '=', merchant).executeTakeFirst();
}

export async function findTerminal(trx: HostTrx, from: TerminalRef) {
  return trx
    .selectFrom('terminals')
    .selectAll()
    .where((eb) => eb.and({ merchant: from.merchant, terminal: from.terminal }))
    .executeTakeFirst();
}

/** The newest version of the settlement account. */
export async function currentAccount(trx: HostTrx, merchant: string): Promise<AccountTable> {
  return trx
    .selectFrom('accounts')
    .selectAll()
    .where('merchant', '=', merchant)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
}

/** The merchant verified its account again: a new version is ACTIVE, the version before is SUPERSEDED. Returns the new version. */
export async function verifyAccount(
  trx: HostTrx,
  merchant: string,
  account: AccountData,
  now: number,
): Promise<number> {
  const before = await currentAccount(trx, merchant);
  const version = before.version + 1;
  await trx
    .updateTable('accounts')
    .set({ state: 'SUPERSEDED' })
    .where((eb) => eb.and({ merchant, version: before.version }))
    .execute();
  await trx
    .insertInto('accounts')
    .values({ merchant, version, state: 'ACTIVE', ...accountColumns(account) })
    .execute();
  await announce(trx, merchant, now);
  return version;
}

/** The bank says that this account cannot be paid (B-052). A version that is not ACTIVE any more stays as it is. */
export async function markAccountErrored(trx: HostTrx, merchant: string, version: number, now: number): Promise<void> {
  const changed = await trx
    .updateTable('accounts')
    .set({ state: 'ERRORED' })
    .where((eb) => eb.and({ merchant, version, state: 'ACTIVE' }))
    .executeTakeFirst();
  if (changed.numUpdatedRows > 0n) await announce(trx, merchant, now);
}

export async function setParameter(
  trx: HostTrx,
  merchant: string,
  change: { readonly name: string; readonly value: unknown },
  now: number,
): Promise<void> {
  await writeParameter(trx, merchant, change.name, change.value);
  await announce(trx, merchant, now);
}

/** Queues the merchant's data for a terminal that was not sent this `rev` yet. */
export async function sendMerchantData(trx: HostTrx, to: TerminalRef, now: number): Promise<void> {
  const [merchant, terminal] = [await findMerchant(trx, to.merchant), await findTerminal(trx, to)];
  if (!merchant || !terminal || terminal.sent_rev >= merchant.rev) return;
  const { rev } = merchant;
  const account = maskAccount(await currentAccount(trx, to.merchant));
  const parameters = forTerminal(await readParameters(trx, to.merchant));
  const accountNo = `account:${rev}`;
  const parametersNo = `parameters:${rev}`;
  await sendDown(trx, to, {
    kind: 'merchant-data',
    id: accountNo,
    body: { kind: 'account', no: accountNo, at: now, rev, record: account },
  });
  await sendDown(trx, to, {
    kind: 'merchant-data',
    id: parametersNo,
    body: { kind: 'parameters', no: parametersNo, at: now, rev, record: parameters },
  });
  await trx
    .updateTable('terminals')
    .set({ sent_rev: rev })
    .where((eb) => eb.and({ merchant: to.merchant, terminal: to.terminal }))
    .execute();
}

/** A new `rev`, sent to every terminal of the merchant. */
async function announce(trx: HostTrx, merchant: string, now: number): Promise<void> {
  await trx
    .updateTable('merchants')
    .set((eb) => ({ rev: eb('rev', '+', 1) }))
    .where('merchant', '=', merchant)
    .execute();
  const terminals = await trx.selectFrom('terminals').select('terminal').where('merchant', '=', merchant).execute();
  for (const { terminal } of terminals) await sendMerchantData(trx, { merchant, terminal }, now);
}

async function writeParameter(trx: HostTrx, merchant: string, name: string, value: unknown): Promise<void> {
  const value_json = JSON.stringify(value);
  await trx
    .insertInto('parameters')
    .values({ merchant, name, value_json })
    .onConflict((oc) => oc.columns(['merchant', 'name']).doUpdateSet({ value_json }))
    .execute();
}

function accountColumns(account: AccountData): AccountData {
  return { name: account.name, number: account.number, bank: account.bank };
}

/** Only the last four digits of the number. */
export function maskAccount(account: AccountTable): SettlementAccount {
  const { version, state, name, number, bank } = account;
  return { version, state, name, bank, maskedNumber: '*'.repeat(Math.max(0, number.length - 4)) + number.slice(-4) };
}
