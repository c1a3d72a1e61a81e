import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Desk } from '../../../../sync/host/desk/server.ts';
import { billsOf, day, hostHas, numberOf, press } from '../bill-rig.ts';
import { journal } from '../journals.ts';
import { startHost, type TestHost, terminal } from '../start-host.ts';
import { Till } from '../till.ts';
import { AtDesk, secrets, startDesk } from './desk-rig.ts';

let host: TestHost;
let till: Till;
let desk: Desk;
let [u1, u2]: AtDesk[] = [];
beforeEach(async () => {
  host = await startHost({ parameters: { 'host.settleDecision': 'manual' } });
  till = new Till(host);
  desk = await startDesk(host);
  [u1, u2] = [new AtDesk(desk), new AtDesk(desk)];
  await u1.logIn('u1', secrets.u1);
  await u2.logIn('u2', secrets.u2);
});
afterEach(async () => {
  expect(host.failures).toEqual([]);
  await desk.stop();
  await host.stop();
});

const first = () => {
  if (!u1) throw new Error('nobody is at the desk');
  return u1;
};
const second = () => {
  if (!u2) throw new Error('only one is at the desk');
  return u2;
};
const waits = async () =>
  ((await first().get('/api/view/overview')).body['waits'] ?? {}) as Readonly<Record<string, number>>;
const done = { status: 200, body: { ok: true } };

describe('settlements', () => {
  const decide = (outcome: string, reason?: string) =>
    first().command({ command: 'settle-decide', no: 'S1', outcome, ...(reason && { reason }) });
  const outcomes = async () => (await till.down('settle-result')).map(({ body }) => [body.outcome, body.reason]);
  beforeEach(async () => {
    await till.settle('S1', await till.earn(100_000));
    await host.clock.advance(0);
  });

  test('one that waits is shown with what may be decided, its account masked', async () => {
    expect(await waits()).toMatchObject({ settlements: 1 });
    expect(await first().rows('settlements')).toMatchObject([
      { no: 'S1', amountFen: 99_620, state: 'PROCESSING', may: ['succeeded', 'failed'], waits: true },
    ]);
    expect(JSON.stringify(await first().rows('settlements'))).not.toContain('6222020000001234');
  });

  test('succeeds, and is returned later', async () => {
    expect(await decide('succeeded')).toMatchObject(done);
    expect(await first().rows('settlements')).toMatchObject([{ state: 'SUCCEEDED', may: ['returned'], waits: false }]);
    expect(await decide('returned')).toMatchObject(done);
    expect((await outcomes()).slice(-2)).toEqual([
      ['succeeded', null],
      ['returned', 'RETURNED_BY_BANK'],
    ]);
    expect(host.woken).toContain(terminal.terminal);
  });

  test('fails with a reason, and then no more', async () => {
    expect(await decide('failed', 'NAME_MISMATCH')).toMatchObject(done);
    expect((await outcomes()).at(-1)).toEqual(['failed', 'NAME_MISMATCH']);
    expect(await decide('succeeded')).toMatchObject({ status: 409, body: { error: 'ILLEGAL_STATE' } });
  });

  test('B-014: a dispute is answered in the name of whoever is logged in', async () => {
    await decide('succeeded');
    const facts = { settlement: 'S1', payment: null, text: '少了一笔' };
    await till.up({ kind: 'settlement-disputed', id: 'T1', body: { no: 'T1', at: 1, by: '00', facts, journals: [] } });
    expect(await waits()).toMatchObject({ tickets: 1 });
    expect(
      await second().command({ command: 'ticket-answer', ticket: 'T1', answer: '已核对', by: 'u1' }),
    ).toMatchObject(done);
    expect(await first().rows('tickets')).toMatchObject([
      { no: 'T1', state: 'ANSWERED', answer: '已核对', answeredBy: 'u2' },
    ]);
    expect((await till.down('ticket-answered')).at(-1)?.body).toMatchObject({ answer: '已核对', by: 'u2' });
  });
});

describe('bills and differences', () => {
  const publish = async (plant: readonly object[] = []) => {
    const said = await first().command({ command: 'publish-bill', date: day, plant });
    await press(host);
    return said;
  };
  beforeEach(async () => {
    await till.signIn();
    await till.pay({ payment: numberOf(1) });
  });

  test('a bill with planted differences goes out and is listed', async () => {
    expect(await publish([{ kind: 'amount' }])).toMatchObject(done);
    expect(await billsOf(till)).toMatchObject([{ isWhole: true, bill: { grossFen: 10_100 } }]);
    expect(await first().rows('bills')).toMatchObject([
      { date: day, version: 1, state: 'SENT', rows: 1, planted: ['amount'] },
    ]);
    expect(await publish([{ kind: 'amount' }, { kind: 'state' }])).toMatchObject({ status: 404 });
  });

  test('P-28: one proposes, the other approves; a page that names somebody else is not believed', async () => {
    await publish([{ kind: 'amount' }]);
    const facts = {
      date: day,
      kind: 'amount',
      payment: numberOf(1),
      txn: 'sale',
      batch: till.batch,
      entry: 'CONTACTLESS',
      here: 'PAID',
      there: 'PAID',
      hereFen: 10_000,
      thereFen: 10_100,
      deltaFen: 100,
    } as const;
    const suspense = journal('J-80', 'D1', 'diff:D1', [
      [`1101:${day}`, 'D', 100],
      ['2490:D1', 'C', 100],
    ]);
    await till.up({
      kind: 'difference-found',
      id: 'D1',
      body: {
        no: 'D1',
        at: 1,
        by: 'SYS',
        facts: { batch: till.batch, what: 'bill', hereFen: 10_000, thereFen: 10_100, bill: facts },
        journals: [suspense],
      },
    });
    expect(await waits()).toMatchObject({ differences: 1, mirror: 0 });
    expect(await first().rows('differences')).toMatchObject([
      { no: 'D1', state: 'FOUND', may: ['give-back', 'explained'], deltaFen: 100 },
    ]);

    expect(
      await first().command({ command: 'difference-propose', difference: 'D1', decision: 'give-back', reason: '多收' }),
    ).toMatchObject(done);
    const approve = { command: 'difference-approve', difference: 'D1', decision: 'give-back', proposedBy: 'u1' };
    for (const by of ['u1', 'u2', undefined])
      expect(await first().command({ ...approve, by })).toMatchObject({
        status: 403,
        body: { error: 'SELF_APPROVAL_FORBIDDEN' },
      });
    // What he read is not proposed any more.
    await first().command({
      command: 'difference-propose',
      difference: 'D1',
      decision: 'explained',
      reason: '另行处理',
    });
    expect(await second().command(approve)).toMatchObject({ status: 409, body: { error: 'ILLEGAL_STATE' } });
    expect(await second().command({ ...approve, decision: 'explained', proposedBy: 'u3' })).toMatchObject({
      status: 409,
    });
    await first().command({ command: 'difference-propose', difference: 'D1', decision: 'give-back', reason: '多收' });
    expect(await second().command(approve)).toMatchObject(done);
    expect(await first().rows('differences')).toMatchObject([
      { state: 'DECIDED', decision: 'give-back', proposedBy: 'u1', approvedBy: 'u2', waits: false },
    ]);
    expect((await till.down('difference-decided'))[0]?.body).toMatchObject({ by: 'u1', approvedBy: 'u2' });
  });

  test('P-26 b: where book and mirror differ, somebody decides', async () => {
    await till.post(
      'batch-cleared',
      journal('J-99', 'x', 'x', [
        ['1001', 'D', 5],
        ['4001', 'C', 5],
      ]),
    );
    expect(await waits()).toMatchObject({ mirror: 2 });
    expect(
      await first().command({ command: 'decide-mirror', terminal: terminal.terminal, n: 1, decision: 'book' }),
    ).toMatchObject(done);
    expect(await first().rows('mirror')).toMatchObject([
      { n: 2, waits: true },
      { n: 1, decision: 'book', waits: false },
    ]);
  });
});

test('parameters: listed with which are sent down, and changed', async () => {
  const find = async (name: string) => (await first().rows('parameters')).find((row) => row['name'] === name);
  expect(await find('host.billHour')).toEqual({ name: 'host.billHour', value: 10, sent: false });
  expect(await find('sale.maxFen')).toMatchObject({ sent: true });
  expect(await first().command({ command: 'set-parameter', name: 'sale.maxFen', value: 5_000 })).toMatchObject(done);
  expect(await find('sale.maxFen')).toMatchObject({ value: 5_000 });
  expect(await first().command({ command: 'set-parameter', name: 'sale.maxFen', value: 'much' })).toMatchObject({
    status: 400,
  });
});

test('users, the account and its versions', async () => {
  const record = { login: 'wang', name: '王', role: 'O', state: 'ACTIVE' };
  expect(await first().command({ command: 'set-user', record })).toMatchObject(done);
  expect(await first().rows('users')).toEqual([record]);
  const account = { command: 'verify-account', name: '新户名', number: '6222020000005675', bank: '建设银行' };
  expect(await first().command(account)).toMatchObject({ status: 409 });
  await host.host.store.updateTable('accounts').set({ state: 'ERRORED' }).execute();
  await first().command({ command: 'set-person', role: 'settler', name: '新户名' });
  expect(await first().command(account)).toMatchObject(done);
  expect(await first().rows('accounts')).toMatchObject([
    { version: 2, state: 'ACTIVE', name: '新户名', maskedNumber: '************5675', waits: false },
    { version: 1, state: 'SUPERSEDED' },
  ]);
});

test('outgoing letters are listed, their addresses masked', async () => {
  await first().command({ command: 'set-profile', email: 'zhang@example.com' });
  const facts = { event: 'N-06:S1', recipient: 'profile', channel: 'email', text: 'N-06', values: {} } as const;
  await till.up({ kind: 'notify', id: 'n', body: { no: 'N-06:S1:email', at: 1, by: 'SYS', facts, journals: [] } });
  const rows = await first().rows('letters');
  expect(rows).toMatchObject([{ text: 'N-06', channel: 'email', to: 'z***@example.com', state: 'QUEUED' }]);
  expect(JSON.stringify(rows)).not.toContain('zhang@');
});

test('of a merchant’s other terminal, when it is named', async () => {
  const other = new Till(host, { ...terminal, terminal: '00000002' });
  await hostHas(host, other, { payment: numberOf(1) });
  expect(await first().command({ command: 'publish-bill', terminal: '00000002', date: day })).toMatchObject(done);
  await press(host);
  expect(await billsOf(other)).toHaveLength(1);
  expect(await first().command({ command: 'publish-bill', terminal: '00000009', date: day })).toMatchObject({
    status: 404,
  });
});
