import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { networkInterfaces } from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fen } from '../../../terminal/base/money.ts';
import { keepHouse } from '../../../terminal/flows/keep-house.ts';
import { selfCheck } from '../../../terminal/flows/self-check.ts';
import {
  brokerHostOf,
  networkCheck,
  type Places,
  powerCheck,
} from '../../../terminal/flows/self-check-surroundings.ts';
import { startTestSystem, type TestSystem } from '../../support/terminal.ts';

const minuteMs = 60_000;

describe('what the terminal stands on', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pos-sys-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const address = (internal: boolean): ReturnType<typeof networkInterfaces> => ({
    eth0: [{ address: '10.0.0.2', netmask: '255.0.0.0', family: 'IPv4', mac: '', internal, cidr: null }],
  });
  const places = (more: Partial<Places> = {}): Places => ({
    power: join(folder, 'power'),
    routes: [join(folder, 'route'), join(folder, 'route6')],
    interfaces: () => address(false),
    ...more,
  });
  function supply(name: string, facts: Readonly<Record<string, string>>): void {
    mkdirSync(join(folder, 'power', name), { recursive: true });
    for (const [fact, value] of Object.entries(facts)) writeFileSync(join(folder, 'power', name, fact), `${value}\n`);
  }

  it.each([
    ['a machine that says nothing of its power', {}, 'unknown', '供电情况不可知', undefined],
    ['mains', { AC: { type: 'Mains', online: '1' } }, 'ok', '供电正常', undefined],
    [
      'mains with a battery that is nearly empty',
      { AC: { type: 'Mains', online: '1' }, BAT0: { type: 'Battery', capacity: '3' } },
      'ok',
      '供电正常',
      undefined,
    ],
    [
      'the battery',
      { AC: { type: 'Mains', online: '0' }, BAT0: { type: 'Battery', capacity: '60' } },
      'warn',
      '电池供电，请接电源',
      '60 %',
    ],
    [
      'a battery that is nearly empty',
      { BAT0: { type: 'Battery', capacity: '20' } },
      'failed',
      '电量低，请立即接电源',
      '20 %',
    ],
  ] as const)('power from %s', async (_, supplies, state, zh, detail) => {
    for (const [name, facts] of Object.entries(supplies)) supply(name, facts);
    const check = await powerCheck(places());
    expect(check).toMatchObject({ state, zh, ok: state !== 'failed' });
    expect(check.detail).toBe(detail);
  });

  const route = 'Iface\tDestination\tGateway\neth0\t00000000\t0100000A\t0003\n';
  const route6 = `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0\n`;

  it.each([
    ['a broker on this machine', '127.0.0.1', '', '', address(true), 'ok', '主机在本机，无需网络'],
    ['no address', '10.1.1.1', route, '', address(true), 'failed', '网络未连接，请检查网线或Wi-Fi'],
    [
      'no way out',
      '10.1.1.1',
      'Iface\tDestination\neth0\t0000000A\t0\n',
      '',
      address(false),
      'failed',
      '没有网关，请重启路由器',
    ],
    ['a way out', '10.1.1.1', route, '', address(false), 'ok', '网络正常'],
    ['a way out by IPv6', 'fd00::1', '', route6, address(false), 'ok', '网络正常'],
    [
      'only the way to itself',
      'fd00::1',
      '',
      route6.replace('    eth0', '      lo'),
      address(false),
      'failed',
      '没有网关，请重启路由器',
    ],
    ['a name that nobody knows', 'broker.invalid', route, '', address(false), 'failed', '域名解析失败，请检查DNS'],
  ] as const)('the network: %s', async (_, host, v4, v6, interfaces, state, zh) => {
    writeFileSync(join(folder, 'route'), v4);
    writeFileSync(join(folder, 'route6'), v6);
    expect(await networkCheck(host, places({ interfaces: () => interfaces }))).toMatchObject({ state, zh });
  });

  it.each([
    [undefined, '127.0.0.1'],
    ['mqtts://pos.example.com:8883', 'pos.example.com'],
    ['mqtt://[fd00::1]:1883', 'fd00::1'],
  ])('the broker of %s is %s', (url, host) => expect(brokerHostOf(url)).toBe(host));
});

describe('with a host', () => {
  let system: TestSystem;
  afterEach(() => system.stop());
  const told = () =>
    system.host
      .rows("SELECT body FROM inbox WHERE kind = 'telemetry' ORDER BY seq")
      .map(({ body }) => JSON.parse(String(body)));

  it('B-045, B-042: its result goes up, once as long as it is the same; the hotline stands where something is wrong', async () => {
    system = await startTestSystem();
    await system.cashier.selfCheck();
    await system.cashier.selfCheck();
    await system.atRest();
    expect(told()).toHaveLength(1);
    expect(told()[0]).toMatchObject({ by: '01', journals: [] });
    const items: readonly { name: string; state: string }[] = told()[0].facts.items;
    expect(items.find(({ name }) => name === 'host')).toEqual({ name: 'host', state: 'ok', detail: '' });
    for (const name of ['power', 'network', 'broker', 'clock', 'disk', 'database', 'card-reader', 'printer'])
      expect(items.map((item) => item.name)).toContain(name);
    system.devices.printer.set({ paper: 'out' });
    await system.sell(1_000);
    const { checks } = await selfCheck(system.terminal.world, 'SYS');
    expect(checks.find(({ name }) => name === 'printer')).toMatchObject({
      ok: false,
      zh: '打印机缺纸，请装纸',
      hotline: '95516',
    });
    expect(checks.filter(({ ok, hotline }) => ok && hotline !== undefined)).toEqual([]);
    await system.atRest();
    expect(told()).toHaveLength(2);
  });

  it('nothing is sold while the clock is more than five minutes off, and everything again when it is set', async () => {
    system = await startTestSystem();
    const { world } = system.terminal;
    let offMs = 5 * minuteMs + 1;
    const off = { ...world, link: { ...world.link, status: () => ({ ...world.link.status(), clockOffsetMs: offMs }) } };
    const { makeCounter } = await import('../../../terminal/flows/make-counter.ts');
    const counter = makeCounter(off);
    await counter.logOn('01', '0000');
    const sell = () =>
      counter.sale(
        fen(1_000),
        new AbortController().signal,
        () => system.devices.reader.present({ pan: '6222021234567890128', expiry: '3012' }),
        async () => true,
      );
    expect(counter.status().clockWrong).toBe(true);
    await expect(sell()).rejects.toMatchObject({ code: 'CLOCK_WRONG', details: { value: 300, limit: 300 } });
    expect(system.count('SELECT count(*) FROM payment')).toBe(0);
    const clock = (await selfCheck(off, 'SYS')).checks.find(({ name }) => name === 'clock');
    expect(clock).toMatchObject({ ok: false, zh: '本机时钟不准，请校时，否则不能收款', detail: '300 s' });
    offMs = -5 * minuteMs;
    expect(counter.status().clockWrong).toBe(false);
    expect((await sell()).kind).toBe('approved');
  });

  it('what is done at night is done once a night, caught up once, tried again after an hour where it was refused, and never in a sale', async () => {
    system = await startTestSystem();
    await system.sell(1_000);
    const { world } = system.terminal;
    const copies = () => system.logged.filter((line) => line.includes('backup-made')).length;
    const house = (time: string) =>
      keepHouse({ ...world, clock: { now: () => Date.parse(`${time}+08:00`), after: world.clock.after } });
    system.db.exec("DELETE FROM setting WHERE name = 'house-kept-since'; DELETE FROM due_work");
    await house('2027-03-01T10:00');
    await house('2027-03-02T03:29');
    expect(copies()).toBe(0);
    await house('2027-03-02T03:31');
    await house('2027-03-02T09:00');
    expect(copies()).toBe(1);
    await house('2027-03-09T12:00'); // it was off for days
    expect(copies()).toBe(2);
    world.session.running.add('a sale');
    await house('2027-03-10T04:00');
    expect(copies()).toBe(2);
    world.session.running.delete('a sale');
    const backups = join(system.home, 'backups');
    rmSync(backups, { recursive: true });
    writeFileSync(backups, '');
    await house('2027-03-10T04:01');
    rmSync(backups);
    await house('2027-03-10T05:00');
    expect(copies()).toBe(2);
    await house('2027-03-10T05:02');
    expect(copies()).toBe(3);
    expect(system.bugs).toEqual([]);
  });
});
