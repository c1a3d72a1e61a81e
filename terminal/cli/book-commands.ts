import { Argument, type Command, Option } from 'commander';
import { exportKinds } from '../exports/export.ts';
import type { Doing } from './act.ts';
import type { Say } from './help.ts';
import { keyOption, limitOption } from './options.ts';
import { keyOf, limitOf, textOf } from './typed.ts';

const fromOption = (say: Say) =>
  ['--from <day>', say('开始日期 YYYY-MM-DD，默认同结束日期', 'first day, YYYY-MM-DD; else the last')] as const;
const toOption = (say: Say) => ['--to <day>', say('结束日期，默认今天', 'last day, else today')] as const;
const daysOf = (flags: Readonly<Record<string, unknown>>) => ({ from: textOf(flags['from']), to: textOf(flags['to']) });

/** `pos reconcile`, `pos statement`, `pos report`, `pos export`, `pos notice`, `pos console`. */
export function addBook(pos: Command, say: Say, doing: Doing): void {
  addReconcile(pos, say, doing);
  addStatement(pos, say, doing);
  pos
    .command('report')
    .description(say('按日、支付方式、操作员、结算汇总', 'sums by day, instrument, operator, settlement'))
    .option(...fromOption(say))
    .option(...toOption(say))
    .action(doing(async (run, _, flags) => (await import('./statement.ts')).showReport(run, daysOf(flags))));
  addExport(pos, say, doing);
  addNotice(pos, say, doing);
  addConsole(pos, say, doing);
}

function addReconcile(pos: Command, say: Say, doing: Doing): void {
  const reconcile = pos.command('reconcile').description(say('与主机逐日对账', 'reconciliation with the host'));
  reconcile
    .command('list')
    .description(say('每日对账结果', 'the result of each day'))
    .option(...limitOption(say))
    .action(doing(async (run, _, flags) => (await import('./reconcile.ts')).listRuns(run, limitOf(flags['limit']))));
  reconcile
    .command('differences')
    .description(say('差异，或其中一个', 'the differences, or one of them'))
    .argument('[no]', say('差异编号', 'its number'))
    .option('--open', say('只看未决', 'only what is not decided'))
    .option(...limitOption(say, '50'))
    .action(
      doing(async (run, [no], flags) =>
        (await import('./reconcile.ts')).listDifferences(run, no, {
          open: flags['open'] === true,
          limit: limitOf(flags['limit']),
        }),
      ),
    );
  reconcile
    .command('examine')
    .description(say('记录核查，说明差异', 'examine a difference, explain it'))
    .argument('<no>', say('差异编号', 'its number'))
    .addArgument(
      new Argument('<finding>', say('核查中或已说明', 'what came of it')).choices(['investigating', 'explained']),
    )
    .requiredOption('--text <text>', say('说明', 'in words'))
    .action(
      doing(async (run, [no, finding], flags) =>
        (await import('./reconcile.ts')).examine(run, no ?? '', finding ?? '', textOf(flags['text']) ?? ''),
      ),
    );
}

function addStatement(pos: Command, say: Say, doing: Doing): void {
  const statement = pos.command('statement').description(say('对账单', 'daily statements'));
  statement
    .command('list')
    .description(say('每日期初、收支、期末', 'opening, movements and closing of each day'))
    .option(...fromOption(say))
    .option(...toOption(say))
    .action(doing(async (run, _, flags) => (await import('./statement.ts')).listStatements(run, daysOf(flags))));
  statement
    .command('show')
    .description(say('一日的对账单', 'the statement of a day'))
    .argument('<date>', say('日期 YYYY-MM-DD', 'the day, YYYY-MM-DD'))
    .option(...limitOption(say, '200'))
    .action(
      doing(async (run, [day], flags) =>
        (await import('./statement.ts')).showStatement(run, day ?? '', limitOf(flags['limit'])),
      ),
    );
  statement
    .command('paper')
    .description(say('申请纸质对账单', 'ask for a paper statement'))
    .argument('<month>', say('月份 YYYY-MM', 'the month, YYYY-MM'))
    .option('--address <text>', say('邮寄地址，默认为资料中的', 'where to, else as in the merchant information'))
    .option(...keyOption(say))
    .action(
      doing(async (run, [month], flags) =>
        (await import('./statement.ts')).askForPaper(run, month ?? '', {
          address: textOf(flags['address']),
          idempotencyKey: keyOf(flags['idempotencyKey']),
        }),
      ),
    );
}

function addExport(pos: Command, say: Say, doing: Doing): void {
  const exporting = pos.command('export').description(say('下载中心', 'files of what is in the book'));
  const outOption = [
    '--out <file>',
    say('存到哪里，默认当前目录，- 为标准输出', 'where to, else here under its own name; - for stdout'),
  ] as const;
  exporting
    .command('make')
    .description(say('制作文件，并存到本机', 'make a file and keep it here'))
    .addArgument(new Argument('<kind>', say('内容', 'of what')).choices(exportKinds))
    .option(...fromOption(say))
    .option(...toOption(say))
    .option(
      '--about <no>',
      say('settlement-payments 的结算编号、batch 的批次号', 'number of the settlement, of the batch'),
    )
    .addOption(
      new Option('--format <csv|xlsx|html>', say('格式', 'format')).choices(['csv', 'xlsx', 'html']).default('csv'),
    )
    .option(...outOption)
    .option(...keyOption(say))
    .action(
      doing(async (run, [kind], flags) =>
        (await import('./export.ts')).makeExport(run, kind ?? '', {
          ...daysOf(flags),
          about: textOf(flags['about']),
          format: textOf(flags['format']) ?? '',
          out: textOf(flags['out']),
          idempotencyKey: keyOf(flags['idempotencyKey']),
        }),
      ),
    );
  exporting
    .command('list')
    .description(say('做过的文件，保留七天', 'the files, each kept for seven days'))
    .option(...limitOption(say))
    .action(doing(async (run, _, flags) => (await import('./export.ts')).listExports(run, limitOf(flags['limit']))));
  exporting
    .command('get')
    .description(say('再存一次', 'keep one here once more'))
    .argument('<id>', say('文件编号', 'its number'))
    .option(...outOption)
    .action(
      doing(async (run, [id], flags) => (await import('./export.ts')).getExport(run, id ?? '', textOf(flags['out']))),
    );
}

function addNotice(pos: Command, say: Say, doing: Doing): void {
  const notice = pos.command('notice').description(say('站内信', 'notices'));
  notice
    .command('list')
    .description(say('最近的站内信', 'the newest first'))
    .option(...limitOption(say))
    .action(doing(async (run, _, flags) => (await import('./notice.ts')).listNotices(run, limitOf(flags['limit']))));
  notice
    .command('read')
    .description(say('标为已读，默认全部', 'mark as read, all unless told'))
    .argument('[id...]', say('编号', 'their numbers'))
    .action(doing(async (run, ids) => (await import('./notice.ts')).readNotices(run, ids)));
}

function addConsole(pos: Command, say: Say, doing: Doing): void {
  const operatorConsole = pos.command('console').description(say('操作员控制台', 'the operator console'));
  operatorConsole
    .command('code')
    .description(say('一次性设置码和网址 (00)', 'a set-up code, good once, and the address (00)'))
    .argument('[login]', say('忘记密码的用户', 'a user who forgot the secret'))
    .action(doing(async (run, [login]) => (await import('./notice.ts')).showConsoleCode(run, login)));
  operatorConsole
    .command('users')
    .description(say('控制台用户', 'its users'))
    .action(doing(async (run) => (await import('./notice.ts')).listConsoleUsers(run)));
}
