import { describe, expect, it } from 'vitest';
import { seeded } from '../../drivers/simulator/seeded.ts';
import { CrashDisk, type CrashState, type DiskFile } from '../../scripts/bench/crash-disk.ts';
import type { Act } from '../../scripts/bench/disk-trace.ts';

const [homeInode, bookInode, logInode] = [1, 2, 3];
const home: Act = { is: 'opened', name: '', file: homeInode, isFolder: true };
const book: Act = { is: 'opened', name: 'a.db', file: bookInode, isFolder: false };
const log: Act = { is: 'opened', name: 'a.db-wal', file: logInode, isFolder: false };
const write = (file: number, at: number, text: string): Act => ({ is: 'written', file, at, data: Buffer.from(text) });
const sync = (file: number): Act => ({ is: 'synced', file });

const diskAfter = (...acts: readonly Act[]): CrashDisk => {
  const disk = new CrashDisk();
  for (const act of acts) disk.apply(act);
  return disk;
};

const gone = '(no such file)';

/** The bytes that stand in a file of a state, a dot for a zero. */
function textOf({ names, changes }: CrashState, name: string): string {
  const file: DiskFile | undefined = names.get(name);
  if (!file) return gone;
  let bytes = Buffer.from(file.kept.subarray(0, file.size));
  for (const one of changes.get(file) ?? []) {
    if ('size' in one) bytes = Buffer.concat([bytes, Buffer.alloc(one.size)]).subarray(0, one.size);
    else {
      bytes = Buffer.concat([bytes, Buffer.alloc(Math.max(0, one.at + one.data.length - bytes.length))]);
      one.data.copy(bytes, one.at);
    }
  }
  return bytes.toString('latin1').replaceAll('\0', '.');
}

/** What so many power cuts leave of a file, each outcome once. */
function outcomes(disk: CrashDisk, name: string): readonly string[] {
  const chance = seeded(7);
  const found = new Set([textOf(disk.extreme('none'), name), textOf(disk.extreme('all'), name)]);
  for (let n = 0; n < 400; n++) found.add(textOf(disk.random(chance), name));
  return [...found].sort();
}

describe('what a disk may hold after a power cut', () => {
  it('keeps what was synced, whatever comes later', () => {
    const disk = diskAfter(home, book, sync(homeInode), write(bookInode, 0, 'sure'), sync(bookInode));
    expect(outcomes(disk, 'a.db')).toEqual(['sure']);
  });

  it('may lose each of the writes that were not synced, and may keep a later one without an earlier one', () => {
    const disk = diskAfter(home, book, sync(homeInode), write(bookInode, 0, '----'), sync(bookInode));
    for (const act of [write(bookInode, 0, 'a'), write(bookInode, 2, 'b')]) disk.apply(act);
    expect(outcomes(disk, 'a.db')).toEqual(['----', '--b-', 'a---', 'a-b-']);
  });

  it('may lose what stood behind the old end, or have zeroes there', () => {
    const disk = diskAfter(home, book, sync(homeInode), write(bookInode, 0, 'aa'), sync(bookInode));
    disk.apply(write(bookInode, 2, 'bb'));
    expect(outcomes(disk, 'a.db')).toEqual(['aa', 'aa..', 'aabb']);
  });

  it('tears a write at the borders of its sectors', () => {
    const disk = diskAfter(home, book, sync(homeInode), write(bookInode, 0, '-'.repeat(1024)), sync(bookInode));
    disk.apply(write(bookInode, 500, 'x'.repeat(24)));
    const torn = outcomes(disk, 'a.db').map((text) => text.slice(500, 524));
    const [none, first, second, all] = [
      '-'.repeat(24),
      `${'x'.repeat(12)}${'-'.repeat(12)}`,
      `${'-'.repeat(12)}${'x'.repeat(12)}`,
      'x'.repeat(24),
    ];
    expect(torn).toEqual([none, second, first, all]);
  });

  it('may not have made it shorter yet', () => {
    const disk = diskAfter(home, book, sync(homeInode), write(bookInode, 0, 'long'), sync(bookInode));
    disk.apply({ is: 'resized', file: bookInode, size: 1 });
    expect(outcomes(disk, 'a.db')).toEqual(['l', 'long']);
  });

  it('may lose a new name until its folder is synced, however well the file was', () => {
    const disk = diskAfter(home, book, write(bookInode, 0, 'x'), sync(bookInode));
    expect(outcomes(disk, 'a.db')).toEqual([gone, 'x']);
    disk.apply(sync(homeInode));
    expect(outcomes(disk, 'a.db')).toEqual(['x']);
  });

  it('may have a file back that was deleted, until its folder is synced', () => {
    const disk = diskAfter(home, log, sync(homeInode), write(logInode, 0, 'old'), sync(logInode));
    disk.apply({ is: 'unlinked', name: 'a.db-wal' });
    expect(outcomes(disk, 'a.db-wal')).toEqual([gone, 'old']);
    for (const act of [log, write(logInode, 0, 'new'), sync(logInode)]) disk.apply(act);
    expect(outcomes(disk, 'a.db-wal')).toEqual([gone, 'new', 'old']);
    disk.apply(sync(homeInode));
    expect(outcomes(disk, 'a.db-wal')).toEqual(['new']);
  });

  it('may have a renamed file under either name, or both', () => {
    const disk = diskAfter(
      home,
      { ...book, name: 'a.db.part' },
      write(bookInode, 0, 'x'),
      sync(bookInode),
      sync(homeInode),
    );
    disk.apply({ is: 'renamed', name: 'a.db.part', to: 'a.db' });
    expect(outcomes(disk, 'a.db')).toEqual([gone, 'x']);
    expect(outcomes(disk, 'a.db.part')).toEqual([gone, 'x']);
  });
});
