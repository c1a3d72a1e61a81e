import { mkdirSync, statfsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFile } from '../base/backup.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction, openDatabase } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { checkRows } from '../exports/check-query.ts';
import { writeCsv } from '../exports/csv-file.ts';
import type { ExportJob } from '../exports/export.ts';
import { writeHtml } from '../exports/html-file.ts';
import { beginExport, expireExport, failExport, finishExport, restartExport } from '../exports/keep-export.ts';
import { OutFile } from '../exports/out-file.ts';
import { exportById, exportsIn } from '../exports/queries.ts';
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

/** Makes what waits, until nothing does or `signal` is aborted; what a process left half is made anew. */
export async function makeExports(world: Library, signal: AbortSignal): Promise<void> {
  await expireExports(world);
  for (const left of exportsIn(world.db, 'RUNNING')) inTransaction(world.db, (tx) => restartExport(tx, left));
  for (let [job] = exportsIn(world.db, 'QUEUED'); job && !signal.aborted; [job] = exportsIn(world.db, 'QUEUED')) {
    await makeExport(world, job, signal);
    changed(world);
  }
}

async function makeExport(world: Library, queued: ExportJob, signal: AbortSignal): Promise<void> {
  const job = inTransaction(world.db, (tx) => beginExport(tx, queued));
  const file = exportFile(world, job);
  at('export.running');
  try {
    mkdirSync(exportFolder(world), { recursive: true, mode: 0o700 });
    const made = await write(world, job, `${file}.part`, signal);
    await rename(`${file}.part`, file);
    syncFile(exportFolder(world));
    at('export.made');
    inTransaction(world.db, (tx) => {
      const now = world.clock.now();
      finishExport(tx, now, job, made);
      const { id: about, name, by: to } = job;
      notice(tx, now, { text: 'N-05', about, values: { name }, level: 'info', to });
    });
    at('export.after-ready');
  } catch (error) {
    await rm(`${file}.part`, { force: true });
    if (signal.aborted) return; // made anew after the next start
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    await rm(file, { force: true });
    world.log('error', 'export-failed', { id: job.id, code: refusal.code });
    inTransaction(world.db, (tx) => failExport(tx, job, refusal.code));
  }
}

/** A full disk, whoever says so. */
function refusalOf(error: unknown): TerminalError | undefined {
  if (error instanceof TerminalError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EIO' || code === 'EROFS' || code === 'EFBIG'
    ? new TerminalError('DISK_FULL', { what: String(code) }, error)
    : undefined;
}

async function write(world: Library, job: ExportJob, file: string, signal: AbortSignal) {
  const reader = openDatabase(world.db.name, { readonly: true });
  const out = await OutFile.create(file);
  try {
    reader.exec('BEGIN');
    const sheet = await sheetOf({ ...world, db: reader }, job);
    const { db, home } = world;
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
    reader.close();
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

/** Removes the files whose time is over, and what belongs to no job. */
async function expireExports(world: Library): Promise<void> {
  const { db, clock } = world;
  for (const job of exportsIn(db, 'READY')) {
    if ((job.validUntil ?? 0) > clock.now()) continue;
    await rm(exportFile(world, job), { force: true });
    inTransaction(db, (tx) => expireExport(tx, job));
    changed(world);
  }
  for (const name of await readdir(exportFolder(world)).catch(() => []))
    if (exportById(db, name)?.state !== 'READY') await rm(join(exportFolder(world), name), { force: true });
}
