import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstBrokenAuditLine } from '../../terminal/base/audit.ts';
import { TerminalError } from '../../terminal/base/errors.ts';
import type { Counter } from '../../terminal/flows/counter.ts';
import { makeCounter } from '../../terminal/flows/make-counter.ts';
import { initOperators } from '../../terminal/flows/operators.ts';
import { startTestSystem, type TestSystem } from '../support/terminal.ts';
import { auditLines } from '../terminal/users/staff.ts';

let system: TestSystem;
/** The counter of the keypad, beside the screen. */
let keypad: Counter;
const never = new AbortController().signal;

beforeAll(async () => {
  system = await startTestSystem();
  keypad = makeCounter(system.terminal.world, 'keypad');
  const supervisor = await system.supervisor();
  await supervisor.staff.add('02', '2222');
  await supervisor.staff.add('03', '3333');
}, 30_000);
afterAll(() => system.stop());

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (!(error instanceof TerminalError)) throw error;
      return `${error.code} ${String(error.details['state'] ?? '')}`.trim();
    },
  );
/** The audit lines that `work` leaves. */
async function linesOf(work: () => unknown): Promise<readonly string[]> {
  const before = auditLines(system.db).length;
  await work();
  return auditLines(system.db).slice(before);
}
const slip = (): string => system.slips().at(-1)?.join('\n') ?? '';

describe('锁定终端', () => {
  test('only who locked it goes on, or 00, and the shift with them', async () => {
    await keypad.logOn('01', '0000');
    const shift = keypad.shift()?.id;
    expect(await linesOf(() => keypad.lock())).toEqual(['01 lock 01 ok {}']);
    expect(keypad.status().operator).toBeUndefined();
    expect(await refusal(keypad.openDrawer())).toBe('UNAUTHENTICATED');
    expect(await linesOf(() => refusal(keypad.logOn('02', '2222')))).toEqual([
      '02 unlock 01 refused {"code":"FORBIDDEN"}',
    ]);
    expect(await linesOf(() => refusal(keypad.logOn('01', '9999')))).toEqual([
      '01 unlock 01 refused {"code":"SECRET_WRONG"}',
    ]);
    expect(await linesOf(() => keypad.logOn('01', '0000'))).toEqual(['01 unlock 01 ok {}']);
    expect(keypad.shift()?.id).toBe(shift);
  });

  test('00 takes the counter, and may not sell there', async () => {
    await keypad.logOn('01', '0000');
    keypad.lock();
    expect(await linesOf(() => keypad.logOn('00', '123456'))).toEqual(['00 unlock 00 ok {}']);
    expect(keypad.status().operator?.no).toBe('00');
    expect(keypad.shift()).toBeUndefined();
    keypad.lock();
    expect(await refusal(keypad.logOn('01', '0000'))).toBe('FORBIDDEN');
    await keypad.logOn('00', '123456');
    await keypad.handOver(false);
    await keypad.logOn('01', '0000');
  });

  test('a restart forgets it, and everybody logs on again', async () => {
    await keypad.logOn('01', '0000');
    keypad.lock();
    const restarted = makeCounter(system.terminal.world, 'keypad');
    expect((await restarted.logOn('02', '2222')).no).toBe('02');
    await restarted.handOver(false);
    await keypad.logOn('01', '0000');
  });
});

describe('a shift', () => {
  test('is ended by 交班 with its slip, and the operator is logged off', async () => {
    await keypad.logOn('01', '0000');
    const lines = await linesOf(async () => {
      const { shift, printProblem } = await keypad.handOver(true);
      expect(printProblem).toBeUndefined();
      expect(shift).toMatchObject({ operator: '01', endedBy: '01', debitCount: 0, undecided: 0 });
    });
    expect(lines[0]).toMatch(/^01 end-shift 01 ok/);
    expect(lines[1]).toBe('01 log-off 01 ok {}');
    expect(keypad.status().operator).toBeUndefined();
    expect(slip()).toMatch(/操作员汇总/);
    expect(slip()).toMatch(/操作员\(OPERATOR NO\) +01/);
    expect(slip()).toContain('没有交易 NO TRANSACTIONS');
    expect(slip()).toContain('***测试/TESTING,凭证无效***');
    expect(slip()).not.toContain('DUPLICATED');
  });

  test('of a `pos` command there is none', async () => {
    const before = keypad.shifts(100).length;
    const command = makeCounter(system.terminal.world);
    await command.logOn('03', '3333');
    expect(command.shift()).toBeUndefined();
    command.logOff();
    expect(keypad.shifts(100)).toHaveLength(before);
  });

  test('prints so far for its operator, again for 00 with a mark, and for nobody else', async () => {
    await keypad.logOn('02', '2222');
    await keypad.printShift(undefined, never);
    expect(slip()).toContain('班次未结束 SHIFT GOES ON');
    const id = keypad.shift()?.id ?? 0;
    const other = makeCounter(system.terminal.world);
    await other.logOn('03', '3333');
    expect(await refusal(other.printShift(id, never))).toBe('FORBIDDEN');
    expect(await refusal(other.printShift(undefined, never))).toBe('NOT_FOUND');
    await keypad.handOver(true);
    expect(slip()).not.toContain('DUPLICATED');
    const supervisor = await system.supervisor();
    const lines = await linesOf(() => supervisor.printShift(undefined, never));
    expect(lines).toEqual([`00 reprint shift ${id} ok {}`]);
    expect(slip()).toContain('****重打印/DUPLICATED****');
    expect(await refusal(supervisor.printShift(9_999, never))).toBe('NOT_FOUND');
  });

  test('ends whatever becomes of its slip', async () => {
    await keypad.logOn('02', '2222');
    system.devices.printer.paperOutAfter(3);
    const { shift, printProblem } = await keypad.handOver(true);
    expect(printProblem).toBeDefined();
    expect(shift?.endedAt).toBeDefined();
    expect(keypad.status().operator).toBeUndefined();
    system.devices.printer.reset();
  });
});

describe('an operator who is removed', () => {
  test('must not stand at the counter', async () => {
    await keypad.logOn('02', '2222');
    const supervisor = await system.supervisor();
    expect(await refusal(supervisor.staff.remove('02', '123456'))).toBe('ILLEGAL_STATE AT_COUNTER');
    keypad.lock();
    expect(await refusal(supervisor.staff.remove('02', '123456'))).toBe('ILLEGAL_STATE AT_COUNTER');
    await keypad.logOn('02', '2222');
    await keypad.handOver(false);
  });

  test('takes the open shift along, ended by the supervisor', async () => {
    await keypad.logOn('03', '3333');
    keypad.logOff();
    const supervisor = await system.supervisor();
    const lines = await linesOf(() => supervisor.staff.remove('03', '123456'));
    expect(lines[0]).toMatch(/^00 end-shift 03 ok/);
    expect(lines[1]).toBe('00 remove-operator 03 ok {}');
    expect(keypad.shifts(1)[0]).toMatchObject({ operator: '03', endedBy: '00' });
    expect(await refusal(keypad.logOn('03', '3333'))).toBe('SECRET_WRONG');
  });
});

describe('outside simulated mode', () => {
  const real = (): Counter => makeCounter({ ...system.terminal.world, simulated: false }, 'keypad');

  test('a first secret lets in only with a new one', async () => {
    const counter = real();
    expect(await refusal(counter.logOn('02', '2222'))).toBe('ILLEGAL_STATE FIRST_SECRET');
    expect(counter.status().operator).toBeUndefined();
    expect(counter.shift()).toBeUndefined();
    await counter.logOn('02', '2222', '4711');
    expect(counter.shift()).toBeDefined();
    await counter.handOver(false);
    expect((await counter.logOn('02', '4711')).no).toBe('02');
    await counter.handOver(false);
  });

  test('pos init makes 00 and 99 once', async () => {
    const { world } = system.terminal;
    expect(await refusal(initOperators(world, '654321', '87654321'))).toBe('ILLEGAL_STATE HAS_OPERATORS');
    expect(auditLines(system.db).at(-1)).toBe('SYS init  refused {"code":"ILLEGAL_STATE"}');
  });
});

test('the audit trail of all this is whole', () => expect(firstBrokenAuditLine(system.db)).toBeUndefined());
