import type { Key } from '../../drivers/devices.ts';
import { shanghai } from '../base/clock.ts';
import { formatYuan } from '../base/money.ts';
import type { SettlementView } from '../flows/counter.ts';
import type { Settlements, Settling } from './batch-places.ts';
import { beep, go, idle, type Moment, menu, type Next, operationMs, refuse, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import { reprint } from './print.ts';
import { alignRight, pair, type Screen } from './screen.ts';
import { settleAmount, settleOffer } from './settle.ts';
import type { Refusal } from './state.ts';
import { keyFor, rowsOf, type Say, say, wordsOf } from './texts.ts';

/** Steps 4 and 5 of a settlement (settlement.md, B-011, B-012): waiting for the result, and the details that the operator checks. */
export function keyWhileSettling(at: Settling, key: Key, moment: Moment): Next {
  if (key !== 'cancel') return wrongKey(at);
  return go(idle(moment, say('notice.settleContinues')), { is: 'abort', id: at.id });
}

export function settleEnded(settlement: SettlementView, moment: Moment): Next {
  const { state, no } = settlement;
  const expiresMs = moment.now + operationMs;
  const tone = state === 'SUCCESS' ? 'ok' : 'error';
  return go({ is: 'settlements', rows: [settlement], no, fresh: true, expiresMs }, beep(tone), {
    is: 'read',
    query: 'settlements',
  });
}

/** The offer is old: it is shown again with the balance of now. A wrong amount is typed again. */
export function settleRefused(at: Settling, refusal: Refusal, moment: Moment): Next {
  const { offer, amountFen } = at;
  if (refusal.code === 'STALE_BALANCE') {
    return go(settleOffer(offer, moment, say('notice.stale')), beep('error'), { is: 'read', query: 'offer' });
  }
  const typed = refusal.code === 'INVALID_AMOUNT' || refusal.code === 'INSUFFICIENT_BALANCE';
  const then = typed ? settleAmount(offer, amountFen, moment) : idle(moment);
  return refuse(moment, say('title.settle', { step: 4 }), refusal, then);
}

export function viewSettling(at: Settling, look: Look): Screen {
  const text = say(at.step ? `settle.${at.step.at}` : 'settle.start');
  return page(look, {
    title: say('title.settle', { step: 4 }),
    body: ['', '', text],
    amount: formatYuan(at.amountFen),
    keys: 'keys.leave',
  });
}

export function keyInSettlements(at: Settlements, key: Key, moment: Moment): Next {
  const index = at.rows.findIndex(({ no }) => no === at.no);
  const shown = at.rows[index];
  const move = (by: number): Next => go({ ...at, no: at.rows.at((index + by) % at.rows.length)?.no ?? at.no });
  switch (key) {
    case 'cancel':
      return go(menu(moment, 'other'));
    case 'down':
      return move(1);
    case 'up':
      return move(-1);
    case '0':
      return shown ? reprint({ kind: 'settlement', no: shown.no }, at, moment) : wrongKey(at);
    case 'enter':
      if (!shown || !canBeChecked(shown)) return wrongKey(at);
      return go(at, { is: 'check-settlement', no: shown.no }, beep('ok'), { is: 'read', query: 'settlements' });
    default:
      return wrongKey(at);
  }
}

const canBeChecked = ({ state, checked }: SettlementView): boolean => state === 'SUCCESS' && !checked;

function outcomeRow(settlement: SettlementView, look: Look): string | Say {
  const { state, checked, reason } = settlement;
  if (state === 'SUCCESS') return say(checked ? 'settle.checked' : 'settle.unchecked');
  if (reason === undefined) return '';
  const key = keyFor('reason', reason);
  return key ? rowsOf({ text: key, params: {} }, look.language).join(' ') : reason;
}

export function viewSettlements(at: Settlements, look: Look): Screen {
  const index = at.rows.findIndex(({ no }) => no === at.no);
  const settlement = at.rows[index];
  const title = at.fresh ? say('title.settle', { step: 5 }) : say('title.settlements');
  if (!settlement) return page(look, { title, body: ['', say('notice.noSettlements')], keys: 'keys.cancel' });
  const { day, time } = shanghai(settlement.requestedAt);
  const { language } = look;
  return page(look, {
    title,
    body: [
      pair(
        `${day.slice(5)} ${time.slice(0, 5)}`,
        wordsOf(language, 'settle.head', { index: index + 1, count: at.rows.length }),
      ),
      pair(wordsOf(language, 'label.state'), wordsOf(language, `settleState.${settlement.state}`)),
      outcomeRow(settlement, look),
      pair(wordsOf(language, 'label.fee'), formatYuan(settlement.serviceFeeFen)),
      alignRight(settlement.maskedAccount),
    ],
    amount: formatYuan(settlement.netFen),
    keys: canBeChecked(settlement) ? 'keys.check' : 'keys.settlement',
  });
}
