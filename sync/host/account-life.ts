import { type AccountData, accountsOf, addAccount, currentAccount, findAccount, setAccount } from './accounts.ts';
import { changeRecords } from './merchant-records.ts';
import { upstream } from './merchants.ts';
import type { HostTrx } from './store.ts';

/** Who says so, and when. */
interface Said {
  readonly by: string;
  readonly now: number;
}

/** How a settlement account version moves: VERIFYING → ACTIVE | REJECTED, ACTIVE → ERRORED → ACTIVE, and SUPERSEDED by the next (states.md 4). */

/**
 * An account is verified: it is the ACTIVE one. The one in error keeps its version when its number is the same; else the version before is SUPERSEDED. `waiting`: the version that
 * was VERIFYING, if one was made. Returns the version.
 */
export async function verifyAccount(
  trx: HostTrx,
  merchant: string,
  account: AccountData,
  said: Said,
  waiting?: number,
): Promise<number> {
  const before = await currentAccount(trx, merchant);
  const { name, number, bank, destination = 'bank' } = account;
  if (before?.state === 'ERRORED' && before.number === number) {
    const mended = { state: 'ACTIVE', name, bank, destination, reason: null } as const;
    await setAccount(trx, merchant, before.version, mended);
    await announce(trx, merchant, [before.version], said);
    return before.version;
  }
  const version = waiting ?? (await addAccount(trx, merchant, account, 'ACTIVE'));
  await setAccount(trx, merchant, version, { state: 'ACTIVE' });
  if (before) await setAccount(trx, merchant, before.version, { state: 'SUPERSEDED' });
  await announce(trx, merchant, before ? [before.version, version] : [version], said);
  return version;
}

export async function rejectAccount(
  trx: HostTrx,
  merchant: string,
  version: number,
  reason: string,
  said: Said,
): Promise<void> {
  const { state } = await findAccount(trx, merchant, version);
  // One that is in error and was to be mended stays so.
  if (state === 'VERIFYING') await setAccount(trx, merchant, version, { state: 'REJECTED', reason });
  await announce(trx, merchant, [version], said);
}

/** An account that was never verified is looked at. Returns its version. */
export async function receiveAccount(
  trx: HostTrx,
  merchant: string,
  account: AccountData,
  now: number,
): Promise<number> {
  const version = await addAccount(trx, merchant, account, 'VERIFYING');
  await announce(trx, merchant, [version], { by: upstream, now });
  return version;
}

/** The bank says that this account cannot be paid (B-052). A version that is not ACTIVE any more stays as it is; says whether it changed. */
export async function markAccountErrored(
  trx: HostTrx,
  merchant: string,
  version: number,
  reason: string,
  said: Said,
): Promise<boolean> {
  const account = (await accountsOf(trx, merchant)).find((each) => each.version === version);
  if (account?.state !== 'ACTIVE') return false;
  await setAccount(trx, merchant, version, { state: 'ERRORED', reason });
  await announce(trx, merchant, [version], said);
  return true;
}

async function announce(trx: HostTrx, merchant: string, versions: readonly number[], { by, now }: Said): Promise<void> {
  const changes = versions.map((version) => ({ kind: 'account' as const, key: String(version) }));
  await changeRecords(trx, merchant, changes, by, now);
}
