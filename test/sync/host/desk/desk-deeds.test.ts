import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type CompiledQuery, Kysely, SqliteDialect } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Desk } from '../../../../sync/host/desk/server.ts';
import { isView, readView } from '../../../../sync/host/desk/views.ts';
import type { HostDatabase } from '../../../../sync/host/store.ts';
import { streamOf } from '../../../../sync/host/stream-store.ts';
import { applyForAccount } from '../ask-desk.ts';
import { billsOf, day, hostHas, numberOf, press } from '../bill-rig.ts';
import { hostAndTill } from '../host-and-till.ts';
import { businessDate, journal } from '../journals.ts';
import { merchant, otherTerminal, type TestHost, terminal } from '../start-host.ts';
import type { Till } from '../till.ts';
import { AtDesk, secrets, startDesk } from './desk-rig.ts';

/** What reviewers do, in whose name, and what they find. */

const manual = {
  'host.settleDecision': 'manual',
  'host.accountDecision': 'manual',
  'host.refundDecision': 'manual',
} as const;
const profile = { contact: '张', mobile: '13812345678' } as const;
let host: TestHost;
let till: Till;
const again = hostAndTill(
  (both) => {
    ({ host, till } = both);
  },
  { parameters: manual, profile },
);
let desk: Desk;
let u1: AtDesk;
beforeEach(async () => {
  desk = await startDesk(host);
  u1 = new AtDesk(desk);
  await u1.logIn('u1', secrets.u1);
});
afterEach(() => desk.stop());

const done = { status: 200, body: { ok: true } };
const act = async (command: object) => expect(await u1.command(command)).toMatchObject(done);
const waits = async () =>
  ((await u1.get('/api/view/overview')).body['waits'] ?? {}) as Readonly<Record<string, number>>;
const store = () => host.host.store;

describe('each deed has its author, in the rows and in the log', () => {
  const logged = () => host.logged.filter((line) => line.includes('host.desk-command')).at(-1) ?? '';
  const lastLog = () => store().selectFrom('record_log').selectAll().orderBy('n', 'desc').limit(1).executeTakeFirst();

  test('a settlement', async () => {
    await till.settle('S1', await till.earn(100_000));
    await host.clock.advance(0);
    await act({ command: 'settle-decide', terminal: terminal.terminal, no: 'S1', outcome: 'failed', by: 'somebody' });
    expect(await u1.rows('settlements')).toMatchObject([{ no: 'S1', state: 'FAILED', decidedBy: 'u1' }]);
    for (const word of ['u1', 'settle-decide', terminal.terminal, 'S1', 'failed', 'done'])
      expect(logged()).toContain(`"${word}"`);
  });

  test('an account that was applied for, and one that is set', async () => {
    await again({ parameters: manual, profile, account: null });
    await desk.stop();
    desk = await startDesk(host);
    u1 = new AtDesk(desk);
    await u1.logIn('u1', secrets.u1);
    await applyForAccount(till, 'A1');
    await act({ command: 'account-decide', version: 1, outcome: 'active' });
    expect(await u1.rows('applications')).toMatchObject([{ no: 'A1', decidedBy: 'u1' }]);
    expect(await lastLog()).toMatchObject({ kind: 'account', key: '1', by_actor: 'u1' });
    expect(JSON.stringify(await lastLog())).not.toContain('6222021234567890128');
  });

  test('a parameter: who changed it from what to what', async () => {
    await act({ command: 'set-parameter', name: 'sale.maxFen', value: 5_000 });
    expect(await lastLog()).toMatchObject({ kind: 'parameters', key: 'sale.maxFen', to_json: '5000', by_actor: 'u1' });
    expect(logged()).toContain('sale.maxFen');
  });

  test('a difference of book and mirror', async () => {
    const wrong = journal('J-99', 'x', 'x', [
      ['1001', 'D', 5],
      ['4001', 'C', 5],
    ]);
    await till.post('batch-cleared', wrong);
    await act({ command: 'decide-mirror', terminal: terminal.terminal, n: 1, decision: 'book' });
    expect(await u1.rows('mirror')).toMatchObject([
      { n: 2, waits: true },
      { n: 1, decision: 'book', decidedBy: 'u1' },
    ]);
  });

  test('a log line holds no names, numbers of accounts or addresses', async () => {
    await act({ command: 'set-profile', email: 'zhang@example.com', contact: '张三' });
    expect(logged()).not.toMatch(/zhang|张三/);
  });
});

describe('what waits is found however much is newer', () => {
  const settlementOf = (n: number, state: 'PROCESSING' | 'SUCCEEDED') => ({
    merchant,
    terminal: terminal.terminal,
    no: `S${n}`,
    amount_fen: 1,
    mode: 'MANUAL' as const,
    by_actor: '00',
    account_version: 1,
    state,
    service_fee_fen: 0,
    plan_return: 0,
    checked: 0,
    at: n,
    received_at: n,
  });

  test('two undecided settlements behind 300 newer ones: counted, and on top', async () => {
    const rows = [1, 2].map((n) => settlementOf(n, 'PROCESSING'));
    for (let n = 3; n <= 302; n++) rows.push(settlementOf(n, 'SUCCEEDED'));
    await store().insertInto('settlements').values(rows).execute();
    expect(await waits()).toMatchObject({ settlements: 2 });
    const shown = await u1.rows('settlements');
    expect(shown).toHaveLength(200);
    expect(shown.slice(0, 3).map(({ no, waits: one }) => [no, one])).toEqual([
      ['S1', true],
      ['S2', true],
      ['S302', false],
    ]);
  });

  test('of 300 that wait all are counted, and those that wait longest are shown', async () => {
    await store()
      .insertInto('settlements')
      .values(Array.from({ length: 300 }, (_, n) => settlementOf(n, 'PROCESSING')))
      .execute();
    expect(await waits()).toMatchObject({ settlements: 300 });
    expect((await u1.rows('settlements')).map(({ no }) => no)).toEqual(Array.from({ length: 200 }, (_, n) => `S${n}`));
  });
});

test('B-052: the repair of an account in error shows what was applied for, which is what is verified', async () => {
  await store().updateTable('accounts').set({ state: 'ERRORED', number: '6222021234567890128' }).execute();
  await store().insertInto('people').values({ merchant, role: 'settler', name: '新户名', id_no: null }).execute();
  await applyForAccount(till, 'A1', { name: '新户名', bank: '中国建设银行' });
  expect(await u1.rows('accounts')).toMatchObject([{ version: 1, name: '新户名', bank: '中国建设银行', waits: true }]);
  await act({ command: 'account-decide', version: 1, outcome: 'active' });
  expect(await u1.rows('accounts')).toMatchObject([{ version: 1, name: '新户名', state: 'ACTIVE', waits: false }]);
});

test('a batch that ended in error waits until somebody decides', async () => {
  host.host.faults.arm({ kind: 'verdict-error' }, 1);
  await till.pay();
  await till.sendTotals();
  // As the link keeps the row.
  await store()
    .transaction()
    .execute(async (trx) => {
      const { id: stream } = await streamOf(trx, till.ref);
      const facts = { batch: '000001', businessDate, totals: till.totals(), records: 1 };
      const body = JSON.stringify({ no: '000001', at: 1, by: '01', facts, journals: [] });
      const kept = { stream, epoch: 'e', seq: 1, kind: 'batch-totals', id: '000001', body, state: 'applied' } as const;
      await trx
        .insertInto('inbox')
        .values({ ...kept, at: 1 })
        .execute();
    });
  expect(await waits()).toMatchObject({ batches: 1 });
  expect(await u1.rows('batches')).toMatchObject([{ batch: '000001', state: 'OPEN', waits: true }]);
  await act({ command: 'decide-batch', terminal: terminal.terminal, batch: '000001' });
  expect(await waits()).toMatchObject({ batches: 0 });
  expect(await u1.rows('batches')).toMatchObject([{ batch: '000001', state: 'COMPARED', waits: false }]);
});

test('a batch that the host does not know waits, too', async () => {
  await till.sendTotals({ batch: '000777' });
  expect(await u1.rows('batches')).toMatchObject([
    { batch: '000777', state: 'UNKNOWN', waits: true },
    { batch: '000001', waits: false },
  ]);
});

test('a payment is frozen, given free and taken back', async () => {
  const { payment } = await till.pay();
  await act({ command: 'freeze', terminal: terminal.terminal, payment });
  expect(await u1.rows('risk')).toMatchObject([{ kind: 'freeze', no: 'F0000000001', payment, state: 'SENT' }]);
  await act({ command: 'unfreeze', terminal: terminal.terminal, no: 'F0000000001' });
  expect(await u1.rows('risk')).toMatchObject([{ kind: 'freeze', state: 'ENDING' }]);
  await act({ command: 'charge-back', terminal: terminal.terminal, payment, amountFen: 100 });
  expect((await u1.rows('risk')).map(({ kind, amountFen }) => [kind, amountFen])).toContainEqual(['charge-back', 100]);
});

test('a transfer that paid several settlements says how many the bank would return', async () => {
  const paid = (no: string, of = terminal) => ({
    ...of,
    no,
    amount_fen: 1,
    mode: 'AUTO' as const,
    by_actor: 'SYS',
    account_version: 1,
    state: 'SUCCEEDED' as const,
    transfer_ref: no === 'S3' ? 'T2' : 'T1',
    service_fee_fen: 0,
    plan_return: 0,
    checked: 0,
    at: 1,
    received_at: 1,
  });
  await store()
    .insertInto('settlements')
    .values([paid('S1'), paid('S2', otherTerminal), paid('S3')])
    .execute();
  expect((await u1.rows('settlements')).map(({ no, transferRef, together }) => [no, transferRef, together])).toEqual([
    ['S3', 'T2', 1],
    ['S2', 'T1', 2],
    ['S1', 'T1', 2],
  ]);
});

test('a bad bill is one command: refused, it leaves nothing armed', async () => {
  await hostHas(host, till, { payment: numberOf(1) });
  const publish = { command: 'publish-bill', terminal: terminal.terminal, date: day, spoil: 'hash' };
  expect(await u1.command({ ...publish, plant: Array(5).fill({ kind: 'shortage' }) })).toMatchObject({ status: 404 });
  expect(host.host.faults.list()).toEqual([]);
  await act(publish);
  await press(host);
  expect(await u1.rows('bills')).toMatchObject([{ spoil: 'hash' }]);
  expect(await billsOf(till)).toMatchObject([{ isWhole: false }]);
});

test('every list and every count is served by an index: nothing is read in whole or sorted', async () => {
  const queries: CompiledQuery[] = [];
  const database = new Database(join(host.folder, 'host.db'));
  const watched = new Kysely<HostDatabase>({
    dialect: new SqliteDialect({ database }),
    log: ({ query }) => {
      queries.push(query);
    },
  });
  const names = [...Object.keys(await waits()), 'overview', 'risk', 'letters', 'bills'].filter(isView);
  for (const name of names) await watched.transaction().execute((trx) => readView(name, trx, merchant));
  const plans = queries
    .filter(({ sql }) => sql.trim().startsWith('select'))
    .map(
      ({ sql, parameters }) =>
        [sql, database.prepare<unknown[], { detail: string }>(`explain query plan ${sql}`).all(...parameters)] as const,
    );
  await watched.destroy();
  expect(plans.length).toBeGreaterThan(20);
  // Rows in trouble are few: their own indexes may be read in whole.
  const isFew = (detail: string) => /INDEX (inbox_trouble|outbox_rejected)/.test(detail);
  const bad = plans.filter(
    ([, steps]) =>
      steps.some(({ detail }) => /^SCAN (?!CONSTANT)|KEY \(stream=\?\)$/.test(detail) && !isFew(detail)) ||
      (steps.some(({ detail }) => detail.includes('B-TREE FOR ORDER')) && !steps.some(({ detail }) => isFew(detail))),
  );
  expect(bad.map(([sql, steps]) => [sql, ...steps.map(({ detail }) => detail)])).toEqual([]);
});
