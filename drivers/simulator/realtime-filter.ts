const DLE = 0x10;
/** Length of each real-time command by its second byte. */
const commands: ReadonlyMap<number, { readonly name: string; readonly length: number }> = new Map([
  [0x04, { name: 'DLE EOT', length: 3 }],
  [0x05, { name: 'DLE ENQ', length: 3 }],
  [0x14, { name: 'DLE DC4', length: 5 }],
]);

/** Takes real-time commands out of a stream as a printer does: on arrival, wherever they stand, even inside other data. */
export class RealtimeFilter {
  readonly #onCommand: (name: string, parameters: Uint8Array) => void;
  #begun: number[] = [];

  constructor(onCommand: (name: string, parameters: Uint8Array) => void) {
    this.#onCommand = onCommand;
  }

  /** Returns what is not a real-time command. */
  push(bytes: Uint8Array): Uint8Array {
    const rest: number[] = [];
    for (const byte of bytes) {
      if (this.#begun.length === 1 && !commands.has(byte)) rest.push(...this.#begun.splice(0));
      if (this.#begun.length === 0 && byte !== DLE) rest.push(byte);
      else this.#begun.push(byte);
      this.#finish();
    }
    return Uint8Array.from(rest);
  }

  #finish(): void {
    const command = commands.get(this.#begun[1] ?? 0);
    if (command?.length !== this.#begun.length) return;
    this.#onCommand(command.name, Uint8Array.from(this.#begun.splice(0).slice(2)));
  }
}
