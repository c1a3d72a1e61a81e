import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { makeKeys } from '../sync/protocol/keys.ts';
import { TerminalError } from '../terminal/base/errors.ts';
import { type Config, readConfig } from '../terminal/config.ts';

/** Where a terminal lives when nobody says otherwise. */
export const homeByDefault = (): string => process.env['POS_HOME'] ?? '.pos';

/** The home folder of a terminal on this machine: made when it is missing, mode 0700, with both key pairs of the reference host. */
export function prepareHome(home: string): { readonly home: string; readonly config: Config } {
  const folder = resolve(home);
  for (const name of ['', 'keys', 'log', 'slips', 'backups'])
    mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  makeKeys(join(folder, 'keys'), ['terminal', 'host', 'host-seal']);
  return { home: folder, config: readConfig(configFile(folder)) };
}

function configFile(folder: string): unknown {
  const file = join(folder, 'config.json');
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new TerminalError('BAD_REQUEST', { what: `${file}: ${error.message}` });
  }
}

/** A home that no other process may use until `release`, or until this process ends, however it ends. */
export interface HomeLock {
  release(): void;
}

const held = new Set<Sqlite.Database>(); // what is not referred to would be closed

/** The lock is the kernel's, on an empty SQLite file, so that nothing has to be cleared away after a power cut. Undefined: another process has it. */
export function lockHome(home: string): HomeLock | undefined {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const lock = new Sqlite(join(home, 'lock'), { timeout: 0 });
  try {
    lock.pragma('journal_mode = MEMORY'); // nothing is ever written, so no journal beside it either
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (error instanceof Sqlite.SqliteError && error.code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
  held.add(lock);
  return {
    release() {
      held.delete(lock);
      lock.close();
    },
  };
}

/** `--fresh`: the old home is kept beside the new one. Returns where it went. */
export function moveAside(home: string): string | undefined {
  const folder = resolve(home);
  if (!existsSync(folder)) return undefined;
  const free = Array.from({ length: 1000 }, (_, i) => `${folder}-${i + 1}`).find((name) => !existsSync(name));
  if (!free) throw new Error(`${folder}: too many old homes beside it; delete some`);
  renameSync(folder, free);
  return free;
}
