import { statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ControlSocket } from '../../../sync/host/control.ts';
import { noLinkFaults } from '../../../sync/host/link-faults.ts';
import { journal } from './journals.ts';
import { merchant, otherTerminal, startHost, type TestHost, terminal } from './start-host.ts';
import { Till } from './till.ts';

let host: TestHost;
let till: Till;
let control: ControlSocket;
const linkFaults = noLinkFaults();

beforeEach(async () => {
  host = await startHost();
  till = new Till(host);
  control = new ControlSocket({
    host: host.host,
    path: join(host.folder, 'host.sock'),
    merchant,
    terminals: [terminal.terminal, otherTerminal.terminal],
    linkFaults,
    decided: () => host.upstream.stir(),
  });
  await control.start();
});
afterEach(async () => {
  Object.assign(linkFaults, noLinkFaults());
  await control.stop();
  await host.stop();
});

type Json = { readonly [key: string]: unknown };
interface Said {
  readonly status: number;
  readonly body: Json;
}

function say(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Said> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const sent = request({ socketPath: control.path, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}

const command = (body: unknown) => say('POST', '/command', body);
const fault = (body: unknown) => say('POST', '/fault', body);
const outcomes = async () => (await till.down('settle-result')).map(({ body }) => body.outcome);

test('the socket belongs to its owner alone, and is gone after the stop', async () => {
  expect(statSync(control.path).mode & 0o777).toBe(0o600);
  await control.stop();
  await expect(say('GET', '/state')).rejects.toThrow();
});

test('a socket that a killed host left is taken over', async () => {
  await control.stop();
  const first = new ControlSocket({
    host: host.host,
    path: control.path,
    merchant,
    terminals: [],
    linkFaults,
    decided: () => {},
  });
  await first.start();
  await first.stop();
  await control.start();
  expect((await say('GET', '/state')).status).toBe(200);
});

test('state: merchant, counts, batches with verdicts, settlements, mirror, what is armed; no whole account number', async () => {
  await till.earn(100_000);
  await till.settle('S1', 500);
  await host.clock.advance(0);
  await fault({ kind: 'forget-approval', times: 3 });
  const { status, body } = await say('GET', '/state');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    merchant: { number: merchant, rev: 1, account: { version: 1, state: 'ACTIVE', maskedNumber: '************1234' } },
    terminals: [
      {
        terminal: '00000001',
        nextBatch: '000002',
        approvals: { CLEARED: { count: 1, fen: 100_000 } },
        batches: [{ batch: '000001', state: 'CLEARED', verdicts: { domestic: 1 }, grossFen: 100_000, feeFen: 380 }],
        settlements: [{ no: 'S1', amountFen: 500, state: 'SUCCEEDED', transferRef: 'T0000000001' }],
        mirror: { differences: [] },
        rejectedRows: [],
      },
      { terminal: '00000002', batches: [] },
    ],
    faults: [{ kind: 'forget-approval', left: 3 }],
  });
  expect(JSON.stringify(body)).not.toContain('6222020000001234');
});

test('mirror and approvals, for an auditor', async () => {
  await till.signIn();
  const paid = await till.pay({ amountFen: 700 });
  expect((await say('GET', '/mirror')).body).toMatchObject({
    balances: { '1101:2026-11-20': 700, [`2001:${paid.payment}`]: 700 },
  });
  expect((await say('GET', '/mirror-check')).body).toEqual({ journals: 1, sumFen: 0, wrong: [] });
  expect((await say('GET', '/approvals?terminal=00000001')).body).toMatchObject([
    { payment: paid.payment, amountFen: 700, feeFen: 3, state: 'APPROVED', card: '622202*********5665' },
  ]);
  expect((await say('GET', '/approvals?terminal=00000002')).body).toEqual([]);
  expect((await say('GET', '/mirror?terminal=00000009')).status).toBe(404);
});

describe('commands', () => {
  test('freeze, unfreeze and charge-back of a payment go down, and are in the events', async () => {
    await till.signIn();
    const { payment } = await till.pay({ amountFen: 700 });
    expect((await command({ command: 'freeze', payment, amountFen: 500 })).status).toBe(200);
    expect((await command({ command: 'freeze', payment })).status).toBe(409);
    expect((await command({ command: 'unfreeze', no: 'F0000000001' })).status).toBe(200);
    expect((await command({ command: 'unfreeze', no: 'F0000000009' })).status).toBe(404);
    expect((await command({ command: 'charge-back', payment, amountFen: 200 })).status).toBe(200);
    expect((await till.newDown()).slice(-4)).toEqual(['freeze', 'unfreeze', 'charge-back', 'funds-received']);
    expect((await say('GET', '/events')).body).toMatchObject({
      refunds: [],
      freezes: [{ no: 'F0000000001', payment, amountFen: 500 }],
      chargeBacks: [{ no: 'C0000000001', payment, amountFen: 200, posted: false }],
    });
  });

  test('refund-decide and customer: not of what is not there', async () => {
    for (const order of [
      { command: 'refund-decide', no: 'R1', outcome: 'succeeded' },
      { command: 'customer', payment: 'P1', pays: true },
    ])
      expect((await command(order)).status).toBe(404);
    expect((await command({ command: 'refund-decide', no: 'R1', outcome: 'accepted' })).status).toBe(400);
  });

  test('clear-batch leaves an exception for later', async () => {
    await command({ command: 'set-parameter', name: 'clearing', value: 'manual' });
    await till.signIn();
    const { payment } = await till.pay({ amountFen: 700 });
    await till.close();
    expect((await command({ command: 'clear-batch', batch: '000001', except: [payment] })).status).toBe(200);
    expect((await command({ command: 'clear-batch', batch: '000001' })).status).toBe(200);
    expect((await command({ command: 'clear-batch', batch: '000001' })).status).toBe(409);
  });

  test.each([
    { kind: 'refund-fail', reason: 'BANK_REFUSED' },
    { kind: 'refund-refuse', reason: 'BANK_REFUSED' },
    { kind: 'invoice-fail', reason: 'TAX_OFFICE_DOWN' },
    { kind: 'forward-refuse', code: '05' },
    { kind: 'wallet-silent' },
    { kind: 'decline', of: 'void', code: '91' },
    { kind: 'drop-answer', of: 'code-query' },
  ])('fault $kind is armed once', async (order) => {
    expect((await fault(order)).status).toBe(200);
    expect((await say('GET', '/state')).body['faults']).toEqual([{ ...order, left: 1, times: 1 }]);
  });

  test('verify-account: a new ACTIVE version goes down', async () => {
    const account = { command: 'verify-account', name: '新户名', number: '6222020000005675', bank: '建设银行' };
    expect(await command(account)).toMatchObject({ status: 409, body: { error: 'ILLEGAL_STATE' } });
    await host.host.store.updateTable('accounts').set({ state: 'ERRORED' }).execute();
    expect(await command(account)).toMatchObject({ status: 400, body: { error: 'INVALID_PARAMETER' } });
    await command({ command: 'set-person', role: 'settler', name: '新户名' });
    const said = await command(account);
    expect(said).toEqual({ status: 200, body: { ok: true } });
    expect((await till.down('merchant-data')).at(-1)?.body).toMatchObject({
      record: { version: 2, state: 'ACTIVE', name: '新户名', maskedNumber: '************5675' },
    });
    expect(host.woken).toContain('00000001');
  });

  test('set-parameter: a legal value goes down, another one changes nothing', async () => {
    expect((await command({ command: 'set-parameter', name: 'sale.maxFen', value: 5_000 })).status).toBe(200);
    expect((await till.down('merchant-data')).at(-1)?.body).toMatchObject({ record: { 'sale.maxFen': 5_000 } });
    const before = await till.down('merchant-data');
    for (const wrong of [
      { name: 'sale.maxFen', value: -1 },
      { name: 'sale.maxFen', value: 'much' },
      { name: 'no.such', value: 1 },
    ]) {
      expect(await command({ command: 'set-parameter', ...wrong })).toMatchObject({
        status: 400,
        body: { error: 'INVALID_PARAMETER' },
      });
    }
    expect(await till.down('merchant-data')).toEqual(before);
  });

  test('settle-decide: a settlement that waits for a person goes the legal way only', async () => {
    await command({ command: 'set-parameter', name: 'host.settleDecision', value: 'manual' });
    await till.settle('S1', await till.earn(100_000));
    const decide = (outcome: string, no = 'S1') => command({ command: 'settle-decide', no, outcome });
    expect(await decide('returned')).toMatchObject({ status: 409, body: { error: 'ILLEGAL_STATE' } });
    expect(await decide('succeeded', 'S9')).toMatchObject({ status: 404, body: { error: 'NOT_FOUND' } });
    expect((await decide('succeeded')).status).toBe(200);
    expect((await decide('failed')).status).toBe(409);
    expect((await decide('returned')).status).toBe(200);
    expect(await outcomes()).toEqual(['accepted', 'succeeded', 'returned']);
  });

  test('clear-batch: by hand, once', async () => {
    await command({ command: 'set-parameter', name: 'clearing', value: 'manual' });
    await till.signIn();
    await till.pay();
    const clear = () => command({ command: 'clear-batch', batch: '000001' });
    expect((await clear()).status).toBe(409);
    await till.close();
    expect((await clear()).status).toBe(200);
    expect((await clear()).status).toBe(409);
    expect(await till.down('batch-cleared')).toHaveLength(1);
  });

  test('decide-mirror: the difference is decided, and settlements are accepted again', async () => {
    const available = await till.earn(100_000);
    await till.post(
      'batch-cleared',
      journal('J-99', 'x', 'x', [
        ['1001', 'D', 5],
        ['4001', 'C', 5],
      ]),
    );
    await till.settle('S1', available);
    for (const n of [1, 2]) expect((await command({ command: 'decide-mirror', n, decision: 'book' })).status).toBe(200);
    expect((await command({ command: 'decide-mirror', n: 1, decision: 'book' })).status).toBe(404);
    await till.post(
      'settle-result',
      journal('J-22', 'S1', 'refused:S1', [
        ['2005:S1', 'D', available],
        ['2002', 'C', available],
      ]),
    );
    await till.settle('S2', available);
    expect((await outcomes()).slice(0, 2)).toEqual(['refused', 'accepted']);
  });
});

describe('faults', () => {
  test('settle-fail and settle-return meet the next settlements, in order', async () => {
    const available = await till.earn(100_000);
    await fault({ kind: 'settle-fail', reason: 'BANK_REFUSED' });
    await till.settle('S1', available);
    await host.clock.advance(0);
    await till.post(
      'settle-result',
      journal('J-22', 'S1', 'failed:S1', [
        ['2005:S1', 'D', available],
        ['2002', 'C', available],
      ]),
    );
    await fault({ kind: 'settle-return' });
    await till.settle('S2', available);
    await host.clock.advance(0);
    expect(await outcomes()).toEqual(['accepted', 'failed', 'accepted', 'succeeded', 'returned']);
  });

  test('settle-return of a certain settlement happens at once', async () => {
    await till.settle('S1', await till.earn(100_000));
    await host.clock.advance(0);
    expect((await fault({ kind: 'settle-return', no: 'S1' })).status).toBe(200);
    expect((await fault({ kind: 'settle-return', no: 'S1' })).status).toBe(409);
    expect(await outcomes()).toEqual(['accepted', 'succeeded', 'returned']);
  });

  test('drop-answer, delay-answer, silence', async () => {
    await till.signIn();
    await fault({ kind: 'drop-answer' });
    expect(await till.sale(till.saleRequest())).toBeNull();
    await fault({ kind: 'delay-answer', of: 'reverse', ms: 100 });
    const late = till.reverse(till.saleRequest());
    await host.clock.advance(100);
    expect((await late)?.code).toBe('25');
    await fault({ kind: 'silence', ms: 1000 });
    expect(await till.sale(till.saleRequest())).toBeNull();
  });

  test('faults of the link are handed on, and reset takes everything back', async () => {
    await fault({ kind: 'drop-ack', times: 2 });
    await fault({ kind: 'duplicate-rows' });
    await fault({ kind: 'delay-link', ms: 50 });
    await fault({ kind: 'forget-approval' });
    expect(linkFaults).toMatchObject({ dropUpAcks: 2, duplicateDowns: 1, delayMs: 50 });
    expect((await say('POST', '/reset')).body).toEqual({ ok: true });
    expect(linkFaults).toEqual(noLinkFaults());
    expect((await say('GET', '/state')).body).toMatchObject({ faults: [] });
  });
});

describe('bad input changes nothing and says which field', () => {
  test.each([
    { path: '/command', body: 'not json', field: undefined },
    { path: '/command', body: {}, field: 'command' },
    { path: '/command', body: { command: 'no-such' }, field: 'command' },
    { path: '/command', body: { command: 'verify-account', name: 'a', number: '12', bank: 'b' }, field: 'number' },
    { path: '/command', body: { command: 'clear-batch', batch: '1' }, field: 'batch' },
    { path: '/fault', body: { kind: 'settle-fail', reason: '<script>' }, field: 'reason' },
    { path: '/fault', body: { kind: 'forget-approval', times: 0 }, field: 'times' },
    { path: '/fault', body: { kind: 'silence', ms: -1 }, field: 'ms' },
    { path: '/fault', body: { kind: 'forget-approval', extra: 1 }, field: 'extra' },
  ])('$path $body', async ({ path, body, field }) => {
    const said = await say('POST', path, body);
    expect(said).toMatchObject({ status: 400, body: { error: 'INVALID' } });
    expect(said.body['field']).toBe(field);
    expect(host.host.faults.list()).toEqual([]);
  });

  test('an unknown terminal or path: 404', async () => {
    expect((await command({ command: 'clear-batch', terminal: '00000009', batch: '000001' })).status).toBe(404);
    expect((await say('GET', '/nothing')).status).toBe(404);
  });
});

test('a path that the system cannot take is refused with a reason', async () => {
  const long = new ControlSocket({
    host: host.host,
    path: `/tmp/${'x'.repeat(120)}`,
    merchant,
    terminals: [],
    linkFaults,
    decided: () => {},
  });
  await expect(long.start()).rejects.toThrow('too long');
});
