import type { Key } from '../../drivers/devices.ts';
import { mayDo } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { backTo } from './desk-go.ts';
import type { MenuName } from './desk-places.ts';
import { go, type Moment, menu, type Next, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import { above, type MenuItem, menus } from './menus.ts';
import { bodyRows, columns, padded, type Screen, textWidth } from './screen.ts';
import type { Menu } from './state.ts';
import { say, wordsOf } from './texts.ts';
import type { TextKey } from './texts-zh.ts';

/** A digit chooses, ↑ and ↓ turn the page, 取消 goes one level up. */

const titles = {
  main: 'title.main',
  refund: 'title.refund',
  preauth: 'title.preauth',
  offline: 'title.offline',
  print: 'title.print',
  manage: 'title.manage',
  query: 'title.query',
  staff: 'title.staff',
  upkeep: 'title.upkeep',
  other: 'title.other',
  codes: 'title.codes',
  report: 'title.report',
  invoice: 'title.invoice',
  function: 'title.function',
} as const satisfies Record<MenuName, TextKey>;

/** Menus show only what works (faces.md, rule 13), for who is logged on. */
const itemsOf = (name: MenuName, user: User | undefined): readonly MenuItem[] =>
  menus[name].filter((item) => item.for === undefined || (user !== undefined && mayDo(user, item.for)));

export function keyInMenu(at: Menu, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(backTo(above[at.menu], moment));
  const pages = Math.ceil(itemsOf(at.menu, moment.operator).length / bodyRows);
  if (pages > 1 && (key === 'down' || key === 'enter')) return go({ ...at, page: (at.page + 1) % pages });
  if (pages > 1 && key === 'up') return go({ ...at, page: (at.page + pages - 1) % pages });
  return chooseDigit(at.menu, key, moment) ?? wrongKey(at);
}

export function chooseDigit(name: MenuName, key: Key, moment: Moment): Next | undefined {
  const item = itemsOf(name, moment.operator).find(({ digit }) => digit === key);
  if (!item) return undefined;
  const { choice } = item;
  if ('menu' in choice) return go(menu(moment, choice.menu));
  return 'read' in choice ? go(menu(moment, name), { is: 'read', query: choice.read }) : choice.begin(moment, name);
}

export function viewMenu(at: Menu, look: Look): Screen {
  const rows = itemsOf(at.menu, look.status.operator).map(
    ({ digit, text }) => `${digit} ${wordsOf(look.language, text)}`,
  );
  const title = say(titles[at.menu]);
  if (rows.length <= bodyRows) return page(look, { title, body: rows, keys: 'keys.menu' });
  const beside = twoColumns(rows);
  if (beside) return page(look, { title, body: beside, keys: 'keys.menu' });
  const body = rows.slice(at.page * bodyRows, (at.page + 1) * bodyRows);
  return page(look, { title, body, keys: 'keys.menuPages' });
}

const half = columns / 2;

/** Two short items on each row, as on the terminals that cashiers know; undefined when one is too long. */
function twoColumns(items: readonly string[]): readonly string[] | undefined {
  const rows = Array.from({ length: Math.ceil(items.length / 2) }, (_, n) => items.slice(2 * n, 2 * n + 2));
  const fits = ([left = '', right = '']: readonly string[]): boolean =>
    textWidth(left) < half && textWidth(right) <= half;
  return rows.every(fits) ? rows.map(([left = '', right = '']) => padded(left, half) + right) : undefined;
}
