import * as v from 'valibot';
import { formatYuan } from '../base/money.ts';
import { instrumentWords, typeWords } from '../flows/export-words.ts';
import { showApplication } from './application.ts';
import { type ReportLineAnswer, reportAnswer, statementAnswer, statementsAnswer } from './book-contract.ts';
import { credentials, keyFor } from './credentials.ts';
import { type ExitStatus, exitStatus } from './failure.ts';
import type { Run } from './run.ts';
import { pairs, table } from './table.ts';
import { dayOf, query } from './typed.ts';
import { stateText, timeText, wordOf } from './words.ts';

export interface Days {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

const checkedDays = ({ from, to }: Days) => ({
  ...(from !== undefined && { from: dayOf(from) }),
  ...(to !== undefined && { to: dayOf(to) }),
});

/** `pos statement list`: from the newest day back; the last 31 days unless told. */
export async function listStatements(run: Run, days: Days): Promise<ExitStatus> {
  const raw = await run.client.get(`/statements${query(checkedDays(days))}`);
  const { statements } = v.parse(statementsAnswer, raw);
  const head = [
    run.say('日期', 'Day'),
    run.say('期初', 'Opening'),
    run.say('收入', 'In'),
    run.say('支出', 'Out'),
    run.say('期末', 'Closing'),
    run.say('行数', 'Lines'),
  ];
  const rows = statements.map((one) => [
    one.date,
    ...[one.openingFen, one.inFen, one.outFen, one.closingFen].map(formatYuanOf),
    String(one.lines),
  ]);
  await run.show(raw, () =>
    rows.length === 0
      ? run.say('没有对账单，前一天的在 10:00 后生成', 'No statements; that of a day is made after 10:00 of the next')
      : table(head, rows, [1, 2, 3, 4, 5]),
  );
  return exitStatus.ok;
}

const formatYuanOf = (fen: number): string => formatYuan(fen);

/** `pos statement show DATE`. */
export async function showStatement(run: Run, typed: string, limit: number): Promise<ExitStatus> {
  const day = dayOf(typed);
  const raw = await run.client.get(`/statements/${day}?limit=${limit}`);
  const { head: top, lines } = v.parse(statementAnswer, raw);
  const { say, language } = run;
  const heads = [
    say('行', 'Line'),
    say('时间', 'Time'),
    say('类型', 'Type'),
    say('方式', 'By'),
    say('收支', 'Amount'),
    say('余额', 'Balance'),
  ];
  const rows = lines.map((one) => [
    String(one.line),
    timeText(one.at),
    wordOf(typeWords, one.type, language),
    one.instrument === null ? '' : wordOf(instrumentWords, one.instrument, language),
    formatYuan(one.amountFen),
    formatYuan(one.balanceFen),
  ]);
  const facts = pairs([
    [say('对账单', 'Statement'), `${top.no} ${top.date}`],
    [say('期初', 'Opening'), formatYuan(top.openingFen)],
    [say('收入', 'In'), formatYuan(top.inFen)],
    [say('支出', 'Out'), formatYuan(top.outFen)],
    [say('期末', 'Closing'), formatYuan(top.closingFen)],
    ['SHA-256', top.sha256],
  ]);
  await run.show(raw, async () =>
    rows.length === 0 ? facts : `${await facts}\n\n${await table(heads, rows, [0, 4, 5])}`,
  );
  if (lines.length < top.lines)
    run.note(
      `只列出前 ${lines.length} 行，全部请用 pos export make statement --about ${day}`,
      `The first ${lines.length} lines only; for all: pos export make statement --about ${day}`,
    );
  return exitStatus.ok;
}

/** `pos statement paper MONTH` (B-035). */
export async function askForPaper(
  run: Run,
  month: string,
  flags: { readonly address: string | undefined; readonly idempotencyKey: string | undefined },
): Promise<ExitStatus> {
  const who = await credentials(run);
  const { address } = flags;
  const body = {
    ...who,
    month,
    ...(address !== undefined && { address }),
    idempotencyKey: keyFor(run, flags.idempotencyKey),
  };
  return showApplication(run, await run.client.post('/settlement/paper-statement', body, run.step));
}

/** `pos report`: today unless told. As --operator sees it; without one, as the operator at the keypad does (B-037). */
export async function showReport(run: Run, given: Days): Promise<ExitStatus> {
  const days = checkedDays(given);
  const raw =
    run.options.operator === undefined
      ? await run.client.get(`/report${query(days)}`)
      : await run.client.post('/report', { ...(await credentials(run)), ...days }, run.step);
  const report = v.parse(reportAnswer, raw);
  const { say, language } = run;
  const total = { ...report.total, name: say('合计', 'Total') };
  const by = (zh: string, en: string, lines: readonly ReportLineAnswer[], name: (code: string) => string) =>
    reportTable(run, say(zh, en), [...lines.map((line) => ({ ...line, name: name(line.name) })), total]);
  await run.show(raw, async () =>
    [
      [
        report.from === report.to ? report.from : `${report.from} – ${report.to}`,
        report.of === undefined ? '' : say(`操作员${report.of}`, `Operator ${report.of}`),
      ]
        .filter(Boolean)
        .join('  '),
      await by('按日', 'By day', report.byDay, (code) => code),
      await by('按支付方式', 'By instrument', report.byInstrument, (code) => wordOf(instrumentWords, code, language)),
      await by('按操作员', 'By operator', report.byOperator, (code) => code),
      report.settlements.length === 0
        ? ''
        : await table(
            [say('结算', 'Settlements'), say('日期', 'Day'), say('金额', 'Amount'), say('状态', 'State')],
            report.settlements.map((one) => [
              one.no,
              one.day,
              formatYuan(one.amountFen),
              stateText(one.state, language),
            ]),
            [2],
          ),
    ]
      .filter(Boolean)
      .join('\n\n'),
  );
  return exitStatus.ok;
}

function reportTable({ say }: Run, title: string, lines: readonly ReportLineAnswer[]): Promise<string> {
  const head = [
    title,
    say('笔数', 'Count'),
    say('金额', 'Gross'),
    say('退货', 'Refunds'),
    say('退货金额', 'Refunded'),
    say('手续费', 'Fee'),
    say('净额', 'Net'),
  ];
  const rows = lines.map((one) => [
    one.name,
    String(one.count),
    formatYuan(one.grossFen),
    String(one.refundCount),
    formatYuan(one.refundFen),
    formatYuan(one.feeFen),
    formatYuan(one.netFen),
  ]);
  return table(head, rows, [1, 2, 3, 4, 5, 6]);
}
