import { isDeviceError } from '../../drivers/errors.ts';
import type { CodeAnswer } from '../../sync/protocol/code-requests.ts';
import { at } from '../base/crash-points.ts';
import { inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { type Fen, fen } from '../base/money.ts';
import { category } from '../payments/category.ts';
import { answersCode, createCodeSale, recordCodeStopped } from '../payments/code-sale.ts';
import { requireInstrument, walletOf } from '../payments/instruments.ts';
import type { Payment } from '../payments/payment.ts';
import type { User } from '../users/user.ts';
import { requireSoundDevices } from './abnormal-device.ts';
import { mostRecords } from './batch-limits.ts';
import { batchForIntent, reversalsFirst, running } from './checkout.ts';
import { requireRightClock } from './clock.ts';
import type { CodeOutcome, CodeStep, CodeWay } from './code-sale-desk.ts';
import { closeOrder, doubtOrder, endOrder, queryDelayMs, queryOrder } from './code-sale-order.ts';
import type { SaleStep } from './counter.ts';
import { showCustomer } from './customer-display.ts';
import { askHost, requireOnline } from './host-link.ts';
import { requireOwnCategory } from './own-category.ts';
import { printCode, printSale } from './print.ts';
import { transactionView } from './views.ts';
import { changed, oneAtATime, type World } from './world.ts';

/**
 * A code sale from the amount to the slip. Commits: the intent, each doubt, the end, the print. Nothing is reversed: 取消 closes the order by number, which gives
 * back what was paid; without an answer the order stays UNKNOWN and due work asks on (code-sale-order.ts).
 */

interface CodeOrder {
  readonly user: User;
  readonly amount: Fen;
  readonly way: CodeWay;
}

interface Dialog {
  readonly signal: AbortSignal;
  readonly progress: (step: CodeStep) => void;
}

type Ended = { readonly payment: Payment; readonly codeUrl: string | undefined } | CodeOutcome;

export async function codeSale(world: World, order: CodeOrder, dialog: Dialog): Promise<CodeOutcome> {
  const ended = await oneAtATime(world, 'sale', () => sellByCode(world, order, dialog));
  if ('kind' in ended) return ended;
  const { payment, codeUrl } = ended;
  if (!payment.cleared) return notPaid(world, payment);
  dialog.progress({ at: 'printing' });
  const printProblem = await printSale(world, payment, false);
  changed(world);
  return { kind: 'approved', txn: transactionView(world.db, payment), codeUrl, printProblem };
}

function notPaid(world: World, payment: Payment): CodeOutcome {
  const { state, code } = payment;
  const txn = transactionView(world.db, payment);
  if (state === 'REVERSED') return { kind: 'closed', txn, revoked: true };
  if (state !== 'FAILED') return { kind: 'unknown', txn };
  return code === null || code === '00' ? { kind: 'closed', txn, revoked: false } : { kind: 'declined', txn, code };
}

async function sellByCode(world: World, order: CodeOrder, dialog: Dialog): Promise<Ended> {
  const progress = (step: SaleStep) => (step.at === 'reversal' ? dialog.progress(step) : undefined);
  await reversalsFirst(world, { signal: dialog.signal, progress });
  if (dialog.signal.aborted) return { kind: 'stopped', why: 'cancelled' };
  requireSoundDevices(world);
  requireOnline(world);
  requireRightClock(world);
  requireOwnCategory(world);
  let ended: Ended | undefined;
  try {
    const text =
      order.way.by === 'customer-shows' ? (order.way.typed ?? (await askCode(world, order, dialog))) : undefined;
    if (typeof text === 'object') return text;
    const instrument = order.way.by === 'merchant-shows' ? order.way.instrument : walletOf(text ?? '');
    if (instrument) requireInstrument(world.db, instrument);
    ended = await running(world, intend(world, order), (payment) => follow(world, payment, { ...order, text }, dialog));
    return ended;
  } finally {
    const paid = ended && 'payment' in ended && ended.payment.cleared ? ended.payment : undefined;
    showCustomer(world, paid ? { is: 'approved', amountFen: paid.amountFen } : { is: 'welcome' });
  }
}

function intend(world: World, { user, amount, way }: CodeOrder): Payment {
  const { maxAmountFen } = world.config.limits;
  const instrument = way.by === 'merchant-shows' ? way.instrument : null;
  const batch = batchForIntent(world);
  return createCodeSale(world.db, world, {
    user,
    amount,
    batch,
    maxAmountFen: fen(maxAmountFen),
    maxRecords: mostRecords(world),
    instrument,
  });
}

/** The text under the scanner: whoever has it may charge, so it goes nowhere but sealed to the host. */
async function askCode(
  world: World,
  { amount }: CodeOrder,
  { signal, progress }: Dialog,
): Promise<string | CodeOutcome> {
  const { scanner, config, clock } = world;
  if (!scanner) throw new TerminalError('DEVICE_ABSENT', { device: 'scanner' });
  const timeoutMs = config.limits.scanWaitMs;
  progress({ at: 'scan', untilMs: clock.now() + timeoutMs });
  showCustomer(world, { is: 'show-code', amountFen: amount });
  try {
    const { text } = await scanner.scan(timeoutMs, signal);
    return signal.aborted ? { kind: 'stopped', why: 'cancelled' } : text;
  } catch (error) {
    if (!isDeviceError(error)) throw error;
    if (error.code === 'CANCELLED') return { kind: 'stopped', why: 'cancelled' };
    if (error.code === 'SCAN_TIMEOUT') return { kind: 'stopped', why: 'scan-timeout' };
    return { kind: 'stopped', why: 'scanner', detail: String(error.details['reason'] ?? error.code) };
  }
}

interface Opening extends CodeOrder {
  readonly text: string | undefined;
}

/** Opens the order and asks after it until it has ended, 取消 is pressed, or its time is over. */
async function follow(world: World, opened: Payment, order: Opening, dialog: Dialog): Promise<Ended> {
  const untilMs = world.clock.now() + world.config.limits.orderWaitMs;
  let payment = opened;
  let codeUrl: string | undefined;
  let printed = false;
  let answer = await open(world, payment, order, dialog);
  if (answer === 'offline') {
    inTransaction(world.db, (tx) => recordCodeStopped(tx, world.clock.now(), payment, 'offline'));
    throw new TerminalError('OFFLINE');
  }
  for (let asked = 0; ; asked += 1) {
    const ended = endOrder(world, payment, answer);
    if (ended) return { payment: ended, codeUrl };
    const waiting = isWaiting(payment, answer) ? answer : undefined;
    codeUrl = waiting?.codeUrl ?? codeUrl;
    const waitMs = queryDelayMs(world, asked);
    if (!waiting) payment = doubtOrder(world, payment, 'no-answer', waitMs);
    tell(world, order, dialog, { waiting, codeUrl, untilMs, askAtMs: world.clock.now() + waitMs });
    if (codeUrl && !printed && order.way.by === 'merchant-shows' && order.way.print) {
      printed = true;
      await printCode(world, payment, codeUrl, Math.min(untilMs, waiting?.expiresAt ?? untilMs));
    }
    // The host has no such order, but it may still be on its way: closing bars its number, and the customer need not wait.
    if (isUnknownThere(payment, answer)) return close(world, payment, 'timeout', dialog, codeUrl);
    const over = await pause(world, Math.min(waitMs, Math.max(0, untilMs - world.clock.now())), dialog.signal);
    if (over || world.clock.now() >= untilMs)
      return close(world, payment, over ? 'cancelled' : 'timeout', dialog, codeUrl);
    answer = await queryOrder(world, payment, dialog.signal);
  }
}

/** The code of another order is never shown to the customer. */
const isWaiting = (payment: Payment, answer: CodeAnswer | string): answer is CodeAnswer =>
  typeof answer === 'object' && answer.state === 'WAITING' && answersCode(payment, answer);

const isUnknownThere = (payment: Payment, answer: CodeAnswer | string): boolean =>
  typeof answer === 'object' && answer.state === 'NOT_FOUND' && answersCode(payment, answer);

async function close(
  world: World,
  payment: Payment,
  why: 'cancelled' | 'timeout',
  { progress }: Dialog,
  codeUrl: string | undefined,
): Promise<Ended> {
  progress({ at: 'closing' });
  const answer = await closeOrder(world, payment, why, new AbortController().signal);
  const ended = endOrder(world, payment, answer);
  return { payment: ended ?? doubtOrder(world, payment, why, queryDelayMs(world, 0)), codeUrl };
}

async function open(
  world: World,
  payment: Payment,
  { way, text, amount }: Opening,
  { signal, progress }: Dialog,
): Promise<CodeAnswer | 'no-answer' | 'cancelled' | 'offline'> {
  const waitMs = world.config.limits.hostWaitMs;
  const { no, stan, batch, operator } = payment;
  progress({ at: 'host', untilMs: world.clock.now() + waitMs });
  showCustomer(world, { is: 'wait', amountFen: amount });
  const code =
    text === undefined ? null : world.seal({ pan: text, track2: null, expiry: null, emv: {}, pin: null }, no);
  const request = {
    kind: 'code-open',
    payment: no,
    stan,
    batch,
    operator,
    amountFen: payment.askedFen,
    way: way.by,
    instrument: way.by === 'merchant-shows' ? way.instrument : null,
    code,
    mcc: category(world.db) ?? undefined,
  } as const;
  return askHost(world, no, request, { waitMs, signal, sent: () => at('code.after-send') });
}

/** What both sides of the counter are to see while nobody has paid. */
function tell(world: World, { way, amount: amountFen }: Opening, { progress }: Dialog, seen: Seen): void {
  const { waiting, codeUrl, askAtMs } = seen;
  const untilMs = Math.min(seen.untilMs, waiting?.expiresAt ?? seen.untilMs);
  if (!waiting) {
    progress({ at: 'unknown', askAtMs, untilMs });
    return;
  }
  showCustomer(world, { is: codeUrl ? 'scan-ours' : 'on-phone', amountFen });
  const scans = codeUrl !== undefined && way.by === 'merchant-shows' && !waiting.needsPin;
  progress(
    scans
      ? { at: 'show-code', url: codeUrl, instrument: way.instrument, untilMs }
      : { at: 'phone', needsPin: waiting.needsPin, untilMs },
  );
}

interface Seen {
  /** The answer that says so; undefined: nobody knows. */
  readonly waiting: CodeAnswer | undefined;
  readonly codeUrl: string | undefined;
  readonly untilMs: number;
  readonly askAtMs: number;
}

/** True: `signal` came first. */
function pause({ clock }: World, ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const over = () => {
      stop();
      signal.removeEventListener('abort', over);
      resolve(signal.aborted);
    };
    const stop = clock.after(ms, over);
    signal.addEventListener('abort', over);
    if (signal.aborted) over();
  });
}
