import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareHome } from '../home.ts';
import { hostConfig, manualMode } from '../host-config.ts';
import { Cashier } from './cashier.ts';
import { type Child, startChild } from './child.ts';
import { type CounterDevices, type MoreDevices, openDevices } from './counter-devices.ts';
import { callJson } from './socket.ts';

/**
 * A whole system on this machine: terminal, host and broker as three children, the devices and a cashier in this process. For storms, for the
 * demo and for tests of processes.
 */
export interface StageOptions {
  readonly limits: Readonly<Record<string, number>>;
  readonly hostTimings: Readonly<Record<string, number>>;
  readonly hostParameters?: Readonly<Record<string, string | number | boolean>>;
  /** What the merchant begins with at the host beside that; it settles by hand unless told. */
  readonly merchant?: Readonly<Record<string, unknown>>;
  /** More of `config.json`, such as a real device for one port. */
  readonly config?: Readonly<Record<string, string>>;
  /** A broker that runs already. */
  readonly brokerUrl?: string;
  /** What stands at the counter beside reader, printer and keypad. */
  readonly devices?: MoreDevices;
}

export class Stage {
  readonly home: string;
  readonly devices: CounterDevices;
  readonly cashier: Cashier;
  readonly #options: StageOptions;
  #broker: Child | undefined;
  #brokerUrl = '';
  #host: Child | undefined;
  #terminal: Child | undefined;
  #aheadMs = 0;

  private constructor(home: string, devices: CounterDevices, options: StageOptions) {
    this.home = home;
    this.devices = devices;
    this.cashier = new Cashier(devices, home);
    this.#options = options;
  }

  /** Makes a home of its own below the system's temporary folder; nothing runs yet but the devices. */
  static async open(options: StageOptions): Promise<Stage> {
    const home = mkdtempSync(join(tmpdir(), 'pos-stage-'));
    const devices = await openDevices(options.devices);
    writeFileSync(
      join(home, 'config.json'),
      JSON.stringify({ ...devices.addresses, limits: options.limits, ...options.config }),
    );
    prepareHome(home);
    return new Stage(home, devices, options);
  }

  async startBroker(): Promise<void> {
    if (this.#options.brokerUrl !== undefined) {
      this.#brokerUrl = this.#options.brokerUrl;
      return;
    }
    const port = this.#brokerUrl === '' ? '0' : new URL(this.#brokerUrl).port;
    this.#broker = await startChild({ program: 'broker', args: ['--port', port] });
    this.#brokerUrl = String(this.#broker.ready['url']);
  }

  /** From their next start on host and terminal believe that it is so much later than it is. */
  turnClock(aheadMs: number): void {
    this.#aheadMs = aheadMs;
    writeFileSync(this.#later, `const { now } = Date; Date.now = () => now() + ${aheadMs};\n`);
  }

  get #later(): string {
    return join(this.home, 'later.cjs');
  }

  #env(crash: string | undefined): Record<string, string> {
    const node = [process.env['NODE_OPTIONS'] ?? '', ...(this.#aheadMs > 0 ? [`--require ${this.#later}`] : [])];
    return { POS_CRASH: crash ?? '', NODE_OPTIONS: node.join(' ').trim() };
  }

  /** `crash`: the point at which it shall die, e.g. `host.before-commit:2`. */
  async startHost(crash?: string): Promise<void> {
    const { config } = prepareHome(this.home);
    const { hostTimings: timings, hostParameters: parameters = {}, merchant = manualMode } = this.#options;
    const start = { home: this.home, config, broker: { url: this.#brokerUrl }, timings, parameters, merchant };
    const file = join(this.home, 'host.json');
    writeFileSync(file, JSON.stringify(hostConfig(start)));
    this.#host = await startChild({ program: 'host', args: [file], env: this.#env(crash) });
  }

  /** Throws ChildFailed when it dies while it starts, as a crash point of recovery makes it. */
  async startTerminal(crash?: string): Promise<void> {
    this.#terminal = await startChild({
      program: 'terminal',
      args: ['--home', this.home, '--broker', this.#brokerUrl, '--stop-with-stdin'],
      env: this.#env(crash),
    });
  }

  get terminal(): Child {
    if (!this.#terminal) throw new Error('the terminal was never started');
    return this.#terminal;
  }

  get host(): Child {
    if (!this.#host) throw new Error('the host was never started');
    return this.#host;
  }

  get broker(): Child | undefined {
    return this.#broker;
  }

  /** The host's control socket: faults, commands, state. */
  control(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    return callJson(join(this.home, 'host.sock'), method, path, body);
  }

  /** Ends what runs; with `keep` the home stays for whoever wants to look. */
  async close(keep = false): Promise<void> {
    const alive = [this.#terminal, this.#host].filter((child) => child?.alive());
    await Promise.all(alive.map(async (child) => child?.kill('SIGTERM')));
    await this.#broker?.kill('SIGKILL');
    await this.devices.close();
    if (!keep) rmSync(this.home, { recursive: true, force: true });
  }
}
