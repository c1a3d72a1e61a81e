import type { Command } from 'commander';
import type { Doing } from './act.ts';
import type { Say } from './help.ts';

/** `pos backup`, `pos restore`. */
export function addBackup(pos: Command, say: Say, doing: Doing): void {
  pos
    .command('backup')
    .description(say('备份账本，营业中也可', 'copy the book, also while selling'))
    .argument('<file>', say('备份文件，- 为标准输出', 'the copy, - for stdout'))
    .option('--force', say('覆盖已有文件', 'over an existing file'))
    .action(
      doing(async (run, [file], flags) =>
        (await import('./backup.ts')).backUpTo(run, file ?? '', flags['force'] === true),
      ),
    );
  pos
    .command('restore')
    .description(say('从备份恢复账本，终端须已停', 'put a copy of the book back; the terminal must be stopped'))
    .argument('<file>', say('备份文件', 'the copy'))
    .action(doing(async (run, [file]) => (await import('./restore.ts')).restoreFrom(run, file ?? '')));
}
