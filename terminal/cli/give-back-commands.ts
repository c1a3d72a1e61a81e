import type { Command } from 'commander';
import type { Doing } from './act.ts';
import type { Say } from './help.ts';
import { keyOption, limitOption, supervisorOption } from './options.ts';
import { keyOf, limitOf, textOf } from './typed.ts';

/** `pos refund …`, and what `pos txn` does about a payment. */
export function addGiveBack(pos: Command, say: Say, doing: Doing): void {
  addRefund(pos, say, doing);
  const txn = pos.commands.find((command) => command.name() === 'txn');
  if (txn) addTxn(txn, say, doing);
}

function addRefund(pos: Command, say: Say, doing: Doing): void {
  const refund = pos.command('refund').description(say('退货', 'refunds'));
  refund
    .command('make')
    .description(say('退货', 'give money back'))
    .option('--voucher <stan>', say('本机交易的凭证号', 'voucher of a payment of this terminal'))
    .option('--batch <no>', say('原批次号，缺省为最近的', 'its batch; the newest one if left out'))
    .option('--rrn <no>', say('任何终端的参考号，与 --date 同用', 'reference of any terminal, with --date'))
    .option('--date <yyyy-mm-dd>', say('原交易日期', 'day of the payment'))
    .option('--amount <yuan>', say('金额，元', 'amount in yuan'))
    .option('--all', say('全部可退金额', 'all that is left'))
    .option(...keyOption(say))
    .option(...supervisorOption(say))
    .action(
      doing(async (run, _, flags) =>
        (await import('./refund.ts')).makeRefund(run, {
          voucher: textOf(flags['voucher']),
          batch: textOf(flags['batch']),
          rrn: textOf(flags['rrn']),
          date: textOf(flags['date']),
          amount: textOf(flags['amount']),
          all: flags['all'] === true,
          idempotencyKey: keyOf(flags['idempotencyKey']),
          supervisorFile: textOf(flags['supervisorFile']),
        }),
      ),
    );
  refund
    .command('list')
    .description(say('最近的退货', 'the newest first'))
    .option(...limitOption(say))
    .action(doing(async (run, _, flags) => (await import('./refund.ts')).listRefunds(run, limitOf(flags['limit']))));
  refund
    .command('reprint')
    .description(say('重打退货单', 'print the slip of a refund again'))
    .argument('<stan>', say('退货的流水号', 'STAN of the refund'))
    .action(doing(async (run, [stan]) => (await import('./refund.ts')).reprintRefund(run, stan ?? '')));
}

function addTxn(txn: Command, say: Say, doing: Doing): void {
  txn
    .command('void')
    .description(say('撤销，预授权撤销，预授权完成撤销', 'take back a payment, a hold or a completion'))
    .argument('<stan>', say('流水号', 'its STAN'))
    .option(...supervisorOption(say))
    .action(
      doing(async (run, [stan], flags) =>
        (await import('./void.ts')).voidTransaction(run, stan ?? '', textOf(flags['supervisorFile'])),
      ),
    );
  txn
    .command('report')
    .description(say('上报可疑交易，资金待审', 'report something suspicious; its money is held for review'))
    .argument('<stan>', say('流水号', 'its STAN'))
    .requiredOption('--reason <text>', say('原因', 'why'))
    .action(
      doing(async (run, [stan], flags) =>
        (await import('./void.ts')).reportTransaction(run, stan ?? '', textOf(flags['reason']) ?? ''),
      ),
    );
  txn
    .command('waiting')
    .description(say('待上送的离线交易', 'offline transactions that the host has not answered'))
    .action(doing(async (run) => (await import('./transactions.ts')).listWaiting(run)));
}
