import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyBook, nameCopy, proveCopy } from '../../../terminal/base/backup.ts';
import { backUpDaily, nextNight, proveBackup } from '../../../terminal/flows/backup-book.ts';
import { pruneBook } from '../../../terminal/flows/prune-book.ts';
import { checkLedger } from '../../../terminal/ledger/check.ts';
import { startTestSystem, type TestSystem } from '../../support/terminal.ts';
import { newTill, sell, type Till } from '../till.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pos-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);

describe('a copy', () => {
  let till: Till;
  beforeEach(() => {
    till = newTill(undefined, file('terminal.db'));
  });
  afterEach(() => till.db.close());

  it('made while sales run holds every one of them whole, and is one file for its owner', async () => {
    for (let n = 0; n < 300; n++) sell(till, 1_000 + n);
    const made = copyBook(till.db, file('copy.db'), () => {
      sell(till, 77);
    });
    await made;
    const { journals, bytes } = proveBackup(file('copy.db'));
    expect(bytes).toBe(statSync(file('copy.db')).size);
    expect(statSync(file('copy.db')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.startsWith('copy.db'))).toEqual(['copy.db']);
    const copy = new Sqlite(file('copy.db'), { readonly: true });
    const count = (sql: string) => copy.prepare(sql).pluck().get();
    expect(count('SELECT count(*) FROM payment')).toBe(journals);
    expect(count('SELECT count(*) FROM outbox')).toBe(journals);
    expect(journals).toBeGreaterThan(300);
    copy.close();
    expect(checkLedger(till.db).ok).toBe(true);
  });

  it('is never made over a file', async () => {
    writeFileSync(file('there.db'), 'mine');
    await expect(copyBook(till.db, file('there.db'))).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(statSync(file('there.db')).size).toBe(4);
  });

  it('gets its name at once, and over another one only when told so', async () => {
    await copyBook(till.db, file('a.part'));
    writeFileSync(file('a.db'), 'mine');
    expect(() => nameCopy(file('a.part'), file('a.db'), false)).toThrow('BAD_REQUEST');
    expect(statSync(file('a.db')).size).toBe(4);
    nameCopy(file('a.part'), file('a.db'), true);
    expect(existsSync(file('a.part'))).toBe(false);
    proveBackup(file('a.db'));
  });

  it.each([
    [
      'a page that was overwritten',
      (db: Sqlite.Database) =>
        db.exec("PRAGMA writable_schema = 1; UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'payment_by_stan'"),
    ],
    [
      'a journal that does not balance',
      (db: Sqlite.Database) =>
        db.exec(
          'DROP TRIGGER entry_no_update; UPDATE entry SET amount_fen = amount_fen + 1 WHERE id = (SELECT min(id) FROM entry)',
        ),
    ],
    [
      'an audit trail that was changed',
      (db: Sqlite.Database) => db.exec("DROP TRIGGER audit_no_update; UPDATE audit SET by = '99' WHERE seq = 2"),
    ],
    ['something else than a book', (db: Sqlite.Database) => db.exec('DROP TABLE entry')],
  ])('with %s is found out', async (_, damage) => {
    sell(till, 1_000);
    await copyBook(till.db, file('copy.db'));
    proveCopy(file('copy.db'), () => undefined);
    const copy = new Sqlite(file('copy.db'));
    copy.unsafeMode();
    damage(copy);
    copy.close();
    expect(() => proveBackup(file('copy.db'))).toThrow('DATABASE_CORRUPT');
  });

  it.each([
    ['2026-11-20T10:00', '2026-11-21T03:30'],
    ['2026-11-20T03:29', '2026-11-20T03:30'],
    ['2026-11-20T03:30', '2026-11-21T03:30'],
    ['2026-12-31T23:59', '2027-01-01T03:30'],
  ])('after %s in Shanghai the next night is %s', (now, night) => {
    expect(nextNight(Date.parse(`${now}+08:00`))).toBe(Date.parse(`${night}+08:00`));
  });
});

describe('of a running terminal', () => {
  let system: TestSystem;
  afterEach(() => system.stop());

  it('there is one a day, and as many as are to be kept', async () => {
    system = await startTestSystem({ limits: { keepBackups: 2 } });
    const backups = () => readdirSync(join(system.home, 'backups')).toSorted();
    for (const day of ['2026-01-01', '2026-01-02']) writeFileSync(join(system.home, 'backups', `daily-${day}.db`), '');
    writeFileSync(join(system.home, 'backups', 'mine.db'), '');
    await system.sell(1_000);
    await backUpDaily(system.terminal.world);
    await backUpDaily(system.terminal.world);
    const [older, today, mine] = backups();
    expect([older, mine]).toEqual(['daily-2026-01-02.db', 'mine.db']);
    expect(proveBackup(join(system.home, 'backups', today ?? '')).journals).toBe(1);
  });

  it('rows that the host has and logs go by their age, and nothing else', async () => {
    system = await startTestSystem();
    await system.sell(1_000);
    await system.sell(2_000);
    await system.atRest();
    const { world } = system.terminal;
    for (const name of ['terminal.1.log', 'terminal.2.log', 'notes.txt'])
      writeFileSync(join(system.home, 'log', name), '');
    const long = new Date(world.clock.now() - 91 * 24 * 3_600_000);
    for (const name of ['terminal.1.log', 'notes.txt']) utimesSync(join(system.home, 'log', name), long, long);
    const sent = () => system.count('SELECT count(*) FROM outbox');
    const before = sent();
    await pruneBook(world);
    expect(sent()).toBe(before);
    expect(readdirSync(join(system.home, 'log')).filter((name) => name !== 'terminal.1.log')).toEqual(
      expect.arrayContaining(['notes.txt', 'terminal.2.log']),
    );
    expect(existsSync(join(system.home, 'log', 'terminal.1.log'))).toBe(false);
    const later = { ...world, clock: { ...world.clock, now: () => world.clock.now() + 31 * 24 * 3_600_000 } };
    await pruneBook(later);
    expect(sent()).toBe(1);
    expect(system.count('SELECT count(*) FROM payment')).toBe(2);
    expect((await system.sell(3_000)).kind).toBe('approved');
    expect(await system.problems()).toEqual([]);
  });
});
