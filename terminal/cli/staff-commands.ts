import type { Command } from 'commander';
import type { Doing } from './act.ts';
import type { Say } from './help.ts';
import { maxAuditLines } from './max-listed.ts';
import { limitOption } from './options.ts';
import { limitOf, textOf } from './typed.ts';

const secretFile = '--new-password-file <file>';

/** `pos operator`, `pos shift`, `pos audit`, `pos init`. */
export function addStaff(pos: Command, say: Say, doing: Doing): void {
  pos
    .command('init')
    .description(say('建立首批操作员 00、99', 'make the first operators, 00 and 99'))
    .option(
      secretFile,
      say('新密码文件，每行一个，- 为标准输入', 'file with the new secrets, one on a line, - for stdin'),
    )
    .action(
      doing(async (run, _, flags) => (await import('./operator.ts')).init(run, textOf(flags['newPasswordFile']))),
    );
  addOperators(pos, say, doing);
  addShifts(pos, say, doing);
  addAudit(pos, say, doing);
}

function addOperators(pos: Command, say: Say, doing: Doing): void {
  const operator = pos.command('operator').description(say('柜员', 'the operators'));
  const no = say('操作员号', 'its number');
  const file = say('新密码文件，- 为标准输入', 'file with the new secret, - for stdin');
  operator
    .command('list')
    .description(say('查询', 'who there is'))
    .action(doing(async (run) => (await import('./operator.ts')).listOperators(run)));
  operator
    .command('add')
    .description(say('增加 (00)', 'add one (00)'))
    .argument('<no>', no)
    .option(secretFile, file)
    .action(
      doing(async (run, [typed], flags) =>
        (await import('./operator.ts')).addOperator(run, typed ?? '', textOf(flags['newPasswordFile'])),
      ),
    );
  operator
    .command('remove')
    .description(say('删除 (00)', 'remove one (00)'))
    .argument('<no>', no)
    .action(doing(async (run, [typed]) => (await import('./operator.ts')).removeOperator(run, typed ?? '')));
  operator
    .command('passwd')
    .description(say('改密，本人或由 00', 'change the own secret; 00 that of another'))
    .argument('[no]', no)
    .option(secretFile, file)
    .action(
      doing(async (run, [typed], flags) =>
        (await import('./operator.ts')).changeSecret(run, typed, textOf(flags['newPasswordFile'])),
      ),
    );
  operator
    .command('unlock')
    .description(say('解除密码锁定 (00)', 'lift a lock-out (00)'))
    .argument('<no>', no)
    .action(doing(async (run, [typed]) => (await import('./operator.ts')).unlockOperator(run, typed ?? '')));
  operator
    .command('reset')
    .description(say('重置 00 或 99 的密码，终端须已停止', 'reset the secret of 00 or 99 of a stopped terminal'))
    .argument('<no>', no)
    .option(secretFile, file)
    .action(
      doing(async (run, [typed], flags) =>
        (await import('./operator-reset.ts')).resetOperator(run, typed ?? '', textOf(flags['newPasswordFile'])),
      ),
    );
}

function addShifts(pos: Command, say: Say, doing: Doing): void {
  const shift = pos.command('shift').description(say('班次', 'shifts'));
  shift
    .command('list')
    .description(say('班次及汇总', 'shifts and what they came to'))
    .option(...limitOption(say))
    .action(doing(async (run, _, flags) => (await import('./operator.ts')).listShifts(run, limitOf(flags['limit']))));
  shift
    .command('print')
    .description(say('打印操作员汇总', 'print the operator totals'))
    .argument('[shift]', say('班次号', 'its number'))
    .action(doing(async (run, [typed]) => (await import('./operator.ts')).printShift(run, typed)));
}

function addAudit(pos: Command, say: Say, doing: Doing): void {
  const audit = pos.command('audit').description(say('审计', 'the audit trail'));
  const db = say('已停终端的数据库', 'database of a stopped terminal');
  audit
    .command('check')
    .description(say('验证审计链', 'prove that no line was changed'))
    .option('--db <file>', db)
    .action(doing(async (run, _, flags) => (await import('./audit.ts')).checkAuditNow(run, textOf(flags['db']))));
  audit
    .command('list')
    .description(say('最近的审计记录', 'the newest first'))
    .option(...limitOption(say, '50', maxAuditLines))
    .option('--by <NN>', say('只看某操作员', 'lines by one operator'))
    .option('--db <file>', db)
    .action(
      doing(async (run, _, flags) =>
        (await import('./audit.ts')).listAudit(run, {
          limit: textOf(flags['limit']) ?? '',
          by: textOf(flags['by']),
          db: textOf(flags['db']),
        }),
      ),
    );
}
