import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { COMMAND } from '../../../drivers/card-reader/codes.ts';
import type { Fault } from '../../../drivers/simulator/fault.ts';
import { pinPadFaults } from '../../../drivers/simulator/pin-pad-faults.ts';
import { readerFaults } from '../../../drivers/simulator/reader-faults.ts';
import { fen } from '../../../terminal/base/money.ts';
import type { Check } from '../../../terminal/flows/self-check-line.ts';
import { testDevice } from '../../../terminal/flows/test-device.ts';
import { paymentNo } from '../../scenarios/books.ts';
import {
  approvedTxn,
  completion,
  dialogOf,
  preauth,
  sale,
  secretOf00,
  takeBack,
} from '../../scenarios/transactions.ts';
import { refusal } from '../../support/refusal.ts';
import { startTestSystem, type TestSystem } from '../../support/terminal.ts';

/** B-016: a device that was opened. What is tried with it is not charged, and then no money moves until it works again. */

/** devices.md: the status of a reader that was opened. */
const tamper = 0x1d;

let system: TestSystem;
beforeEach(async () => {
  system = await startTestSystem({
    devices: { pinPad: true },
    hostParameters: { 'offline.enabled': true },
  });
});
afterEach(() => system.stop());

const devices = {
  'card-reader': {
    words: '读卡器',
    open: (times: number) => fault(readerFaults.tamper, system.devices.reader, times),
    mend: () => system.devices.reader.reset(),
  },
  'pin-pad': {
    words: '密码键盘',
    open: (times: number) => fault(pinPadFaults.tampered, system.devices.pinPad, times),
    mend: () => system.devices.pinPad.reset(),
  },
} as const;
type Name = keyof typeof devices;
const names: readonly Name[] = ['card-reader', 'pin-pad'];

const fault = <T>({ apply }: Fault<T>, device: T, times: number): void =>
  apply(device, { value: 0, times, chance: () => true });

/** The simulator's own fault leaves the wait for a card at idle alone. */
function openAtIdle(times: number): void {
  const { reader } = system.devices;
  const onCommand = ({ command }: { readonly command: number }): boolean => {
    if (command !== COMMAND.activate) return false;
    reader.send({ command, sub: tamper, data: new Uint8Array(0) });
    return true;
  };
  reader.use({ onCommand }, times);
}

const swiped = () => system.sell(5_000, { how: 'swipe' });
const signal = () => new AbortController().signal;

const paid = { voided: '', completed: '', held: '' };
async function earlier(): Promise<void> {
  paid.voided = (await sale(system, 1_000)).stan;
  paid.held = approvedTxn(await preauth(system, 2_000)).stan;
  const other = approvedTxn(await preauth(system, 3_000)).stan;
  paid.completed = approvedTxn(await completion(system, other, 3_000)).stan;
}

const moneyFunctions: Readonly<Record<string, () => Promise<unknown>>> = {
  'a sale': () => system.sell(1_000),
  'a pre-authorisation': () => preauth(system, 1_000),
  'a completion': () => completion(system, paid.held, 2_000),
  'a completion that is told': () => system.cashier.stored.advise(paid.held, fen(2_000)),
  'a void': () => takeBack(system, 'void', paid.voided),
  'a void of a pre-authorisation': () => takeBack(system, 'preauthVoid', paid.held),
  'a void of a completion': () => takeBack(system, 'completionVoid', paid.completed),
  'a refund': () =>
    system.cashier.refunds.refund(
      { payment: paymentNo(system), amount: fen(1_000), secret: secretOf00 },
      signal(),
      () => undefined,
    ),
  'a sale by code': () =>
    system.cashier.codes.sale(
      fen(1_000),
      { by: 'customer-shows', typed: '134567890123456789' },
      signal(),
      () => undefined,
    ),
  'a code that the terminal shows': () =>
    system.cashier.codes.sale(fen(1_000), { by: 'merchant-shows', instrument: 'QR_WECHAT' }, signal(), () => undefined),
  'an offline sale': () => system.cashier.stored.sale(fen(1_000), dialogOf(system)),
  'a question for a balance, which asks for card and PIN': () => system.cashier.balance(dialogOf(system)),
  'a settlement': async () => {
    const counter = await system.supervisor();
    return counter.settle(fen(1), counter.settlementOffer(), signal(), () => undefined);
  },
};

const rows = (): number =>
  system.count(
    'SELECT (SELECT count(*) FROM payment) + (SELECT count(*) FROM refund) + (SELECT count(*) FROM settlement) + (SELECT count(*) FROM journal)',
  );

describe.each(names)('%s', (name) => {
  test('B-016: the sale in which it shows is not charged, and then no money moves, also after a restart; each refusal names it, in one audit line', async () => {
    await earlier();
    devices[name].open(1);
    expect(await swiped()).toMatchObject({ kind: 'stopped', why: name === 'pin-pad' ? 'pin-pad' : 'reader' });
    expect(system.host.count('SELECT count(*) FROM approvals WHERE amount_fen = 5000')).toBe(0);
    expect(system.count("SELECT count(*) FROM payment WHERE amount_fen = 5000 AND state = 'FAILED'")).toBe(1);
    expect(system.cashier.status().deviceProblems).toContainEqual({ device: name, problem: 'TAMPERED' });
    await system.stopTerminal();
    await system.startTerminal();
    await system.ready();
    await system.supervisor();
    const before = rows();
    for (const [what, work] of Object.entries(moneyFunctions)) {
      const lines = system.count('SELECT count(*) FROM audit');
      expect([what, await refusal(work)]).toEqual([what, 'DEVICE_ABNORMAL']);
      expect([what, system.count('SELECT count(*) FROM audit') - lines]).toEqual([what, 1]);
    }
    expect(rows()).toBe(before);
    const told = system.count(`SELECT count(*) FROM audit WHERE details LIKE '%"device":"${devices[name].words}"%'`);
    expect(told).toBe(Object.keys(moneyFunctions).length);
    // What is no movement of money goes on.
    expect(await system.closeBatch()).toMatchObject({ kind: 'closed', balanced: true });
    expect(await system.problems()).toEqual([]);
  });

  test('B-016: a self-check asks it anew, and sells again only when it works', async () => {
    devices[name].open(Number.POSITIVE_INFINITY);
    expect(await swiped()).toMatchObject({ kind: 'stopped' });
    const line = async (): Promise<Check | undefined> =>
      (await system.cashier.selfCheck()).checks.find((check) => check.name === name);
    expect(await line()).toMatchObject({ ok: false, zh: `${devices[name].words}防拆触发，请停用并报修` });
    expect(await refusal(swiped)).toBe('DEVICE_ABNORMAL');
    devices[name].mend();
    expect(await line()).toMatchObject({ ok: true });
    expect(system.cashier.status().deviceProblems).toEqual([]);
    expect(await system.sell(1_000)).toMatchObject({ kind: 'approved' });
    expect(system.count("SELECT count(*) FROM audit WHERE action = 'abnormal-device'")).toBe(2);
  });

  test('B-016: so does its test at the console and of `pos`', async () => {
    devices[name].open(2);
    expect(await swiped()).toMatchObject({ kind: 'stopped' });
    const { world, devices: attached } = system.terminal;
    expect(attached.list().find((device) => device.name === name)).toMatchObject({ problem: 'TAMPERED' });
    const again = () => testDevice(world, name, { operator: undefined, signal: signal(), progress: () => undefined });
    expect(await refusal(again)).toBe('DEVICE_ABNORMAL');
    expect(await again()).toMatchObject({ kind: 'heard' });
    expect(await system.sell(1_000)).toMatchObject({ kind: 'approved' });
  });
});

test('B-016: two of them: no money moves until both work', async () => {
  devices['pin-pad'].open(1);
  expect(await swiped()).toMatchObject({ why: 'pin-pad' });
  openAtIdle(2);
  void system.cashier.offeredCard(signal());
  await system.eventually('seen at idle', () => system.cashier.status().deviceProblems.length === 2);
  await system.cashier.selfCheck();
  expect(system.cashier.status().deviceProblems).toEqual([{ device: 'card-reader', problem: 'TAMPERED' }]);
  expect(await refusal(swiped)).toBe('DEVICE_ABNORMAL');
  await system.cashier.selfCheck();
  expect(await system.sell(1_000)).toMatchObject({ kind: 'approved' });
});
