import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nameCopy } from '../base/backup.ts';
import { TerminalError } from '../base/errors.ts';
import { type BackupFacts, backUp, proveBackup } from '../flows/backup-book.ts';
import { CommandFailed, type ExitStatus, exitStatus } from './failure.ts';
import type { Run } from './run.ts';
import { counted } from './words.ts';

/** `pos backup FILE`: the running terminal copies its book, which is proved here, so that nobody waits for it at the counter. Never over a file. */
export async function backUpTo(run: Run, typed: string, force: boolean): Promise<ExitStatus> {
  const file = resolve(typed);
  const made = `${file}.part`;
  if (existsSync(file) && !force)
    throw new TerminalError('BAD_REQUEST', { what: `${file}: 已存在 already exists, --force` });
  rmSync(made, { force: true }); // of a backup that was cut off
  let facts: BackupFacts;
  try {
    await copyTo(run, made);
    run.step({ kind: 'progress', at: 'proving' });
    facts = { ...proveBackup(made), file };
    nameCopy(made, file, force);
  } catch (error) {
    rmSync(made, { force: true });
    throw error;
  }
  await run.show({ backup: facts }, () => backupText(run, facts));
  run.note(
    '备份含账本，不含密钥；密钥在 keys 目录，请另外妥善保管',
    'The copy holds the book, not the keys: those are in the folder keys; keep them safe elsewhere',
  );
  return exitStatus.ok;
}

/** A stopped terminal's book is copied from here. */
async function copyTo(run: Run, made: string): Promise<void> {
  try {
    await run.client.post('/backup', { file: made }, run.step);
  } catch (error) {
    if (!(error instanceof CommandFailed) || error.failure.code !== 'NOT_RUNNING') throw error;
    const book = join(run.home, 'terminal.db');
    if (!existsSync(book)) throw error;
    const { openDatabase } = await import('../base/database.ts');
    const db = openDatabase(book);
    try {
      await backUp({ db }, made, (step) => run.step({ kind: 'progress', ...step }));
    } finally {
      db.close();
    }
  }
}

const backupText = (run: Run, { file, bytes, journals }: BackupFacts): string => {
  const size = `${(bytes / 1_048_576).toFixed(1)} MB`;
  return run.say(
    `已备份并验证: ${file} (${size}, ${journals} 笔凭证)`,
    `Copied and proved: ${file} (${size}, ${counted(journals, 'journal')})`,
  );
};
