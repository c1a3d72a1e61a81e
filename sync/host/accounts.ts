import type { SettlementAccount } from '../protocol/merchant-data.ts';
import type { AccountTable } from './business-tables.ts';
import type { HostTrx } from './store.ts';

/** The versions of a merchant's settlement account (states.md 4); at most one is ACTIVE or ERRORED. Who moves them: account-life.ts. */

export interface AccountData {
  readonly name: string;
  readonly number: string;
  readonly bank: string;
  readonly destination?: AccountTable['destination'];
}

export async function accountsOf(trx: HostTrx, merchant: string): Promise<AccountTable[]> {
  return trx.selectFrom('accounts').selectAll().where('merchant', '=', merchant).orderBy('version').execute();
}

/** Throws when there is none: a bug of the caller. */
export async function findAccount(trx: HostTrx, merchant: string, version: number): Promise<AccountTable> {
  return trx
    .selectFrom('accounts')
    .selectAll()
    .where((eb) => eb.and({ merchant, version }))
    .executeTakeFirstOrThrow();
}

/** The version that is settled to, or would be but for an error. */
export async function currentAccount(trx: HostTrx, merchant: string): Promise<AccountTable | undefined> {
  const accounts = await accountsOf(trx, merchant);
  return accounts.findLast(({ state }) => state === 'ACTIVE' || state === 'ERRORED');
}

/** Writes a version after those that are there. Returns it. */
export async function addAccount(
  trx: HostTrx,
  merchant: string,
  account: AccountData,
  state: AccountTable['state'],
): Promise<number> {
  const version = ((await accountsOf(trx, merchant)).at(-1)?.version ?? 0) + 1;
  const { name, number, bank, destination = 'bank' } = account;
  await trx
    .insertInto('accounts')
    .values({ merchant, version, state, name, number, bank, destination, reason: null })
    .execute();
  return version;
}

export async function setAccount(
  trx: HostTrx,
  merchant: string,
  version: number,
  set: Partial<AccountTable>,
): Promise<void> {
  await trx
    .updateTable('accounts')
    .set(set)
    .where((eb) => eb.and({ merchant, version }))
    .execute();
}

/** Only the last four digits of the number. */
export function maskAccount(account: AccountTable): SettlementAccount {
  const { version, state, name, number, bank, destination, reason } = account;
  return { version, state, name, bank, maskedNumber: maskNumber(number), destination, reason };
}

export const maskNumber = (number: string): string => '*'.repeat(Math.max(0, number.length - 4)) + number.slice(-4);
