import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { prune, pruneDaily } from '../../../sync/host/prune.ts';
import { streamOf } from '../../../sync/host/stream-store.ts';
import { day, hostHas, numberOf, order, press } from './bill-rig.ts';
import { hostAndTill } from './host-and-till.ts';
import type { TestHost } from './start-host.ts';
import type { Till } from './till.ts';

let host: TestHost;
let till: Till;
hostAndTill((both) => {
  ({ host, till } = both);
});
const store = () => host.host.store;
const dayMs = 24 * 3_600_000;

const receive = async (
  rows: readonly { kind: string; state: 'applied' | 'repeated' | 'quarantined'; at: number }[],
) => {
  const { id: stream } = await store()
    .transaction()
    .execute((trx) => streamOf(trx, till.ref));
  const received = rows.map(({ state, ...row }, n) => ({
    ...row,
    stream,
    epoch: 'e',
    seq: n + 1,
    id: `id ${n}`,
    body: '{}',
    state,
    code: state === 'quarantined' ? 'FORBIDDEN' : null,
  }));
  for (let from = 0; from < received.length; from += 400)
    await store()
      .insertInto('inbox')
      .values(received.slice(from, from + 400))
      .execute();
};

test('what told nothing new and what is only looked at once goes, whatever tells of money stays', async () => {
  await receive([
    { kind: 'telemetry', state: 'applied', at: 1 },
    { kind: 'audit-line', state: 'applied', at: 1 },
    { kind: 'payment-recorded', state: 'repeated', at: 1 },
    { kind: 'payment-recorded', state: 'applied', at: 1 },
    { kind: 'telemetry', state: 'quarantined', at: 1 },
    { kind: 'telemetry', state: 'applied', at: 10 },
  ]);
  expect(await prune(store(), 5)).toEqual({ inbox: 3 });
  const left = await store().selectFrom('inbox').select(['kind', 'state', 'at']).orderBy('seq').execute();
  expect(left.map(({ kind, state, at }) => [kind, state, at])).toEqual([
    ['payment-recorded', 'applied', 1],
    ['telemetry', 'quarantined', 1],
    ['telemetry', 'applied', 10],
  ]);
});

test('notices and letters with their addresses go; reports of suspicion and what is not sent yet stay', async () => {
  const own = { merchant: till.ref.merchant, terminal: till.ref.terminal };
  const notice = (kind: 'telemetry' | 'audit-line' | 'stop-reported', at: number) => ({
    ...own,
    kind,
    no: `${kind}${at}`,
    by_actor: '01',
    facts_json: '{}',
    at,
  });
  await store()
    .insertInto('notices')
    .values([notice('telemetry', 1), notice('audit-line', 1), notice('stop-reported', 1), notice('telemetry', 10)])
    .execute();
  const letter = (no: string, ended_at: number | null) => ({
    ...own,
    no,
    ended_at,
    kind: 'notice' as const,
    channel: 'email' as const,
    address: 'zhang@example.com',
    text: 'N-06',
    facts_json: '{}',
    state: 'SENT' as const,
    attempts: 1,
    due_at: ended_at === null ? 1 : null,
    at: 1,
  });
  await store()
    .insertInto('outgoing')
    .values([letter('old', 1), letter('new', 10), letter('queued', null)])
    .execute();
  expect(await prune(store(), 5)).toEqual({ notices: 2, outgoing: 1 });
  const notices = await store().selectFrom('notices').select('no').orderBy('no').execute();
  expect(notices.map(({ no }) => no)).toEqual(['stop-reported1', 'telemetry10']);
  const letters = await store().selectFrom('outgoing').select('no').orderBy('no').execute();
  expect(letters.map(({ no }) => no)).toEqual(['new', 'queued']);
});

test('files that the terminal has go, those on their way do not; parts of old bills go', async () => {
  await hostHas(host, till, { payment: numberOf(1) });
  await order(host, till, { command: 'publish-bill', date: day, plant: [] });
  await press(host);
  const parts = async () => (await till.down('file-part')).length;
  expect(await prune(store(), 0)).toEqual({});
  expect(await parts()).toBe(1);
  await store()
    .updateTable('stream')
    .set((eb) => ({ down_acked: eb.ref('down_highest') }))
    .execute();
  expect(await prune(store(), 0)).toEqual({ outbox: 1 });
  expect(await parts()).toBe(0);
  expect(await till.down('bill')).toHaveLength(1);
  expect(await prune(store(), host.clock.now() + 2 * dayMs)).toEqual({ bill_parts: 1 });
});

test('thousands go in slices: requests come between; a stop ends it after the slice at hand', async () => {
  await receive(Array.from({ length: 3_000 }, () => ({ kind: 'telemetry', state: 'applied', at: 1 })));
  let between = 0;
  let isDone = false;
  const pruning = prune(store(), 5, () => between === 4).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await store()
      .transaction()
      .execute((trx) => trx.selectFrom('counters').selectAll().execute());
    between += 1;
  }
  const { inbox = 0 } = await pruning;
  expect(inbox).toBeGreaterThan(0);
  expect(inbox).toBeLessThan(3_000);
  expect(await prune(store(), 5)).toEqual({ inbox: 3_000 - inbox });
});

test('at the start and once a day', async () => {
  await receive([{ kind: 'telemetry', state: 'applied', at: host.clock.now() - 399 * dayMs }]);
  const stop = pruneDaily(host.host, (error) => host.failures.push(error));
  const left = async () => (await store().selectFrom('inbox').select('seq').execute()).length;
  await host.clock.advance(0);
  expect(await left()).toBe(1);
  await host.clock.advance(2 * dayMs);
  await stop();
  expect(await left()).toBe(0);
});

test('a row of a payment is in no index of what passes: a sale writes no more than before', () => {
  const database = new Database(join(host.folder, 'host.db'));
  const indexes = database
    .prepare<[], { name: string; of: string; sql: string | null }>(
      "select name, tbl_name as of, sql from sqlite_schema where type = 'index'",
    )
    .all();
  database.close();
  const of = (table: string) =>
    indexes.filter(({ of: own, sql }) => own === table && sql && !sql.includes(' where ')).map(({ name }) => name);
  expect([of('inbox'), of('outbox'), of('approvals'), of('records'), of('host_journals'), of('answers')]).toEqual([
    [],
    [],
    ['approvals_by_batch'],
    [],
    ['host_journals_by_no'],
    ['answers_by_request'],
  ]);
});
