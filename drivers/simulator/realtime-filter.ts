const DLE = 0x10;
/** Length of each real-time command by its second byte. */
const commands: ReadonlyMap<number, { readonly name: string; readonly length: number }> = new Map([
  [0x04, { name: 'DLE EOT', length: 3 }],
  [0x05, { name: 'DLE ENQ', length: 3 }],
  [0x14, { name: 'DLE DC4', length: 5 }],
]);

export interface RealtimeEvents {
  readonly onCommand: (name: string, parameters: Uint8Array) => void;
  /** What is not a real-time command, up to the next one. */
  readonly onBytes: (bytes: Uint8Array) => void;
}

/** Takes real-time commands out of a stream as a printer does: on arrival, wherever they stand, even inside other data. */
export class RealtimeFilter {
  readonly #events: RealtimeEvents;
  #begun: number[] = [];
  #rest: number[] = [];

  constructor(events: RealtimeEvents) {
    this.#events = events;
  }

  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#begun.length === 1 && !commands.has(byte)) this.#rest.push(...this.#begun.splice(0));
      if (this.#begun.length === 0 && byte !== DLE) this.#rest.push(byte);
      else this.#begun.push(byte);
      this.#finish();
    }
    this.#handOver();
  }

  #finish(): void {
    const command = commands.get(this.#begun[1] ?? 0);
    if (command?.length !== this.#begun.length) return;
    this.#handOver();
    this.#events.onCommand(command.name, Uint8Array.from(this.#begun.splice(0).slice(2)));
  }

  #handOver(): void {
    if (this.#rest.length > 0) this.#events.onBytes(Uint8Array.from(this.#rest.splice(0)));
  }
}
