import type { Key } from '../../drivers/devices.ts';
import { type Fen, formatYuan } from '../base/money.ts';
import type { CodeOutcome, CodeStep, CodeWay } from '../flows/code-sale-desk.ts';
import { askAmount } from './ask-amount.ts';
import { form, inMenu, result } from './desk-go.ts';
import type { CodeSale } from './desk-places.ts';
import { empty } from './desk-rows.ts';
import { editDigits } from './digits.ts';
import { beep, fail, go, idle, type Moment, type Next, operationMs, refuse, resultMs, run, wrongKey } from './go.ts';
import { type Look, page, secondsLeft } from './look.ts';
import { reportStopped } from './report.ts';
import type { Screen } from './screen.ts';
import type { Place, Refusal } from './state.ts';
import { keyFor, type Say, say } from './texts.ts';
import type { TextKey } from './texts-zh.ts';

/** 扫码: the customer's code under the scanner, or ours on the screen, until somebody has paid or the order is closed. */

const title = say('title.code-sale');

export const startCodeSale = (way: CodeWay, amountFen: Fen, moment: Moment): Next =>
  run({ is: 'code-sale', id: moment.id, amountFen, by: way.by, step: undefined }, moment.id, {
    is: 'code-sale',
    amountFen,
    way,
  });

/**
 * 取消 before anything was sent forgets the sale. An order that is there is closed by number first, which takes a moment; a second 取消 leaves that to the terminal. A
 * digit while the scanner waits is the first of those that stand under the code.
 */
export function keyAtCodeSale(at: CodeSale, key: Key, moment: Moment): Next {
  const abort = { is: 'abort', id: at.id } as const;
  if (key === 'function') return go(reportStopped(moment, at.id, isSent(at)), abort);
  if (at.step?.at === 'scan' && key !== 'cancel') {
    const typed = editDigits('', key, codeDigits.most);
    if (typeof typed === 'string' || typed.digits === '') return wrongKey(at);
    return go({ ...typeCode(at.amountFen, moment), typed: [typed.digits] }, abort);
  }
  if (key !== 'cancel') return wrongKey(at);
  if (!isSent(at)) return go(idle(moment, say('notice.cancelled')), abort);
  if (at.step?.at === 'printing') return go(idle(moment), abort);
  if (at.step?.at === 'closing') return go(idle(moment, say('notice.codeCloses')));
  return go({ ...at, step: { at: 'closing' } }, abort);
}

const isSent = ({ step }: CodeSale): boolean => step !== undefined && step.at !== 'reversal' && step.at !== 'scan';

/** As the wallets print them under their codes. */
export const codeDigits = { least: 16, most: 24 } as const;

export const typeCode = (amountFen: Fen, moment: Moment) => form(moment, { for: 'code', amountFen }, inMenu('codes'));

/** A closing that 取消 began is not undone by what the flow was still saying. */
export const codeProgressed = (at: CodeSale, step: CodeStep): CodeSale =>
  at.step?.at === 'closing' && step.at !== 'printing' ? at : { ...at, step };

/** Also when the page was left: an outcome that concerns money is always shown. */
export function codeSaleEnded(at: Place, id: number, outcome: CodeOutcome, moment: Moment): Next {
  const isHere = at.is === 'code-sale' && at.id === id;
  if (outcome.kind === 'stopped') return isHere ? stopped(at, outcome, moment) : go(at);
  if (('id' in at && at.id !== id) || ('stopped' in at && at.stopped === id)) return go(at);
  const { txn } = outcome;
  const { stan, amountFen } = txn;
  const rows = [{ label: 'label.stan', value: stan }] as const;
  switch (outcome.kind) {
    case 'approved': {
      const { printProblem: problem } = outcome;
      if (problem === undefined) return go({ is: 'approved', txn, expiresMs: moment.now + resultMs }, beep('ok'));
      const target = { kind: 'stan', stan } as const;
      const expiresMs = moment.now + operationMs;
      return go({ is: 'print-problem', target, safe: say('print.saleSafe'), problem, expiresMs }, beep('error'));
    }
    case 'declined':
      return go({ is: 'declined', txn, code: outcome.code, expiresMs: moment.now + resultMs }, beep('error'));
    case 'closed': {
      const text = say(outcome.revoked ? 'qr.revoked' : 'qr.closed');
      return result(moment, { title: say('title.codeClosed'), rows: [empty, text, ...rows], amountFen }, 'error');
    }
    case 'unknown':
      return result(moment, { title: say('title.unknown'), rows: [say('qr.unknown'), ...rows], amountFen }, 'error');
  }
}

/** Nothing was sent. A scanner that does not work leaves the digits under the code. */
function stopped(at: CodeSale, { why, detail }: Extract<CodeOutcome, { kind: 'stopped' }>, moment: Moment): Next {
  switch (why) {
    case 'cancelled':
      return go(idle(moment, say('notice.cancelled')));
    case 'scan-timeout':
      return go(idle(moment, say('notice.scanTimeout')), beep('error'));
    case 'scanner':
      return withoutScanner(at, detail ?? '', moment);
  }
}

function withoutScanner({ amountFen }: CodeSale, problem: string, moment: Moment): Next {
  const words = keyFor('problem', problem) ?? 'problem.other';
  const lines = [say('qr.scanner'), { text: words, params: {} }, say('qr.typeInstead')] as const;
  return fail(moment, title, lines, typeCode(amountFen, moment));
}

export function codeSaleRefused(at: CodeSale, refusal: Refusal, moment: Moment): Next {
  const isScanner = at.by === 'customer-shows' && refusal.code === 'DEVICE_ABSENT';
  if (isScanner) return withoutScanner(at, 'DEVICE_ABSENT', moment);
  return refuse(moment, title, refusal, idle(moment));
}

const wallets = {
  QR_WECHAT: 'title.codeWechat',
  QR_ALIPAY: 'title.codeAlipay',
  QR_UNIONPAY: 'title.codeUnionpay',
} as const satisfies Record<string, TextKey>;

function rowsAt(step: CodeStep | undefined, look: Look): readonly (string | Say)[] {
  switch (step?.at) {
    case undefined:
      return ['', say('sale.start')];
    case 'reversal':
      return ['', say('sale.reversal', { seconds: secondsLeft(look, step.untilMs) })];
    case 'scan':
      return ['', say('qr.scan', { seconds: secondsLeft(look, step.untilMs) }), '', say('qr.orType')];
    case 'host':
      return ['', say('sale.host', { seconds: secondsLeft(look, step.untilMs) })];
    case 'show-code':
      return [say('qr.show', { seconds: secondsLeft(look, step.untilMs) })];
    case 'phone':
      return [
        '',
        say('qr.phone', { seconds: secondsLeft(look, step.untilMs) }),
        say(step.needsPin ? 'qr.phonePin' : 'qr.phoneConfirm'),
      ];
    case 'unknown':
      return ['', say('qr.asking'), say('qr.askedAgain', { seconds: secondsLeft(look, step.askAtMs) })];
    case 'closing':
      return ['', say('qr.closing')];
    case 'printing':
      return ['', say('sale.printing')];
  }
}

function keysAt(step: CodeStep | undefined): Extract<TextKey, `keys.${string}`> {
  if (step?.at === 'scan') return 'keys.scan';
  return step?.at === 'closing' ? 'keys.leave' : 'keys.cancelCard';
}

function titleAt(step: CodeStep | undefined): Say {
  if (step?.at === 'printing') return say('title.approved');
  return step?.at === 'show-code' ? say(wallets[step.instrument]) : title;
}

export function viewCodeSale({ step, amountFen }: CodeSale, look: Look): Screen {
  const screen = page(look, {
    title: titleAt(step),
    body: rowsAt(step, look),
    amount: formatYuan(amountFen),
    keys: keysAt(step),
  });
  return step?.at === 'show-code' ? { ...screen, qr: step.url } : screen;
}

export const askCodeAmount = (way: CodeWay, moment: Moment) =>
  askAmount(moment, { purpose: { txn: 'code-sale', way } });
