import { chmodSync, copyFileSync, existsSync, linkSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { audit } from '../base/audit.ts';
import { proveCopy, syncFile } from '../base/backup.ts';
import { shanghai } from '../base/clock.ts';
import { type Database, inTransaction, openDatabase } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { setSetting, setting } from '../base/settings.ts';
import type { Config } from '../config.ts';
import { type BackupFacts, proveBackup } from './backup-book.ts';

/** Whose book it is; and that it was put in the place of another, and was not started since. */
const names = { whose: 'book-of', restored: 'restored-from' } as const;

type Owner = Pick<Config, 'merchant' | 'terminal'>;
const ownerText = ({ merchant, terminal }: Owner): string => `${merchant}/${terminal}`;

/** Writes into a book whose it is, at its first start. */
export function markWhose(db: Database, owner: Owner): void {
  if (setting(db, names.whose) !== undefined) return;
  inTransaction(db, (tx) => setSetting(tx, names.whose, ownerText(owner)));
}

/**
 * At the start of a terminal whose book was put here by `restoreHome`: `begin` makes it another database for the host, in the transaction that forgets that
 * this is due.
 */
export function beginRestored(db: Database, nowMs: number, begin: () => void): void {
  const from = setting(db, names.restored);
  if (from === undefined || from === '') return;
  inTransaction(db, (tx) => {
    begin();
    setSetting(tx, names.restored, '');
    audit(tx, { at: nowMs, by: 'SYS', action: 'restore', about: from, outcome: 'ok' });
  });
}

/**
 * Puts a copy of the book in the place of the book of a stopped terminal, whose home the caller has locked. When it is started it is another database for the
 * host, which gives back what happened since (restore-book.ts). The book that was there stays beside it. Returns what the copy held and where the old
 * book is. NOT_FOUND; DATABASE_CORRUPT of the copy; BAD_REQUEST for the book of another terminal.
 */
export function restoreHome(
  home: string,
  file: string,
  owner: Owner,
  nowMs: number,
): BackupFacts & { readonly aside: string | undefined } {
  if (!existsSync(file)) throw new TerminalError('NOT_FOUND', { what: 'file', no: file });
  const staged = join(home, 'terminal.db.new');
  try {
    forget(staged);
    copyFileSync(file, staged);
    chmodSync(staged, 0o600);
    const facts = proveBackup(staged);
    mark(staged, owner, file);
    syncFile(staged);
    const aside = keepAside(home, nowMs);
    renameSync(staged, join(home, 'terminal.db'));
    syncFile(home);
    return { ...facts, file, aside };
  } finally {
    forget(staged);
  }
}

function mark(staged: string, owner: Owner, file: string): void {
  proveCopy(staged, (copy) => {
    const whose = setting(copy, names.whose);
    if (whose !== undefined && whose !== ownerText(owner))
      throw new TerminalError('BAD_REQUEST', { what: 'other-backup', no: whose });
    inTransaction(copy, (tx) => setSetting(tx, names.restored, file));
  });
}

/**
 * The old book gets a second name, and its log goes with it: it is not for the new one. What of the log can be written into the book is written before, so
 * that there is none, but for a damaged book.
 */
function keepAside(home: string, nowMs: number): string | undefined {
  const book = join(home, 'terminal.db');
  if (!existsSync(book)) return undefined;
  asOneFile(book);
  const { day, time } = shanghai(nowMs);
  const name = `${book}.before-restore-${day}-${time.replaceAll(':', '')}`;
  const aside =
    Array.from({ length: 100 }, (_, i) => (i === 0 ? name : `${name}-${i}`)).find((one) => !existsSync(one)) ?? name;
  for (const log of logs) if (existsSync(book + log)) renameSync(book + log, aside + log);
  linkSync(book, aside);
  syncFile(home);
  return aside;
}

function asOneFile(book: string): void {
  try {
    const db = openDatabase(book);
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.pragma('journal_mode = DELETE');
    db.close();
  } catch (error) {
    // A damaged book is why there is a restore.
    if (!(error instanceof TerminalError) && !(error instanceof Error && error.name === 'SqliteError')) throw error;
  }
}

const logs = ['-wal', '-shm'] as const;

const forget = (file: string): void => {
  for (const part of ['', ...logs]) rmSync(file + part, { force: true });
};

/** `config.json` of a home; an empty one where there is none. */
export function configIn(home: string): unknown {
  const file = join(home, 'config.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}
