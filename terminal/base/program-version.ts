import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How many steps the terminal's own schema has (open-book.ts): a book with more is of a newer program. */
export const schemaNumber = 14;

/** The version in the nearest package.json above that has one: the same from source and from dist, whose own names none. */
export function programVersion(folder: string = import.meta.dirname): string {
  const version = versionIn(join(folder, 'package.json'));
  if (version !== undefined) return version;
  return dirname(folder) === folder ? 'unknown' : programVersion(dirname(folder));
}

function versionIn(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const version = typeof read === 'object' && read !== null && 'version' in read ? read.version : undefined;
  return typeof version === 'string' ? version : undefined;
}
