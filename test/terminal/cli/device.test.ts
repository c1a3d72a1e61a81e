import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { devicesAnswer } from '../../../terminal/cli/contract.ts';
import { runPos } from '../../../terminal/cli/program.ts';
import { type LocalServer, serveLocal } from '../../../terminal/cli/server.ts';
import { startTestSystem, type TestSystem } from '../../support/terminal.ts';
import { type TurnableClock, turnableClock, turnUntil } from '../../support/turnable-clock.ts';
import { capturedShell } from './captured-shell.ts';

/** A running terminal with every device at the end of a real socket, and `pos` beside it. */
let clock: TurnableClock;
let system: TestSystem;
let server: LocalServer;

beforeAll(async () => {
  clock = turnableClock();
  system = await startTestSystem({
    clock,
    hostTickMs: 10_000,
    devices: { pinPad: true, scanner: true, display: true, keypad: true },
    config: { drawer: 2, printerProfile: 'epson-58' }, // tells at once what is wrong with it
  });
  const { terminal } = system;
  const unused = (): never => {
    throw new Error('not part of this test');
  };
  server = await serveLocal({
    socketPath: join(system.home, 'pos.sock'),
    counter: terminal.counter,
    status: () => terminal.runner.status(),
    settlementOffer: unused,
    backUp: unused,
    ledgerCheck: unused,
    doctor: unused,
    devices: () => terminal.devices,
    staff: () => terminal.staff,
    desk: unused,
    consoleUrl: unused,
    bench: undefined,
    screen: unused,
    settings: { maxBodyBytes: 65_536 },
    log: () => {},
    onBug: () => {},
  });
  writeFileSync(join(system.home, 'secret'), '0000\n');
  await allReady();
}, 30_000);

afterAll(async () => {
  await server?.stop();
  await system?.stop();
});

const allReady = () =>
  system.eventually('every device ready', () => system.terminal.devices.list().every(({ state }) => state === 'ready'));

async function pos(line: string) {
  const shell = capturedShell({ env: { POS_HOME: system.home } });
  const exit = await runPos(line.split(' '), shell);
  return { exit, out: shell.stdout(), err: shell.stderr() };
}

/** The same, for what takes its time. */
const turned = (line: string) => turnUntil(clock, pos(line));

const by01 = () => `--operator 01 --password-file ${join(system.home, 'secret')}`;

async function list() {
  const { exit, out } = await pos('device list --json');
  return { exit, devices: v.parse(devicesAnswer, JSON.parse(out)).devices };
}

describe('pos device list', () => {
  it('names every device with its protocol, port, state and counters', async () => {
    const { exit, devices } = await list();
    expect(exit).toBe(0);
    expect(devices.map(({ name, profile, state }) => [name, profile, state])).toEqual([
      ['card-reader', 'vivotech2-serial', 'ready'],
      ['pin-pad', 'k100', 'ready'],
      ['scanner', 'text-cr', 'ready'],
      ['keypad', 'serial', 'ready'],
      ['display', 'cd5220', 'ready'],
      ['printer', 'epson-58', 'ready'],
    ]);
    for (const { port, counters } of devices) {
      expect(port).toMatch(/^tcp:127\.0\.0\.1:\d+$/);
      expect(counters).toMatchObject({ connects: 1, losses: 0 });
    }
    const reader = devices.find(({ name }) => name === 'card-reader');
    expect(reader?.counters.bytesIn).toBeGreaterThan(0);
    expect(reader?.since).toBeLessThanOrEqual(Date.now());
  });

  it('is a table for a person, in either language', async () => {
    const { exit, out } = await pos('device list');
    expect(exit).toBe(0);
    expect(out).toMatch(/^设备 +状态 /);
    expect(out).toMatch(/\nprinter +就绪 .*epson-58 +tcp:127/);
    const english = await pos('device list --lang en');
    expect(english.out).toMatch(/\nprinter +ready /);
    expect(english.out).not.toMatch(/[\u4e00-\u9fff]/);
  });

  it('ends with 8 when a device cannot work, and says what to do', async () => {
    system.devices.printer.set({ paper: 'out' });
    await system.eventually('the missing paper to be seen', async () => (await list()).exit === 8);
    expect((await list()).devices.find(({ name }) => name === 'printer')).toMatchObject({
      state: 'fault',
      problem: 'PAPER_OUT',
      zh: '缺纸，请装纸',
    });
    expect((await pos('device list')).out).toMatch(/printer +故障 .*缺纸，请装纸/);
    system.devices.printer.mend();
    await system.eventually('the paper', async () => (await list()).exit === 0);
  });
});

describe('pos device test', () => {
  it('printer: prints a test slip with the test mark, for an operator only', async () => {
    const printed = system.slips().length;
    expect(await pos('device test printer --no-input')).toMatchObject({ exit: 3, out: '' });
    expect(system.slips().length).toBe(printed);
    expect(await pos(`device test printer ${by01()}`)).toMatchObject({
      exit: 0,
      out: expect.stringContaining('打印机: 测试单已打印'),
    });
    const slip = system.slips().at(-1) ?? [];
    expect(slip).toContain('12345678901234567890123456789012'); // a whole line of 58 mm
    expect(slip).toContain('一二三四五六七八九十一二三四五六');
    expect(slip.join('\n')).toContain('***测试/TESTING,凭证无效***');
    expect(slip.join('\n')).toContain('ZHANGPING PRINT TEST');
    expect(system.devices.printer.violations).toEqual([]);
    expect(system.count("SELECT count(*) FROM audit WHERE action = 'test-print' AND by = '01'")).toBe(1);
  });

  it('printer without paper: 8, in words', async () => {
    system.devices.printer.set({ paper: 'out' });
    expect(await pos(`device test printer ${by01()}`)).toMatchObject({
      exit: 8,
      err: expect.stringContaining('PAPER_OUT'),
    });
    system.devices.printer.mend();
    await system.eventually('the paper', async () => (await list()).exit === 0);
  });

  it('scanner: says symbology and length, never the code', async () => {
    const code = '134512345678901234';
    const ended = pos('device test scanner --json');
    const show = () => system.devices.scanner.scan(code);
    const clear = setInterval(show, 50);
    const { exit, out } = await ended;
    clearInterval(clear);
    expect(exit).toBe(0);
    expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toMatchObject({ test: { kind: 'code', length: 18 } });
    expect(out + system.logged.join('\n')).not.toContain(code);
  });

  it('scanner: 8 when no code was shown', async () => {
    expect(await turned('device test scanner')).toMatchObject({ exit: 8, out: '扫码枪: 没有收到\n' });
  });

  it.each([
    ['7', 'digit'],
    ['function', 'function'],
  ] as const)('keypad: key %s came as %s', async (key, said) => {
    const ended = pos('device test keypad --lang en');
    const press = setInterval(() => system.devices.keypad.press(key), 50);
    const { exit, out } = await ended;
    clearInterval(press);
    expect({ exit, out }).toEqual({ exit: 0, out: `Keypad: a key came: ${said}\n` });
  });

  it('display: shows a pattern for a while, then what it is for', async () => {
    const shown: string[] = [];
    const stop = system.devices.display.onChange((upper) => shown.push(upper.trim()));
    const { exit, out } = await turned('device test display');
    expect(exit).toBe(0);
    expect(out).toContain('应显示 12345678901234567890');
    await system.eventually('the welcome', () => shown.at(-1) === 'WELCOME');
    stop();
    expect(shown[0]).toBe('12345678901234567890');
    expect(system.devices.display.violations).toEqual([]);
  });

  it.each(['card-reader', 'pin-pad'])('%s: answers, and is left as it was', async (name) => {
    const { exit, out } = await turned(`device test ${name} --lang en`);
    expect(exit).toBe(0);
    expect(out).toMatch(/: it answers, \d+ bytes\n$/);
    expect(system.devices.reader.violations).toEqual([]);
    expect(system.devices.pinPad.violations).toEqual([]);
  });

  it('a device of another name is a usage error', async () => {
    expect(await pos('device test cat')).toMatchObject({ exit: 2, out: '' });
  });
});

describe('pos device drawer', () => {
  it('opens it, and writes down who did', async () => {
    expect(await pos('device drawer --no-input')).toMatchObject({ exit: 3 });
    expect(system.devices.printer.drawerPulses).toEqual([]);
    expect(await pos(`device drawer ${by01()}`)).toMatchObject({ exit: 0, out: '钱箱已打开\n' });
    expect(system.devices.printer.drawerPulses).toMatchObject([{ pin: 2 }]);
    expect(system.count("SELECT count(*) FROM audit WHERE action = 'drawer' AND by = '01' AND outcome = 'ok'")).toBe(1);
  });
});
