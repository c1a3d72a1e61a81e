import { go, idle, logOn, type Moment, type Next, operationMs } from './go.ts';
import { type Look, page } from './look.ts';
import type { Screen } from './screen.ts';
import type { Message, Place } from './state.ts';

export const leaveMessage = (at: Message, moment: Moment): Next => go(arriveAt(at.next, moment));

/** A place that was prepared earlier has its minute from now on. */
export function arriveAt(place: Place, moment: Moment): Place {
  if (place.is === 'idle') return moment.operator ? idle(moment, place.notice) : logOn();
  return 'expiresMs' in place ? renew(place, moment) : place;
}

/** Every key gives a place of asking another minute. Results and notices keep their time. */
export function renew(place: Place, moment: Moment): Place {
  switch (place.is) {
    case 'idle':
    case 'message':
    case 'approved':
    case 'declined':
    case 'balance':
    case 'log-on':
      return place;
    default:
      return 'expiresMs' in place ? { ...place, expiresMs: moment.now + operationMs } : place;
  }
}

export const viewMessage = (at: Message, look: Look): Screen =>
  page(look, { title: at.title, body: ['', ...at.lines], keys: 'keys.any', hotline: at.isError });
