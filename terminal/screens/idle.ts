import type { Key } from '../../drivers/devices.ts';
import { hourMs, shanghai } from '../base/clock.ts';
import type { ErrorCode } from '../base/error-table.ts';
import type { BatchAlert } from '../flows/batch-desk.ts';
import type { CounterStatus, DeviceName, OfferedCardView } from '../flows/counter.ts';
import { askAmount } from './ask-amount.ts';
import { fail, go, type Moment, menu, type Next, resultMs, wrongKey } from './go.ts';
import type { Look } from './look.ts';
import { chooseDigit } from './menu.ts';
import { compose, pair, type Screen } from './screen.ts';
import type { Idle } from './state.ts';
import { problemWords, rowsOf, type Say, say, unreadable, wordsOf } from './texts.ts';
import type { TextKey } from './texts-zh.ts';

const deviceTexts = {
  printer: 'idle.printer',
  'card-reader': 'idle.reader',
  'pin-pad': 'idle.pinPad',
  scanner: 'idle.scanner',
  keypad: 'idle.keypad',
  display: 'idle.display',
} as const satisfies Record<DeviceName, TextKey>;

/** A digit is a short cut into the main menu: 1 starts a sale. */
export function keyAtIdle(at: Idle, key: Key, moment: Moment): Next {
  if (key === 'enter' || key === 'up' || key === 'down') return go(menu(moment, 'main'));
  if (key === 'cancel' || key === 'clear') return go({ ...at, notice: undefined, expiresMs: undefined });
  return chooseDigit('main', key, moment) ?? wrongKey(at);
}

/** A card that is swiped or inserted begins a sale (faces.md, rule 1); one that could not be read says why. */
export function cardAtIdle(at: Idle, offered: OfferedCardView, moment: Moment): Next {
  if (offered.by !== 'unreadable') return go(askAmount(moment, { purpose: { txn: 'sale' }, offered }));
  return fail(moment, say('title.sale'), [unreadable(offered.reason)], { ...at, notice: undefined }, resultMs);
}

/** What the cashier should know, the most urgent first (faces.md, rule 1). */
function alerts({ status, language }: Look): readonly Say[] {
  const { reversalsDue, deviceProblems, signedIn } = status;
  return [
    status.restoring && say('idle.restoring'),
    status.clockWrong && say('idle.clock'),
    reversalsDue > 0 && say('idle.reversal', { count: reversalsDue }),
    ...deviceProblems.map(({ device, problem }) =>
      say(deviceTexts[device], { problem: problemWords(language, problem) }),
    ),
    !signedIn && say('idle.signedOut'),
    status.reversalsStuck > 0 && say('idle.stuck', { count: status.reversalsStuck }),
    status.batchAlert !== undefined && batchAlert(status.batchAlert),
  ].filter((alert) => alert !== false);
}

function batchAlert(alert: BatchAlert): Say {
  switch (alert.is) {
    case 'needs-human':
      return say(alert.isDecided ? 'idle.batchDecided' : 'idle.batchError');
    case 'overdue':
      return say(isNamed(alert.code) ? overdue[alert.code] : 'idle.batchOverdue');
    case 'full':
      return say('idle.batchFull', { count: alert.count });
    case 'too-large':
      return say('idle.batchLarge');
    case 'old':
      return say('idle.batchOld');
    case 'nearly-full':
      return say('idle.batchNearly', { count: alert.count, limit: alert.limit });
  }
}

/** Why the batch of a day that is over is not closed. */
const overdue = {
  OFFLINE: 'idle.overdueOffline',
  CLOCK_WRONG: 'idle.overdueClock',
  REVERSAL_PENDING: 'idle.overdueReversal',
  NEEDS_HUMAN: 'idle.overdueHuman',
  BATCH_HAS_UNKNOWN: 'idle.overdueUnknown',
} as const satisfies Partial<Record<ErrorCode, TextKey>>;

const isNamed = (code: ErrorCode): code is keyof typeof overdue => Object.hasOwn(overdue, code);

function batchRows(batch: CounterStatus['batch'], { language, now }: Look): readonly [string, string] {
  if (!batch) return [wordsOf(language, 'idle.noBatch'), ''];
  const hours = Math.max(0, Math.floor((now - batch.openedAt) / hourMs));
  return [
    pair(
      wordsOf(language, 'idle.batch', { batch: batch.no }),
      wordsOf(language, 'idle.records', { count: batch.records }),
    ),
    wordsOf(language, 'idle.age', { hours }),
  ];
}

export function viewIdle(at: Idle, look: Look): Screen {
  const { status, language, now } = look;
  const { day, time } = shanghai(now);
  const link = wordsOf(language, `link.${status.link}`);
  const waiting = status.waitingRows > 0 ? wordsOf(language, 'idle.waiting', { count: status.waitingRows }) : '';
  const notices = [...(at.notice ? [at.notice] : []), ...alerts(look)].flatMap((notice) => rowsOf(notice, language));
  return compose({
    title: status.merchantName,
    mark: status.simulated ? wordsOf(language, 'mark') : '',
    body: [
      wordsOf(language, 'idle.time', {
        time: `${day.slice(5)} ${time.slice(0, 5)}`,
        operator: status.operator?.no ?? '--',
      }),
      pair(link, waiting),
      ...batchRows(status.batch, look),
      ...notices.slice(0, 2),
    ],
    keys: wordsOf(language, 'keys.idle'),
  });
}
