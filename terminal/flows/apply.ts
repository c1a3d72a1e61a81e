import { createHmac } from 'node:crypto';
import type { Apply, Cycle, UserRecord } from '../../sync/protocol/merchant-data.ts';
import { shanghai } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { checkAccount, maskedNumber } from '../settlement/account.ts';
import {
  type Application,
  applicationOfKey,
  fingerprintOf,
  openApplication,
  sendApplication,
} from '../settlement/apply.ts';
import { checkProfile, type ProfileChange, requireShort } from '../settlement/check-profile.ts';
import { chosenMode, profileOf } from '../settlement/mode.ts';
import { getAccount } from '../settlement/store.ts';
import { activeUser } from '../users/console-users.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { requireOnline } from './host-link.ts';
import { requireProfile } from './settle-obstacles.ts';
import type { AccountEntry, ApplicationView } from './settlement-desk.ts';
import type { World } from './world.ts';

/** What a merchant or its settler applies for upstream. Each checks, commits, and returns the application as it was sent; the same key and content again is the same one. */

/** B-001 to B-007. */
export function applyMode(
  world: World,
  by: User,
  { mode, cycle }: { readonly mode: string; readonly cycle?: Cycle | undefined },
  key: string,
): ApplicationView {
  authorise(by, 'settle-mode');
  const record = chosenMode(world.db, mode, cycle);
  const facts = { kind: 'mode', record } as const;
  return once(world, key, fingerprintOf(facts), () => {
    requireOnline(world);
    return send(world, by, key, { facts });
  });
}

/** B-013. The number goes sealed to the host and is kept nowhere here, not even as a plain hash. A second account comes only by a settler change (004). */
export function applyAccount(world: World, by: User, entry: AccountEntry, key: string): ApplicationView {
  authorise(by, 'settle-account');
  const account = checkAccount(entry);
  const fingerprint = createHmac('sha256', world.cardHashKey).update(JSON.stringify(account)).digest('hex');
  return once(world, key, fingerprint, () => {
    requireProfile(world);
    const { state } = getAccount(world.db) ?? {};
    if (state === 'ACTIVE') throw new TerminalError('ILLEGAL_STATE', { state, event: 'settle-account' });
    if (openApplication(world.db, 'account')) throw new TerminalError('APPLICATION_IN_REVIEW');
    requireOnline(world);
    const { name, bank, destination, number, id } = account;
    const no = newId(world.clock, world.random);
    const sealed = world.sealAccount({ number, id }, no);
    const facts = { kind: 'account', name, bank, destination, maskedNumber: maskedNumber(number), sealed } as const;
    return send(world, by, key, { no, facts, fingerprint });
  });
}

/** INVALID_CONTACT, INVALID_MOBILE, INVALID_AMOUNT. */
export function applyProfile(world: World, by: User, given: ProfileChange, key: string): ApplicationView {
  authorise(by, 'profile');
  const change = checkProfile(given);
  const facts = { kind: 'profile', change } as const;
  return once(world, key, fingerprintOf(facts), () => send(world, by, key, { facts }));
}

/** B-035. `address`: of the profile where none is given. */
export function applyPaperStatement(
  world: World,
  by: User,
  { month, address }: { readonly month: string; readonly address: string | undefined },
  key: string,
): ApplicationView {
  authorise(by, 'statements');
  const isMonth = /^\d{4}-(0[1-9]|1[0-2])$/.test(month);
  if (!isMonth || month > shanghai(world.clock.now()).day.slice(0, 7))
    throw new TerminalError('INVALID_RANGE', { value: month });
  const to = address?.trim() || (profileOf(world.db)?.address ?? '');
  if (to === '') throw new TerminalError('ADDRESS_REQUIRED');
  requireShort('address', to);
  const facts = { kind: 'paper-statement', month, address: to } as const;
  return once(world, key, fingerprintOf(facts), () => send(world, by, key, { facts }));
}

/** B-020: a named user of the console. What one may do oneself is given by somebody else, so nobody gives away the last way in, either. */
export function applyUser(world: World, by: User, record: UserRecord, key: string): ApplicationView {
  authorise(by, 'users');
  const self = activeUser(world.db, by.no);
  if (record.login === by.no && (record.role !== self?.role || record.state !== 'ACTIVE'))
    throw new TerminalError('SELF_APPROVAL_FORBIDDEN', { operator: by.no, action: 'users' });
  const facts = { kind: 'user', record } as const;
  return once(world, key, fingerprintOf(facts), () => {
    requireOnline(world);
    return send(world, by, key, { facts });
  });
}

function once(world: World, key: string, fingerprint: string, work: () => Application): ApplicationView {
  return applicationView(applicationOfKey(world.db, key, fingerprint) ?? work());
}

function send(
  world: World,
  by: User,
  key: string,
  {
    no = newId(world.clock, world.random),
    ...what
  }: { readonly no?: string; readonly facts: Apply['facts']; readonly fingerprint?: string },
): Application {
  const row = { no, at: world.clock.now(), by: by.no, key, ...what };
  const application = inTransaction(world.db, (tx) => sendApplication(tx, row));
  at('apply.after-request');
  return application;
}

export const applicationView = (application: Application): ApplicationView => ({
  ...application,
  stage: application.stage ?? undefined,
  reason: application.reason ?? undefined,
  remark: application.remark ?? undefined,
});
