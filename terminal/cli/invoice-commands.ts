import type { Command } from 'commander';
import type { Doing } from './act.ts';
import type { Say } from './help.ts';
import { keyOption, limitOption } from './options.ts';
import { keyOf, limitOf, textOf } from './typed.ts';

/** `pos invoice …`. */
export function addInvoices(pos: Command, say: Say, doing: Doing): void {
  const invoice = pos.command('invoice').description(say('发票', 'invoices for customers'));
  invoice
    .command('issue')
    .description(say('开具发票', 'make out an invoice of a payment'))
    .argument('<stan>', say('交易的流水号', 'STAN of the payment'))
    .requiredOption('--title <text>', say('抬头', 'whom it is made out to'))
    .option('--company', say('单位抬头，需税号', 'for a company, with its tax number'))
    .option('--tax-no <no>', say('税号，15、18或20位', 'tax number of 15, 18 or 20 characters'))
    .option('--address <text>', say('地址', 'address'))
    .option('--phone <no>', say('发送至手机', 'send it to this phone'))
    .option('--email <address>', say('发送至邮箱', 'send it to this e-mail address'))
    .option(...keyOption(say))
    .action(
      doing(async (run, [stan], flags) =>
        (await import('./invoice.ts')).issueInvoice(run, stan ?? '', {
          title: textOf(flags['title']) ?? '',
          company: flags['company'] === true,
          taxNo: textOf(flags['taxNo']),
          address: textOf(flags['address']),
          phone: textOf(flags['phone']),
          email: textOf(flags['email']),
          idempotencyKey: keyOf(flags['idempotencyKey']),
        }),
      ),
    );
  invoice
    .command('list')
    .description(say('最近的发票', 'the newest first'))
    .option(...limitOption(say))
    .action(doing(async (run, _, flags) => (await import('./invoice.ts')).listInvoices(run, limitOf(flags['limit']))));
  const one = (name: string, description: string) =>
    invoice.command(name).description(description).argument('<no>', say('编号', 'its number in the list'));
  one('show', say('一张发票', 'one invoice')).action(
    doing(async (run, [no]) => (await import('./invoice.ts')).showInvoice(run, no ?? '')),
  );
  one('red', say('红冲，退货之后', 'take it back whole, after a refund')).action(
    doing(async (run, [no]) => (await import('./invoice.ts')).takeInvoiceBack(run, no ?? '')),
  );
  one('reprint', say('重打发票', 'print it again')).action(
    doing(async (run, [no]) => (await import('./invoice.ts')).reprintInvoice(run, no ?? '')),
  );
}
