import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareHome } from '../../scripts/home.ts';
import { hostConfig } from '../../scripts/host-config.ts';
import { type Child, startChild } from '../../scripts/stage/child.ts';
import { schemaNumber } from '../../terminal/base/program-version.ts';
import { bundle, bundleOf, Device, folder, root, run, version } from './installed-device.ts';

/** What is put on a device: unpacked and installed below a folder, without the project, its node_modules and the network. */

const has = (program: string, ...args: readonly string[]): boolean => spawnSync(program, [...args]).status === 0;

describe('the bundle', () => {
  test('holds the terminal, pos, pages and native parts, and nothing of development or of the host', () => {
    const all = readdirSync(bundle, { recursive: true, encoding: 'utf8' });
    expect(readdirSync(join(bundle, 'node_modules')).sort()).toEqual(['better-sqlite3', 'node-hid', 'serialport']);
    for (const pack of ['better-sqlite3', 'node-hid', 'serialport']) {
      const inside = readdirSync(join(bundle, 'node_modules', pack)).join(' ');
      expect(inside).toMatch(/LICENSE.*package\.json/);
    }
    expect(all).toContain('lib/console/index.html');
    expect(all.filter((file) => /\.(ts|tsx|map)$|host|start|bench-/.test(file))).toEqual([]);
    expect(readFileSync(join(bundle, 'THIRD-PARTY.txt'), 'utf8')).toMatch(/^antd \d[\s\S]*^hono \d[\s\S]*^react \d/m);
  });

  test('its pos names version and schema', () => {
    const { status, out } = run(process.execPath, [join(bundle, 'lib/pos.js'), '--version']);
    expect({ status, out }).toEqual({ status: 0, out: `pos ${version} schema ${schemaNumber}\n` });
  });

  test('its native parts load where nothing is installed', () => {
    const load = (pack: string, what: string) =>
      run(process.execPath, ['-p', `typeof require(${JSON.stringify(join(bundle, 'node_modules', pack))})${what}`]);
    expect(load('serialport', '.SerialPort.binding.open')).toMatchObject({ out: 'function\n' });
    expect(load('node-hid', '.devices()')).toMatchObject({ out: 'object\n' });
  });
});

describe('installed on an empty device', () => {
  let device: Device;
  const unit = () => device.path('etc/systemd/system/zhangping.service');
  const rules = () => device.path('etc/udev/rules.d/60-zhangping.rules');
  const files = () => readdirSync(device.root, { recursive: true, encoding: 'utf8' }).sort();

  beforeAll(() => {
    device = new Device();
    expect(device.install(bundle)).toMatchObject({ status: 0, err: '' });
  });

  test('version, link, command and a closed home', () => {
    expect(device.current).toBe(version);
    expect(statSync(device.home).mode & 0o777).toBe(0o700);
    expect(statSync(device.path('usr/local/bin/pos')).mode & 0o777).toBe(0o755);
    for (const file of [unit(), rules(), device.path('usr/local/bin/pos')])
      expect(readFileSync(file, 'utf8')).not.toMatch(/@[A-Z]+@/);
  });

  test('the unit keeps the terminal running and shut in', () => {
    const text = readFileSync(unit(), 'utf8');
    for (const line of ['Restart=always', 'NoNewPrivileges=yes', 'ProtectSystem=strict', 'DevicePolicy=closed'])
      expect(text).toContain(`\n${line}\n`);
    expect(text).toContain('/opt/zhangping/current/lib/terminal.js --home /var/lib/zhangping');
  });

  test('what looks at shell scripts, units and rules, where it is there, finds nothing', () => {
    device.install(bundle, { args: ['--tty1'] });
    expect(readFileSync(`${unit()}.d/tty1.conf`, 'utf8')).toContain('--face');
    const { err } = has('systemd-analyze', '--version')
      ? run('systemd-analyze', ['verify', '--man=no', unit()])
      : { err: '' };
    // An older systemd does not know how to slow down; a program that is not there is no fault of the unit.
    const faults = err
      .split('\n')
      .filter((line) => line.includes('zhangping') && !/RestartSteps|RestartMaxDelaySec|not executable/.test(line));
    expect(faults).toEqual([]);
    if (has('udevadm', 'verify', '--help')) expect(run('udevadm', ['verify', rules()])).toMatchObject({ status: 0 });
    const scripts = ['install.sh', 'pos'].map((file) => join(bundle, file));
    if (has('shellcheck', '--version')) expect(run('shellcheck', scripts)).toMatchObject({ out: '' });
    rmSync(`${unit()}.d`, { recursive: true });
  });

  test('installed once more, nothing is different', () => {
    const before = files();
    expect(device.install(bundle)).toMatchObject({ status: 0, err: '' });
    expect(files()).toEqual(before);
  });

  test('a Node that is too old is named, and nothing is changed', () => {
    const bin = join(folder, 'old-node');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'node'), '#!/bin/sh\n[ "$1" = --version ] && echo v18.0.0\nexit 1\n', { mode: 0o755 });
    const other = new Device();
    const done = run('sh', [join(bundle, 'install.sh'), '--root', other.root], {
      PATH: `${bin}:${process.env['PATH']}`,
    });
    expect(done.status).toBe(1);
    expect(done.err).toContain('20.19');
    expect(done.err).toContain('v18.0.0');
    expect(existsSync(other.path('opt'))).toBe(false);
  });
});

const sale = {
  name: { zh: '消费', en: 'a sale' },
  given: {},
  steps: [
    { do: { keys: '1 1200 ⏎' } },
    { expect: { screen: '请挥卡' } },
    { do: { card: { name: 'unionpay-debit', by: 'contactless' } } },
    { expect: { screen: '622202*********0128' } },
    { do: { keys: '⏎' } },
    { expect: { screen: '交易成功' } },
    { do: { keys: '⏎' } },
  ],
};

describe('a life: a sale, an upgrade, three that fail, the end', () => {
  let device: Device;
  const children: Child[] = [];
  /** Without the count of prints: the slip may still be under way. */
  const sales = () =>
    device
      .pos('--json', 'txn', 'list')
      .out.replace(/^.*"transactions"/, '')
      .replace(/"prints":\d+/g, '');
  const backups = () => readdirSync(join(device.home, 'backups')).filter((file) => file.startsWith('before-'));

  beforeAll(async () => {
    device = new Device();
    const broker = await startChild({ program: 'broker', args: ['--port', '0'] });
    children.push(broker);
    mkdirSync(device.home, { recursive: true });
    const brokerUrl = String(broker.ready['url']);
    writeFileSync(join(device.home, 'config.json'), JSON.stringify({ brokerUrl }));
    const { config } = prepareHome(device.home);
    const file = join(device.home, 'host.json');
    writeFileSync(file, JSON.stringify(hostConfig({ home: device.home, config, broker: { url: brokerUrl } })));
    children.push(await startChild({ program: 'host', args: [file] }));
    expect(device.install(bundle, { live: true })).toMatchObject({ status: 0, err: '' });
  }, 60_000);
  afterAll(async () => {
    device.stop();
    await Promise.all(children.map((child) => child.kill('SIGTERM')));
  });

  test('the first start in simulated mode is well, and sells', () => {
    expect(device.pos('doctor')).toMatchObject({ status: 0 });
    const scenario = join(folder, 'sale.json');
    writeFileSync(scenario, JSON.stringify(sale));
    const sold = device.pos('sim', 'run', scenario);
    expect(sold.status, sold.out + sold.err).toBe(0);
    expect(sales()).toContain('"amountFen":1200');
  }, 60_000);

  test('an upgrade keeps the book, and a proved copy of it', () => {
    const before = sales();
    const done = device.install(bundleOf('8.0.1'), { live: true });
    expect(done).toMatchObject({ status: 0, err: expect.not.stringContaining('not installed') });
    expect(device.current).toBe('8.0.1');
    expect(device.pos('--version').out).toBe(`pos 8.0.1 schema ${schemaNumber}\n`);
    expect(sales()).toBe(before);
    expect(backups()).toHaveLength(1);
    const copy = join(device.home, 'backups', backups()[0] ?? '');
    expect(device.pos('ledger', 'check', '--db', copy).status).toBe(0);
    expect(device.pos('doctor').status).toBe(0);
  }, 60_000);

  test.each<[string, string, string]>([
    ['does not start', '8.0.2', 'process.exit(1);'],
    [
      'does not find the host any more',
      '8.0.3',
      "process.argv.push('--broker', 'mqtt://127.0.0.1:1'); require('./right.js');",
    ],
  ])(
    'a version that %s is taken back',
    (_, other, program) => {
      const before = sales();
      const broken = bundleOf(other, (lib) => {
        cpSync(join(lib, 'terminal.js'), join(lib, 'right.js'));
        writeFileSync(join(lib, 'terminal.js'), program);
      });
      const done = device.install(broken, { live: true, waitS: 4 });
      expect(done.status).toBe(1);
      expect(done.err).toContain('8.0.1');
      expect(device.current).toBe('8.0.1');
      expect(sales()).toBe(before);
      expect(device.pos('doctor').status).toBe(0);
    },
    90_000,
  );

  test('so is one that changed the book and then fails: the copy takes its place', () => {
    const before = sales();
    const sqlite = JSON.stringify(join(root, 'node_modules/better-sqlite3'));
    const later = bundleOf('8.0.4', (lib) => {
      writeFileSync(
        join(lib, 'terminal.js'),
        `const book = new (require(${sqlite}))(process.argv[3] + '/terminal.db');
         book.exec("INSERT INTO migration VALUES ('terminal', ${schemaNumber + 1}, 'later', 'x')");
         book.close();
         process.exit(1);`,
      );
      const tell = `if (process.argv[2] === '--version') console.log('pos 8.0.4 schema ${schemaNumber + 1}'); else process.exit(1);`;
      writeFileSync(join(lib, 'pos.js'), tell);
    });
    expect(device.install(later, { live: true, waitS: 4 }).status).toBe(1);
    expect(device.current).toBe('8.0.1');
    expect(device.pos('doctor').status).toBe(0);
    expect(sales()).toBe(before);
  }, 90_000);

  test.each<[string, (versions: string) => void]>([
    ['its pos cannot be read', (versions) => writeFileSync(join(versions, '8.0.1/lib/pos.js'), '')],
    ['its files are gone', (versions) => rmSync(join(versions, '8.0.1'), { recursive: true })],
    [
      'the power failed while it was replaced',
      (versions) => renameSync(join(versions, '8.0.1'), join(versions, '.8.0.1.old')),
    ],
  ])(
    'a damaged version is mended by its own bundle: %s',
    (_, damage) => {
      const before = [sales(), backups().length] as const;
      device.stop();
      damage(device.path('opt/zhangping'));
      const done = device.install(bundleOf('8.0.1'), { live: true });
      expect(done).toMatchObject({ status: 0, err: expect.not.stringContaining('not installed') });
      expect(device.pos('--version').out).toBe(`pos 8.0.1 schema ${schemaNumber}\n`);
      expect([sales(), backups().length - 1]).toEqual(before);
      expect(readdirSync(device.path('opt/zhangping')).filter((name) => name.startsWith('.'))).toEqual([]);
    },
    60_000,
  );

  test('a damaged version and a new one that is not well: both are named, the book stays', () => {
    const before = sales();
    device.stop();
    const pos = device.path('opt/zhangping/8.0.1/lib/pos.js');
    const whole = readFileSync(pos);
    writeFileSync(pos, '');
    const broken = bundleOf('8.0.7', (lib) => writeFileSync(join(lib, 'terminal.js'), 'process.exit(1);'));
    const done = device.install(broken, { live: true, waitS: 2 });
    expect(done.status).toBe(1);
    expect(done.err).toContain('journalctl');
    writeFileSync(pos, whole);
    expect(device.install(bundleOf('8.0.1'), { live: true })).toMatchObject({ status: 0 });
    expect(sales()).toBe(before);
  }, 60_000);

  test('uninstalled, the data stays', () => {
    expect(device.install(bundle, { live: true, args: ['--uninstall'] })).toMatchObject({ status: 0 });
    expect(existsSync(device.path('opt/zhangping'))).toBe(false);
    expect(existsSync(device.path('usr/local/bin/pos'))).toBe(false);
    expect(existsSync(join(device.home, 'terminal.db'))).toBe(true);
    expect(existsSync(join(device.home, 'pos.sock'))).toBe(false);
  });
});
