import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../terminal/base/database.ts';
import { lockHome } from '../../../terminal/base/lock-home.ts';
import { setting } from '../../../terminal/base/settings.ts';
import { backUp, proveBackup } from '../../../terminal/flows/backup-book.ts';
import { beginRestored, markWhose } from '../../../terminal/flows/restore-home.ts';
import { newTill, sell } from '../till.ts';
import { posRig } from './pos-rig.ts';

const { pos, serve, home } = posRig();
const owner = { merchant: '898110058120001', terminal: '10000001' };

/** A home with a book of some sales in it. */
function book(sales: number) {
  const till = newTill(undefined, join(home(), 'terminal.db'));
  markWhose(till.db, owner);
  for (let n = 0; n < sales; n++) sell(till, 1_000);
  return till;
}

describe('pos backup', () => {
  it('of a running terminal copies with progress, proves, names the copy and says what is not in it', async () => {
    const till = book(50);
    await serve({ backUp: (file, progress) => backUp({ db: till.db }, file, progress) });
    const file = join(home(), 'copy.db');
    const done = await pos(`backup ${file}`);
    expect(done).toMatchObject({ exit: 0 });
    expect(done.out).toMatch(/^已备份并验证: .*copy\.db \(\d+\.\d MB, 50 笔凭证\)\n$/);
    expect(done.err).toContain('复制账本');
    expect(done.err).toContain('验证备份');
    expect(done.err).toContain('不含密钥');
    expect(proveBackup(file).journals).toBe(50);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(home()).filter((name) => name.startsWith('copy'))).toEqual(['copy.db']);
    till.db.close();
  });

  it('- writes the copy to standard output, and the terminal writes nowhere but in its home', async () => {
    const till = book(3);
    const places: string[] = [];
    await serve({
      backUp: (file, progress) => {
        places.push(file);
        return backUp({ db: till.db }, file, progress);
      },
    });
    const done = await pos('backup -');
    expect(done).toMatchObject({ exit: 0, out: expect.stringMatching(/^SQLite format 3\0/) });
    expect(done.err).toContain('3 笔凭证');
    expect((await pos('backup - --json')).exit).toBe(2);
    const elsewhere = mkdtempSync(join(tmpdir(), 'pos-out-'));
    const told = await pos(`backup ${elsewhere}/copy.db --json`);
    expect(JSON.parse(told.out.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      kind: 'result',
      backup: { file: `${elsewhere}/copy.db`, journals: 3 },
    });
    expect(readdirSync(elsewhere)).toEqual(['copy.db']);
    rmSync(elsewhere, { recursive: true });
    expect(places.every((place) => place.startsWith(join(home(), 'backups')))).toBe(true);
    expect(readdirSync(join(home(), 'backups'))).toEqual([]);
    till.db.close();
  });

  it('into a folder that is not there: says so before anything is copied', async () => {
    expect(await pos('backup /none/copy.db')).toMatchObject({ exit: 4, err: expect.stringContaining('/none') });
  });

  it('never writes over a file, unless it is told to', async () => {
    const till = book(1);
    await serve({ backUp: (file, progress) => backUp({ db: till.db }, file, progress) });
    const file = join(home(), 'copy.db');
    writeFileSync(file, 'mine');
    expect(await pos(`backup ${file}`)).toMatchObject({ exit: 2, out: '' });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await pos(`backup ${file} --force --lang en`)).toMatchObject({
      exit: 0,
      out: expect.stringContaining('1 journal)'),
    });
    expect(proveBackup(file).journals).toBe(1);
    till.db.close();
  });

  it('of a stopped terminal copies its book itself; of a home without one it says that nothing runs', async () => {
    expect(await pos('backup copy.db')).toMatchObject({ exit: 1, err: expect.stringContaining('终端没有运行') });
    book(3).db.close();
    const file = join(home(), 'copy.db');
    expect((await pos(`backup ${file} --json`)).out).toContain('"journals":3');
    expect(proveBackup(file).journals).toBe(3);
  });

  it('leaves nothing behind when the copy is not sound', async () => {
    const till = book(3);
    till.db.exec("DROP TRIGGER audit_no_update; UPDATE audit SET by = '99' WHERE seq = 2");
    await serve({ backUp: (file, progress) => backUp({ db: till.db }, file, progress) });
    const done = await pos(`backup ${join(home(), 'copy.db')}`);
    expect(done).toMatchObject({ exit: 1, err: expect.stringContaining('DATABASE_CORRUPT') });
    expect(readdirSync(home()).filter((name) => name.startsWith('copy'))).toEqual([]);
    till.db.close();
  });
});

describe('pos restore', () => {
  /** A book of five sales, and a copy of it when there were two. */
  async function withCopy(): Promise<string> {
    const till = book(2);
    const file = join(home(), 'copy.db');
    await backUp({ db: till.db }, file, () => undefined);
    for (let n = 0; n < 3; n++) sell(till, 1_000);
    till.db.close();
    return file;
  }
  const payments = (file: string) => {
    const db = openDatabase(file, { readonly: true });
    try {
      return db.prepare('SELECT count(*) FROM payment').pluck().get();
    } finally {
      db.close();
    }
  };

  it('puts the copy in the place of the book, keeps the old one, and marks the new one as another database', async () => {
    const file = await withCopy();
    const done = await pos(`restore ${file} --yes`);
    expect(done).toMatchObject({ exit: 0, out: expect.stringContaining('账本已恢复 (2 笔凭证)') });
    expect(done.err).toContain('补完前不能收款');
    expect(payments(join(home(), 'terminal.db'))).toBe(2);
    const aside = readdirSync(home()).find((name) => name.includes('before-restore'));
    expect(payments(join(home(), aside ?? ''))).toBe(5);
    const db = openDatabase(join(home(), 'terminal.db'));
    let begun = 0;
    beginRestored(db, 1, () => begun++);
    beginRestored(db, 1, () => begun++);
    expect(begun).toBe(1);
    expect(setting(db, 'book-of')).toBe('898110058120001/10000001');
    db.close();
  });

  it('asks for the number of the terminal', async () => {
    const file = await withCopy();
    const wrong = await pos(`restore ${file}`, { answers: ['10000002'] });
    expect(wrong).toMatchObject({ exit: 1, err: expect.stringContaining('NOT_CONFIRMED') });
    expect(payments(join(home(), 'terminal.db'))).toBe(5);
    expect((await pos(`restore ${file}`, { answers: ['10000001'] })).exit).toBe(0);
  });

  it('is refused while the terminal runs, for a file that is no copy, and for a copy of another terminal', async () => {
    const file = await withCopy();
    const lock = lockHome(home());
    expect(await pos(`restore ${file} --yes`)).toMatchObject({ exit: 75, err: expect.stringContaining('正在运行') });
    lock?.release();
    writeFileSync(join(home(), 'notes.db'), 'no copy at all, only words');
    expect(await pos(`restore ${join(home(), 'notes.db')} --yes`)).toMatchObject({
      exit: 1,
      err: expect.stringContaining('DATABASE_CORRUPT'),
    });
    expect(await pos('restore /nowhere.db --yes')).toMatchObject({ exit: 4 });
    writeFileSync(join(home(), 'config.json'), '{"terminal": "10000002"}');
    expect(await pos(`restore ${file} --yes`)).toMatchObject({ exit: 2, err: expect.stringContaining('10000001') });
    expect(payments(join(home(), 'terminal.db'))).toBe(5);
    expect(existsSync(join(home(), 'terminal.db.new'))).toBe(false);
  });

  it('replaces a book that is damaged, and its log with it', async () => {
    const file = await withCopy();
    writeFileSync(join(home(), 'terminal.db'), 'x'.repeat(8_192));
    writeFileSync(join(home(), 'terminal.db-wal'), 'y'.repeat(4_096));
    expect((await pos(`restore ${file} --yes`)).exit).toBe(0);
    expect(payments(join(home(), 'terminal.db'))).toBe(2);
    expect(readdirSync(home()).filter((name) => name.includes('before-restore')).length).toBeGreaterThanOrEqual(1);
  });

  it('makes a book where there was none', async () => {
    const file = await withCopy();
    const other = join(home(), 'other');
    mkdirSync(other);
    expect(await pos(`restore ${file} --yes --home ${other}`)).toMatchObject({ exit: 0 });
    expect(payments(join(other, 'terminal.db'))).toBe(2);
  });
});
