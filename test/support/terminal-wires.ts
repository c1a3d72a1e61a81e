import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

/**
 * The terminal's own ends of its wires, to broker and devices. A power cut ends them: what was written before still arrives, and nothing more is said, whatever
 * the code that is left in this process tries.
 */
export class TerminalWires {
  readonly #ports: ReadonlySet<number>;
  readonly #sockets = new Set<Socket>();
  #dead = false;

  /** `ports`: where the other ends listen. */
  constructor(ports: readonly number[]) {
    this.#ports = new Set(ports);
    subscribe('net.client.socket', this.#seen);
  }

  /** The terminal that runs now is cut off for ever. */
  cut(): void {
    this.#dead = true;
    for (const socket of this.#sockets) if (this.#isOurs(socket)) socket.destroySoon();
  }

  /** For the next terminal. */
  mend(): void {
    this.#dead = false;
  }

  stop(): void {
    unsubscribe('net.client.socket', this.#seen);
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
