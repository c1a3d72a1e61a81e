import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type Database, translated } from './database.ts';
import { TerminalError } from './errors.ts';

/** Copies of the book: one file each, mode 0600, whole or not there. */

/** Pages of 4 KiB that are copied before a sale may come between: about a millisecond. */
const pagesAtOnce = 64;

/**
 * Copies the open book into the new file `file`, in small steps between which it is used; what is written meanwhile is in the copy too. `progress` gets the
 * pages done and all. Throws BAD_REQUEST when it is there already, NOT_FOUND for the folder, DISK_FULL; what was written of the file is gone then.
 */
export async function copyBook(
  db: Database,
  file: string,
  progress: (done: number, of: number) => void = () => {},
): Promise<void> {
  makeFile(file);
  try {
    await db.backup(file, {
      progress({ totalPages, remainingPages }) {
        progress(totalPages - remainingPages, totalPages);
        return pagesAtOnce;
      },
    });
  } catch (error) {
    rmSync(file, { force: true });
    throw translatedError(error);
  }
}

/**
 * Makes one plain file of a copy, which needs no log beside it, and proves that its pages and indexes are sound and its references hold; `look` may prove
 * more. Throws DATABASE_CORRUPT. Takes its time: about a second for a hundred thousand sales; a file of more than `mostBytes` is left to `look`.
 */
export function proveCopy<T>(file: string, look: (copy: Database) => T, mostBytes = Number.POSITIVE_INFINITY): T {
  return translated(() => {
    const copy = new Sqlite(file, { fileMustExist: true });
    try {
      copy.pragma('synchronous = FULL');
      const mode = copy.pragma('journal_mode = DELETE', { simple: true });
      const isSmall = bytesOf(file) <= mostBytes;
      const found = isSmall ? copy.pragma('integrity_check(1)', { simple: true }) : 'ok';
      const stray = isSmall ? copy.pragma('foreign_key_check') : [];
      if (mode !== 'delete' || found !== 'ok' || (Array.isArray(stray) && stray.length > 0))
        throw new TerminalError('DATABASE_CORRUPT', { file, sqlite: String(found) });
      return look(copy);
    } catch (error) {
      // Sound pages of something else than a book.
      if (error instanceof Sqlite.SqliteError && error.code === 'SQLITE_ERROR')
        throw new TerminalError('DATABASE_CORRUPT', { file, sqlite: error.message }, error);
      throw error;
    } finally {
      copy.close();
    }
  });
}

/** Gives a finished copy its name, so that a power cut leaves all of it or nothing. Throws BAD_REQUEST when there is such a file, unless `replace`. */
export function nameCopy(made: string, file: string, replace: boolean): void {
  syncFile(made);
  if (replace) renameSync(made, file);
  else {
    try {
      linkSync(made, file);
    } catch (error) {
      throw isCode(error, 'EEXIST') ? alreadyThere(file, error) : error;
    }
    rmSync(made);
  }
  syncFile(dirname(file));
}

export const bytesOf = (file: string): number => statSync(file).size;

function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (isCode(error, 'EEXIST')) throw alreadyThere(file, error);
    if (isCode(error, 'ENOENT')) throw new TerminalError('NOT_FOUND', { what: 'folder', no: dirname(file) }, error);
    throw translatedError(error);
  }
}

export function syncFile(path: string): void {
  if (!existsSync(path)) return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

const alreadyThere = (file: string, cause: unknown): TerminalError =>
  new TerminalError('BAD_REQUEST', { what: `${file}: 已存在 already exists` }, cause);

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** What the system or SQLite said of the copy, in words of the table where there are some. */
function translatedError(error: unknown): unknown {
  if (isCode(error, 'ENOSPC')) return new TerminalError('DISK_FULL', {}, error);
  try {
    return translated(() => {
      throw error;
    });
  } catch (known) {
    return known;
  }
}

/** Up to this size SQLite's own check of all pages, which nothing can interrupt, is over before somebody notices: about 0.15 s. A larger book is read in slices. */
export const mostCheckedAtOnce = 100 * 1024 * 1024;
