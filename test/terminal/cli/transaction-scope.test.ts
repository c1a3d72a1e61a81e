import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fen } from '../../../terminal/base/money.ts';
import { makeCounter } from '../../../terminal/flows/make-counter.ts';
import { startTestSystem, type TestSystem } from '../../support/terminal.ts';
import { posRig } from './pos-rig.ts';

/** `pos txn list` and `pos txn show` show a cashier the own shift (B-037), and the answer says so. */

let system: TestSystem;
/** Vouchers of 01 and 02. */
let [ann, bob] = ['', ''];
const at = posRig();

beforeAll(async () => {
  system = await startTestSystem();
  await (await system.supervisor()).staff.add('02', '2222');
  for (const [no, secret] of [
    ['01', '0000'],
    ['02', '2222'],
  ] as const) {
    const keypad = makeCounter(system.terminal.world, 'keypad');
    await keypad.logOn(no, secret);
    const outcome = await keypad.sale(
      fen(10_000),
      new AbortController().signal,
      ({ at: step }) =>
        step === 'card' && system.devices.reader.present({ pan: '6222021234567890128', expiry: '3012' }),
      async () => true,
    );
    if (outcome.kind !== 'approved') throw new Error(outcome.kind);
    if (no === '01') ann = outcome.txn.stan;
    else bob = outcome.txn.stan;
  }
}, 30_000);
afterAll(() => system.stop());

beforeEach(async () => {
  for (const [name, secret] of [
    ['00', '123456'],
    ['01', '0000'],
    ['wrong', '9999'],
  ] as const)
    writeFileSync(join(at.home(), name), `${secret}\n`);
  await at.serve({ counter: () => system.terminal.counter() });
});

const by = (no: string, secret = no) => `--operator ${no} --password-file ${join(at.home(), secret)}`;
const listed = async (flags = '') => {
  const { exit, out } = await at.pos(`txn list --json ${flags}`);
  if (exit !== 0) return exit;
  const { scope, transactions } = JSON.parse(out);
  return { scope, stans: transactions.map(({ stan }: { readonly stan: string }) => stan) };
};

test('without an operator: as whoever stands at the keypad', async () => {
  expect(await listed()).toEqual({ scope: { of: 'shift', operator: '02' }, stans: [bob] });
  expect((await at.pos('txn list')).out).toMatch(/^操作员02本班交易\n/);
  expect((await at.pos('txn list --lang en')).out).toMatch(/^The shift of operator 02\n/);
  expect((await at.pos(`txn show ${ann}`)).exit).toBe(4);
  expect((await at.pos(`txn show ${bob}`)).exit).toBe(0);
});

test('a cashier who logs on for it sees the own shift, 00 everything', async () => {
  expect(await listed(by('01'))).toEqual({ scope: { of: 'shift', operator: '01' }, stans: [ann] });
  expect((await at.pos(`txn show ${bob} ${by('01')}`)).exit).toBe(4);
  expect(await listed(by('00'))).toEqual({ scope: { of: 'all' }, stans: [bob, ann] });
  expect((await at.pos(`txn list ${by('00')}`)).out).not.toContain('本班');
  expect((await at.pos(`txn show ${ann} ${by('00')}`)).out).toContain(ann);
  expect(await listed(by('01', 'wrong'))).toBe(3);
});

test('nobody at the keypad: who owns the socket sees everything', async () => {
  const keypad = makeCounter(system.terminal.world, 'keypad');
  await keypad.logOn('02', '2222');
  keypad.logOff();
  expect(await listed()).toEqual({ scope: { of: 'all' }, stans: [bob, ann] });
});

test('B-037: void is about what its operator may see, whoever stands at the keypad; the secret is asked for once', async () => {
  const supervisor = `--supervisor-file ${join(at.home(), '00')} --yes`;
  expect(await at.pos(`txn void ${bob} ${by('01')} ${supervisor}`)).toMatchObject({ exit: 4, asked: [] });
  expect(await at.pos(`txn void ${ann} --operator 01 ${supervisor}`, { answers: ['0000'] })).toMatchObject({
    exit: 0,
    out: '已撤销\n',
    asked: [expect.stringContaining('hidden')],
  });
});
