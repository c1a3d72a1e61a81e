import type { Key } from '../../drivers/devices.ts';
import { formatYuan } from '../base/money.ts';
import { backTo } from './desk-go.ts';
import type { Choose, Sheet } from './desk-places.ts';
import { drawRow } from './desk-rows.ts';
import { follow } from './follow.ts';
import { go, type Moment, type Next, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import type { Screen } from './screen.ts';
import { wordsOf } from './texts.ts';
import type { TextKey } from './texts-zh.ts';

/** Pages to read, and pages to choose on. */

export function keyAtSheet(at: Sheet, key: Key, moment: Moment): Next {
  if (at.leave === 'any' || key === 'cancel') return go(backTo(at.back, moment));
  const count = at.pages.length;
  const turn = (by: number): Next => go({ ...at, index: (at.index + count + by) % count });
  const enter = at.pages[at.index]?.enter;
  if (key === 'enter' && enter) return follow(enter, at, moment);
  if (count > 1 && (key === 'down' || key === 'enter')) return turn(1);
  return count > 1 && key === 'up' ? turn(-1) : wrongKey(at);
}

function keysAt({ leave, pages, index }: Sheet): Extract<TextKey, `keys.${string}`> {
  if (leave === 'any') return 'keys.any';
  if (pages[index]?.enter) return 'keys.okCancel';
  return pages.length > 1 ? 'keys.browse' : 'keys.cancel';
}

export function viewSheet(at: Sheet, look: Look): Screen {
  const shown = at.pages[at.index];
  return page(look, {
    title: shown?.title ?? { text: 'empty', params: {} },
    body: shown?.rows.flatMap((row) => drawRow(row, look.language)) ?? [],
    ...(shown?.amountFen !== undefined && { amount: formatYuan(shown.amountFen) }),
    keys: keysAt(at),
    hotline: at.isError,
  });
}

export function keyAtChoice(at: Choose, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(backTo(at.back, moment));
  const chosen = /^[1-9]$/.test(key) ? at.choices[Number(key) - 1] : undefined;
  return chosen ? follow(chosen.to, at, moment) : wrongKey(at);
}

export const viewChoice = (at: Choose, look: Look): Screen =>
  page(look, {
    title: at.title,
    body: [
      ...at.lines.flatMap((row) => drawRow(row, look.language)),
      ...at.choices.map(({ text }, index) => `${index + 1} ${wordsOf(look.language, text)}`),
    ],
    keys: 'keys.menu',
  });
