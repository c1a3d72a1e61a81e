import type { ApplicationView } from '../../../flows/settlement-desk.ts';
import { wordOr } from '../parts/word-or.ts';
import type { Words } from '../words.ts';

const each = (words: Words, family: string, names: string): string =>
  names
    .split(' ')
    .map((name) => wordOr(words, family, name))
    .join(words('comma'));

/** `AUTO WEEKLY:3` → 自动结算 · 每周星期三 */
function aboutMode(words: Words, about: string): string {
  const [mode = '', every = '', day] = about.split(/[ :]/);
  const name = wordOr(words, 'mode', mode);
  if (mode !== 'AUTO' || every === '') return name;
  if (day === undefined) return `${name} · ${wordOr(words, 'cycle', every)}`;
  const when =
    every === 'WEEKLY'
      ? words('cycle.weekly.on', { day: wordOr(words, 'weekday', day) })
      : words('cycle.monthly.on', { day });
  return `${name} · ${when}`;
}

/** `zhang.wei MO REMOVED` → zhang.wei · 主账号兼结算员 · 已停用 */
function aboutUser(words: Words, about: string): string {
  const [login = '', role = '', state = ''] = about.split(' ');
  return `${login} · ${wordOr(words, 'role', role)} · ${wordOr(words, 'state', state)}`;
}

/** What an application is about, in words; the terminal tells it in names (settlement/apply.ts). */
export function applicationAbout(words: Words, { kind, about }: Pick<ApplicationView, 'kind' | 'about'>): string {
  switch (kind) {
    case 'mode':
      return aboutMode(words, about);
    case 'profile':
      return each(words, 'changed', about);
    case 'user':
      return aboutUser(words, about);
    case 'account':
    case 'paper-statement':
      return about;
  }
}
