import { expect, test } from 'vitest';
import { shanghai } from '../../../terminal/base/clock.ts';
import { consoleRig, password } from './console-rig.ts';

const reads = [
  '/overview',
  '/todo',
  '/settlement/home',
  '/settlement/applications',
  '/settlements',
  '/tickets',
  '/batches',
  '/transactions',
  '/reconciliation',
  '/differences',
  '/statements?from=2026-11-01&to=2026-11-02',
  '/report?from=2026-11-01&to=2026-11-02',
  '/parameters',
  '/audit',
  '/devices',
  '/operators',
];

test('B-008 whoever may look reads every list of a new terminal; customer service reads none of them', async () => {
  const rig = await consoleRig();
  const [main, service] = [await rig.loggedIn('wang', 'MO'), await rig.loggedIn('zhao', 'S')];
  for (const path of [...reads, '/users', '/exports', '/notices'])
    expect({ path, status: (await main.get(`/api${path}`)).status }).toEqual({ path, status: 200 });
  for (const path of reads)
    expect({ path, code: (await service.get(`/api${path}`)).code }).toEqual({ path, code: 'FORBIDDEN' });
  expect(rig.system.bugs).toEqual([]);
});

test('what is not there is not found', async () => {
  const rig = await consoleRig();
  const main = await rig.loggedIn('wang');
  for (const path of [
    '/batches/000009',
    '/settlements/S-9',
    '/transactions/01JD',
    '/statements/2026-01-01',
    '/nowhere',
  ])
    expect({ path, ...(await main.get(`/api${path}`)) }).toMatchObject({ path, status: 404, code: 'NOT_FOUND' });
});

test('B-037 transactions are found by day, type, state, operator, voucher and amount, and page by page', async () => {
  const rig = await consoleRig({ host: true });
  const { system } = rig;
  for (const amountFen of [1_000, 2_000, 3_000]) await system.sell(amountFen);
  const main = await rig.loggedIn('wang', 'O');
  const found = async (query: string) => {
    const { body } = await main.get(`/api/transactions?${query}`);
    const list = body['transactions'];
    return Array.isArray(list) ? list : [];
  };
  const today = shanghai(Date.now()).day;
  const all = await found(`from=${today}&to=${today}`);
  expect(all.map(({ amountFen }) => amountFen)).toEqual([3_000, 2_000, 1_000]);
  expect(await found('from=2020-01-01&to=2020-01-02')).toEqual([]);
  expect(await found('type=refund')).toEqual([]);
  expect(await found('type=sale&state=PAID&operator=01')).toHaveLength(3);
  expect(await found('operator=02')).toEqual([]);
  expect((await found('minFen=1500&maxFen=2500')).map(({ amountFen }) => amountFen)).toEqual([2_000]);
  expect(await found(`stan=${all[2].stan}`)).toEqual([all[2]]);
  expect(await found(`limit=1&before=${all[0].payment}`)).toEqual([all[1]]);

  const { body } = await main.get(`/api/transactions/${all[0].payment}`);
  expect(body['transaction']).toEqual(all[0]);
  const kinds = new Set((Array.isArray(body['timeline']) ? body['timeline'] : []).map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(['state', 'message', 'journal', 'print', 'audit']));
  expect(await system.problems()).toEqual([]);
});

test('B-043: the overview adds up today by instrument and shows the open batch and what is wrong', async () => {
  const rig = await consoleRig({ host: true });
  await rig.system.sell(12_345);
  await rig.system.sell(700);
  const main = await rig.loggedIn('wang');
  const { body } = await main.get('/api/overview');
  expect(body).toMatchObject({
    openBatch: { records: 2, grossFen: 13_045 },
    balances: { unclearedFen: 13_045, availableFen: 0 },
    alerts: [],
    turnover: {
      byInstrument: [{ instrument: 'CONTACTLESS', count: 2, grossFen: 13_045 }],
    },
  });
  const { byDay } = Object(body['turnover']);
  expect(byDay).toHaveLength(14);
  expect(byDay.at(-1)).toEqual({ day: shanghai(Date.now()).day, count: 2, grossFen: 13_045 });
});

test('B-053 a batch closed at the console carries the log-in name everywhere, and its steps are told', async () => {
  const rig = await consoleRig({ host: true });
  const { system } = rig;
  await system.sell(5_000);
  const main = await rig.loggedIn('wang', 'O');
  const events = await main.listen();
  expect((await main.post('/api/batches/close', { secret: password })).status).toBe(200);
  await events.until('closed', ({ event, data }) => event === 'progress' && data['at'] === 'closed');
  await system.atRest();
  const { body } = await main.get('/api/batches');
  const [batch] = Array.isArray(body['batches']) ? body['batches'].filter(({ state }) => state === 'CLOSED') : [];
  expect(batch).toMatchObject({ closedBy: 'wang', records: 1 });
  expect(system.count("SELECT count(*) FROM audit WHERE by = 'wang' AND action = 'batch-close'")).toBe(1);
  expect(system.slips().at(-1)?.join('\n')).toContain('wang');
  expect(await system.problems()).toEqual([]);
});

test('older batches are those before the last one that is shown', async () => {
  const rig = await consoleRig({ host: true });
  const { system } = rig;
  const main = await rig.loggedIn('wang', 'O');
  for (let n = 0; n < 2; n++) {
    await system.sell(5_000);
    await system.closeBatch();
    await system.ready();
  }
  const shown = async (query: string) => {
    const { batches } = (await main.get(`/api/batches?${query}`)).body;
    return Array.isArray(batches) ? batches.map(({ no }) => no) : [];
  };
  const [newest, middle, oldest] = await shown('limit=50');
  expect(await shown('limit=1')).toEqual([newest]);
  expect(await shown(`limit=1&before=${newest}`)).toEqual([middle]);
  expect(await shown(`limit=5&before=${middle}`)).toEqual([oldest]);
  expect(await shown(`limit=5&before=${oldest}`)).toEqual([]);
});

test('the last step of a close says how it ended: balanced or not, printed or not', async () => {
  const rig = await consoleRig({ host: true });
  await rig.system.sell(5_000);
  const main = await rig.loggedIn('wang', 'O');
  const events = await main.listen();
  rig.system.devices.printer.paperOutAfter(3);
  expect((await main.post('/api/batches/close', { secret: password })).status).toBe(200);
  await events.until('closed', ({ data }) => data['at'] === 'closed');
  expect(events.events.find(({ data }) => data['at'] === 'closed')?.data).toMatchObject({
    balanced: true,
    printProblem: 'PAPER_OUT',
  });
});

test('B-053 what is undecided, and keeps a batch from being closed, stands in the overview', async () => {
  const rig = await consoleRig({ host: true });
  const main = await rig.loggedIn('wang');
  expect((await main.get('/api/overview')).body).toMatchObject({ undecided: 0 });
});

test('B-005 a settlement at the console is made, journalled and told to the host by the log-in name', async () => {
  const rig = await consoleRig({ host: true });
  const { system } = rig;
  await system.earn(100_000);
  const main = await rig.firstUser('wang');
  const { body: home } = await main.get('/api/settlement/home');
  const { balances, account } = Object(home);
  const ask = {
    secret: password,
    amountFen: balances.availableFen,
    seenAvailableFen: balances.availableFen,
    accountVersion: account.version,
  };
  const made = await main.post('/api/settlements', ask, { key: 'confirm-page-1' });
  expect(made.body).toMatchObject({ state: 'REQUESTED', by: 'wang', mode: 'MANUAL' });
  expect((await main.post('/api/settlements', ask, { key: 'confirm-page-1' })).body['no']).toBe(made.body['no']);
  const stale = await main.post('/api/settlements', ask, { key: 'confirm-page-2' });
  expect(stale).toMatchObject({ code: 'STALE_BALANCE' });
  await system.eventually('paid', async () => {
    const { body } = await main.get(`/api/settlements/${made.body['no']}`);
    return Object(body['settlement']).state === 'SUCCESS';
  });
  expect(system.count("SELECT count(*) FROM journal WHERE by = 'wang' AND event = 'J-20'")).toBe(1);
  expect(await system.problems()).toEqual([]);
});

test('parameters show what upstream sent, what is usual, and what was before', async () => {
  const rig = await consoleRig({ host: true, hostParameters: { 'batch.maxRecords': 300 } });
  const main = await rig.loggedIn('wang');
  const { body } = await main.get('/api/parameters');
  const rows = Array.isArray(body['parameters']) ? body['parameters'] : [];
  expect(rows.find(({ name }) => name === 'batch.maxRecords')).toEqual({
    name: 'batch.maxRecords',
    value: 300,
    usual: 500,
    before: 500,
  });
});

test('the audit trail is read page by page, by actor, and says that it is whole', async () => {
  const rig = await consoleRig();
  const main = await rig.loggedIn('wang');
  await main.post('/api/users/nobody/code', { secret: password });
  const { body } = await main.get('/api/audit?by=wang&limit=1');
  expect(body).toMatchObject({ intact: true, lines: [{ by: 'wang', action: 'set-up-code', outcome: 'refused' }] });
  const [{ seq }] = Array.isArray(body['lines']) ? body['lines'] : [];
  const { body: next } = await main.get(`/api/audit?by=wang&limit=1&before=${seq}`);
  expect(next).toMatchObject({ lines: [{ action: 'log-in' }] });
});

test('a device is tried from the console, paper only by who may print', async () => {
  const rig = await consoleRig({ host: true });
  const main = await rig.loggedIn('wang', 'MO');
  expect((await main.post('/api/devices/printer/test', {})).body).toMatchObject({
    zh: expect.stringContaining('打印'),
  });
  const settler = await rig.loggedIn('li.na', 'O');
  expect((await settler.post('/api/devices/printer/test', {})).code).toBe('FORBIDDEN');
  expect((await main.post('/api/devices/toaster/test', {})).code).toBe('NOT_FOUND');
});
