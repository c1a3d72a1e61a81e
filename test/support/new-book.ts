import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { streamMigrations } from '../../sync/stream/migrations.ts';
import { type Clock, systemClock } from '../../terminal/base/clock.ts';
import { systemRandom } from '../../terminal/base/random.ts';
import { openBook } from '../../terminal/flows/open-book.ts';
import { createFirstUsers } from '../../terminal/users/manage-users.ts';

const minuteMs = 60_000;
const made = new Map<number, Promise<Buffer>>();

/** A book as a terminal has it before its first start, first operators and all. Made once for each minute: its secrets are slow to seal, by intention. */
export function newBook({ now }: Pick<Clock, 'now'>): Promise<Buffer> {
  const madeAt = now();
  const minute = Math.floor(madeAt / minuteMs);
  const book = made.get(minute) ?? makeBook(madeAt);
  made.set(minute, book);
  return book;
}

async function makeBook(madeAt: number): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'pos-test-book-'));
  const file = join(folder, 'terminal.db');
  try {
    const db = openBook(file, streamMigrations);
    await createFirstUsers(db, { clock: { now: () => madeAt, after: systemClock.after }, random: systemRandom });
    db.close();
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
