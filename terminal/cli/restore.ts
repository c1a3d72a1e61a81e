import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { TerminalError } from '../base/errors.ts';
import { lockHome } from '../base/lock-home.ts';
import { readConfig } from '../config.ts';
import { configIn, restoreHome } from '../flows/restore-home.ts';
import { confirm } from './credentials.ts';
import { CommandFailed, type ExitStatus, exitStatus, stillRunning } from './failure.ts';
import type { Run } from './run.ts';
import { counted } from './words.ts';

/** `pos restore FILE`: for whoever owns the files of a stopped terminal. The host gives back the rest when the terminal is started. */
export async function restoreFrom(run: Run, typed: string): Promise<ExitStatus> {
  const home = resolve(run.home);
  mustOwn(home);
  const config = readConfig(configIn(home));
  const { terminal } = config;
  const lock = lockHome(home);
  if (!lock) throw stillRunning(home);
  try {
    await confirm(run, {
      what: run.say(`以备份替换终端 ${terminal} 的账本`, `Put a copy in the place of the book of terminal ${terminal}`),
      how: run.say('请输入终端号', 'Type its number'),
      word: terminal,
    });
    const done = restoreHome(home, resolve(typed), config, run.shell.clock.now());
    await showRestored(run, done);
  } finally {
    lock.release();
  }
  return exitStatus.ok;
}

async function showRestored(run: Run, done: ReturnType<typeof restoreHome>): Promise<void> {
  await run.show({ restored: done }, () =>
    run.say(
      `账本已恢复 (${done.journals} 笔凭证)${done.aside === undefined ? '' : `，原账本在 ${done.aside}`}`,
      `The book is restored (${counted(done.journals, 'journal')})${done.aside === undefined ? '' : `; the old one is ${done.aside}`}`,
    ),
  );
  run.note(
    '请启动终端: 备份之后的账由主机补回，补完前不能收款，见 pos doctor。补不回的: 打印次数、芯片数据、备份后改的操作员和密码',
    'Start the terminal: the host gives back what came after the copy, and nothing is sold until then; see pos doctor. What nobody knows any more: how often slips were printed, chip data, operators and secrets changed since',
  );
}

/** The book can not ask for a secret of its own: it is being replaced. */
function mustOwn(home: string): void {
  const owner = statSync(home, { throwIfNoEntry: false })?.uid;
  if (owner === undefined) throw new TerminalError('NOT_FOUND', { what: 'folder', no: home });
  if (owner === userInfo().uid) return;
  throw new CommandFailed({
    code: 'NO_PERMISSION',
    exit: exitStatus.failed,
    zh: `只有 ${home} 的属主可以恢复账本`,
    en: `Only the owner of ${home} may put a book back`,
    details: { home },
  });
}
