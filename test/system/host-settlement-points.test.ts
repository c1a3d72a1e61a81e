import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hostPoints } from '../../scripts/storm/plan.ts';
import { zeroTotals } from '../../sync/host/batches.ts';
import { type HostCrashPoint, hostCrashPoints } from '../../sync/host/crash-points.ts';
import { loadTerminalKeys } from '../../sync/protocol/keys.ts';
import type { NewUpRow } from '../../sync/protocol/rows.ts';
import { sealAccount } from '../../sync/protocol/sealing.ts';
import { ask } from '../../sync/request.ts';
import { send } from '../../sync/stream/send.ts';
import { shanghai, systemClock } from '../../terminal/base/clock.ts';
import { newId } from '../../terminal/base/ids.ts';
import { systemRandom } from '../../terminal/base/random.ts';
import { goodAccount } from '../sync/host/ask-desk.ts';
import { buildHost, hostBundle, removeHost } from '../sync/host/host-bundle.ts';
import { writeConfig } from '../sync/host/write-config.ts';
import { newPlace, openTerminal, type Place, removePlace, type TestTerminal, until } from '../sync/world.ts';

/**
 * The host is killed at each place where merchant data, clearing days and bills are decided or made and letters go out, and started again: everything is decided, made and
 * told once; a letter goes out at least once.
 */

let place: Place;
let host: ChildProcess;
/** The SMS provider's, and what it was given. */
let hook: Server;
let letters: string[];

beforeAll(async () => {
  await buildHost();
});
afterAll(removeHost);
const merchant = {
  number: '898310000000001',
  name: '测试商户',
  account: null,
  profile: { contact: '张三', mobile: '13800138000' },
  parameters: { clearing: 'next-business-day', 'host.billHour': 0, 'host.walletScanMs': 0 },
};

/** Starts the host and a terminal of the same database at its broker. */
async function begin(point?: HostCrashPoint): Promise<TestTerminal> {
  const env = { ...process.env, ...(point && { POS_CRASH: `${point}:1` }) };
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
  const file = writeConfig(place.folder, { merchant, smsWebhook: { url, token: 'token' } });
  host = spawn(process.execPath, [hostBundle, file], { stdio: ['pipe', 'pipe', 'ignore'], env });
  if (!host.stdout) throw new Error('no output');
  const [line] = await once(createInterface({ input: host.stdout }), 'line');
  const till = openTerminal(place, JSON.parse(String(line)).brokerUrl);
  till.link.start();
  await until('the host says welcome', () => till.link.status().gateOpen);
  return till;
}

function up(till: TestTerminal, row: NewUpRow): void {
  till.db.transaction(() => send(till.db, row))();
  till.link.wake();
}

const frame = { at: 1, by: '00', journals: [] };

function applyForAccount(till: TestTerminal): void {
  const { hostSeal } = loadTerminalKeys(join(place.folder, 'keys'));
  const sealed = sealAccount(goodAccount, 'A1', hostSeal);
  const named = { name: '测试商户', bank: '招商银行', destination: 'bank', maskedNumber: '****' } as const;
  up(till, { kind: 'apply', id: 'A1', body: { ...frame, no: 'A1', facts: { kind: 'account', ...named, sealed } } });
}

const asking = { deadlineMs: 5_000 };
const signIn = (till: TestTerminal) =>
  ask(till.link, 'sign-in:1', { kind: 'sign-in', stan: '000001', operator: '01', batch: null }, asking);

/** An empty batch of long ago: it is to be cleared at once. */
async function closeBatch(till: TestTerminal): Promise<void> {
  await signIn(till);
  const totals = { batch: '000001', businessDate: '2026-01-05', totals: zeroTotals, records: 0 };
  up(till, { kind: 'batch-totals', id: '1', body: { ...frame, no: '000001', facts: totals } });
  up(till, { kind: 'batch-end', id: '1', body: { ...frame, no: '000001', facts: { batch: '000001', uploaded: 0 } } });
}

/** A payment by code, and the bill in which it stands. */
async function wantBill(till: TestTerminal): Promise<void> {
  await signIn(till);
  const payment = newId(systemClock, systemRandom);
  const { day: date } = shanghai(systemClock.now());
  const of = { payment, stan: '000002', batch: '000001', operator: '01' };
  const how = { way: 'merchant-shows', instrument: 'QR_WECHAT', code: null, amountFen: 10_000 } as const;
  await ask(till.link, `${payment}:open`, { kind: 'code-open', ...of, ...how }, asking);
  await until('the customer has paid', async () => {
    const query = { kind: 'code-query', payment, stan: of.stan } as const;
    const answer = await ask(till.link, `${payment}:${systemClock.now()}`, query, asking);
    return answer.kind === 'code-query' && answer.state === 'SUCCESS';
  });
  up(till, { kind: 'bill-wanted', id: 'w', body: { ...frame, no: 'w', facts: { date, version: 0, reason: 'NONE' } } });
}

function tell(till: TestTerminal): void {
  const facts = { event: 'N-06:S1', recipient: 'profile', channel: 'sms', text: 'N-06', values: {} } as const;
  const no = 'N-06:S1:sms';
  up(till, { kind: 'notify', id: no, body: { ...frame, no, facts } });
}

/** What is done, and what comes down of it in the end. */
const acts = {
  account: { act: applyForAccount, down: ['account:1:2', 'A1:accepted', 'account:1:3', 'A1:done'] },
  batch: { act: closeBatch, down: ['verdict:000001', 'closed:000001', 'cleared:000001'] },
  bill: { act: wantBill, down: ['part:1:0', 'bill:1'] },
  letter: { act: tell, down: ['N-06:S1:sms:1'] },
} as const;

const cuts: readonly (readonly [HostCrashPoint, keyof typeof acts])[] = [
  ['host.apply-before-commit', 'account'],
  ['host.account-after-accept', 'account'],
  ['host.account-before-decide', 'account'],
  ['host.account-after-decide', 'account'],
  ['host.clear-due', 'batch'],
  ['host.clear-before-commit', 'batch'],
  ['host.clear-after-commit', 'batch'],
  ['host.bill-built', 'bill'],
  ['host.bill-part-sent', 'bill'],
  ['host.letter-sent', 'letter'],
];

test('there is none that neither these nor a business day reach', () => {
  const reached = [...hostPoints, ...cuts.map(([point]) => point)];
  expect(Object.keys(hostCrashPoints).filter((point) => !reached.some((one) => one === point))).toEqual([]);
});

describe('killed there and started again', () => {
  beforeEach(async () => {
    place = { ...newPlace(), terminal: '00000001' };
    letters = [];
    hook = createServer((request, response) => {
      letters.push(request.url ?? '');
      request.resume();
      response.end();
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    host.kill('SIGKILL');
    hook.closeAllConnections();
    await new Promise((resolve) => hook.close(resolve));
    removePlace(place);
  });

  test.each(cuts)('%s', async (point, what) => {
    const { act, down } = acts[what];
    const before = await begin(point);
    const died = once(host, 'exit');
    await act(before);
    expect((await died)[1]).toBe('SIGKILL');
    await before.close();

    const after = await begin();
    // The day of a bill is that of the test.
    const received = () => after.received().map((id) => id.replace(/:\d{4}-\d\d-\d\d/, ''));
    await until(`${down.at(-1)} comes down`, () => received().includes(down.at(-1) ?? ''));
    expect(received().filter((id) => /^(account|A1|verdict|closed|cleared|part|bill|N-06)/.test(id))).toEqual(down);
    expect(letters).toHaveLength(what === 'letter' ? 2 : 0);
    await after.close();
  });
});
