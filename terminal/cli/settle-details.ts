import * as v from 'valibot';
import type { Language } from '../base/errors.ts';
import { formatYuan } from '../base/money.ts';
import { instrumentWords } from '../flows/export-words.ts';
import { modeName, reasonText } from './application.ts';
import { confirm, credentials, keyFor } from './credentials.ts';
import { type ExitStatus, exitStatus, usage } from './failure.ts';
import type { Run } from './run.ts';
import {
  type DetailAnswer,
  disputeResult,
  type SettledAnswer,
  settlementShown,
  type TicketAnswer,
  ticketsAnswer,
} from './settlement-contract.ts';
import { pairs, table } from './table.ts';
import { stanOf } from './transactions.ts';
import { numberOf } from './typed.ts';
import { stateText, timeText, typeText, wordOf } from './words.ts';

/** Step 5: a settlement, each payment in it with its mark, and disputes. */

/** `pos settle show`. */
export async function showSettlement(run: Run, typed: string, limit: number): Promise<ExitStatus> {
  const no = numberOf(typed);
  const raw = await run.client.get(`/settlements/${no}?limit=${limit}`);
  const { settlement, payments, tickets, more } = v.parse(settlementShown, raw);
  await run.show(raw, async () =>
    [
      await pairs(detailPairs(settlement, run.language)),
      payments.length === 0 ? '' : await paymentTable(payments, settlement, run),
      ...(await Promise.all(tickets.map((ticket) => ticketText(ticket, run)))),
    ]
      .filter(Boolean)
      .join('\n\n'),
  );
  if (more)
    run.note(
      `只列出前 ${payments.length} 笔，全部请用 pos export make settlement-payments --about ${no}`,
      `The first ${payments.length} only; for all: pos export make settlement-payments --about ${no}`,
    );
  return exitStatus.ok;
}

const channels: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  email: { zh: '已发邮件', en: 'by e-mail' },
  sms: { zh: '已发短信', en: 'by SMS' },
  none: { zh: '未留联系方式', en: 'nowhere, there is no contact' },
  failed: { zh: '发送失败', en: 'failed' },
};

function detailPairs(one: DetailAnswer, language: Language): readonly [string, string][] {
  const say = (zh: string, en: string) => (language === 'zh' ? zh : en);
  const yuan = (fen: number): string => `${formatYuan(fen)} ${say('元', 'yuan')}`;
  const rows: readonly [string, string][] = [
    [say('编号', 'No'), one.no],
    [say('状态', 'State'), stateText(one.state, language) + (one.stopping ? say('，撤回中', ', being stopped') : '')],
    [say('原因', 'Reason'), one.reason === undefined ? '' : reasonText(one.reason, language)],
    [say('结算金额', 'Amount'), yuan(one.amountFen)],
    [say('服务费', 'Service fee'), yuan(one.serviceFeeFen)],
    [say('到账金额', 'Net'), yuan(one.netFen)],
    [say('账户', 'Account'), one.maskedAccount],
    [say('方式', 'Mode'), modeName(one.mode, language)],
    [say('申请人', 'By'), one.by],
    [say('申请时间', 'Requested'), timeText(one.requestedAt)],
    [say('完成时间', 'Ended'), one.endedAt === undefined ? '' : timeText(one.endedAt)],
    [say('起息日', 'Value date'), one.valueDate ?? ''],
    [say('上游单号', 'Upstream no'), one.hostRef ?? ''],
    [say('转账流水', 'Transfer no'), one.transferRef ?? ''],
    [
      say('结算单', 'Slip'),
      one.issued ? `${wordOf(channels, one.issued.channel, language)} ${one.issued.to ?? ''}`.trim() : '',
    ],
    [say('核对', 'Checked'), one.checkedBy ?? ''],
    [say('异议', 'Disputed'), one.disputed ? say('有', 'yes') : ''],
  ];
  return rows.filter(([, value]) => value !== '');
}

function paymentTable(payments: readonly SettledAnswer[], { checked }: DetailAnswer, run: Run): Promise<string> {
  const { say, language } = run;
  const markOf = ({ ticket }: SettledAnswer): string => {
    if (ticket !== undefined) return say('有异议', 'disputed');
    return checked ? say('已确认', 'checked') : '';
  };
  const row = (one: SettledAnswer) => [
    timeText(one.at),
    one.stan,
    typeText(one.type, language),
    one.entry === undefined ? '' : wordOf(instrumentWords, one.entry, language),
    formatYuan(one.grossFen),
    formatYuan(one.feeFen),
    formatYuan(one.netFen),
    markOf(one),
  ];
  const head = [
    say('时间', 'Time'),
    say('流水号', 'STAN'),
    say('类型', 'Type'),
    say('方式', 'By'),
    say('金额', 'Gross'),
    say('手续费', 'Fee'),
    say('净额', 'Net'),
    say('核对', 'Mark'),
  ];
  return table(head, payments.map(row), [4, 5, 6]);
}

/** `pos settle check`: every payment in it is right. */
export async function checkSettlement(run: Run, typed: string): Promise<ExitStatus> {
  return done(run, `/settlements/${numberOf(typed)}/check`, ['已确认', 'Confirmed']);
}

/** `pos settle stop`: only what is not accepted yet comes back. */
export async function stopSettlement(run: Run, typed: string): Promise<ExitStatus> {
  const no = numberOf(typed);
  await confirm(run, {
    what: run.say(`撤回结算 ${no}`, `Stop settlement ${no}`),
    how: run.say('确认请输入 yes', 'Type yes'),
    word: 'yes',
  });
  return done(run, `/settlements/${no}/stop`, [
    `已申请撤回，结果请看 pos settle show ${no}`,
    `Asked to stop it; see pos settle show ${no}`,
  ]);
}

/** `pos settle slip`. */
export async function printSettlement(run: Run, typed: string): Promise<ExitStatus> {
  return done(run, `/settlements/${numberOf(typed)}/print`, ['资金结算单已打印', 'The settlement slip was printed']);
}

/** `pos settle ticket close`: the answer will do. */
export async function closeTicket(run: Run, typed: string): Promise<ExitStatus> {
  return done(run, `/tickets/${numberOf(typed)}/close`, ['工单已关闭', 'The ticket is closed']);
}

async function done(run: Run, path: string, [zh, en]: readonly [string, string]): Promise<ExitStatus> {
  const raw = await run.client.post(path, await credentials(run), run.step);
  await run.show(raw, () => run.say(zh, en));
  return exitStatus.ok;
}

/** `pos settle dispute`: the whole, or one payment in it by its number or STAN. */
export async function disputeSettlement(
  run: Run,
  typed: string,
  flags: { readonly payment: string | undefined; readonly text: string; readonly idempotencyKey: string | undefined },
): Promise<ExitStatus> {
  const no = numberOf(typed);
  const payment = flags.payment === undefined ? undefined : await paymentIn(run, no, flags.payment);
  const who = await credentials(run);
  const body = {
    ...who,
    ...(payment !== undefined && { payment }),
    text: flags.text,
    idempotencyKey: keyFor(run, flags.idempotencyKey),
  };
  const raw = await run.client.post(`/settlements/${no}/dispute`, body, run.step);
  const { ticket } = v.parse(disputeResult, raw);
  await run.show(raw, () =>
    run.say(
      `已提出异议，工单 ${ticket.no}，答复请看 pos settle ticket list`,
      `Ticket ${ticket.no}; see pos settle ticket list`,
    ),
  );
  return exitStatus.ok;
}

async function paymentIn(run: Run, no: string, typed: string): Promise<string> {
  if (typed.length > 6) return numberOf(typed);
  const stan = stanOf(typed);
  const { payments } = v.parse(settlementShown, await run.client.get(`/settlements/${no}?limit=500`));
  const [one, other] = payments.filter((payment) => payment.stan === stan);
  if (one && !other) return one.payment;
  throw usage(
    `结算中${one ? '不止一笔' : '前 500 笔没有'}流水号 ${stan}，请给出交易编号`,
    `${one ? 'More than one payment has' : 'None of the first 500 has'} STAN ${stan}; give the number of the payment`,
  );
}

/** `pos settle ticket list`. */
export async function listTickets(run: Run): Promise<ExitStatus> {
  const raw = await run.client.get('/tickets');
  const { tickets } = v.parse(ticketsAnswer, raw);
  await run.show(raw, async () =>
    tickets.length === 0
      ? run.say('没有异议工单', 'No tickets')
      : (await Promise.all(tickets.map((ticket) => ticketText(ticket, run)))).join('\n\n'),
  );
  return exitStatus.ok;
}

const ticketStates: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  OPEN: { zh: '待答复', en: 'open' },
  ANSWERED: { zh: '已答复', en: 'answered' },
  CLOSED: { zh: '已关闭', en: 'closed' },
};

function ticketText(ticket: TicketAnswer, run: Run): Promise<string> {
  const { say, language } = run;
  const { answer, answeredBy = '' } = ticket;
  const rows: readonly [string, string][] = [
    [say('工单', 'Ticket'), `${ticket.no} ${wordOf(ticketStates, ticket.state, language)}`],
    [say('结算', 'Settlement'), ticket.settlement],
    [say('交易', 'Payment'), ticket.payment ?? ''],
    [say('提出', 'By'), `${ticket.by} ${timeText(ticket.at)}`],
    [say('说明', 'Text'), ticket.text],
    [say('答复', 'Answer'), answer === undefined ? '' : `${answer} (${answeredBy})`],
  ];
  return pairs(rows.filter(([, value]) => value !== ''));
}
