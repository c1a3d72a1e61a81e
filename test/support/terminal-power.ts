import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What a power cut leaves of a terminal: its disk as it was, in another folder, and what was said on its wires, to broker and devices, before. Nothing more is
 * said, whatever the code that is left in this process tries.
 */
export class TerminalPower {
  readonly #ports: ReadonlySet<number>;
  readonly #sockets = new Set<Socket>();
  /** One for each time the power came back; the last is the terminal's. */
  readonly #homes: string[];
  /** A ghost is not the last of them. */
  #lives = 0;
  #dead = false;

  /** `addresses`: where the other ends of the wires listen. */
  constructor(home: string, addresses: readonly string[]) {
    this.#homes = [home];
    this.#ports = new Set(addresses.map((at) => Number(/\d+$/.exec(at)?.[0] ?? 0)));
    subscribe('net.client.socket', this.#seen);
  }

  /** Where the terminal keeps its book. */
  get home(): string {
    return this.#homes.at(-1) ?? '';
  }

  /** A terminal starts. Returns whether it still lives. */
  live(): () => boolean {
    this.#lives += 1;
    const life = this.#lives;
    return () => life === this.#lives;
  }

  /** The terminal that runs now is cut off for ever. */
  cut(): void {
    this.#lives += 1;
    this.#dead = true;
    for (const socket of this.#sockets) if (this.#isOurs(socket)) socket.destroySoon();
    this.#homes.push(copyOf(this.home));
  }

  /** For the next terminal. */
  mend(): void {
    this.#dead = false;
  }

  /** Nothing is left on any disk. */
  stop(): void {
    unsubscribe('net.client.socket', this.#seen);
    for (const home of this.#homes) rmSync(home, { recursive: true, force: true });
  }

  readonly #seen = (message: unknown): void => {
    if (!(typeof message === 'object' && message && 'socket' in message && message.socket instanceof Socket)) return;
    const { socket } = message;
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.once('connect', () => {
      if (this.#dead && this.#isOurs(socket)) socket.destroy();
    });
  };

  #isOurs(socket: Socket): boolean {
    return this.#ports.has(socket.remotePort ?? 0);
  }
}

function copyOf(home: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pos-test-disk-'));
  for (const name of ['keys', 'terminal.db', 'terminal.db-wal', 'exports'])
    if (existsSync(join(home, name))) cpSync(join(home, name), join(folder, name), { recursive: true });
  return folder;
}
