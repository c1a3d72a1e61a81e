import { once } from 'node:events';
import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';
import type { OutFile } from './out-file.ts';

/** Each entry tells its sizes behind its data, so that a file of any length goes through piece by piece (APPNOTE.TXT 4.3.9, bit 3 of the flags). */
const flags = 0x0808; // sizes follow; names are UTF-8
const deflated = 8;
const version = 20;
const day1980 = 0x0021;

type Pieces = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

interface Entry {
  readonly name: Buffer;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

/** A zip file that is written in one go; compressing is done beside the event loop. */
export class ZipFile {
  readonly #out: OutFile;
  readonly #entries: Entry[] = [];

  constructor(out: OutFile) {
    this.#out = out;
  }

  /** One file of it. */
  async add(path: string, pieces: Pieces): Promise<void> {
    const name = Buffer.from(path);
    const at = this.#out.bytes;
    await this.#out.write(
      Buffer.concat([
        header(0x04034b50, [version, flags, deflated, 0, day1980]),
        sizes(0, 0, 0),
        lengths(name, 1),
        name,
      ]),
    );
    const begin = this.#out.bytes;
    const [crc, size] = await this.#deflate(pieces);
    const packed = this.#out.bytes - begin;
    await this.#out.write(Buffer.concat([header(0x08074b50, []), sizes(crc, packed, size)]));
    this.#entries.push({ name, crc, packed, size, at });
  }

  async #deflate(pieces: Pieces): Promise<readonly [crc: number, size: number]> {
    const deflate = createDeflateRaw({ level: 3 });
    const reading = this.#read(deflate);
    reading.catch(() => undefined); // it is awaited below, maybe later than it fails
    let crc = 0;
    let size = 0;
    try {
      for await (const piece of pieces) {
        const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
        crc = crc32(bytes, crc);
        size += bytes.length;
        if (!deflate.write(bytes)) await Promise.race([once(deflate, 'drain'), reading]);
      }
    } catch (error) {
      deflate.destroy();
      throw error;
    }
    deflate.end();
    await reading;
    return [crc, size];
  }

  async #read(deflate: DeflateRaw): Promise<void> {
    for await (const bytes of deflate) await this.#out.write(bytes);
  }

  /** The directory at the end, without which it is no zip file. */
  async end(): Promise<void> {
    const begin = this.#out.bytes;
    for (const { name, crc, packed, size, at } of this.#entries) {
      const place = Buffer.alloc(10);
      place.writeUInt32LE(at, 6);
      await this.#out.write(
        Buffer.concat([
          header(0x02014b50, [version, version, flags, deflated, 0, day1980]),
          sizes(crc, packed, size),
          lengths(name, 2),
          place,
          name,
        ]),
      );
    }
    const count = this.#entries.length;
    const end = Buffer.alloc(10);
    end.writeUInt32LE(this.#out.bytes - begin, 0);
    end.writeUInt32LE(begin, 4);
    await this.#out.write(Buffer.concat([header(0x06054b50, [0, 0, count, count]), end]));
  }
}

function header(signature: number, words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + words.length * 2);
  bytes.writeUInt32LE(signature, 0);
  for (const [index, word] of words.entries()) bytes.writeUInt16LE(word, 4 + index * 2);
  return bytes;
}

function sizes(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}

/** Of the name, and of what may follow it: nothing. */
function lengths(name: Buffer, others: number): Buffer {
  const bytes = Buffer.alloc(2 + others * 2);
  bytes.writeUInt16LE(name.length, 0);
  return bytes;
}
