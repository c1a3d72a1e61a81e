import * as v from 'valibot';
import type { Language } from '../base/errors.ts';
import { formatYuan } from '../base/money.ts';
import { credentials, keyFor } from './credentials.ts';
import { type ExitStatus, exitStatus } from './failure.ts';
import {
  type InvoiceAnswer,
  type InvoiceOutcomeAnswer,
  invoiceAnswer,
  invoiceResult,
  invoicesAnswer,
} from './invoice-contract.ts';
import type { Run } from './run.ts';
import { pairs, table } from './table.ts';
import { stanOf } from './transactions.ts';
import { numberOf } from './typed.ts';
import { stateText, timeText } from './words.ts';

export interface InvoiceFlags {
  readonly title: string;
  readonly company: boolean;
  readonly taxNo: string | undefined;
  readonly address: string | undefined;
  readonly phone: string | undefined;
  readonly email: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** `pos invoice issue`: one for each key. A tax number says that it is for a company. */
export async function issueInvoice(run: Run, stan: string, flags: InvoiceFlags): Promise<ExitStatus> {
  const { company, idempotencyKey: key, ...customer } = flags;
  const titleKind = company || flags.taxNo !== undefined ? 'company' : 'personal';
  const order = { stan: stanOf(stan), titleKind, ...customer };
  const who = await credentials(run);
  const body = { ...who, ...order, idempotencyKey: keyFor(run, key) };
  return outcome(run, await run.client.post('/invoices', body, run.step));
}

/** `pos invoice red`. */
export async function takeInvoiceBack(run: Run, no: string): Promise<ExitStatus> {
  return outcome(run, await run.client.post(`/invoices/${numberOf(no)}/red`, await credentials(run), run.step));
}

async function outcome(run: Run, raw: unknown): Promise<ExitStatus> {
  const ended = v.parse(invoiceResult, raw).outcome;
  await run.show(raw, () => outcomeText(ended, run.language));
  if (ended.printProblem) {
    const { no } = ended.invoice;
    run.note(
      `发票未打印 (${ended.printProblem})，请用 pos invoice reprint ${no}`,
      `It was not printed (${ended.printProblem}); use pos invoice reprint ${no}`,
    );
  }
  return exits[ended.kind];
}

const exits = {
  issued: exitStatus.ok,
  refused: exitStatus.declined,
  failed: exitStatus.declined,
  continues: exitStatus.unknown,
} as const satisfies Record<InvoiceOutcomeAnswer['kind'], ExitStatus>;

function outcomeText({ kind, invoice, reason = '' }: InvoiceOutcomeAnswer, language: Language): string {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const [amount, number, red] = [formatYuan(invoice.amountFen), invoice.invoiceNo ?? '', invoice.kind === 'red'];
  switch (kind) {
    case 'issued':
      return red
        ? say(`已红冲 ${amount} 元，红字发票 ${number}`, `Taken back: ${amount} yuan, red invoice ${number}`)
        : say(`已开发票 ${number}，${amount} 元`, `Invoice ${number} of ${amount} yuan`);
    case 'refused':
      return say(`主机拒绝 (${reason})`, `The host refused it (${reason})`);
    case 'failed':
      return say(`开票失败 (${reason})，可重新申请`, `It failed (${reason}); it may be asked for again`);
    case 'continues':
      return say(
        `开票处理中，结果请看 pos invoice show ${invoice.no}`,
        `It is under way; see pos invoice show ${invoice.no}`,
      );
  }
}

/** `pos invoice list`. */
export async function listInvoices(run: Run, limit: number): Promise<ExitStatus> {
  const raw = await run.client.get(`/invoices?limit=${limit}`);
  const { invoices } = v.parse(invoicesAnswer, raw);
  const head = [
    run.say('编号', 'No'),
    run.say('时间', 'Time'),
    run.say('流水号', 'STAN'),
    run.say('金额', 'Amount'),
    run.say('发票号码', 'Invoice'),
    run.say('状态', 'State'),
    run.say('原因', 'Reason'),
  ];
  await run.show(raw, () =>
    invoices.length === 0
      ? run.say('没有发票', 'No invoices')
      : table(
          head,
          invoices.map((one) => invoiceRow(one, run)),
          [3],
        ),
  );
  return exitStatus.ok;
}

const stateOf = ({ state, redDue }: InvoiceAnswer, run: Run): string =>
  stateText(state, run.language) + (redDue ? run.say('，待红冲', ', to be taken back') : '');

const invoiceRow = (one: InvoiceAnswer, run: Run): readonly string[] => [
  one.no,
  timeText(one.requestedAt),
  one.stan,
  (one.kind === 'red' ? '-' : '') + formatYuan(one.amountFen),
  one.invoiceNo ?? '',
  stateOf(one, run),
  one.reason ?? '',
];

/** `pos invoice show`. */
export async function showInvoice(run: Run, no: string): Promise<ExitStatus> {
  const raw = await run.client.get(`/invoices/${numberOf(no)}`);
  const one = v.parse(invoiceAnswer, raw);
  const rows: readonly [string, string][] = [
    [run.say('编号', 'No'), one.no],
    [run.say('状态', 'State'), stateOf(one, run)],
    [run.say('原因', 'Reason'), one.reason ?? ''],
    [run.say('金额', 'Amount'), `${formatYuan(one.amountFen)} ${run.say('元', 'yuan')}`],
    [run.say('发票号码', 'Invoice'), one.invoiceNo ?? ''],
    [run.say('查看', 'Link'), one.url ?? ''],
    [run.say('红冲', 'Takes back'), one.of ?? ''],
    [run.say('抬头', 'Title'), one.title],
    [run.say('税号', 'Tax number'), one.taxNo ?? ''],
    [run.say('手机', 'Phone'), one.phone ?? ''],
    [run.say('邮箱', 'E-mail'), one.email ?? ''],
    [run.say('流水号', 'STAN'), one.stan],
    [run.say('交易编号', 'Payment'), one.payment],
    [run.say('时间', 'Time'), timeText(one.requestedAt)],
    [run.say('操作员', 'Operator'), one.operator],
    [run.say('打印次数', 'Prints'), String(one.prints)],
  ];
  await run.show(raw, () => pairs(rows.filter(([, value]) => value !== '')));
  return exitStatus.ok;
}

/** `pos invoice reprint`. */
export async function reprintInvoice(run: Run, no: string): Promise<ExitStatus> {
  const raw = await run.client.post(`/invoices/${numberOf(no)}/reprint`, await credentials(run), run.step);
  await run.show(raw, () => run.say('发票已重打', 'It was printed again'));
  return exitStatus.ok;
}
