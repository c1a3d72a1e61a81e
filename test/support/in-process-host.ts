import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { hostConfig } from '../../scripts/host-config.ts';
import { callJson } from '../../scripts/stage/socket.ts';
import { readConfig } from '../../sync/host/config.ts';
import { type Program, startProgram } from '../../sync/host/program.ts';
import type { Clock } from '../../terminal/base/clock.ts';
import type { Log } from '../../terminal/base/log.ts';
import { systemRandom } from '../../terminal/base/random.ts';
import type { Config } from '../../terminal/config.ts';
import { hostId } from './broker.ts';
import type { MqttTap } from './mqtt-tap.ts';

export interface HostParts {
  readonly home: string;
  /** Of its terminal. */
  readonly config: Config;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** More of what the merchant begins with. */
  readonly merchant: Readonly<Record<string, unknown>>;
  /** How often it looks at what is due to be sent again. */
  readonly tickMs: number;
  readonly wire: MqttTap;
  readonly clock: Clock;
  readonly log: Log;
  readonly fatal: (error: unknown) => void;
}

/** The reference host in this process, on a real file, with a tap between it and the broker. It may be stopped and started again. */
export class InProcessHost {
  readonly wire: MqttTap;
  /** Its database. */
  readonly file: string;
  readonly #parts: HostParts;
  #program: Program | undefined;

  constructor(parts: HostParts) {
    this.#parts = parts;
    this.wire = parts.wire;
    this.file = join(parts.home, 'host.db');
  }

  /** Resolves when it is at the broker. */
  async start(): Promise<void> {
    const { clock, log, fatal } = this.#parts;
    let program: Promise<Program> | undefined;
    await new Promise<void>((resolve, reject) => {
      const listen: Log = (level, event, details) => {
        log(level, event, details);
        if (event === 'host.link-open') resolve();
      };
      program = startProgram(this.#config(), { clock, random: systemRandom, log: listen, fatal });
      program.catch(reject);
    });
    this.#program = await program;
  }

  async stop(): Promise<void> {
    await this.#program?.stop();
    this.#program = undefined;
  }

  /** What people at the host do, and what testers break: commands.ts. Rejects when it is refused. */
  command(body: object): Promise<unknown> {
    return callJson(this.#control(), 'POST', '/command', body);
  }

  fault(body: object): Promise<unknown> {
    return callJson(this.#control(), 'POST', '/fault', body);
  }

  /** Ends every fault that was ordered. */
  mend(): Promise<unknown> {
    return callJson(this.#control(), 'POST', '/reset');
  }

  rows(sql: string, ...values: readonly string[]): readonly Readonly<Record<string, unknown>>[] {
    const db = new Sqlite(this.file, { readonly: true });
    try {
      return db.prepare<unknown[], Record<string, unknown>>(sql).all(...values);
    } finally {
      db.close();
    }
  }

  /** A number of its book. */
  count(sql: string, ...values: readonly string[]): number {
    const [row] = this.rows(sql, ...values);
    return Number(Object.values(row ?? { none: 0 })[0]);
  }

  /** Changes its book behind its back: exactly one row. */
  tamper(sql: string): void {
    const db = new Sqlite(this.file);
    try {
      const { changes } = db.prepare(sql).run();
      if (changes !== 1) throw new Error(`${changes} rows changed: ${sql}`);
    } finally {
      db.close();
    }
  }

  /** Rows that wait for the terminal, and settlements that are to be decided. */
  pending(): number {
    return this.count(`SELECT (SELECT count(*) FROM stream WHERE down_acked < down_highest)
      + (SELECT count(*) FROM settlements WHERE due_at IS NOT NULL)`);
  }

  #control(): string {
    if (!this.#program) throw new Error('the host is not running');
    return this.#program.control;
  }

  #config() {
    const { home, config, parameters, merchant, tickMs } = this.#parts;
    const file = join(home, 'host.json');
    const timings = { backOffMinMs: 10, backOffMaxMs: 60, resendMinMs: 60, resendMaxMs: 300, tickMs };
    const json = {
      ...hostConfig({ home, config, broker: { url: this.wire.url }, timings, parameters, merchant }),
      // The embedded broker knows its host by this id; a broker that is shared takes each id once.
      hostId: process.env['POS_BROKER_URL'] ? `host-${config.terminal}` : hostId,
      stopWithStdin: false,
    };
    writeFileSync(file, JSON.stringify(json));
    return readConfig(file);
  }
}
