import type { UserRecord } from '../protocol/merchant-data.ts';
import type { Asked, Ruling } from './applications.ts';
import { changeRecords, readUsers } from './merchant-records.ts';
import type { HostTrx } from './store.ts';

const isMain = ({ role, state }: UserRecord): boolean => state === 'ACTIVE' && (role === 'M' || role === 'MO');

/** Adds, changes or removes a user. Only M and MO get here, and the terminal itself for the first user of all. */
export async function applyUser(trx: HostTrx, { from, by, now }: Asked, record: UserRecord): Promise<Ruling> {
  const users = await readUsers(trx, from.merchant);
  if (by === 'SYS' && (users.length > 0 || !isMain(record))) return { refused: 'FORBIDDEN' };
  const before = users.find(({ login }) => login === record.login);
  const moved = before?.role !== record.role || before.state !== record.state;
  if (record.login === by && moved) return { refused: 'SELF_APPROVAL_FORBIDDEN' };
  const others = users.filter(({ login }) => login !== record.login);
  const lastOne = before !== undefined && isMain(before) && !isMain(record) && !others.some(isMain);
  if (lastOne) return { refused: 'ILLEGAL_STATE' };
  await changeRecords(trx, from.merchant, [{ kind: 'user', record }], by, now);
  return { done: true };
}
