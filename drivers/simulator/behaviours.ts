/**
 * One way in which a simulated device differs from a good one. Behaviours are a stack: the newest is asked first, what it leaves alone
 * goes to the one below, and in the end to the device as it should be.
 */
export interface Behaviour<Command> {
  /** A command that arrived. True: dealt with, the device does nothing more about it. */
  onCommand?(command: Command): boolean;
  /**
   * Bytes on their way to the driver: deliver them, changed ones, some, none, or all of them later. To deliver the very same object once
   * and at once is to leave it alone.
   */
  onSend?(bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void;
}

interface Layer<Command> {
  readonly behaviour: Behaviour<Command>;
  readonly chance: () => boolean;
  timesLeft: number;
}

export class BehaviourStack<Command> {
  #layers: Layer<Command>[] = [];

  /** Puts a behaviour on top; it leaves again after it has acted `times` times. Each time it could act, `chance` says whether it may. */
  use(behaviour: Behaviour<Command>, times = Number.POSITIVE_INFINITY, chance = (): boolean => true): void {
    this.#layers.unshift({ behaviour, chance, timesLeft: times });
  }

  /** None is left, and bytes that one of them still holds back pass the others unchanged. */
  reset(): void {
    for (const layer of this.#layers) layer.timesLeft = 0;
    this.#layers = [];
  }

  handles(command: Command): boolean {
    const layer = this.#layers.find(
      (one) => one.behaviour.onCommand && one.chance() && one.behaviour.onCommand(command),
    );
    if (!layer) return false;
    layer.timesLeft -= 1;
    this.#dropIfUsed(layer);
    return true;
  }

  send(bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    const through = this.#layers.filter(({ behaviour, chance }) => behaviour.onSend && chance());
    const pass = (at: number, out: Uint8Array): void => {
      const layer = through[at];
      if (layer) this.#through(layer, out, (next) => pass(at + 1, next));
      else deliver(out);
    };
    pass(0, bytes);
  }

  #through(layer: Layer<Command>, bytes: Uint8Array, pass: (bytes: Uint8Array) => void): void {
    if (layer.timesLeft <= 0) {
      pass(bytes);
      return;
    }
    const atOnce: Uint8Array[] = [];
    let later = false;
    // Before it acts: it may make the device send, which comes through here again.
    layer.timesLeft -= 1;
    layer.behaviour.onSend?.(bytes, (next) => {
      if (!later) atOnce.push(next);
      pass(next);
    });
    later = true;
    if (atOnce.length === 1 && atOnce[0] === bytes) layer.timesLeft += 1;
    this.#dropIfUsed(layer);
  }

  /** Only this one: another may be in the middle of its last time, and give it back. */
  #dropIfUsed(layer: Layer<Command>): void {
    if (layer.timesLeft <= 0) this.#layers = this.#layers.filter((one) => one !== layer);
  }
}
