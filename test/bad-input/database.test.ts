import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { streamMigrations } from '../../sync/stream/migrations.ts';
import { errorText, TerminalError } from '../../terminal/base/errors.ts';
import { openBook } from '../../terminal/flows/open-book.ts';
import { checkLedger } from '../../terminal/ledger/check.ts';
import { refusal } from '../support/refusal.ts';
import { startTestSystem, type TestSystem } from '../support/terminal.ts';

/** A book that cannot be used: the terminal says so and what to do, and leaves the file as it is. */

let system: TestSystem;
const file = (): string => join(system.home, 'terminal.db');

beforeEach(async () => {
  system = await startTestSystem({ limits: { hostWaitMs: 400 } });
  await system.sell(10_000);
  await system.atRest();
});
afterEach(() => system.stop());

/** What the start says, in the two languages of the screen. */
async function startSays(): Promise<readonly string[]> {
  try {
    await system.startTerminal();
    return ['started'];
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    return [error.code, errorText(error.code, error.details, 'zh'), errorText(error.code, error.details, 'en')];
  }
}

/** Changes the file by hand while the terminal is off. */
async function spoil(how: (db: Sqlite.Database) => void): Promise<void> {
  await system.stopTerminal();
  const db = new Sqlite(file());
  how(db);
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
}

function overwrite(at: number, bytes: Buffer): void {
  const fd = openSync(file(), 'r+');
  writeSync(fd, bytes, 0, bytes.length, at);
  closeSync(fd);
}

describe('at the start', () => {
  test('written by a newer program: DATABASE_NEWER, and the file is left alone', async () => {
    await spoil((db) => db.exec("INSERT INTO migration VALUES ('terminal', 99, '0099-later', 'ff')"));
    const before = readFileSync(file());
    expect(await startSays()).toEqual([
      'DATABASE_NEWER',
      expect.stringContaining('请升级程序'),
      expect.stringContaining('newer program'),
    ]);
    expect(readFileSync(file()).equals(before)).toBe(true);
  });

  test('written by another program: DATABASE_CORRUPT', async () => {
    await spoil((db) => db.exec("UPDATE migration SET sha256 = 'ff' WHERE number = 2"));
    expect((await startSays())[0]).toBe('DATABASE_CORRUPT');
  });

  const damage: readonly [string, () => void][] = [
    ['its head is overwritten', () => overwrite(0, Buffer.alloc(64, 0x5a))],
    ['it is some other file', () => writeFileSync(file(), 'this is no database\n'.repeat(1_000))],
    ['its first page is overwritten behind the head', () => overwrite(100, Buffer.alloc(3_996, 0xff))],
    ['it is cut off in its first page', () => truncateSync(file(), 600)],
  ];
  test.each(damage)('%s: DATABASE_CORRUPT, says to restore and to keep the file', async (_, spoilIt) => {
    await spoil(() => {});
    spoilIt();
    const before = readFileSync(file());
    expect(await startSays()).toEqual([
      'DATABASE_CORRUPT',
      expect.stringContaining('请从备份恢复'),
      expect.stringContaining('restore a backup'),
    ]);
    expect(readFileSync(file()).equals(before)).toBe(true);
  });

  test('held by another program: DATABASE_BUSY after five seconds; it starts when the other one is gone', async () => {
    await system.stopTerminal();
    const other = new Sqlite(file());
    other.exec('BEGIN EXCLUSIVE');
    try {
      expect(await startSays()).toEqual([
        'DATABASE_BUSY',
        expect.stringContaining('请关闭另一个程序'),
        expect.stringContaining('stop the other program'),
      ]);
    } finally {
      other.close();
    }
    expect(await startSays()).toEqual(['started']);
    await system.ready();
    expect(await system.problems()).toEqual([]);
  });

  test('a start that was refused leaves no lock behind', async () => {
    await spoil((db) => db.exec("INSERT INTO migration VALUES ('terminal', 99, '0099-later', 'ff')"));
    await startSays();
    await spoil((db) => db.exec('DELETE FROM migration WHERE number = 99'));
    expect(await startSays()).toEqual(['started']);
  });
});

describe('in the middle of the day', () => {
  test.each([
    ['at the intent', 'card', 'DATABASE_BUSY'],
    ['at the answer', 'host', 'not-stored'], // the cashier is told that it is unknown: the host may have charged
  ] as const)(
    'held by another program %s: nothing half-done; it goes on when the other one lets go',
    async (_, step, end) => {
      system.db.pragma('busy_timeout = 30'); // five seconds in life
      const other = new Sqlite(file());
      const hold = () => void other.exec('BEGIN IMMEDIATE');
      if (step === 'card') hold();
      const sale = system.sell(20_000, { onStep: (now) => now.at === 'host' && step === 'host' && hold() });
      const outcome = await sale.then(
        (ended) => (ended.kind === 'unknown' ? ended.why : ended.kind),
        (error: unknown) => (error instanceof TerminalError ? error.code : String(error)),
      );
      expect(outcome).toBe(end);
      expect(system.count('SELECT count(*) FROM journal')).toBe(1);
      other.close();
      await system.eventually(
        'nothing is open',
        () => system.count("SELECT count(*) FROM payment WHERE state IN ('CREATED', 'REVERSING')") === 0,
      );
      expect((await system.sell(20_000)).kind).toBe('approved');
      expect(await system.problems()).toEqual([]);
    },
  );

  test('a page of the book is overwritten: the ledger check finds it', async () => {
    await spoil(() => {});
    const db = new Sqlite(file(), { readonly: true });
    const page = db.prepare<[], number>("SELECT rootpage FROM sqlite_schema WHERE name = 'entry'").pluck().get() ?? 0;
    db.close();
    overwrite((page - 1) * 4096, Buffer.alloc(4_096, 0xff));
    expect(await refusal(openAndCheck)).toBe('DATABASE_CORRUPT');
  });
});

/** As the start does, and then `pos ledger check`. */
function openAndCheck(): void {
  const db = openBook(file(), streamMigrations);
  try {
    checkLedger(db);
  } finally {
    db.close();
  }
}
