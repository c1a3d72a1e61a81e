import type { Database } from '../base/database.ts';
import type { ExportJob, ExportKind } from './export.ts';
import { getExport, getExportOfKey, getExports, getExportsIn, getReady } from './store.ts';

/** What faces and flows read of exports. */

export const exportById = (db: Database, id: string): ExportJob | undefined => getExport(db, id);
/** The newest first, of these kinds. */
export const newestExports = (db: Database, kinds: readonly ExportKind[], limit: number): readonly ExportJob[] =>
  getExports(db, kinds, limit);
/** The oldest first. */
export const exportsIn = (db: Database, state: 'QUEUED' | 'RUNNING' | 'READY'): readonly ExportJob[] =>
  getExportsIn(db, state);
export const exportOfKey = (db: Database, end: string): ExportJob | undefined => getExportOfKey(db, end);
export const readyExports = (db: Database): { readonly files: number; readonly bytes: number } => getReady(db);
