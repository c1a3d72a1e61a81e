import { readUsers } from './merchant-records.ts';
import type { HostTrx } from './store.ts';

/**
 * Who may ask for what (cross-cutting.md), as upstream has it when it applies a row: a user who was removed there, or has another role by now, may not any more, whatever the
 * terminal still believes (races.md).
 */

type Role = 'SYS' | 'C' | 'M' | 'O' | 'MO' | 'S';

const mayAsk = {
  settle: ['M', 'O', 'MO', 'SYS'],
  'stop-settle': ['M', 'O', 'MO'],
  check: ['M', 'O', 'MO'],
  dispute: ['M', 'O', 'MO'],
  examine: ['O', 'MO', 'SYS'],
  account: ['M', 'O', 'MO'],
  mode: ['M', 'O', 'MO'],
  'paper-statement': ['M', 'O', 'MO'],
  profile: ['M', 'MO'],
  // The first one of all is the terminal's own: apply-user.ts.
  user: ['M', 'MO', 'SYS'],
} as const satisfies Record<string, readonly Role[]>;

export async function mayDo(trx: HostTrx, merchant: string, by: string, what: keyof typeof mayAsk): Promise<boolean> {
  const role = await roleOf(trx, merchant, by);
  return mayAsk[what].some((one) => one === role);
}

/** Two digits are an operator at the keypad, of whom only 00 is more than a cashier. null: no user of the merchant's. */
async function roleOf(trx: HostTrx, merchant: string, by: string): Promise<Role | null> {
  if (by === 'SYS') return by;
  if (/^\d\d$/.test(by)) return by === '00' ? 'MO' : 'C';
  const user = (await readUsers(trx, merchant)).find(({ login }) => login === by);
  return user?.state === 'ACTIVE' ? user.role : null;
}
