import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** Bytes that are gathered before they are written. */
const gather = 128 * 1024;

/** A file that is written piece by piece, and hashed as it grows. Only its owner may read it. */
export class OutFile {
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  readonly #waiting = Buffer.allocUnsafeSlow(gather);
  #filled = 0;
  #bytes = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Replaces what is there. */
  static async create(file: string): Promise<OutFile> {
    return new OutFile(await open(file, 'w', 0o600));
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** SHA-256 of everything so far, in hex. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  async write(piece: string | Uint8Array): Promise<void> {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    if (this.#filled + bytes.length > gather) await this.#flush();
    if (bytes.length > gather) {
      await this.#handle.appendFile(bytes);
      return;
    }
    this.#waiting.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  async #flush(): Promise<void> {
    await this.#handle.appendFile(this.#waiting.subarray(0, this.#filled));
    this.#filled = 0;
  }

  /** On the device when it returns. */
  async end(): Promise<void> {
    await this.#flush();
    await this.#handle.datasync();
    await this.#handle.close();
  }

  /** Gives up; the file may be half. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }
}
