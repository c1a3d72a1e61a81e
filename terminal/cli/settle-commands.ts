import { Argument, type Command, Option } from 'commander';
import type { Doing } from './act.ts';
import type { Say } from './help.ts';
import { keyOption, limitOption } from './options.ts';
import { keyOf, limitOf, textOf } from './typed.ts';

/** `pos settle …`, `pos profile …`. */
export function addSettle(pos: Command, say: Say, doing: Doing): void {
  const settle = pos
    .command('settle')
    .description(say('资金结算', 'settle the available balance'))
    .option('--amount <yuan>', say('金额，元', 'amount in yuan'))
    .option('--all', say('全部可用余额', 'all that is available'))
    .option(...keyOption(say))
    .action(
      doing(async (run, _, flags) =>
        (await import('./settle.ts')).settle(run, {
          amount: textOf(flags['amount']),
          all: flags['all'] === true,
          idempotencyKey: keyOf(flags['idempotencyKey']),
        }),
      ),
    );
  addLooking(settle, say, doing);
  addChoosing(settle, say, doing);
  addChecking(settle, say, doing);
  addTickets(settle, say, doing);
  addProfile(pos, say, doing);
}

const numberArgument = (say: Say) => ['<no>', say('结算编号', 'its number')] as const;

function addLooking(settle: Command, say: Say, doing: Doing): void {
  settle
    .command('status')
    .description(say('余额、方式、账户、有何障碍', 'balances, mode, account, what is in the way'))
    .action(doing(async (run) => (await import('./settle-home.ts')).showHome(run)));
  settle
    .command('list')
    .description(say('结算记录', 'the last settlements'))
    .option(...limitOption(say))
    .action(
      doing(async (run, _, flags) => (await import('./settle.ts')).listSettlements(run, limitOf(flags['limit']))),
    );
  settle
    .command('show')
    .description(say('一次结算和其中每一笔', 'one settlement and each payment in it'))
    .argument(...numberArgument(say))
    .option(...limitOption(say, '100'))
    .action(
      doing(async (run, [no], flags) =>
        (await import('./settle-details.ts')).showSettlement(run, no ?? '', limitOf(flags['limit'])),
      ),
    );
}

function addChoosing(settle: Command, say: Say, doing: Doing): void {
  settle
    .command('mode')
    .description(say('申请结算方式，下一周期生效', 'apply for a mode, from the next cycle on'))
    .addArgument(
      new Argument('<mode>', say('自动 AUTO、手动 MANUAL、实时 REALTIME', 'AUTO, MANUAL or REALTIME'))
        .choices(['AUTO', 'MANUAL', 'REALTIME'])
        .argParser(String), // what is not among them the terminal refuses
    )
    .option('--daily', say('每个工作日', 'each business day'))
    .option('--weekly <n>', say('每周几，1 周一 至 7 周日', 'that day of the week, 1 Monday to 7 Sunday'))
    .option('--monthly <n>', say('每月几日，1 至 28', 'that day of the month, 1 to 28'))
    .option(...keyOption(say))
    .action(
      doing(async (run, [mode], flags) =>
        (await import('./settle-setup.ts')).applyMode(run, mode ?? '', {
          daily: flags['daily'] === true,
          weekly: textOf(flags['weekly']),
          monthly: textOf(flags['monthly']),
          idempotencyKey: keyOf(flags['idempotencyKey']),
        }),
      ),
    );
  const account = settle.command('account').description(say('结算账户', 'the settlement account'));
  account
    .command('add')
    .description(say('申请结算账户，上游核验', 'apply for an account, which upstream verifies'))
    .option(
      '--from-file <file>',
      say('账户文件 {"name","number","id","bank"}，- 为标准输入', 'file {"name","number","id","bank"}, - for stdin'),
    )
    .addOption(
      new Option('--destination <bank|payment>', say('银行账户或支付账户', 'what account it is'))
        .choices(['bank', 'payment'])
        .default('bank'),
    )
    .option(...keyOption(say))
    .action(
      doing(async (run, _, flags) =>
        (await import('./settle-setup.ts')).addAccount(run, {
          fromFile: textOf(flags['fromFile']),
          destination: textOf(flags['destination']),
          idempotencyKey: keyOf(flags['idempotencyKey']),
        }),
      ),
    );
  account
    .command('list')
    .description(say('各版本', 'every version'))
    .action(doing(async (run) => (await import('./settle-setup.ts')).listAccounts(run)));
}

function addChecking(settle: Command, say: Say, doing: Doing): void {
  settle
    .command('check')
    .description(say('确认一次结算无误', 'confirm that a settlement is right'))
    .argument(...numberArgument(say))
    .action(doing(async (run, [no]) => (await import('./settle-details.ts')).checkSettlement(run, no ?? '')));
  settle
    .command('dispute')
    .description(say('对一次结算或其中一笔提出异议', 'dispute a settlement, or a payment in it'))
    .argument(...numberArgument(say))
    .option('--payment <p>', say('其中一笔的流水号或交易编号', 'STAN or number of a payment in it'))
    .requiredOption('--text <text>', say('说明', 'what is wrong'))
    .option(...keyOption(say))
    .action(
      doing(async (run, [no], flags) =>
        (await import('./settle-details.ts')).disputeSettlement(run, no ?? '', {
          payment: textOf(flags['payment']),
          text: textOf(flags['text']) ?? '',
          idempotencyKey: keyOf(flags['idempotencyKey']),
        }),
      ),
    );
  settle
    .command('stop')
    .description(say('撤回上游未受理的结算', 'stop what upstream has not accepted'))
    .argument(...numberArgument(say))
    .action(doing(async (run, [no]) => (await import('./settle-details.ts')).stopSettlement(run, no ?? '')));
  settle
    .command('slip')
    .description(say('打印资金结算单', 'print the settlement slip'))
    .argument(...numberArgument(say))
    .action(doing(async (run, [no]) => (await import('./settle-details.ts')).printSettlement(run, no ?? '')));
}

function addTickets(settle: Command, say: Say, doing: Doing): void {
  const ticket = settle.command('ticket').description(say('异议工单', 'tickets of disputes'));
  ticket
    .command('list')
    .description(say('工单和答复', 'tickets and answers'))
    .action(doing(async (run) => (await import('./settle-details.ts')).listTickets(run)));
  ticket
    .command('close')
    .description(say('接受答复，关闭工单', 'accept the answer'))
    .argument('<no>', say('工单编号', 'its number'))
    .action(doing(async (run, [no]) => (await import('./settle-details.ts')).closeTicket(run, no ?? '')));
}

function addProfile(pos: Command, say: Say, doing: Doing): void {
  const profile = pos.command('profile').description(say('商户资料', 'merchant information'));
  profile
    .command('show')
    .description(say('现在的资料', 'as it is'))
    .action(doing(async (run) => (await import('./settle-setup.ts')).showProfile(run)));
  profile
    .command('set')
    .description(say('修改，空值为删除', 'change it; an empty text takes away'))
    .option('--email <address>', say('邮箱', 'e-mail'))
    .option('--mobile <no>', say('手机', 'mobile'))
    .option('--address <text>', say('邮寄地址', 'address for paper'))
    .option('--contact <name>', say('联系人', 'contact'))
    .option('--agree <version>', say('同意该版协议', 'accept this version of the agreement'))
    .option('--remind <yuan>', say('余额提醒额度，元，0 为不提醒', 'remind from this balance on, 0: never'))
    .option(...keyOption(say))
    .action(
      doing(async (run, _, flags) =>
        (await import('./settle-setup.ts')).setProfile(run, {
          email: textOf(flags['email']),
          mobile: textOf(flags['mobile']),
          address: textOf(flags['address']),
          contact: textOf(flags['contact']),
          agree: textOf(flags['agree']),
          remind: textOf(flags['remind']),
          idempotencyKey: keyOf(flags['idempotencyKey']),
        }),
      ),
    );
}
