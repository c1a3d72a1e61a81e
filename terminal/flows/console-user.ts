import type { UserRecord } from '../../sync/protocol/merchant-data.ts';
import type { Tx } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { applicationByNo, newestApplications, sendApplication } from '../settlement/apply.ts';
import { activeUser, consoleUsers } from '../users/console-users.ts';
import { proveSecret } from '../users/log-on.ts';
import { authorise } from '../users/roles.ts';
import { makeCode, needsSetUp, type OpenCode, setUp } from '../users/set-up.ts';
import { type ConsoleUser, supervisorNo } from '../users/user.ts';
import { applicationView, applyUser } from './apply.ts';
import { refusing } from './audit-attempt.ts';
import type { ConsoleUserDesk } from './console-user-desk.ts';
import { requireOnline } from './host-link.ts';
import { changed, until, type World } from './world.ts';

/** Users of the console: upstream decides who they are, this terminal keeps their secrets (B-008, B-020). */

/** That are looked through. */
const mostApplications = 100;

export const consoleUserDesk = (world: World): ConsoleUserDesk => ({
  users(by) {
    authorise(by, 'users');
    return consoleUsers(world.db, world.clock);
  },
  applications(by) {
    authorise(by, 'users');
    return newestApplications(world.db, mostApplications)
      .filter(({ kind }) => kind === 'user')
      .map(applicationView);
  },
  apply: (by, record, key) =>
    refusing(world, { by: by.no, action: 'apply-user', about: record.login }, () => {
      const application = applyUser(world, by, record, key);
      world.link.wake();
      changed(world);
      return application;
    }),
  async setUpCode(by, login) {
    refusing(world, { by: by.no, action: 'set-up-code', about: login }, () => {
      authorise(by, 'users');
      if (!activeUser(world.db, login)) throw new TerminalError('NOT_FOUND', { what: 'user', no: login });
    });
    const made = await makeCode(world.db, world, by.no, login);
    changed(world);
    return made;
  },
});

/** The code for whoever is first, at the start of a console that nobody can log in to; it is in place of any before. */
export const firstCode = async (world: World): Promise<OpenCode | undefined> =>
  needsSetUp(world.db) ? makeCode(world.db, world, 'SYS', undefined) : undefined;

/**
 * A code for who is at the terminal and knows 00's secret: for whoever is first, or for a user who forgot the own one. ILLEGAL_STATE (HAS_USERS) when somebody has a secret and no user is
 * named, NOT_FOUND, SECRET_WRONG, OPERATOR_LOCKED.
 */
export async function consoleCode(world: World, supervisorSecret: string, login?: string): Promise<OpenCode> {
  await proveSecret(world.db, world.clock, supervisorNo, supervisorSecret, {
    line: { by: supervisorNo, action: 'set-up-code', about: login ?? '' },
    deed: () => refusalOfCode(world, login),
    quiet: true,
  });
  return makeCode(world.db, world, supervisorNo, login);
}

function refusalOfCode({ db }: World, login: string | undefined): TerminalError | undefined {
  if (login !== undefined)
    return activeUser(db, login) ? undefined : new TerminalError('NOT_FOUND', { what: 'user', no: login });
  return needsSetUp(db) ? undefined : new TerminalError('ILLEGAL_STATE', { state: 'HAS_USERS', event: 'set-up' });
}

/** How long a page waits for upstream's word on the first user. */
const answerMs = 4_000;

export interface FirstUser {
  readonly code: string;
  readonly login: string;
  readonly name: string;
  readonly password: string;
}

/**
 * The first secret of a user here, by a code. A user whom upstream does not know is applied for: returns the number of the application. OFFLINE, SECRET_WRONG, OPERATOR_LOCKED, BAD_REQUEST.
 */
export async function setUpUser(world: World, { code, login, name, password }: FirstUser): Promise<string | undefined> {
  const { db } = world;
  const isKnown = activeUser(db, login) !== undefined;
  if (!isKnown) requireOnline(world);
  const record: UserRecord = { login, name, role: 'MO', state: 'ACTIVE' };
  const apply = (tx: Tx): string => {
    const no = newId(world.clock, world.random);
    return sendApplication(tx, { no, at: world.clock.now(), by: 'SYS', key: no, facts: { kind: 'user', record } }).no;
  };
  const application = await setUp(db, world, { code, login, password, apply: isKnown ? undefined : apply });
  world.link.wake();
  changed(world);
  return application;
}

export interface SetUpState {
  readonly state: 'waiting' | 'refused';
  /** Upstream's word, and what a person wrote there. */
  readonly reason: string | undefined;
  readonly remark: string | undefined;
}

/** What became of a user who was applied for under this number; undefined once upstream knows the user. One who was refused needs another code (`pos console code`). */
export function setUpState({ db }: Pick<World, 'db'>, no: string): SetUpState | undefined {
  const application = applicationByNo(db, no);
  if (!application || application.state === 'DONE') return undefined;
  const { state, reason, remark } = application;
  return {
    state: state === 'REFUSED' ? 'refused' : 'waiting',
    reason: reason ?? undefined,
    remark: remark ?? undefined,
  };
}

/** Waits a little for upstream's word on a user. Undefined: it has not come. */
export async function userOnceAnswered(world: World, login: string): Promise<ConsoleUser | undefined> {
  const stop = new AbortController();
  const cancel = world.clock.after(answerMs, () => stop.abort());
  await until(world, () => activeUser(world.db, login) !== undefined, stop.signal);
  cancel();
  return activeUser(world.db, login);
}
