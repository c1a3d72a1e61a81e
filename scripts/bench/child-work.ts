import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../terminal/base/database.ts';
import { seedDay } from './seed-day.ts';

/** A process of its own for each piece of work, so that memory is its own. */
export const inChild = (name: string, ...args: readonly string[]): string =>
  execFileSync(process.execPath, [join(import.meta.dirname, `bench-${name}.js`), ...args], {
    encoding: 'utf8',
  });

/** In that process: `seed` makes the folder with a day of so many payments and adds to it; anything else is measured there. */
export interface ChildWork {
  seeded(db: Database, folder: string, rows: number): unknown;
  measure(what: string, folder: string, more: string): Promise<unknown>;
}

/** Prints what came of the work that the arguments name. */
export function runChild(work: ChildWork): void {
  main(work, process.argv.slice(2)).then(
    (result) => process.stdout.write(JSON.stringify(result ?? {})),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exitCode = 1;
    },
  );
}

async function main(work: ChildWork, [what = '', folder = '', more = '']: readonly string[]): Promise<unknown> {
  if (what !== 'seed') return work.measure(what, folder, more);
  mkdirSync(folder, { recursive: true });
  const db = seedDay(join(folder, 'terminal.db'), Number(more));
  try {
    return work.seeded(db, folder, Number(more));
  } finally {
    db.close();
  }
}
