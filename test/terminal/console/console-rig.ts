import { afterEach } from 'vitest';
import { inTransaction } from '../../../terminal/base/database.ts';
import { systemRandom } from '../../../terminal/base/random.ts';
import { type Console, type ConsoleOptions, serveConsole } from '../../../terminal/console/server.ts';
import { saveConsoleSecret } from '../../../terminal/users/console-store.ts';
import { recordUser } from '../../../terminal/users/console-users.ts';
import { sealSecret } from '../../../terminal/users/secret.ts';
import { makeCode } from '../../../terminal/users/set-up.ts';
import type { ConsoleUser } from '../../../terminal/users/user.ts';
import { startTestSystem, TestSystem, type TestSystemOptions } from '../../support/terminal.ts';
import { Visitor } from './visitor.ts';

export const password = 'correct horse 7';
/** Slow by intention, so once is enough. */
let sealed: ReturnType<typeof sealSecret> | undefined;

export interface ConsoleRig {
  readonly system: TestSystem;
  readonly console: Console;
  visitor(): Visitor;
  /** Who has the page and is not logged in. */
  stranger(): Promise<Visitor>;
  /** What upstream says of a user; without secret. */
  record(user: Partial<ConsoleUser> & { readonly login: string }): void;
  /** A user who may log in with `password`. */
  user(login: string, role?: ConsoleUser['role']): Promise<void>;
  /** Somebody logged in. */
  loggedIn(login: string, role?: ConsoleUser['role']): Promise<Visitor>;
  /** Somebody logged in whom upstream knows, too. */
  firstUser(login: string): Promise<Visitor>;
  audited(action: string): number;
}

const open: { stop(): Promise<void> }[] = [];
afterEach(() => stopAll(open));

export async function stopAll(open: { stop(): Promise<void> }[]): Promise<void> {
  for (const one of open.splice(0).reverse()) await one.stop();
}

/** A terminal that never heard of its host. */
async function alone(options: TestSystemOptions): Promise<TestSystem> {
  const system = await TestSystem.open(options);
  await system.startTerminal();
  return system;
}

type RigOptions = TestSystemOptions & { readonly host?: boolean };

/** A real terminal, with its host where a test wants one, and its console on a free port, until the test is over. */
export const consoleRig = (options: RigOptions = {}, more: Partial<ConsoleOptions> = {}): Promise<ConsoleRig> =>
  keptRig(open, options, more);

/** The same, until whoever has `open` stops what is in it, the newest first. */
export async function keptRig(
  open: { stop(): Promise<void> }[],
  { host = false, ...options }: RigOptions,
  more: Partial<ConsoleOptions> = {},
): Promise<ConsoleRig> {
  const system = await (host ? startTestSystem(options) : alone(options));
  open.push(system);
  const { world } = system.terminal;
  const console = await serveConsole({
    world,
    desks: await system.terminal.console(),
    pages: '/nowhere',
    address: '127.0.0.1',
    port: 0,
    tls: undefined,
    log: world.log,
    onBug: (error) => system.bugs.push(error),
    ...more,
  });
  open.push(console);
  const record: ConsoleRig['record'] = (user) =>
    inTransaction(system.db, (tx) =>
      recordUser(tx, world.clock.now(), { name: user.login, role: 'MO', state: 'ACTIVE', ...user }),
    );
  const user: ConsoleRig['user'] = async (login, role = 'MO') => {
    record({ login, role });
    sealed ??= sealSecret(systemRandom, password);
    const secret = await sealed;
    inTransaction(system.db, (tx) => saveConsoleSecret(tx, login, secret, null));
  };
  const visitor = () => new Visitor(console.url);
  return {
    system,
    console,
    visitor,
    async stranger() {
      const somebody = visitor();
      await somebody.session();
      return somebody;
    },
    record,
    user,
    async loggedIn(login, role) {
      await user(login, role);
      const somebody = visitor();
      await somebody.logIn(login, password);
      return somebody;
    },
    async firstUser(login) {
      const { code } = await makeCode(system.db, world, 'SYS', undefined);
      const somebody = visitor();
      await somebody.session();
      const { body } = await somebody.post('/api/set-up', { code, login, name: login, password });
      somebody.csrf = String(body['csrf']);
      return somebody;
    },
    audited: (action) => system.count('SELECT count(*) FROM audit WHERE action = ?', action),
  };
}
