import type { Key } from '../../drivers/devices.ts';
import type { Operator } from '../users/queries.ts';
import { go, type Moment, menu, type Next, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import { bodyRows, pair, type Screen } from './screen.ts';
import type { Operators } from './staff-places.ts';
import { say, wordsOf } from './texts.ts';

/** 查询柜员: who there is, and what keeps one from working. */
export function keyInOperators(at: Operators, key: Key, moment: Moment): Next {
  const pages = Math.ceil(at.rows.length / bodyRows);
  if (key === 'cancel') return go(menu(moment, 'staff'));
  if (pages > 1 && (key === 'down' || key === 'enter')) return go({ ...at, page: (at.page + 1) % pages });
  if (pages > 1 && key === 'up') return go({ ...at, page: (at.page + pages - 1) % pages });
  return wrongKey(at);
}

const standing = (operator: Operator, look: Look): string => {
  if (operator.locked) return wordsOf(look.language, 'staff.locked');
  if (operator.inShift) return wordsOf(look.language, 'staff.inShift');
  return operator.firstSecret && !look.status.simulated ? wordsOf(look.language, 'staff.newcomer') : '';
};

export const viewOperators = (at: Operators, look: Look): Screen =>
  page(look, {
    title: say('title.operators'),
    body: at.rows
      .slice(at.page * bodyRows, (at.page + 1) * bodyRows)
      .map((one) => pair(`${one.no} ${wordsOf(look.language, `role.${one.role}`)}`, standing(one, look))),
    keys: at.rows.length > bodyRows ? 'keys.browse' : 'keys.cancel',
  });
