import type { Key } from '../../drivers/devices.ts';
import type { CodeWay } from '../flows/code-sale-desk.ts';
import type { ReprintTarget } from '../flows/counter.ts';
import type { Action } from '../users/roles.ts';
import { askCodeAmount } from './code-sale.ts';
import { form, inMenu, startDesk } from './desk-go.ts';
import type { Back, FormFor, MenuName, PlainDeskCommand } from './desk-places.ts';
import { go, logOn, type Moment, menu, type Next, operationMs, run } from './go.ts';
import { startHandOver } from './hand-over.ts';
import { askVoucher } from './lists.ts';
import { reportLast, reportNothing, reportVoucher } from './report.ts';
import { secretForm, staffForm } from './staff.ts';
import {
  startBalance,
  startCompletion,
  startCompletionAdvice,
  startCompletionVoid,
  startPreauth,
  startPreauthVoid,
  startSale,
  startStoredSale,
  startVoid,
} from './start-payment.ts';
import type { Command, Query, Waiting } from './state.ts';
import type { TextKey } from './texts-zh.ts';

/** What stands in the menus. The numbers are final; a gap is a function of other terminals that this one does not have (faces.md). */

export interface MenuItem {
  readonly digit: Key;
  readonly text: Extract<TextKey, `menu.${string}`>;
  readonly choice: MenuChoice;
  /** Shown only to who may do this. */
  readonly for?: Action;
}

export type MenuChoice =
  | { readonly menu: MenuName }
  | { readonly read: Query }
  | { readonly begin: (moment: Moment, from: MenuName) => Next };

const desk =
  (command: PlainDeskCommand) =>
  (moment: Moment, from: MenuName): Next =>
    startDesk(command, inMenu(from), moment);

const ask =
  (what: FormFor) =>
  (moment: Moment, from: MenuName): Next =>
    go(form(moment, what, inMenu(from)));

const code =
  (way: CodeWay) =>
  (moment: Moment): Next =>
    go(askCodeAmount(way, moment));

const waiting =
  (what: Waiting['what'], command: Command) =>
  (moment: Moment, from: MenuName): Next =>
    run({ is: 'waiting', id: moment.id, what, back: menu(moment, from) }, moment.id, command);

const reprint = (target: ReprintTarget) => waiting({ is: 'reprint', target }, { is: 'reprint', target });

/** To a page that times out. */
const to =
  (
    place:
      | { readonly is: 'confirm-close' }
      | { readonly is: 'ask-stan'; readonly digits: ''; readonly notice: undefined },
  ) =>
  (moment: Moment): Next =>
    go({ ...place, expiresMs: moment.now + operationMs });

const staff =
  (what: 'add' | 'remove' | 'own') =>
  (moment: Moment): Next =>
    go(staffForm(moment, what, moment.operator?.no ?? ''));

export const menus: Readonly<Record<MenuName, readonly MenuItem[]>> = {
  main: [
    { digit: '1', text: 'menu.sale', choice: { begin: startSale } },
    { digit: '2', text: 'menu.void', choice: { begin: startVoid }, for: 'void' },
    { digit: '3', text: 'menu.refund', choice: { menu: 'refund' }, for: 'refund' },
    { digit: '4', text: 'menu.preauth', choice: { menu: 'preauth' }, for: 'preauth' },
    { digit: '5', text: 'menu.offline', choice: { menu: 'offline' }, for: 'reprint' },
    { digit: '6', text: 'menu.print', choice: { menu: 'print' } },
    { digit: '7', text: 'menu.manage', choice: { menu: 'manage' } },
    { digit: '8', text: 'menu.other', choice: { menu: 'other' } },
    { digit: '9', text: 'menu.codes', choice: { menu: 'codes' }, for: 'sale' },
  ],
  refund: [
    { digit: '1', text: 'menu.refundVoucher', choice: { begin: ask({ for: 'refund-voucher' }) } },
    { digit: '2', text: 'menu.refundReference', choice: { begin: ask({ for: 'refund-reference' }) } },
  ],
  preauth: [
    { digit: '1', text: 'menu.preauth', choice: { begin: startPreauth } },
    { digit: '2', text: 'menu.completion', choice: { begin: startCompletion } },
    { digit: '3', text: 'menu.completionAdvice', choice: { begin: startCompletionAdvice } },
    { digit: '4', text: 'menu.preauthVoid', choice: { begin: startPreauthVoid } },
    { digit: '5', text: 'menu.completionVoid', choice: { begin: startCompletionVoid } },
  ],
  offline: [
    { digit: '1', text: 'menu.storedSale', choice: { begin: startStoredSale }, for: 'sale' },
    { digit: '2', text: 'menu.storedList', choice: { read: 'stored' } },
  ],
  print: [
    { digit: '1', text: 'menu.reprintLast', choice: { begin: reprint({ kind: 'last' }) } },
    { digit: '2', text: 'menu.reprintAny', choice: { begin: to({ is: 'ask-stan', digits: '', notice: undefined }) } },
    { digit: '3', text: 'menu.printDetails', choice: { begin: reprint({ kind: 'details' }) }, for: 'reprint' },
    { digit: '4', text: 'menu.reprintBatch', choice: { begin: reprint({ kind: 'batch-slip' }) } },
    {
      digit: '5',
      text: 'menu.shiftTotals',
      choice: { begin: waiting({ is: 'print-shift' }, { is: 'print-shift' }) },
      for: 'reprint',
    },
    { digit: '6', text: 'menu.printSummary', choice: { begin: reprint({ kind: 'summary' }) }, for: 'reprint' },
  ],
  manage: [
    {
      digit: '1',
      text: 'menu.signIn',
      choice: { begin: waiting({ is: 'sign-in' }, { is: 'sign-in' }) },
      for: 'sign-in',
    },
    { digit: '2', text: 'menu.signOff', choice: { begin: desk({ is: 'sign-off' }) }, for: 'sign-off' },
    { digit: '3', text: 'menu.transactions', choice: { menu: 'query' } },
    { digit: '4', text: 'menu.staff', choice: { menu: 'staff' } },
    { digit: '6', text: 'menu.close', choice: { begin: to({ is: 'confirm-close' }) }, for: 'close-batch' },
    { digit: '7', text: 'menu.lock', choice: { begin: ({ operator }) => go(logOn(operator), { is: 'lock' }) } },
    { digit: '8', text: 'menu.version', choice: { read: 'version' } },
    { digit: '9', text: 'menu.upkeep', choice: { menu: 'upkeep' }, for: 'parameters' },
  ],
  query: [
    { digit: '1', text: 'menu.details', choice: { read: 'transactions' } },
    { digit: '2', text: 'menu.summary', choice: { read: 'summary' } },
    { digit: '3', text: 'menu.byStan', choice: { begin: (moment) => go(askVoucher(moment)) } },
  ],
  staff: [
    { digit: '1', text: 'menu.supervisorSecret', choice: { begin: staff('own') }, for: 'operators' },
    { digit: '2', text: 'menu.addOperator', choice: { begin: staff('add') }, for: 'operators' },
    { digit: '3', text: 'menu.removeOperator', choice: { begin: staff('remove') }, for: 'operators' },
    { digit: '4', text: 'menu.operators', choice: { read: 'operators' }, for: 'operators' },
    {
      digit: '5',
      text: 'menu.secret',
      choice: { begin: (moment) => go(moment.operator ? secretForm(moment, moment.operator) : logOn()) },
    },
    { digit: '6', text: 'menu.handOver', choice: { begin: startHandOver } },
  ],
  upkeep: [
    { digit: '1', text: 'menu.echo', choice: { begin: desk({ is: 'echo' }) } },
    { digit: '2', text: 'menu.download', choice: { begin: desk({ is: 'download' }) } },
    { digit: '3', text: 'menu.tellState', choice: { begin: desk({ is: 'tell-state' }) } },
    { digit: '9', text: 'menu.troubles', choice: { read: 'troubles' } },
  ],
  // 资金结算 stands apart from 7 6 批结算, so that nobody takes the one for the other.
  other: [
    { digit: '1', text: 'menu.settle', choice: { read: 'offer' } },
    { digit: '2', text: 'menu.settlements', choice: { read: 'settlements' } },
    { digit: '3', text: 'menu.balance', choice: { begin: startBalance }, for: 'balance' },
    { digit: '4', text: 'menu.invoice', choice: { menu: 'invoice' }, for: 'invoice' },
    { digit: '5', text: 'menu.report', choice: { menu: 'report' } },
    { digit: '6', text: 'menu.drawer', choice: { begin: desk({ is: 'drawer' }) }, for: 'drawer' },
    {
      digit: '9',
      text: 'menu.selfCheck',
      choice: { begin: waiting({ is: 'self-check' }, { is: 'self-check' }) },
    },
  ],
  codes: [
    { digit: '1', text: 'menu.codeShown', choice: { begin: code({ by: 'customer-shows' }) } },
    {
      digit: '2',
      text: 'menu.codeWechat',
      choice: { begin: code({ by: 'merchant-shows', instrument: 'QR_WECHAT' }) },
    },
    {
      digit: '3',
      text: 'menu.codeAlipay',
      choice: { begin: code({ by: 'merchant-shows', instrument: 'QR_ALIPAY' }) },
    },
    {
      digit: '4',
      text: 'menu.codeUnionpay',
      choice: { begin: code({ by: 'merchant-shows', instrument: 'QR_UNIONPAY' }) },
    },
  ],
  report: [
    { digit: '1', text: 'menu.lastOne', choice: { begin: reportLast } },
    { digit: '2', text: 'menu.oneByVoucher', choice: { begin: (moment) => go(reportVoucher(moment)) } },
    { digit: '3', text: 'menu.noTransaction', choice: { begin: (moment) => go(reportNothing(moment)) } },
  ],
  invoice: [
    { digit: '1', text: 'menu.lastOne', choice: { begin: desk({ is: 'invoice-offer' }) } },
    { digit: '2', text: 'menu.oneByVoucher', choice: { begin: ask({ for: 'invoice-voucher' }) } },
  ],
  function: [
    { digit: '1', text: 'menu.last', choice: { read: 'last' } },
    { digit: '2', text: 'menu.reprintLast', choice: { begin: reprint({ kind: 'last' }) } },
    { digit: '3', text: 'menu.report', choice: { menu: 'report' } },
  ],
};

/** Where 取消 leads. */
export const above: Readonly<Record<MenuName, Back>> = {
  main: 'idle',
  function: 'idle',
  refund: { menu: 'main' },
  preauth: { menu: 'main' },
  offline: { menu: 'main' },
  print: { menu: 'main' },
  manage: { menu: 'main' },
  other: { menu: 'main' },
  codes: { menu: 'main' },
  query: { menu: 'manage' },
  staff: { menu: 'manage' },
  upkeep: { menu: 'manage' },
  report: { menu: 'other' },
  invoice: { menu: 'other' },
};
