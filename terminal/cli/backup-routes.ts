import type { Hono } from 'hono';
import type { BackupStep } from '../flows/backup-book.ts';
import { backupRequest } from './contract.ts';
import type { Acting } from './device-routes.ts';

/** As `backUp` in terminal/flows. */
export type BackUp = (file: string, progress: (step: BackupStep) => void) => Promise<void>;

/** Who may open the socket owns the book's file, and the file that is made is the same person's. */
export function addBackupRoutes(app: Hono, backUp: BackUp, { read, look }: Acting): void {
  app.post('/backup', async (c) => {
    const { file } = await read(c, backupRequest);
    return look(c, async (_, progress) => {
      await backUp(file, progress);
      return { copied: file };
    });
  });
}
