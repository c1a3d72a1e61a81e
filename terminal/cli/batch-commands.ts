import type { Command } from 'commander';
import type { Doing } from './act.ts';
import type { Say } from './help.ts';
import { limitOption, supervisorOption } from './options.ts';
import { limitOf, textOf } from './typed.ts';

/** `pos batch …` */
export function addBatch(pos: Command, say: Say, doing: Doing): void {
  const batch = pos.command('batch').description(say('批次', 'the batch'));
  batch
    .command('status')
    .description(say('当前批次', 'the open batch'))
    .action(doing(async (run) => (await import('./status.ts')).showBatch(run)));
  batch
    .command('list')
    .description(say('最近的批次', 'the newest first'))
    .option(...limitOption(say))
    .action(
      doing(async (run, _, flags) => (await import('./batch-list.ts')).listBatches(run, limitOf(flags['limit']))),
    );
  batch
    .command('show')
    .description(say('一个批次', 'one batch'))
    .argument('<no>', say('批次号', 'its number'))
    .option('--differences', say('逐笔差异', 'each record that differed'))
    .action(
      doing(async (run, [no], flags) =>
        (await import('./batch-list.ts')).showBatchNo(run, no ?? '', flags['differences'] === true),
      ),
    );
  batch
    .command('close')
    .description(say('批结算', 'close the batch'))
    .action(doing(async (run) => (await import('./batch.ts')).closeBatch(run)));
  batch
    .command('resume')
    .description(say('按主机裁定继续出错的批次', 'go on with a batch in error, as the host decided'))
    .option(...supervisorOption(say))
    .action(
      doing(async (run, _, flags) => (await import('./resume.ts')).resumeBatch(run, textOf(flags['supervisorFile']))),
    );
  batch
    .command('reprint')
    .description(say('重打结算单', 'print the slip of the last close again'))
    .action(doing(async (run) => (await import('./batch.ts')).reprintBatchSlip(run)));
}

/** `pos txn resume` */
export function addResume(txn: Command, say: Say, doing: Doing): void {
  txn
    .command('resume')
    .description(say('联系主机后再次冲正', 'send a reversal that needs a person once more'))
    .argument('<stan>', say('流水号', 'its STAN'))
    .option(...supervisorOption(say))
    .action(
      doing(async (run, [stan], flags) =>
        (await import('./resume.ts')).resumeReversal(run, stan ?? '', textOf(flags['supervisorFile'])),
      ),
    );
}
