import type { Clock } from '../base/clock.ts';
import type { DeviceName } from './contract.ts';
import type { Dialect, Reading, Way } from './dialects/dialect.ts';
import type { Passed } from './tap.ts';

/** When one chunk of a piece passed, and how much of the piece it was. */
export interface Chunk {
  readonly t: number;
  /** Counts up over all wires: the order in which chunks passed. */
  readonly order: number;
  readonly length: number;
}

/** Bytes that belong together. They are overwritten when every listener has had them. */
export interface Piece {
  readonly device: DeviceName;
  readonly way: Way;
  readonly bytes: Uint8Array;
  readonly chunks: readonly Chunk[];
  readonly reading: Reading;
  readonly dialect: Dialect;
}

export interface WireNote {
  readonly t: number;
  readonly order: number;
  readonly device: DeviceName;
  readonly note: string;
}

export interface WireListener {
  piece(piece: Piece): void;
  note(note: WireNote): void;
}

/** What was begun is not waited for any longer than this. */
const QUIET_MS = 150;
const LONGEST_PIECE = 65_536;

/** Cuts what passes on the wires into pieces of the device's language: nothing is shown before it is known what in it is secret. */
export class WireReader {
  readonly #clock: Clock;
  readonly #dialects: Readonly<Record<DeviceName, Dialect>>;
  readonly #listeners = new Set<WireListener>();
  readonly #strands = new Map<DeviceName, Readonly<Record<Way, Strand>>>();
  #order = 0;

  constructor(clock: Clock, dialects: Readonly<Record<DeviceName, Dialect>>) {
    this.#clock = clock;
    this.#dialects = dialects;
  }

  listen(listener: WireListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A place in the order of everything that passes. */
  nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }

  /** The bytes are overwritten. */
  take({ t, device, dir, bytes, note }: Passed): void {
    const order = this.nextOrder();
    const strands = this.#of(device);
    if (dir !== 'note') {
      strands[dir].take(bytes, { t, order, length: bytes.length });
      return;
    }
    strands.out.flush();
    strands.in.flush();
    for (const listener of [...this.#listeners]) listener.note({ t, order, device, note });
  }

  /** Whatever has only begun is told as it is. */
  flush(): void {
    for (const strands of this.#strands.values()) {
      strands.out.flush();
      strands.in.flush();
    }
  }

  #of(device: DeviceName): Readonly<Record<Way, Strand>> {
    const known = this.#strands.get(device);
    if (known) return known;
    const dialect = this.#dialects[device];
    const strand = (way: Way): Strand =>
      new Strand(this.#clock, way, dialect, (bytes, chunks) => {
        const piece = { device, way, bytes, chunks, dialect, reading: dialect.read(way, bytes) };
        for (const listener of [...this.#listeners]) listener.piece(piece);
      });
    const made = { out: strand('out'), in: strand('in') };
    this.#strands.set(device, made);
    return made;
  }
}

/** One direction of one wire. */
class Strand {
  readonly #clock: Clock;
  readonly #way: Way;
  readonly #dialect: Dialect;
  readonly #tell: (bytes: Uint8Array, chunks: readonly Chunk[]) => void;
  #bytes = new Uint8Array(0);
  #chunks: Chunk[] = [];
  #stopTimer = (): void => undefined;

  constructor(clock: Clock, way: Way, dialect: Dialect, tell: (bytes: Uint8Array, chunks: readonly Chunk[]) => void) {
    this.#clock = clock;
    this.#way = way;
    this.#dialect = dialect;
    this.#tell = tell;
  }

  take(bytes: Uint8Array, chunk: Chunk): void {
    this.#stopTimer();
    const joined = new Uint8Array(this.#bytes.length + bytes.length);
    joined.set(this.#bytes);
    joined.set(bytes, this.#bytes.length);
    bytes.fill(0);
    this.#keep(joined);
    this.#chunks.push(chunk);
    this.#cut();
    if (this.#bytes.length > LONGEST_PIECE) this.flush();
    else if (this.#bytes.length > 0) this.#stopTimer = this.#clock.after(QUIET_MS, () => this.flush());
  }

  flush(): void {
    this.#stopTimer();
    if (this.#bytes.length > 0) this.#give(this.#bytes.length);
  }

  #cut(): void {
    while (this.#bytes.length > 0) {
      const length = this.#dialect.cut(this.#way, this.#bytes);
      if (length === undefined || length <= 0) return;
      this.#give(Math.min(length, this.#bytes.length));
    }
  }

  #give(length: number): void {
    const piece = this.#bytes.slice(0, length);
    this.#keep(this.#bytes.slice(length));
    this.#tell(piece, this.#takeChunks(length));
    piece.fill(0);
  }

  #keep(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes.fill(0);
    this.#bytes = bytes;
  }

  #takeChunks(length: number): readonly Chunk[] {
    const taken: Chunk[] = [];
    let left = length;
    while (left > 0) {
      const first = this.#chunks.shift();
      if (!first) break;
      const part = Math.min(left, first.length);
      taken.push({ ...first, length: part });
      if (part < first.length) this.#chunks.unshift({ ...first, length: first.length - part });
      left -= part;
    }
    return taken;
  }
}
