import { copyFileSync, createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { nameCopy } from '../base/backup.ts';
import { TerminalError } from '../base/errors.ts';
import { type BackupFacts, backUp, proveBackup } from '../flows/backup-book.ts';
import { CommandFailed, type ExitStatus, exitStatus } from './failure.ts';
import { checkPlace, isStdout } from './place.ts';
import type { Run } from './run.ts';
import { counted } from './words.ts';

/**
 * `pos backup FILE`: the running terminal copies its book, into its own home, which is all it may write to; here the copy is proved, so that nobody waits for it at the
 * counter, and moved. Never over a file.
 */
export async function backUpTo(run: Run, typed: string, force: boolean): Promise<ExitStatus> {
  const file = isStdout(typed) ? typed : resolve(typed);
  checkPlace(run, file);
  if (existsSync(file) && !force && !isStdout(file))
    throw new TerminalError('BAD_REQUEST', { what: `${file}: 已存在 already exists, --force` });
  const made = join(resolve(run.home), 'backups', `copy-${basename(file)}.part`);
  rmSync(made, { force: true }); // of a backup that was cut off
  try {
    await copyTo(run, made);
    run.step({ kind: 'progress', at: 'proving' });
    const facts = { ...proveBackup(made), file };
    if (isStdout(file)) await writeOut(run, made, facts);
    else {
      moveCopy(made, file, force);
      await run.show({ kind: 'result', backup: facts }, () => backupText(run, facts));
    }
  } finally {
    rmSync(made, { force: true });
  }
  run.note(
    '备份含账本，不含密钥；密钥在 keys 目录，请另外妥善保管',
    'The copy holds the book, not the keys: those are in the folder keys; keep them safe elsewhere',
  );
  return exitStatus.ok;
}

async function writeOut(run: Run, made: string, facts: BackupFacts): Promise<void> {
  await run.shell.outFile(createReadStream(made));
  const text = backupText(run, facts);
  run.note(text, text);
}

/** Also to another disk, where it gets its name when all of it is there. */
function moveCopy(made: string, file: string, force: boolean): void {
  const beside = `${file}.part`;
  try {
    renameSync(made, beside);
  } catch {
    copyFileSync(made, beside);
  }
  try {
    nameCopy(beside, file, force);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** A stopped terminal's book is copied from here. */
async function copyTo(run: Run, made: string): Promise<void> {
  const book = join(run.home, 'terminal.db');
  if (existsSync(book)) mkdirSync(dirname(made), { recursive: true, mode: 0o700 });
  try {
    await run.client.post('/backup', { file: made }, run.step);
  } catch (error) {
    if (!(error instanceof CommandFailed) || error.failure.code !== 'NOT_RUNNING' || !existsSync(book)) throw error;
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
