import type { Act } from './disk-trace.ts';

/**
 * What a disk may hold after a power cut. All that was synced is there. Of what was not: anything. A file's own sync does not keep its name, only that of its folder does.
 */

/** A write or a change of size that no sync has followed. */
export type Unsynced = { readonly at: number; readonly data: Buffer } | { readonly size: number };

/** A file by its inode; `kept` are the bytes that are sure. */
export interface DiskFile {
  kept: Buffer;
  size: number;
  readonly unsynced: Unsynced[];
}

/** A name that was given (`file`) or taken away, and no sync of its folder has followed. */
interface NameChange {
  readonly name: string;
  readonly file: DiskFile | undefined;
}

/** One disk that could be found: names, and for each file what was added to its sure bytes. */
export interface CrashState {
  readonly names: ReadonlyMap<string, DiskFile>;
  readonly changes: ReadonlyMap<DiskFile, readonly Unsynced[]>;
  /** In words, for a report. */
  readonly how: string;
}

const sectorBytes = 512;

export class CrashDisk {
  readonly #files = new Map<number, DiskFile>();
  readonly #folders = new Map<number, string>();
  readonly #names = new Map<string, DiskFile>();
  readonly #keptNames = new Map<string, DiskFile>();
  #nameChanges: NameChange[] = [];

  /** Returns the file whose sure bytes changed. */
  apply(act: Act): DiskFile | undefined {
    switch (act.is) {
      case 'opened':
        if (act.isFolder) this.#folders.set(act.file, act.name);
        else this.#open(act.name, act.file);
        return undefined;
      case 'written':
        this.#file(act.file).unsynced.push({ at: act.at, data: act.data });
        return undefined;
      case 'resized':
        this.#file(act.file).unsynced.push({ size: act.size });
        return undefined;
      case 'synced':
        return this.#sync(act.file);
      case 'unlinked':
        this.#rename(act.name, undefined);
        return undefined;
      case 'renamed':
      case 'linked':
        this.#rename(act.to, this.#names.get(act.name));
        if (act.is === 'renamed') this.#rename(act.name, undefined);
        return undefined;
      case 'told':
        return undefined;
    }
  }

  /** Nothing that was not synced came through, or all of it. */
  extreme(kept: 'none' | 'all'): CrashState {
    if (kept === 'none') return { names: new Map(this.#keptNames), changes: new Map(), how: 'nothing unsynced' };
    return { names: new Map(this.#names), changes: this.#each((all) => all), how: 'everything unsynced' };
  }

  /** One of the states between. `chance`: 0 to 1. */
  random(chance: () => number): CrashState {
    const ways: string[] = [];
    const changes = this.#each((all, file) => {
      const way = pick(survivals, chance);
      ways.push(way.name);
      const kept = way.of(all, file.size, chance);
      if (chance() >= 0.15) return kept;
      ways.push('size lost');
      return kept.flatMap((one) => withinSize(one, file.size));
    });
    return { names: this.#someNames(chance), changes, how: ways.join(', ') };
  }

  #open(name: string, inode: number): void {
    if (this.#names.has(name)) return;
    const file: DiskFile = { kept: Buffer.alloc(0), size: 0, unsynced: [] };
    this.#files.set(inode, file); // an inode that is used again is another file
    this.#rename(name, file);
  }

  #file(inode: number): DiskFile {
    const file = this.#files.get(inode);
    if (!file) throw new RangeError(`file ${inode} was never opened`);
    return file;
  }

  #sync(inode: number): DiskFile | undefined {
    const folder = this.#folders.get(inode);
    if (folder !== undefined) {
      const isInside = ({ name }: NameChange) => folderOf(name) === folder;
      for (const change of this.#nameChanges.filter(isInside)) setName(this.#keptNames, change);
      this.#nameChanges = this.#nameChanges.filter((change) => !isInside(change));
      return undefined;
    }
    const file = this.#file(inode);
    for (const one of file.unsynced.splice(0)) keep(file, one);
    return file;
  }

  #rename(name: string, file: DiskFile | undefined): void {
    setName(this.#names, { name, file });
    this.#nameChanges.push({ name, file });
  }

  #each(
    kept: (all: readonly Unsynced[], file: DiskFile) => readonly Unsynced[],
  ): ReadonlyMap<DiskFile, readonly Unsynced[]> {
    const open = new Set([...this.#names.values(), ...this.#keptNames.values()]);
    return new Map(
      [...open].filter(({ unsynced }) => unsynced.length > 0).map((file) => [file, kept([...file.unsynced], file)]),
    );
  }

  /** A folder's changes come through in their order, as a journal has them: of each name the first few. */
  #someNames(chance: () => number): ReadonlyMap<string, DiskFile> {
    const names = new Map(this.#keptNames);
    const through = new Map<string, boolean>();
    for (const change of this.#nameChanges) {
      if (through.get(change.name) === false) continue;
      const comes = chance() < 0.5;
      through.set(change.name, comes);
      if (comes) setName(names, change);
    }
    return names;
  }
}

const folderOf = (name: string): string => (name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '');

function setName(names: Map<string, DiskFile>, { name, file }: NameChange): void {
  if (file) names.set(name, file);
  else names.delete(name);
}

function keep(file: DiskFile, one: Unsynced): void {
  if ('size' in one) {
    if (one.size < file.size) file.kept.fill(0, one.size, file.size);
    file.size = one.size;
    return;
  }
  const end = one.at + one.data.length;
  if (end > file.kept.length) {
    const grown = Buffer.alloc(Math.max(end, file.kept.length * 2));
    file.kept.copy(grown);
    file.kept = grown;
  }
  one.data.copy(file.kept, one.at);
  file.size = Math.max(file.size, end);
}

/** What may become of the writes to one file; `size`: its sure one. */
const survivals: readonly {
  readonly name: string;
  readonly of: (all: readonly Unsynced[], size: number, chance: () => number) => readonly Unsynced[];
}[] = [
  { name: 'lost', of: () => [] },
  { name: 'all', of: (all) => all },
  { name: 'first', of: (all, _, chance) => all.slice(0, Math.ceil(chance() * all.length)) },
  { name: 'subset', of: (all, _, chance) => all.filter(() => chance() < 0.5) },
  { name: 'all but one', of: (all, _, chance) => all.toSpliced(Math.floor(chance() * all.length), 1) },
  {
    name: 'last one torn',
    of: (all, _, chance) => [...all.slice(0, -1), ...all.slice(-1).flatMap((one) => torn(one, chance))],
  },
  { name: 'torn', of: (all, _, chance) => all.flatMap((one) => torn(one, chance)) },
  { name: 'zeroes', of: (all, size) => all.map((one) => zeroedBehind(one, size)) },
];

const pick = <T>(all: readonly T[], chance: () => number): T => {
  const one = all[Math.floor(chance() * all.length)];
  if (one === undefined) throw new RangeError('nothing to pick from');
  return one;
};

/** Each sector of the device is written or not. */
function torn(one: Unsynced, chance: () => number): readonly Unsynced[] {
  if ('size' in one) return chance() < 0.5 ? [one] : [];
  const parts: Unsynced[] = [];
  const end = one.at + one.data.length;
  for (let from = one.at; from < end; ) {
    const to = Math.min(end, (Math.floor(from / sectorBytes) + 1) * sectorBytes);
    if (chance() < 0.5) parts.push({ at: from, data: one.data.subarray(from - one.at, to - one.at) });
    from = to;
  }
  return parts;
}

/** The new size came through and what was to stand behind the old one did not. */
function zeroedBehind(one: Unsynced, size: number): Unsynced {
  if ('size' in one || one.at + one.data.length <= size) return one;
  const data = Buffer.from(one.data);
  data.fill(0, Math.max(0, size - one.at));
  return { at: one.at, data };
}

/** What was to stand behind the sure size is lost, and the file as short as before. */
function withinSize(one: Unsynced, size: number): readonly Unsynced[] {
  if ('size' in one) return one.size <= size ? [one] : [];
  if (one.at >= size) return [];
  return [{ at: one.at, data: one.data.subarray(0, size - one.at) }];
}
