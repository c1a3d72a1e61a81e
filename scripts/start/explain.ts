import { join, resolve } from 'node:path';
import type { ErrorCode } from '../../terminal/base/error-table.ts';
import { errorText, TerminalError } from '../../terminal/base/errors.ts';
import { HostFailed } from '../host-process.ts';
import { UsageError, usageLines } from './options.ts';

type Lines = readonly string[];

/** Why the program ends, and what to do: Chinese first, English second. `home`: the folder that it was about. */
export function explain(error: unknown, home: string): Lines {
  if (error instanceof UsageError) return [`不认识 not known: ${error.message}`, ...usageLines];
  if (error instanceof HostFailed) {
    const log = join(resolve(home), 'log', 'host.log');
    return [
      '主机未能启动 The host did not start:',
      `  ${error.words}`,
      `请看日志, 改正后重新启动 See ${log}, then start again`,
    ];
  }
  const refusal = error instanceof TerminalError ? error : systemRefusal(error);
  if (refusal) {
    const { code, details } = refusal;
    const texts = (['zh', 'en'] as const).map((language) => errorText(code, details, language));
    return [`${code}: ${texts[0]}`, `${texts[1]}`, ...advice(code, resolve(home))];
  }
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    '程序出错, 已停止; 账目无损, 可重新启动',
    'The program failed and stopped; no money is lost, start again',
    words,
  ];
}

export const homeInUse = (home: string): Lines => [
  `这个目录的终端已经在运行: ${resolve(home)}`,
  'A terminal is running in this folder already.',
  `  回到那个窗口; 或看它的状态 go to its window, or ask it:  npm run --silent pos -- --home ${home} doctor`,
  '  再开一台 start another one:  npm start -- --home .pos-2',
];

const unusable: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOTDIR', 'SQLITE_CANTOPEN']);

/** What the system says where nothing of ours has caught it. */
function systemRefusal(error: unknown): TerminalError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const what = error instanceof Error ? error.message : '';
  if (code === 'ENOSPC' || code === 'SQLITE_FULL') return new TerminalError('DISK_FULL');
  if (typeof code === 'string' && unusable.has(code))
    return new TerminalError('BAD_REQUEST', { what: `目录不能用 folder cannot be used: ${what}` });
  return undefined;
}

function advice(code: ErrorCode, home: string): Lines {
  switch (code) {
    case 'DATABASE_NEWER':
      return [
        `  装新版程序 install the newer program; 或移开 ${home} 从头开始 or move it aside and begin anew:`,
        `  npm start -- --home ${home} --fresh`,
      ];
    case 'DATABASE_CORRUPT':
      return [
        `  先另存整个目录 keep a copy of the whole folder first: ${home}`,
        `  备份在 backups are in: ${join(home, 'backups')}`,
        `  恢复一个 put one back: npm run pos -- --home ${home} restore FILE`,
      ];
    case 'DISK_FULL':
      return [`  看剩余空间 see what is left:  df -h ${home}`];
    case 'BAD_REQUEST':
      return [`  目录 folder: ${home}`];
    case 'PORT_IN_USE':
    case 'DATABASE_BUSY':
      return homeInUse(home);
    default:
      return [];
  }
}
