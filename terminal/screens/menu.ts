import type { Key } from '../../drivers/devices.ts';
import { mayDo } from '../users/roles.ts';
import { askAmount } from './amount.ts';
import { beep, go, idle, logOn, type Moment, menu, message, type Next, operationMs, run, wrongKey } from './go.ts';
import { type Look, page } from './look.ts';
import { bodyRows, type Screen } from './screen.ts';
import type { Menu, MenuName, Query } from './state.ts';
import { say, wordsOf } from './texts.ts';
import type { TextKey } from './texts-zh.ts';

type Choice =
  | { readonly menu: MenuName }
  | { readonly read: Query }
  | { readonly start: 'sale' | 'sign-in' | 'close' | 'lock' | 'reprint-last' | 'reprint-any' | 'reprint-batch' };

interface Item {
  /** The numbers are final: a function that does not exist yet leaves a gap (faces.md). */
  readonly digit: Key;
  readonly text: Extract<TextKey, `menu.${string}`>;
  readonly choice: Choice;
}

export const menus: Readonly<Record<MenuName, readonly Item[]>> = {
  main: [
    { digit: '1', text: 'menu.sale', choice: { start: 'sale' } },
    { digit: '6', text: 'menu.print', choice: { menu: 'print' } },
    { digit: '7', text: 'menu.manage', choice: { menu: 'manage' } },
    { digit: '8', text: 'menu.other', choice: { menu: 'other' } },
  ],
  print: [
    { digit: '1', text: 'menu.reprintLast', choice: { start: 'reprint-last' } },
    { digit: '2', text: 'menu.reprintAny', choice: { start: 'reprint-any' } },
    { digit: '4', text: 'menu.reprintBatch', choice: { start: 'reprint-batch' } },
  ],
  manage: [
    { digit: '1', text: 'menu.signIn', choice: { start: 'sign-in' } },
    { digit: '3', text: 'menu.transactions', choice: { read: 'transactions' } },
    { digit: '6', text: 'menu.close', choice: { start: 'close' } },
    { digit: '7', text: 'menu.lock', choice: { start: 'lock' } },
  ],
  // 资金结算 stands apart from 7 6 批结算, so that nobody takes the one for the other.
  other: [
    { digit: '1', text: 'menu.settle', choice: { read: 'offer' } },
    { digit: '2', text: 'menu.settlements', choice: { read: 'settlements' } },
  ],
  function: [
    { digit: '1', text: 'menu.last', choice: { read: 'last' } },
    { digit: '2', text: 'menu.reprintLast', choice: { start: 'reprint-last' } },
  ],
};

const titles = {
  main: 'title.main',
  print: 'title.print',
  manage: 'title.manage',
  other: 'title.other',
  function: 'title.function',
} as const satisfies Record<MenuName, TextKey>;

const pagesOf = (name: MenuName): number => Math.ceil(menus[name].length / bodyRows);

export function keyInMenu(at: Menu, key: Key, moment: Moment): Next {
  const pages = pagesOf(at.menu);
  if (key === 'cancel') {
    return go(at.menu === 'main' || at.menu === 'function' ? idle(moment) : menu(moment, 'main'));
  }
  if (pages > 1 && (key === 'down' || key === 'enter')) return go({ ...at, page: (at.page + 1) % pages });
  if (pages > 1 && key === 'up') return go({ ...at, page: (at.page + pages - 1) % pages });
  return chooseDigit(at.menu, key, moment) ?? wrongKey(at);
}

export function chooseDigit(name: MenuName, key: Key, moment: Moment): Next | undefined {
  const item = menus[name].find(({ digit }) => digit === key);
  return item && choose(item.choice, moment, name);
}

function choose(choice: Choice, moment: Moment, from: MenuName): Next {
  if ('menu' in choice) return go(menu(moment, choice.menu));
  const back = menu(moment, from);
  if ('read' in choice) return go(back, { is: 'read', query: choice.read });
  const expiresMs = moment.now + operationMs;
  switch (choice.start) {
    case 'sale':
      return startSale(moment);
    case 'sign-in':
      return run({ is: 'waiting', id: moment.id, what: { is: 'sign-in' }, back }, moment.id, { is: 'sign-in' });
    case 'close':
      return go({ is: 'confirm-close', expiresMs });
    case 'lock':
      return go(logOn(moment.operator), { is: 'log-off' });
    case 'reprint-any':
      return go({ is: 'ask-stan', digits: '', notice: undefined, expiresMs });
    case 'reprint-last':
    case 'reprint-batch': {
      const target = { kind: choice.start === 'reprint-last' ? 'last' : 'batch-slip' } as const;
      return run({ is: 'waiting', id: moment.id, what: { is: 'reprint', target }, back }, moment.id, {
        is: 'reprint',
        target,
      });
    }
  }
}

/** 00 and 99 may not sell; said before an amount is typed, not after (faces.md). */
function startSale(moment: Moment): Next {
  if (moment.operator && !mayDo(moment.operator, 'sale')) {
    const lines = [say('sale.forbidden', { operator: moment.operator.no })];
    return go(message(moment, say('title.sale'), lines, idle(moment)), beep('error'));
  }
  return go(askAmount(moment));
}

export function viewMenu(at: Menu, look: Look): Screen {
  const items = menus[at.menu].slice(at.page * bodyRows, (at.page + 1) * bodyRows);
  return page(look, {
    title: say(titles[at.menu]),
    body: items.map(({ digit, text }) => `${digit} ${wordsOf(look.language, text)}`),
    keys: pagesOf(at.menu) > 1 ? 'keys.menuPages' : 'keys.menu',
  });
}
