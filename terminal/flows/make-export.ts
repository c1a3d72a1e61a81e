import { mkdirSync, statfsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AssertionFailed } from '../base/assert.ts';
import { syncFile } from '../base/backup.ts';
import { at } from '../base/crash-points.ts';
import { type Database, inTransaction, openDatabase, type Tx, translate } from '../base/database.ts';
import type { ErrorCode } from '../base/error-table.ts';
import { TerminalError } from '../base/errors.ts';
import { setSetting, setting } from '../base/settings.ts';
import { checkRows } from '../exports/check-query.ts';
import { writeCsv } from '../exports/csv-file.ts';
import type { ExportJob } from '../exports/export.ts';
import { writeHtml } from '../exports/html-file.ts';
import { beginExport, expireExport, failExport, finishExport, restartExport } from '../exports/keep-export.ts';
import { OutFile } from '../exports/out-file.ts';
import { exportById, exportsIn, readyExports } from '../exports/queries.ts';
import { writeXlsx } from '../exports/xlsx-file.ts';
import { notice } from '../notices/notice.ts';
import { type Library, sheetOf } from './export-rows.ts';
import { changed, type World } from './world.ts';

/** Files are made one at a time, from a handle that sees the book as it is when the file is begun, in slices of some milliseconds between which everything else has its turn. */

export const exportFolder = ({ home }: Pick<World, 'home'>): string => join(home, 'exports');

/** An id is a ULID, made here: it is no path. */
export const exportFile = (world: Pick<World, 'home'>, { id }: Pick<ExportJob, 'id'>): string =>
  join(exportFolder(world), id);

const writers = { csv: writeCsv, xlsx: writeXlsx, html: writeHtml } as const;

/** Makes what waits, until nothing does or `signal` is aborted; what a process left half is made anew, once. */
export async function makeExports(world: Library, signal: AbortSignal): Promise<void> {
  await expireExports(world);
  for (const left of exportsIn(world.db, 'RUNNING')) inTransaction(world.db, (tx) => beginAnew(tx, left));
  for (let [job] = exportsIn(world.db, 'QUEUED'); job && !signal.aborted; [job] = exportsIn(world.db, 'QUEUED')) {
    await makeExport(world, job, signal);
    await dropOldest(world);
    changed(world);
  }
}

interface Made {
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** The job over which a process died last: one that ends the process each time would end it for ever. */
const diedOver = 'export-died-over';

function beginAnew(tx: Tx, left: ExportJob): void {
  if (setting(tx.db, diedOver) === left.id) failExport(tx, left, 'NEEDS_HUMAN');
  else restartExport(tx, left);
  setSetting(tx, diedOver, left.id);
}

async function makeExport(world: Library, queued: ExportJob, signal: AbortSignal): Promise<void> {
  const job = inTransaction(world.db, (tx) => beginExport(tx, queued));
  at('export.running');
  const made = await makeFile(world, job, signal);
  if (!made) return;
  at('export.made');
  inTransaction(world.db, (tx) => {
    const now = world.clock.now();
    finishExport(tx, now, job, made);
    const { id: about, name, by: to } = job;
    notice(tx, now, { text: 'N-05', about, values: { name }, level: 'info', to });
  });
  at('export.after-ready');
}

/** Undefined: it was stopped or failed, which is written down. */
async function makeFile(world: Library, job: ExportJob, signal: AbortSignal): Promise<Made | undefined> {
  const file = exportFile(world, job);
  try {
    mkdirSync(exportFolder(world), { recursive: true, mode: 0o700 });
    const made = await write(world, job, `${file}.part`, signal);
    await rename(`${file}.part`, file);
    syncFile(exportFolder(world));
    return made;
  } catch (error) {
    if (error instanceof AssertionFailed) throw error;
    await remove(`${file}.part`);
    await remove(file);
    if (!world.db.open) return undefined;
    const problem = problemOf(error);
    if (!signal.aborted) world.log('error', 'export-failed', { id: job.id, problem, what: String(error) });
    inTransaction(world.db, (tx) => (signal.aborted ? restartExport(tx, job) : failExport(tx, job, problem)));
    return undefined;
  }
}

const fullDisk: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EFBIG'];

/** A code of the catalogue for whatever kept a file from being made: a full disk, a book that cannot be read, a folder that cannot be written, else a bug. */
function problemOf(error: unknown): ErrorCode {
  const known = error instanceof TerminalError ? error : translate(error);
  if (known) return known.code;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (fullDisk.includes(code)) return 'DISK_FULL';
  return /^(E[A-Z]+|SQLITE_IOERR.*|SQLITE_CANTOPEN)$/.test(String(code)) ? 'DEVICE_FAULT' : 'NEEDS_HUMAN';
}

/** What cannot be removed now is tried again at the next look. */
const remove = (file: string): Promise<void> => rm(file, { force: true }).catch(() => undefined);

async function write(world: Library, job: ExportJob, file: string, signal: AbortSignal): Promise<Made> {
  const reader = openDatabase(world.db.name, { readonly: true });
  try {
    reader.exec('BEGIN');
    return await writeFrom({ ...world, reader }, job, file, signal);
  } finally {
    reader.close();
  }
}

async function writeFrom(
  world: Library & { readonly reader: Database },
  job: ExportJob,
  file: string,
  signal: AbortSignal,
): Promise<Made> {
  const out = await OutFile.create(file);
  try {
    const { db, home, reader } = world;
    const sheet = await sheetOf({ ...world, db: reader }, job);
    let checkedAt = 0;
    const turn = async (rows: number): Promise<void> => {
      checkRows(job, rows);
      progress.set(job.id, rows);
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted || !db.open) throw new Error('stopped');
      if (out.bytes - checkedAt < checkEveryBytes) return;
      checkedAt = out.bytes;
      requireRoom(home, 0);
    };
    const rows = await writers[job.format]({ db: reader, sheet, language: job.language, turn }, out);
    await out.end();
    return { rows, bytes: out.bytes, sha256: out.sha256 };
  } catch (error) {
    await out.abandon();
    throw error;
  } finally {
    progress.delete(job.id);
  }
}

/** Rows done of the one that is made now. */
const progress = new Map<string, number>();
export const rowsDone = ({ id }: Pick<ExportJob, 'id'>): number => progress.get(id) ?? 0;

const checkEveryBytes = 16 << 20;
/** What stays free for sales. */
const leastFreeBytes = 64 << 20;
/** Of a row of a file, more or less. */
const bytesOfRow = 200;

/** A file must not take the room that sales need. DISK_FULL. */
export function requireRoom(home: string, rows: number): void {
  const { bavail, bsize } = statfsSync(home);
  if (bavail * bsize < leastFreeBytes + rows * bytesOfRow) throw new TerminalError('DISK_FULL', { what: 'exports' });
}

/** What READY files may come to: one user must not fill the disk within the days that they are kept. */
const mostReady = { bytes: 512 << 20, files: 100 };

/** The oldest make room for the newest, which stays however large it is. */
async function dropOldest(world: Library): Promise<void> {
  for (;;) {
    const { files, bytes } = readyExports(world.db);
    const [oldest, ...others] = exportsIn(world.db, 'READY');
    const isTooMuch = files > mostReady.files || bytes > mostReady.bytes;
    if (!isTooMuch || !oldest || others.length === 0) return;
    await expire(world, oldest);
  }
}

async function expire(world: Library, job: ExportJob): Promise<void> {
  await remove(exportFile(world, job));
  inTransaction(world.db, (tx) => expireExport(tx, job));
}

/** Removes the files whose time is over, and what belongs to no job. */
async function expireExports(world: Library): Promise<void> {
  const { db, clock } = world;
  for (const job of exportsIn(db, 'READY')) {
    if ((job.validUntil ?? 0) > clock.now()) continue;
    await expire(world, job);
    changed(world);
  }
  for (const name of await readdir(exportFolder(world)).catch(() => []))
    if (exportById(db, name)?.state !== 'READY') await remove(join(exportFolder(world), name));
}
