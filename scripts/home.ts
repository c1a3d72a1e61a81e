import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
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

/** `--fresh`: the old home is kept beside the new one. Returns where it went. */
export function moveAside(home: string): string | undefined {
  const folder = resolve(home);
  if (!existsSync(folder)) return undefined;
  const free = Array.from({ length: 1000 }, (_, i) => `${folder}-${i + 1}`).find((name) => !existsSync(name));
  if (!free) throw new Error(`${folder}: too many old homes beside it; delete some`);
  renameSync(folder, free);
  return free;
}
