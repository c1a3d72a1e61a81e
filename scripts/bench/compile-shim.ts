import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Compiles a library to be preloaded, `<name>.c` beside this file, into `folder`; needs a C compiler, as better-sqlite3 may. Returns its path. */
export function compileShim(folder: string, name: 'sync-shim' | 'disk-shim' | 'io-shim'): string {
  const library = join(folder, `${name}.so`);
  execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, join('scripts', 'bench', `${name}.c`), '-ldl']);
  return library;
}
