import type { Key } from '../../drivers/devices.ts';
import type { User } from '../users/user.ts';
import { askSupervisor } from './ask-secret.ts';
import { editDigits } from './digits.ts';
import { beep, go, logOn, type Moment, menu, type Next, operationMs, refusalText, run, wrongKey } from './go.ts';
import { secretDigits } from './log-on.ts';
import { type Look, page } from './look.ts';
import { pair, type Screen } from './screen.ts';
import type { StaffForm, StaffFormName } from './staff-places.ts';
import type { AskSecret, Command, Place, Refusal } from './state.ts';
import { type Say, say, wordsOf } from './texts.ts';
import type { TextKey } from './texts-zh.ts';

/** 柜员: what is asked, one row after the other. */
type Field = 'operator' | 'old' | 'next' | 'again';

const fieldsOf = {
  add: ['operator', 'next', 'again'],
  remove: ['operator'],
  set: ['operator', 'next', 'again'],
  own: ['old', 'next', 'again'],
  first: ['next', 'again'],
} as const satisfies Record<StaffFormName, readonly Field[]>;

const titles = {
  add: 'title.addOperator',
  remove: 'title.removeOperator',
  set: 'title.setSecret',
  own: 'title.ownSecret',
  first: 'title.firstSecret',
} as const satisfies Record<StaffFormName, TextKey>;

const labels = {
  operator: 'label.operator',
  old: 'label.oldSecret',
  next: 'label.newSecret',
  again: 'label.again',
} as const satisfies Record<Field, TextKey>;

const operatorDigits = 2;

/** `old`: the secret that was typed at log-on, and must be replaced. */
export const staffForm = (moment: Moment, form: StaffFormName, operator: string, old = ''): StaffForm => ({
  is: 'staff-form',
  form,
  operator,
  old,
  typed: [''],
  notice: undefined,
  expiresMs: moment.now + operationMs,
});

/** 操作员改密: the supervisor changes that of an operator, everybody else the own one. */
export const secretForm = (moment: Moment, user: User): StaffForm =>
  staffForm(moment, user.role === 'MO' ? 'set' : 'own', user.no);

const fieldAt = (at: StaffForm): Field => fieldsOf[at.form][at.typed.length - 1] ?? 'again';
const typedIn = (at: StaffForm, field: Field): string => {
  const fields: readonly Field[] = fieldsOf[at.form];
  return at.typed[fields.indexOf(field)] ?? '';
};
/** Whose secret a field is. */
const ownerOf = (at: StaffForm): string =>
  (at.form === 'add' || at.form === 'set') && at.typed.length > 1 ? typedIn(at, 'operator') : at.operator;
const digitsOf = (at: StaffForm, field: Field): number =>
  field === 'operator' ? operatorDigits : secretDigits(ownerOf(at));

export function keyAtStaffForm(at: StaffForm, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(at.form === 'first' ? logOn() : menu(moment, 'staff'));
  const field = fieldAt(at);
  const value = typedIn(at, field);
  if (key === 'enter') return enter(at, field, value, moment);
  const edited = editDigits(value, key, digitsOf(at, field));
  if (typeof edited === 'string') return wrongKey(at);
  return go({ ...at, typed: [...at.typed.slice(0, -1), edited.digits], notice: undefined });
}

function enter(at: StaffForm, field: Field, value: string, moment: Moment): Next {
  const complain = (notice: Say, typed: readonly string[] = [...at.typed.slice(0, -1), '']): Next =>
    go({ ...at, typed, notice }, beep('wrong'));
  if (field === 'operator' && value.length !== operatorDigits) return complain(say('notice.operatorDigits'), at.typed);
  if (field === 'operator' && (value === '00' || value === '99')) return complain(say('notice.operatorRange'));
  const digits = digitsOf(at, field);
  if (value.length !== digits) return complain(say('notice.secretDigits', { digits }), at.typed);
  const old = at.form === 'first' ? at.old : typedIn(at, 'old');
  if (field === 'next' && value === old) return complain(say('notice.sameSecret'));
  if (field === 'again' && value !== typedIn(at, 'next'))
    return complain(say('notice.secretsDiffer'), [...at.typed.slice(0, -2), '']);
  if (at.typed.length < fieldsOf[at.form].length) return go({ ...at, typed: [...at.typed, ''], notice: undefined });
  const back = emptied(at, undefined);
  if (at.form === 'remove') return go(confirmRemoval(at, value, back, moment));
  const place: Place = { is: 'waiting', id: moment.id, what: { is: at.form === 'first' ? 'log-on' : 'staff' }, back };
  return run(place, moment.id, commandOf(at, at.form));
}

/** 删除 asks for the secret of 00 once more (faces.md, Operators). */
function confirmRemoval(at: StaffForm, operator: string, back: StaffForm, moment: Moment): AskSecret {
  return askSupervisor(moment, {
    title: say(titles[at.form]),
    lines: [say('staff.remove', { operator })],
    command: { is: 'remove-operator', operator },
    during: { is: 'waiting', id: moment.id, what: { is: 'staff' }, back },
    back,
  });
}

/** Typed secrets are kept no longer than they are needed. */
const emptied = (at: StaffForm, notice: Say | undefined): StaffForm => ({ ...at, typed: [''], old: '', notice });

function commandOf(at: StaffForm, form: Exclude<StaffFormName, 'remove'>): Command {
  const [operator, newSecret] = [typedIn(at, 'operator'), typedIn(at, 'next')];
  switch (form) {
    case 'add':
      return { is: 'add-operator', operator, newSecret };
    case 'set':
      return { is: 'set-secret', operator, newSecret };
    case 'own':
      return { is: 'change-secret', secret: typedIn(at, 'old'), newSecret };
    case 'first':
      return { is: 'log-on', operator: at.operator, secret: at.old, newSecret };
  }
}

/** Asked for again from the first row, with the reason. */
export const staffRefused = (at: StaffForm, refusal: Refusal, moment: Moment): Next =>
  go({ ...emptied(at, refusalText(refusal)), expiresMs: moment.now + operationMs }, beep('error'));

export function viewStaffForm(at: StaffForm, look: Look): Screen {
  const rows = at.typed.map((value, index) => {
    const field = fieldsOf[at.form][index] ?? 'again';
    const shown = field === 'operator' ? value : '*'.repeat(value.length);
    return pair(
      wordsOf(look.language, labels[field]),
      shown.padEnd(digitsOf({ ...at, typed: at.typed.slice(0, index + 1) }, field), '_'),
    );
  });
  const body: (string | Say)[] = [];
  if (at.form === 'first' || at.form === 'own') body.push(pair(wordsOf(look.language, 'label.operator'), at.operator));
  body.push(...rows);
  if (at.notice) body.push(at.notice);
  else if (at.form === 'first') body.push('', say('staff.firstSecret'));
  return page(look, { title: say(titles[at.form]), body: body.slice(0, 6), keys: 'keys.input' });
}
