import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hostId, type TestBroker } from '../support/broker.ts';
import { expectDelivered } from './delivered.ts';
import { openPeer } from './peer.ts';
import type { ProcessTask } from './process.ts';
import { proxyTo, type SpoiltWire } from './proxy.ts';
import {
  type HostExtras,
  newPlace,
  openHost,
  openTerminal,
  type Place,
  removePlace,
  type TerminalExtras,
  type TestHost,
  type TestTerminal,
  until,
} from './world.ts';

/** Faults 1–6 of sync.md, on whatever broker they are given. */
export function linkScenarios(name: string, makeBroker: () => Promise<TestBroker>): void {
  describe(`the link on ${name}`, () => {
    let bundle: string;
    let broker: TestBroker;
    let place: Place;
    let proxy: SpoiltWire;
    let ends: (() => Promise<void> | void)[] = [];

    beforeAll(async () => {
      bundle = join(mkdtempSync(join(tmpdir(), 'process-')), 'process.cjs');
      await build({
        entryPoints: [resolve(import.meta.dirname, 'process.ts')],
        bundle: true,
        platform: 'node',
        format: 'cjs',
        packages: 'external',
        outfile: bundle,
        logLevel: 'error',
      });
    });
    afterAll(() => rmSync(resolve(bundle, '..'), { recursive: true, force: true }));
    beforeEach(async () => {
      broker = await makeBroker();
      proxy = await proxyTo(broker.url);
      place = newPlace();
      ends = [];
    });
    afterEach(async () => {
      for (const end of ends.reverse()) await end();
      await proxy.stop();
      await broker.stop();
      removePlace(place);
    });

    const terminalAt = (url: string, extras: TerminalExtras = {}): TestTerminal => {
      const terminal = openTerminal(place, url, { protocolVersion: broker.protocolVersion, ...extras });
      ends.push(() => terminal.close());
      return terminal;
    };
    const hostAt = async (url: string, extras: HostExtras = {}): Promise<TestHost> => {
      const host = await openHost(place, url, extras, broker.protocolVersion);
      ends.push(() => host.close());
      return host;
    };
    const spawned = (task: Partial<ProcessTask> & Pick<ProcessTask, 'as'>, crash = ''): ChildProcess => {
      const whole = { place, url: broker.url, protocolVersion: broker.protocolVersion, ...task };
      const env = { ...process.env, NODE_PATH: resolve(import.meta.dirname, '../../node_modules'), POS_CRASH: crash };
      const child = spawn(process.execPath, [bundle, JSON.stringify(whole)], {
        env,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      ends.push(() => void child.kill('SIGKILL'));
      return child;
    };
    const killed = (child: ChildProcess): Promise<void> =>
      new Promise((done, failed) =>
        child.once('exit', (code, signal) =>
          signal === 'SIGKILL' ? done() : failed(new Error(`ended with ${code ?? signal}, was to be killed`)),
        ),
      );

    it.each([
      ['after the business commit', 'after-commit', 1],
      ['after a publish', 'link.after-publish', 3],
      ['before marking acknowledged', 'link.before-mark-acked', 1],
    ] as const)('fault 1: a terminal killed %s loses and doubles nothing', async (_, at, passage) => {
      const host = await hostAt(broker.url);
      await killed(spawned({ as: 'terminal', rows: 400, die: { at, passage } }));
      const terminal = terminalAt(broker.url);
      terminal.link.start();
      await expectDelivered(terminal, host, 400);
    });

    it.each(['host.before-commit:2', 'host.after-commit:2', 'host.before-ack:2'])(
      'fault 2: a host killed at %s loses and doubles nothing',
      async (crash) => {
        const child = spawned({ as: 'host' }, crash);
        const terminal = terminalAt(broker.url);
        terminal.sell(1_000);
        terminal.link.start();
        await killed(child);
        const host = await hostAt(broker.url);
        await host.tell(3);
        await expectDelivered(terminal, host, 1_000, 3);
      },
    );

    it('fault 3: a broker that is killed and comes back empty changes nothing', async () => {
      const host = await hostAt(broker.url);
      const terminal = terminalAt(broker.url);
      terminal.link.start();
      for (let round = 1; round <= 3; round++) {
        terminal.sell(500);
        await host.tell(20);
        await until('some rows have arrived', async () => (await host.applied()).length > 500 * (round - 1));
        await broker.stop();
        terminal.sell(100);
        await broker.start();
        await expectDelivered(terminal, host, 600 * round, 20 * round);
      }
    });

    it('fault 4: a link that is cut again and again', async () => {
      const host = await hostAt(broker.url);
      const terminal = terminalAt(proxy.url);
      terminal.link.start();
      for (let round = 1; round <= 8; round++) {
        terminal.sell(150);
        await host.tell(10);
        await until('the link is open', () => terminal.link.status().state === 'open');
        proxy.cut();
      }
      await expectDelivered(terminal, host, 1_200, 80);
    });

    it('fault 4: a half-open link is noticed within 1.5 times the keep-alive, and rows sold meanwhile arrive', async () => {
      const host = await hostAt(broker.url);
      const terminal = terminalAt(proxy.url);
      terminal.link.start();
      await until('the link is open', () => terminal.link.status().state === 'open');
      proxy.freeze();
      const frozenAt = Date.now();
      terminal.sell(50);
      await until('the loss is noticed', () => terminal.link.status().state === 'connecting');
      expect(Date.now() - frozenAt).toBeLessThan(2_000 + 500);
      proxy.thaw();
      await expectDelivered(terminal, host, 50);
    });

    it('fault 4: a black hole is given up after the connect time and tried again', async () => {
      const host = await hostAt(broker.url);
      proxy.freeze();
      const terminal = terminalAt(proxy.url);
      terminal.sell(20);
      terminal.link.start();
      await until('it was tried twice', () => proxy.connections >= 2);
      expect(terminal.link.status()).toMatchObject({ state: 'connecting', outboxCount: 20 });
      proxy.thaw();
      await expectDelivered(terminal, host, 20);
    });

    it.each([
      ['latency', 60, Number.POSITIVE_INFINITY],
      ['a slow link', 5, 2_000],
    ])('fault 4: %s', async (_, ms, bytes) => {
      const host = await hostAt(broker.url);
      proxy.slow(ms, bytes);
      const terminal = terminalAt(proxy.url);
      terminal.sell(400);
      terminal.link.start();
      await host.tell(10);
      await expectDelivered(terminal, host, 400, 10);
    });

    it('fault 5: acknowledgements and rows from above that are lost or doubled', async () => {
      const host = await hostAt(broker.url);
      Object.assign(host.faults, { dropUpAcks: 3, dropDowns: 2, duplicateDowns: 3, dropWelcomes: 1 });
      const terminal = terminalAt(broker.url);
      terminal.link.start();
      for (let round = 1; round <= 6; round++) {
        terminal.sell(120);
        await host.tell(15);
        await until('some more rows were applied', async () => (await host.applied()).length >= 120 * (round - 1) + 1);
      }
      await expectDelivered(terminal, host, 720, 90);
      expect(host.faults).toMatchObject({ dropUpAcks: 0, dropDowns: 0, duplicateDowns: 0, dropWelcomes: 0 });
    });

    it('fault 6: nothing is drained before the welcome, and a host that comes later is found', async () => {
      const listener = await openPeer(broker.url, hostId, `pos/v1/+/${place.terminal}/up/#`, broker.protocolVersion);
      const terminal = terminalAt(broker.url);
      terminal.sell(20);
      terminal.link.start();
      await until('it says hello again and again', () => listener.heardOn('/up/hello').length >= 3);
      terminal.sell(10);
      await until('it says hello once more', () => listener.heardOn('/up/hello').length >= 4);
      expect(listener.heardOn('/up/rows')).toEqual([]);
      expect(terminal.link.status()).toMatchObject({ state: 'connected', gateOpen: false, outboxCount: 30 });
      await listener.close();
      const host = await hostAt(broker.url);
      await expectDelivered(terminal, host, 30);
      expect(terminal.link.status().gateOpen).toBe(true);
    });
  });
}
