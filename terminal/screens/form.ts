import type { Key } from '../../drivers/devices.ts';
import { shanghai } from '../base/clock.ts';
import { codeDigits, startCodeSale } from './code-sale.ts';
import { backTo, startDesk } from './desk-go.ts';
import type { Form, FormFor } from './desk-places.ts';
import { editDigits } from './digits.ts';
import { beep, go, type Moment, type Next, wrongKey } from './go.ts';
import { confirmInvoice } from './invoice.ts';
import { type Look, page } from './look.ts';
import { alignRight, columns, pair, type Screen } from './screen.ts';
import { type Say, say, wordsOf } from './texts.ts';
import type { TextKey } from './texts-zh.ts';

/** Numbers that are typed: vouchers, references, dates, telephone numbers, the digits under a code. */

interface Field {
  readonly label: Extract<TextKey, `label.${string}`>;
  readonly most: number;
  readonly least: number;
  /** Zeros in front complete it. */
  readonly filled?: true;
  /** A row of its own, of which only the end is shown. */
  readonly hidden?: true;
  readonly wrong: Say;
}

interface Kind {
  readonly title: Say;
  readonly ask: Say;
  readonly fields: readonly Field[];
}

const voucher: Field = { label: 'label.stan', most: 6, least: 1, filled: true, wrong: say('notice.stanDigits') };
const rrn: Field = { label: 'label.rrn', most: 12, least: 12, wrong: say('notice.rrnDigits') };
const date: Field = { label: 'label.date', most: 4, least: 4, wrong: say('notice.date') };
const phone: Field = { label: 'label.phone', most: 11, least: 11, wrong: say('notice.phone') };
const { most, least } = codeDigits;
const code: Field = {
  label: 'label.code',
  most,
  least,
  hidden: true,
  wrong: say('notice.codeDigits', { least, most }),
};

const kinds: Readonly<Record<FormFor['for'], Kind>> = {
  'refund-voucher': { title: say('title.refund'), ask: say('original.askVoucher'), fields: [voucher] },
  'refund-reference': { title: say('title.refund'), ask: say('refund.askReference'), fields: [rrn, date] },
  find: { title: say('title.byVoucher'), ask: say('reprint.ask'), fields: [voucher] },
  'invoice-voucher': { title: say('title.invoice'), ask: say('reprint.ask'), fields: [voucher] },
  code: { title: say('title.code-sale'), ask: say('qr.ask'), fields: [code] },
  'invoice-phone': { title: say('title.invoice'), ask: say('invoice.askPhone'), fields: [phone] },
};

const fieldAt = (at: Form): Field => kinds[at.form.for].fields[at.typed.length - 1] ?? voucher;
const lastOf = (at: Form): string => at.typed.at(-1) ?? '';
const withLast = (at: Form, value: string): readonly string[] => [...at.typed.slice(0, -1), value];

export function keyAtForm(at: Form, key: Key, moment: Moment): Next {
  if (key === 'cancel') return go(backTo(at.back, moment));
  const field = fieldAt(at);
  if (key === 'enter') return entered(at, field, moment);
  const edited = editDigits(lastOf(at), key, field.most);
  return typeof edited === 'string'
    ? wrongKey(at)
    : go({ ...at, typed: withLast(at, edited.digits), notice: undefined });
}

function entered(at: Form, field: Field, moment: Moment): Next {
  const typed = lastOf(at);
  const value = field.filled ? typed.padStart(field.most, '0') : typed;
  const isWrong =
    typed.length < field.least ||
    (field === date && dateOf(value, moment) === undefined) ||
    (field === phone && !value.startsWith('1'));
  if (isWrong) return go({ ...at, notice: field.wrong }, beep('wrong'));
  const values = withLast(at, value);
  if (values.length < kinds[at.form.for].fields.length) return go({ ...at, typed: [...values, ''], notice: undefined });
  return complete(at, values, moment);
}

/** `MMDD`: the newest such day that is not to come, as `YYYY-MM-DD`. */
function dateOf(typed: string, { now }: Moment): string | undefined {
  const today = shanghai(now).day;
  const day = `${typed.slice(0, 2)}-${typed.slice(2)}`;
  const year = Number(today.slice(0, 4));
  const full = `${today.slice(5) >= day ? year : year - 1}-${day}`;
  const parsed = new Date(`${full}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(full) ? full : undefined;
}

function complete(at: Form, values: readonly string[], moment: Moment): Next {
  const [first = '', second = ''] = values;
  const back: Form = { ...at, typed: [''], notice: undefined };
  const what = at.form;
  switch (what.for) {
    case 'refund-voucher':
      return startDesk({ is: 'refund-find', reference: { by: 'voucher', stan: first } }, back, moment);
    case 'refund-reference': {
      const reference = { by: 'reference', rrn: first, date: dateOf(second, moment) ?? '' } as const;
      return startDesk({ is: 'refund-find', reference }, back, moment);
    }
    case 'find':
      return startDesk({ is: 'find', stan: first, why: what.why }, back, moment);
    case 'invoice-voucher':
      return startDesk({ is: 'invoice-offer', stan: first }, back, moment);
    case 'code':
      return startCodeSale({ by: 'customer-shows', typed: first }, what.amountFen, moment);
    case 'invoice-phone':
      return go(confirmInvoice(what, first, moment));
  }
}

export function viewForm(at: Form, look: Look): Screen {
  const { ask, fields } = kinds[at.form.for];
  const title = at.form.for === 'find' && at.form.why === 'report' ? say('title.report') : kinds[at.form.for].title;
  const rows = at.typed.map((value, index) => {
    const { label, most: length, hidden, filled } = fields[index] ?? voucher;
    if (hidden) return alignRight(value.slice(-columns).replace(/\d(?=\d{4})/g, '*'));
    const blank = filled ? value.padStart(length, '_') : value.padEnd(length, '_');
    return pair(wordsOf(look.language, label), blank);
  });
  return page(look, { title, body: ['', ask, ...rows, ...(at.notice ? [at.notice] : [])], keys: 'keys.input' });
}
