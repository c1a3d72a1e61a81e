import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { TerminalError } from '../base/errors.ts';
import { CommandFailed, exitStatus, usage } from './failure.ts';
import type { Run } from './run.ts';

/** Where a command puts a file: a path, or `-` for standard output, which gets a file also out of the hands of the user that the terminal runs as. */

export const isStdout = (place: string | undefined): boolean => place === '-';

/** Said before anything is made. NOT_FOUND; CANNOT_WRITE when the folder is not for this user; USAGE for `-` with --json, which writes there too. */
export function checkPlace(run: Run, place: string): void {
  if (isStdout(place)) {
    if (!run.options.json) return;
    throw usage('- 输出文件本身，不能与 --json 同用', '- writes the file itself; leave out --json');
  }
  const folder = dirname(place);
  if (!existsSync(folder)) throw new TerminalError('NOT_FOUND', { what: 'folder', no: folder });
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new CommandFailed({
      code: 'CANNOT_WRITE',
      exit: exitStatus.failed,
      zh: `运行 pos 的用户不能写入 ${folder}，可用 - 输出到标准输出，再 > 文件`,
      en: `The user of pos may not write in ${folder}; use - for standard output and > FILE`,
      details: { folder },
    });
  }
}
