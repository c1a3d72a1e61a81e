import type { Key } from '../../drivers/devices.ts';
import { formatYuan } from '../base/money.ts';
import { askSupervisor, secretRefused } from './ask-secret.ts';
import { backTo, waitFor } from './desk-go.ts';
import type { Back, DeskWait, PlainDeskCommand } from './desk-places.ts';
import { go, idle, type Moment, type Next, refuse, wrongKey } from './go.ts';
import { invoiceRefused, titleRefused } from './invoice.ts';
import { type Look, page } from './look.ts';
import { refundRefused } from './refund.ts';
import type { Screen } from './screen.ts';
import type { AskSecret, Place, Refusal } from './state.ts';
import { type Say, say } from './texts.ts';

/** A command of a desk runs. */

/** What was asked of upstream goes on by itself. */
const goesOn: ReadonlySet<PlainDeskCommand['is']> = new Set(['refund', 'invoice-issue', 'invoice-red']);

export function keyAtDeskWait(at: DeskWait, key: Key, moment: Moment): Next {
  if (key !== 'cancel') return wrongKey(at);
  const abort = { is: 'abort', id: at.id } as const;
  if (goesOn.has(at.command.is) && at.step) return go(idle(moment, say('notice.goesOn')), abort);
  return go(backTo(at.back, moment), abort);
}

const titles = {
  'refund-find': say('title.refund'),
  refund: say('title.refund'),
  'code-sale': say('title.code-sale'),
  find: say('title.byVoucher'),
  advise: say('title.completion-advice'),
  report: say('title.report'),
  'invoice-offer': say('title.invoice'),
  'invoice-title': say('title.invoice'),
  'invoice-issue': say('title.invoice'),
  'invoice-red': say('title.redInvoice'),
  'invoice-print': say('title.reprint'),
  'sign-off': say('title.signOff'),
  drawer: say('title.drawer'),
  echo: say('title.echo'),
  download: say('title.download'),
  'tell-state': say('title.tellState'),
} as const satisfies Record<PlainDeskCommand['is'], Say>;

const titleOf = (command: PlainDeskCommand): Say =>
  command.is === 'find' && command.why === 'report' ? titles.report : titles[command.is];

export function deskWaitRefused({ command, back }: DeskWait, refusal: Refusal, moment: Moment): Next {
  switch (command.is) {
    case 'refund':
      return refundRefused(command, refusal, moment);
    case 'invoice-title':
      return titleRefused(command.offer, refusal, moment);
    case 'invoice-issue':
    case 'invoice-red':
      return invoiceRefused(refusal, moment);
    case 'drawer':
      return (
        secretRefused(askDrawerSecret(back, moment), refusal, moment) ??
        refuse(moment, titles.drawer, refusal, backTo(back, moment))
      );
    default:
      return refuse(moment, titleOf(command), refusal, afterRefusal(command, back, moment));
  }
}

/** Where the parameters ask a cashier for it. */
export const askDrawerSecret = (back: Back, moment: Moment): AskSecret =>
  askSupervisor(moment, {
    title: titles.drawer,
    lines: [],
    command: { is: 'approved-drawer' },
    during: waitFor({ is: 'drawer' }, back, moment.id),
    back: backTo(back, moment),
  });

const afterRefusal = (command: PlainDeskCommand, back: DeskWait['back'], moment: Moment): Place =>
  command.is === 'advise' || command.is === 'report' ? idle(moment) : backTo(back, moment);

function textOf({ command, step }: DeskWait): Say {
  if (step) return say(step.at === 'printing' ? 'print.printing' : `desk.${step.at}`);
  switch (command.is) {
    case 'refund-find':
      return say('desk.finding');
    case 'invoice-title':
      return say('invoice.scan');
    case 'invoice-print':
      return say('print.printing');
    case 'echo':
      return say('desk.sending');
    default:
      return say('sale.start');
  }
}

export function viewDeskWait(at: DeskWait, look: Look): Screen {
  const { command, step } = at;
  return page(look, {
    title: titleOf(command),
    body: ['', '', textOf(at)],
    ...('amountFen' in command && { amount: formatYuan(command.amountFen) }),
    keys: step && goesOn.has(command.is) ? 'keys.leave' : 'keys.cancelCard',
  });
}
