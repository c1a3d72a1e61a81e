import { existsSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { TerminalError } from '../base/errors.ts';
import { lockHome } from '../base/lock-home.ts';
import { systemRandom } from '../base/random.ts';
import { confirm } from './credentials.ts';
import { CommandFailed, type ExitStatus, exitStatus, stillRunning, usage } from './failure.ts';
import { newSecret } from './new-secret.ts';
import type { Run } from './run.ts';

/**
 * `pos operator reset 00` (or 99): a new first secret when the old one is forgotten. Nobody at the terminal may do this, only whoever owns its file, while
 * it is stopped: the same lock that keeps a second terminal out keeps a starting one out meanwhile.
 */
export async function resetOperator(run: Run, no: string, file: string | undefined): Promise<ExitStatus> {
  if (no !== '00' && no !== '99')
    throw usage(
      `只能重置 00 或 99；其他请 00 用 pos operator passwd ${no}`,
      `Only 00 and 99; for others 00 uses pos operator passwd ${no}`,
    );
  const book = join(run.home, 'terminal.db');
  if (!existsSync(book)) throw new TerminalError('NOT_FOUND', { what: 'terminal.db', no: book });
  if (statSync(book).uid !== userInfo().uid) throw notOwner(book);
  const lock = lockHome(run.home);
  if (!lock) throw stillRunning(run.home);
  try {
    await confirm(run, {
      what: run.say(`重置操作员 ${no} 的密码`, `Reset the secret of operator ${no}`),
      how: run.say(`确认请输入 ${no}`, `Type ${no}`),
      word: no,
    });
    const secret = await newSecret(run, no, file);
    await writeSecret(run, book, no, secret);
  } finally {
    lock.release();
  }
  await run.show({ reset: no }, () =>
    run.say(
      `操作员 ${no} 的密码已重置，已记入审计`,
      `The secret of operator ${no} was reset, and written to the audit trail`,
    ),
  );
  return exitStatus.ok;
}

async function writeSecret(run: Run, book: string, no: string, secret: string): Promise<void> {
  const { openDatabase } = await import('../base/database.ts');
  const { resetSecret } = await import('../users/manage-users.ts');
  const db = openDatabase(book);
  try {
    const { username, uid } = userInfo();
    await resetSecret(db, { clock: run.shell.clock, random: systemRandom }, `${username} (${uid})`, no, secret);
  } catch (error) {
    // An older book has other tables: the terminal brings them up to date when it starts.
    if (error instanceof Error && error.name === 'SqliteError')
      throw new TerminalError('DATABASE_CORRUPT', { sqlite: error.message }, error);
    throw error;
  } finally {
    db.close();
  }
}

const notOwner = (book: string): CommandFailed =>
  new CommandFailed({
    code: 'NO_PERMISSION',
    exit: exitStatus.failed,
    zh: `只有 ${book} 的属主可以重置`,
    en: `Only the owner of ${book} may reset a secret`,
    details: { file: book },
  });
