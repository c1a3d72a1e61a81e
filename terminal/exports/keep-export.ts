import { audit } from '../base/audit.ts';
import { at } from '../base/crash-points.ts';
import type { Tx } from '../base/database.ts';
import { type ExportJob, nextExportState, validMs } from './export.ts';
import { deleteExports, insertExport, updateExport } from './store.ts';

/** The life of an export job, one step a function, each in the transaction of its caller. */

export function queueExport(tx: Tx, job: ExportJob): void {
  insertExport(tx, job);
  const { id, by, kind, format, from, to, about } = job;
  const details = { kind, format, from, to, of: about };
  audit(tx, { at: job.at, by, action: 'export', about: id, outcome: 'ok', details });
  at('export.in-request');
}

export const beginExport = (tx: Tx, job: ExportJob): ExportJob => moved(tx, job, 'begun');

/** Its process died: the file is made from the beginning. */
export const restartExport = (tx: Tx, job: ExportJob): ExportJob => moved(tx, job, 'restarted');

/** The file is on the device, under its name. */
export function finishExport(
  tx: Tx,
  nowMs: number,
  job: ExportJob,
  made: { readonly rows: number; readonly bytes: number; readonly sha256: string },
): void {
  moved(tx, job, 'made', { ...made, validUntil: nowMs + validMs });
  at('export.in-ready');
}

/** `problem`: a code of the catalogue. */
export const failExport = (tx: Tx, job: ExportJob, problem: string): void => {
  moved(tx, job, 'failed', { problem });
};

export const expireExport = (tx: Tx, job: ExportJob): void => {
  moved(tx, job, 'expired');
};

const keepMs = 30 * 86_400_000;

/** Lets go of jobs whose files are gone. Returns how many. */
export const pruneExports = (tx: Tx, nowMs: number): number => deleteExports(tx, nowMs - keepMs);

function moved(
  tx: Tx,
  job: ExportJob,
  event: Parameters<typeof nextExportState>[1],
  more: Partial<ExportJob> = {},
): ExportJob {
  const changed: ExportJob = { ...job, ...more, state: nextExportState(job.state, event) };
  updateExport(tx, changed);
  return changed;
}
