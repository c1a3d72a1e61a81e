import { closeSync, ftruncateSync, linkSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CrashState, DiskFile, Unsynced } from './crash-disk.ts';

/**
 * Crash states as files, made by the bytes in which they differ from what is sure: each file of the recorded disk is there once, holds its sure bytes
 * between two states, and gets the names of a state by links.
 */
export class CrashFiles {
  readonly #folder: string;
  readonly #held = new Map<DiskFile, { readonly path: string; readonly fd: number }>();
  #made = 0;
  #undo: (() => void)[] = [];
  #linked: ReadonlyMap<string, DiskFile> = new Map();

  /** `folder`: empty, and best in memory. */
  constructor(folder: string) {
    this.#folder = folder;
    for (const name of ['files', 'home/backups']) mkdirSync(join(folder, name), { recursive: true });
  }

  get home(): string {
    return join(this.#folder, 'home');
  }

  /** The sure bytes of a file changed. */
  keep(file: DiskFile): void {
    if (this.#held.has(file)) this.#restore(file);
  }

  /** Makes the disk look like `state`, until `clear`. */
  show({ names, changes }: CrashState): void {
    for (const file of new Set(names.values())) if (!this.#held.has(file)) this.#hold(file);
    for (const [file, unsynced] of changes) {
      const held = this.#held.get(file);
      if (!held) continue; // none of its names came through
      for (const one of unsynced) {
        if ('size' in one) ftruncateSync(held.fd, one.size);
        else writeSync(held.fd, one.data, 0, one.data.length, one.at);
      }
      this.#undo.push(() => this.#takeBack(file, unsynced));
    }
    this.#link(names);
  }

  /** Everything as sure as before. `written`: somebody changed the files meanwhile. */
  clear(written: boolean): void {
    for (const undo of this.#undo.splice(0).reverse()) undo();
    const strangers = this.#strangers();
    for (const name of strangers) rmSync(join(this.home, name), { recursive: true });
    if (!written) return;
    for (const file of new Set(this.#linked.values())) this.#restore(file);
    this.#unlink();
  }

  close(): void {
    for (const { fd } of this.#held.values()) closeSync(fd);
    rmSync(this.#folder, { recursive: true });
  }

  #hold(file: DiskFile): void {
    const path = join(this.#folder, 'files', String(++this.#made));
    this.#held.set(file, { path, fd: openSync(path, 'w+', 0o600) });
    this.#restore(file);
  }

  #restore(file: DiskFile): void {
    const held = this.#held.get(file);
    if (!held) return;
    writeSync(held.fd, file.kept, 0, file.size, 0);
    ftruncateSync(held.fd, file.size);
  }

  /** Only where it differs: a log of 4 MiB is not written anew for every state. */
  #takeBack(file: DiskFile, unsynced: readonly Unsynced[]): void {
    const fd = this.#held.get(file)?.fd;
    if (fd === undefined) return;
    if (unsynced.some((one) => 'size' in one && one.size < file.size)) {
      this.#restore(file);
      return;
    }
    for (const one of unsynced) {
      if ('size' in one || one.at >= file.size) continue;
      writeSync(fd, file.kept, one.at, Math.min(one.data.length, file.size - one.at), one.at);
    }
    ftruncateSync(fd, file.size);
  }

  #link(names: ReadonlyMap<string, DiskFile>): void {
    const same =
      names.size === this.#linked.size && [...names].every(([name, file]) => this.#linked.get(name) === file);
    if (same) return;
    this.#unlink();
    for (const [name, file] of names) {
      const held = this.#held.get(file);
      const path = join(this.home, name);
      mkdirSync(dirname(path), { recursive: true });
      if (held) linkSync(held.path, path);
    }
    this.#linked = names;
  }

  #unlink(): void {
    for (const name of this.#linked.keys()) rmSync(join(this.home, name), { force: true });
    this.#linked = new Map();
  }

  /** What SQLite left: `-shm`, a log that the state did not have, copies before a migration. */
  #strangers(): readonly string[] {
    const inFolder = (folder: string) =>
      readdirSync(join(this.home, folder), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(folder, entry.name));
    return [...inFolder(''), ...inFolder('backups')].filter((name) => !this.#linked.has(name));
  }
}
