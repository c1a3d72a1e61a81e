import type { TransactionView } from '../flows/counter.ts';
import { choose, form, inMenu, result, sheet, startDesk } from './desk-go.ts';
import type { Back, Choose, DeskCommand, ReportReason, Row, Sheet } from './desk-places.ts';
import { empty, when } from './desk-rows.ts';
import { beep, go, idle, type Moment, menu, message, type Next } from './go.ts';
import { say } from './texts.ts';

/** 停止并上报 (B-046): which transaction, why, and a last question; upstream then holds the money of what was paid. */

type About = Extract<DeskCommand, { readonly is: 'report' }>['about'];

const title = say('title.report');
const reasons: readonly ReportReason[] = ['fraud', 'amount', 'customer', 'other'];

export const reportLast = (moment: Moment): Next => startDesk({ is: 'find', why: 'report' }, inMenu('report'), moment);
export const reportVoucher = (moment: Moment) => form(moment, { for: 'find', why: 'report' }, inMenu('report'));
export const reportNothing = (moment: Moment): Choose =>
  askReason(moment, { about: 'nothing', rows: [say('report.nothing')], back: inMenu('report'), where: 'menu' });

/** 功能 while a transaction waits: it was stopped as by 取消, and what came of it is reported. `sent`: the host may have it. */
export const reportStopped = (moment: Moment, stopped: number, sent: boolean): Choose =>
  askReason(moment, {
    about: sent ? 'last' : 'nothing',
    rows: [say(sent ? 'report.stoppedSent' : 'report.stopped')],
    back: 'idle',
    where: 'sale',
    stopped,
  });

export function foundToReport(txn: TransactionView | undefined, back: Back, moment: Moment): Next {
  if (!txn) {
    const then = back === 'idle' ? idle(moment) : menu(moment, 'report');
    return go(message(moment, title, [say('notice.noTransactions')], then), beep('wrong'));
  }
  // Of a refund it is the payment that is held.
  const payment = txn.type === 'refund' ? (txn.original ?? txn.payment) : txn.payment;
  return go(showToReport({ ...txn, payment }, back, moment));
}

function showToReport(txn: TransactionView, back: Back, moment: Moment): Sheet {
  const { payment, stan, at, card, amountFen, isFrozen } = txn;
  const rows: readonly Row[] = [
    { label: 'label.stan', value: stan },
    { label: 'label.paidAt', value: when(at) },
    ...(card === undefined ? [] : [{ right: card }]),
    ...(isFrozen ? [say('report.frozen')] : []),
  ];
  const page = { title, rows, amountFen };
  const next = askReason(moment, {
    about: { payment },
    rows: [rows[0] ?? empty],
    back: sheet(moment, [page], back),
    where: 'menu',
  });
  return sheet(moment, [{ ...page, enter: { to: next } }], back);
}

interface Case {
  readonly about: About;
  readonly rows: readonly Row[];
  readonly back: Back;
  readonly where: string;
  readonly stopped?: number;
}

const askReason = (moment: Moment, { about, rows, back, where, stopped }: Case): Choose =>
  choose(moment, {
    title: say('title.reportReason'),
    lines: rows.slice(0, 1),
    choices: reasons.map((reason) => ({
      text: `choice.report.${reason}` as const,
      to: { to: { ...confirm(moment, { about, reason, where }, rows, back), stopped } },
    })),
    back,
    stopped,
  });

const confirm = (
  moment: Moment,
  report: Omit<Extract<DeskCommand, { readonly is: 'report' }>, 'is'>,
  rows: readonly Row[],
  back: Back,
): Sheet =>
  sheet(
    moment,
    [
      {
        title,
        rows: [
          say(report.about === 'nothing' ? 'report.confirmOnly' : 'report.confirm'),
          ...rows,
          say(`choice.report.${report.reason}`),
        ],
        enter: { run: { is: 'report', ...report } },
      },
    ],
    back,
  );

export const reported = (moment: Moment): Next =>
  result(moment, { title: say('title.reported'), rows: [empty, say('report.done')] }, 'ok');
