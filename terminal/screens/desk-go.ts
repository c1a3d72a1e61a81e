import type {
  Back,
  Choose,
  DeskWait,
  Form,
  FormFor,
  MenuName,
  PlainDeskCommand,
  Sheet,
  SheetPage,
} from './desk-places.ts';
import { beep, go, idle, type Moment, menu, type Next, operationMs, readMs, run } from './go.ts';
import type { Place } from './state.ts';

/** The pages of the desks, made from what is on them. */

export const sheet = (moment: Moment, pages: readonly SheetPage[], back: Back): Sheet => ({
  is: 'sheet',
  pages,
  index: 0,
  leave: 'cancel',
  back,
  expiresMs: moment.now + operationMs,
});

/** A result: every key leaves it, and so does time. */
export const result = (
  moment: Moment,
  page: SheetPage,
  tone: 'ok' | 'error',
  { back = 'idle', ms = readMs }: { readonly back?: Back; readonly ms?: number } = {},
): Next => {
  const isError = tone === 'error';
  return go(
    { is: 'sheet', pages: [page], index: 0, leave: 'any', isError, back, expiresMs: moment.now + ms },
    beep(tone),
  );
};

export const choose = (
  moment: Moment,
  {
    lines = [],
    stopped,
    ...rest
  }: Pick<Choose, 'title' | 'choices' | 'back'> & Partial<Pick<Choose, 'lines' | 'stopped'>>,
): Choose => ({ is: 'choose', lines, stopped, ...rest, expiresMs: moment.now + operationMs });

export const form = (moment: Moment, what: FormFor, back: Back): Form => ({
  is: 'form',
  form: what,
  typed: [''],
  notice: undefined,
  back,
  expiresMs: moment.now + operationMs,
});

export const inMenu = (name: MenuName): Back => ({ menu: name });

export function backTo(back: Back, moment: Moment): Place {
  if (back === 'idle') return idle(moment);
  if ('menu' in back) return menu(moment, back.menu);
  return { ...back, expiresMs: moment.now + operationMs };
}

export const waitFor = (command: PlainDeskCommand, back: Back, id: number): DeskWait => ({
  is: 'desk-wait',
  id,
  command,
  step: undefined,
  back,
});

export const startDesk = (command: PlainDeskCommand, back: Back, moment: Moment): Next =>
  run(waitFor(command, back, moment.id), moment.id, command);
