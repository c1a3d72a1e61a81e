import type { Key } from '../../drivers/devices.ts';
import { shanghai } from '../base/clock.ts';
import { formatYuan } from '../base/money.ts';
import type { ShiftView } from '../flows/shift-slip.ts';
import { mayDo } from '../users/roles.ts';
import type { ShiftTotal } from '../users/shift.ts';
import { beep, fail, go, logOn, type Moment, menu, message, type Next, resultMs, run, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import { pair, type Screen } from './screen.ts';
import type { HandOver } from './staff-places.ts';
import { keyFor, rowsOf, type Say, say, wordsOf } from './texts.ts';

const title = say('title.handOver');
/** Each takes two rows beside the hint. */
const totalsOnPage = 2;

/** 交班. Who has no shift only logs off. */
export function startHandOver(moment: Moment): Next {
  if (moment.operator && mayDo(moment.operator, 'shift'))
    return go(menu(moment, 'staff'), { is: 'read', query: 'shift' });
  return handOver(moment, false);
}

function handOver(moment: Moment, print: boolean): Next {
  const place = { is: 'waiting', id: moment.id, what: { is: 'hand-over' }, back: menu(moment, 'staff') } as const;
  return run(place, moment.id, { is: 'hand-over', print });
}

const pagesOf = ({ shift }: HandOver): number => 1 + Math.ceil(shift.totals.length / totalsOnPage);

export function keyAtHandOver(at: HandOver, key: Key, moment: Moment): Next {
  const pages = pagesOf(at);
  switch (key) {
    case 'cancel':
      return go(menu(moment, 'staff'));
    case 'enter':
      return handOver(moment, false);
    case '1':
      return handOver(moment, true);
    case 'down':
      return pages > 1 ? go({ ...at, page: (at.page + 1) % pages }) : wrongKey(at);
    case 'up':
      return pages > 1 ? go({ ...at, page: (at.page + pages - 1) % pages }) : wrongKey(at);
    default:
      return wrongKey(at);
  }
}

/** The shift has ended; a slip that did not come out can be had from the supervisor. */
export function handedOver(printProblem: string | undefined, moment: Moment): Next {
  if (printProblem === undefined) return go({ ...logOn(), notice: say('notice.handedOver') }, beep('ok'));
  const lines: readonly Say[] = [say('notice.handedOver'), say('handOver.noSlip')];
  return fail(moment, title, lines, logOn());
}

export const shiftPrinted = (moment: Moment): Next =>
  go(message(moment, say('title.shiftTotals'), [say('print.done')], menu(moment, 'print'), resultMs), beep('ok'));

export const viewHandOver = (at: HandOver, look: Look): Screen =>
  page(look, {
    title,
    body: [...(at.page === 0 ? summary(at.shift, look) : details(at, look)), say('handOver.print')],
    amount: formatYuan(at.shift.netFen),
    keys: 'keys.handOver',
  });

function summary(shift: ShiftView, { language }: Look): readonly string[] {
  const { day, time } = shanghai(shift.begunAt);
  const side = (key: 'handOver.debit' | 'handOver.credit', count: number, amountFen: number): string =>
    pair(wordsOf(language, key, { count }), formatYuan(amountFen));
  const since = wordsOf(language, 'handOver.since', { time: `${day.slice(5)} ${time.slice(0, 5)}` });
  const undecided = shift.undecided > 0 ? wordsOf(language, 'handOver.undecided', { count: shift.undecided }) : '';
  return [
    since,
    side('handOver.debit', shift.debitCount, shift.debitFen),
    side('handOver.credit', shift.creditCount, shift.creditFen),
    undecided,
  ];
}

function details({ shift, page: number }: HandOver, look: Look): readonly string[] {
  const from = (number - 1) * totalsOnPage;
  const rows = shift.totals.slice(from, from + totalsOnPage).flatMap((total) => detail(total, look));
  return [...rows, '', '', '', ''].slice(0, 2 * totalsOnPage);
}

function detail(total: ShiftTotal, { language }: Look): readonly string[] {
  const named = (family: 'txn' | 'entry', name: string): string => {
    const text = keyFor(family, name);
    return text ? rowsOf({ text, params: {} }, language).join(' ') : name;
  };
  const count = total.debitCount + total.creditCount;
  return [
    pair(named('txn', total.txn), wordsOf(language, 'idle.records', { count })),
    pair(` ${named('entry', total.instrument)}`, formatYuan(total.debitFen + total.creditFen)),
  ];
}
