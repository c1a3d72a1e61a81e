import type { UserRecord } from '../../sync/protocol/merchant-data.ts';
import type { User } from '../users/user.ts';
import type { ApplicationView } from './settlement-desk.ts';

/**
 * Named users of the console. Upstream decides who they are (`apply` user, `merchant-data` user); each terminal keeps their secrets itself. A set-up code gives a user the first secret at
 * this terminal: the terminal makes one at its first start (it stands on the start screen and in `pos console code`), later M makes one for a user. A code is good once, for 24 hours.
 */
export interface ConsoleUserDesk {
  /** FORBIDDEN. */
  users(by: User): readonly ConsoleUserView[];
  /** What was applied for, the newest first. FORBIDDEN. */
  applications(by: User): readonly ApplicationView[];
  /** FORBIDDEN, BAD_REQUEST, SELF_APPROVAL_FORBIDDEN for one's own role, OFFLINE. */
  apply(by: User, record: UserRecord, key: string): ApplicationView;
  /** A code with which this user sets a secret here, in place of one before. FORBIDDEN, NOT_FOUND. */
  setUpCode(by: User, login: string): Promise<{ readonly code: string; readonly validUntil: number }>;
}

export interface ConsoleUserView extends UserRecord {
  /** A secret was set at this terminal. */
  readonly hasSecret: boolean;
  readonly locked: boolean;
  readonly lastSeenAt: number | undefined;
}
