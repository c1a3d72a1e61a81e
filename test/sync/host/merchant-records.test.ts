import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { createBusinessTables } from '../../../sync/host/create-business-tables.ts';
import { greeted } from '../../../sync/host/greet.ts';
import { type MerchantSetUp, registerMerchant } from '../../../sync/host/merchants.ts';
import { type HostStore, openHostStore } from '../../../sync/host/store.ts';
import { streamOf } from '../../../sync/host/stream-store.ts';
import { createStreamTables } from '../../../sync/host/stream-tables.ts';
import { order, report } from './ask-desk.ts';
import { hostAndTill } from './host-and-till.ts';
import { merchant, type TestHost, terminal } from './start-host.ts';
import type { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill(
  (both) => {
    ({ host, till } = both);
  },
  { isSignedIn: false },
);

const sent = async () => (await till.down('merchant-data')).map(({ id }) => id);
const hello = (epoch: string, restore?: { since: null }) =>
  host.host.store.transaction().execute(async (trx) => {
    const said = { v: 1, boot: 'b', epoch, highestSeq: 0, highestAcked: 0, appliedDown: 0, deviceTime: 1 } as const;
    const stream = await streamOf(trx, terminal);
    return greeted(trx, stream, { ...said, ...(restore && { restore }) }, `down-${epoch}`, host.clock.now());
  });
const first = ['account:1:1', 'calendar:1', 'mode:1', 'parameters:1', 'profile:1'];

describe('what a terminal is sent of its merchant', () => {
  test('a new one gets everything with its first hello, before it signs in, and nothing twice', async () => {
    await hello('one');
    expect(await sent()).toEqual(first);
    await till.signIn();
    expect(await sent()).toEqual(first);
  });

  test('a change brings that record alone, with the rev of the change', async () => {
    await hello('one');
    await order(host, till, { command: 'set-mode', mode: 'MANUAL' });
    await order(host, till, {
      command: 'set-user',
      record: { login: 'boss', name: '老板', role: 'M', state: 'ACTIVE' },
    });
    await order(host, till, { command: 'set-parameter', name: 'sale.maxFen', value: 5 });
    expect((await sent()).slice(5)).toEqual(['mode:2', 'user:boss:3', 'parameters:4']);
    expect((await till.down('merchant-data')).slice(5).map(({ body }) => body.rev)).toEqual([2, 3, 4]);
    expect((await till.signIn()).rev).toBe(4);
  });

  test('a database that is new is sent every record again as it is now, with its old rev, also behind the book that it asks for', async () => {
    await hello('one');
    await order(host, till, { command: 'set-mode', mode: 'MANUAL' });
    await hello('two');
    const again = ['account:1:1:e2', 'calendar:1:e2', 'parameters:1:e2', 'profile:1:e2', 'mode:2:e2'];
    expect(await sent()).toEqual([...first, 'mode:2', ...again]);
    expect((await till.down('merchant-data')).at(-1)?.body).toMatchObject({ rev: 2, record: { mode: 'MANUAL' } });
    await hello('three', { since: null });
    const kinds = (await till.newsAfter(0)).map(({ kind }) => kind);
    expect(kinds.slice(kinds.lastIndexOf('book-restore') + 1)).toEqual(expect.arrayContaining(['merchant-data']));
    expect((await sent()).slice(-5)).toEqual(again.map((id) => id.replace('e2', 'e3')));
  });

  test('the same database that comes back is sent nothing again', async () => {
    await hello('one');
    await hello('one');
    expect(await sent()).toEqual(first);
  });
});

describe('upstream’s own decisions', () => {
  test('set-mode: AUTO needs a cycle', async () => {
    expect(await order(host, till, { command: 'set-mode', mode: 'AUTO' })).toBe('INVALID_PARAMETER');
    const weekly = { every: 'WEEKLY', weekday: 1 } as const;
    expect(await order(host, till, { command: 'set-mode', mode: 'AUTO', cycle: weekly })).toBe('done');
    expect((await report(host)).log[0]).toMatchObject({ kind: 'mode', by: 'U', to: { cycle: weekly } });
  });

  test('B-006: the profile tells that cards clear at once, whichever way it was decided', async () => {
    const told = async () =>
      (await till.down('merchant-data')).flatMap(({ body }) => (body.kind === 'profile' ? [body.record.advance] : []));
    await till.signIn();
    await order(host, till, { command: 'set-profile', advance: true });
    expect((await till.signIn()).parameters).toMatchObject({ 'settle.cardCycle': 'real-time' });
    await order(host, till, { command: 'set-parameter', name: 'settle.cardCycle', value: 'T+1' });
    expect(await told()).toEqual(expect.arrayContaining([false, true]));
    expect((await told()).at(-1)).toBe(false);
  });
});

describe('the calendar', () => {
  const calendars = async () =>
    (await till.down('merchant-data')).flatMap(({ body }) => (body.kind === 'calendar' ? [body.record] : []));

  test('B-025: what is built in knows the holidays and make-up days around this year', async () => {
    await till.signIn();
    const [calendar] = await calendars();
    expect(calendar?.holidays).toEqual(expect.arrayContaining(['2025-10-01', '2026-10-01', '2026-10-07']));
    expect(calendar?.holidays).not.toContain('2026-10-08');
    expect(calendar?.workdays).toContain('2026-10-10');
  });

  test('a new year brings a new one with the next sign-in, unless upstream set its own', async () => {
    await till.signIn();
    host.clock.jump(365 * 86_400_000);
    await till.signIn();
    const [, renewed] = await calendars();
    expect(renewed?.holidays).not.toContain('2025-10-01');
    expect(renewed?.holidays).toContain('2026-10-01');
    await order(host, till, { command: 'set-calendar', holidays: ['2027-11-22'], workdays: [] });
    host.clock.jump(365 * 86_400_000);
    await till.signIn();
    expect((await calendars()).slice(2)).toEqual([{ holidays: ['2027-11-22'], workdays: [] }]);
  });
});

test('a store of before gives its terminals what they do not have, and only that', async () => {
  const file = join(host.folder, 'old.db');
  const old = new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Database(file) }) });
  await createStreamTables(old);
  await createBusinessTables(old);
  for (const statement of [
    sql`create table schema_version (version integer not null primary key)`,
    sql`insert into schema_version (version) values (1), (2)`,
    sql`insert into merchants (merchant, name, rev) values (${merchant}, '测试商户', 4)`,
    sql`insert into accounts (merchant, version, state, name, number, bank) values (${merchant}, 1, 'ACTIVE', 'a', '123', 'b')`,
    sql`insert into terminals (merchant, terminal, next_batch, sent_rev) values (${merchant}, ${terminal.terminal}, '000002', 4)`,
  ])
    await statement.execute(old);
  await old.destroy();

  const store = await openHostStore(file);
  const setUp: MerchantSetUp = {
    number: merchant,
    name: '测试商户',
    account: null,
    parameters: {},
    terminals: [terminal.terminal],
    firstBatch: '000001',
  };
  const register = () => store.transaction().execute((trx) => registerMerchant(trx, setUp, host.clock.now()));
  await register();
  await register();
  expect(await idsIn(store)).toEqual(['calendar:5', 'mode:5', 'profile:5']);
  await store.destroy();
});

const idsIn = async (store: HostStore) =>
  (await store.selectFrom('outbox').select('id').orderBy('seq').execute()).map(({ id }) => id);
