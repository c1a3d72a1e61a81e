import { fen } from '../../terminal/base/money.ts';
import type { CodeWay } from '../../terminal/flows/code-sale-desk.ts';
import type { SaleOutcome } from '../../terminal/flows/counter.ts';
import { type Day, secretOf00, shareOf } from './day.ts';
import { leaving } from './leaving.ts';
import type { Deed } from './steps.ts';

/** What cashier, customer and supervisor do. Each tells its outcome in a word; a refusal is thrown. */

type Of<K extends Deed['do']> = Extract<Deed, { do: K }>;
interface Found {
  readonly no: string;
  readonly stan: string;
  readonly amountFen: number;
}
/** How long somebody looks at a screen that waits for the host. */
const patienceMs = 700;

const found = 'no, stan, amount_fen AS amountFen';
const easy = { reversal: 'well', how: 'contactless', foreign: false, yes: true, cancel: 'never' } as const;
const wordOf = (outcome: SaleOutcome): string => ('why' in outcome ? `${outcome.kind}: ${outcome.why}` : outcome.kind);

export async function sell(day: Day, deed: Of<'sale' | 'preauth'>, face: AbortSignal): Promise<string> {
  const dialog = day.dialog(deed, face);
  if (deed.reversal === 'refused') await day.system.host.fault({ kind: 'decline', of: 'reverse', code: '96' });
  if (deed.reversal === 'lost') await day.system.host.fault({ kind: 'drop-answer', of: 'reverse' });
  const { signal, progress, confirm, ...questions } = dialog;
  const amount = fen(deed.amountFen);
  const outcome =
    deed.do === 'preauth'
      ? await day.counter.preauth(amount, dialog)
      : await day.counter.sale(amount, signal, progress, confirm, false, questions);
  return wordOf(outcome);
}

export async function store(day: Day, { amountFen }: Of<'stored-sale'>, face: AbortSignal): Promise<string> {
  return (await day.counter.stored.sale(fen(amountFen), day.dialog(easy, face))).kind;
}

export async function sellByCode(
  day: Day,
  { amountFen, way, cancel }: Of<'code-sale'>,
  face: AbortSignal,
): Promise<string> {
  const left = leaving(face);
  const how: CodeWay =
    way === 'customer-shows' ? { by: way, typed: '134567890123456789' } : { by: 'merchant-shows', instrument: way };
  const outcome = await day.counter.codes.sale(fen(amountFen), how, left.signal, ({ at }) => {
    if (cancel && (at === 'show-code' || at === 'phone' || at === 'unknown')) left.abort();
  });
  return outcome.kind;
}

/** States from which the void goes, for the most; every other payment is to be refused. */
const voidable = {
  void: ["'sale', 'stored-sale'", "'PAID', 'CLEARED'"],
  'preauth-void': ["'preauth'", "'HELD'"],
  'completion-void': ["'completion'", "'PAID', 'CLEARED'"],
} as const;
const voids = { void: 'void', 'preauth-void': 'preauthVoid', 'completion-void': 'completionVoid' } as const;

export async function takeBack(
  day: Day,
  { do: txn, which }: Of<'void' | 'preauth-void' | 'completion-void'>,
  face: AbortSignal,
): Promise<string> {
  const one = voidableOf(day, txn, which) ?? (await before[txn](day, face).then(() => voidableOf(day, txn, 0)));
  if (!one) return 'nothing there';
  return wordOf(await day.counter[voids[txn]](one.stan, secretOf00, day.dialog(easy, face)));
}

function voidableOf(day: Day, txn: keyof typeof voidable, which: number): Found | undefined {
  const [txns, states] = voidable[txn];
  const good =
    which % 4 === 3 ? '' : `AND state IN (${states}) AND batch = (SELECT no FROM batch ORDER BY id DESC LIMIT 1)`;
  return day.pick<Found>(which, `SELECT ${found} FROM payment WHERE txn IN (${txns}) ${good} ORDER BY id DESC`);
}

/** Makes what there must be. */
const before = {
  void: (day: Day, face: AbortSignal) => sell(day, { do: 'sale', amountFen: 20_000, ...easy }, face),
  'preauth-void': (day: Day, face: AbortSignal) => sell(day, { do: 'preauth', amountFen: 20_000, ...easy }, face),
  'completion-void': (day: Day, face: AbortSignal) => complete(day, { which: 0, percent: 50, byCode: false }, face),
};

export async function complete(
  day: Day,
  { which, percent, byCode }: Pick<Of<'completion'>, 'which' | 'percent' | 'byCode'>,
  face: AbortSignal,
): Promise<string> {
  const held = heldOf(day, which) ?? (await before['preauth-void'](day, face).then(() => heldOf(day, 0)));
  if (!held) return 'nothing there';
  const authCode = day.pick<{ code: string | null }>(
    0,
    `SELECT auth_code AS code FROM payment WHERE no = '${held.no}'`,
  )?.code;
  const of =
    byCode && authCode ? ({ by: 'auth-code', authCode } as const) : ({ by: 'voucher', stan: held.stan } as const);
  return wordOf(await day.counter.completion(of, fen(shareOf(held.amountFen, percent)), day.dialog(easy, face)));
}

export async function advise(day: Day, { which, percent }: Of<'advice'>, face: AbortSignal): Promise<string> {
  const held = heldOf(day, which) ?? (await before['preauth-void'](day, face).then(() => heldOf(day, 0)));
  if (!held) return 'nothing there';
  return (await day.counter.stored.advise(held.stan, fen(shareOf(held.amountFen, percent)))).kind;
}

function heldOf(day: Day, which: number): Found | undefined {
  const good = which % 5 === 4 ? '' : "AND state = 'HELD'";
  return day.pick<Found>(which, `SELECT ${found} FROM payment WHERE txn = 'preauth' ${good} ORDER BY id DESC`);
}

export async function balance(day: Day, face: AbortSignal): Promise<string> {
  return (await day.counter.balance(day.dialog(easy, face))).kind;
}

/** Pressed `twice` with one key, it is one refund. */
export async function refund(
  day: Day,
  { which, percent, twice, ends }: Of<'refund'>,
  face: AbortSignal,
): Promise<string> {
  const one = refundableOf(day, which) ?? (await before.void(day, face).then(() => refundableOf(day, 0)));
  if (!one) return 'nothing there';
  if (ends === 'refused') await day.system.host.fault({ kind: 'refund-refuse', reason: 'RISK_BLOCKED' });
  if (ends === 'failed') await day.system.host.fault({ kind: 'refund-fail', reason: 'BANK_REFUSED' });
  const leaves = leaving(face, patienceMs).signal;
  const key = twice ? `refund ${one.no} ${one.left} ${percent}` : undefined;
  const order = {
    payment: one.no,
    amount: fen(shareOf(one.left, percent)),
    secret: secretOf00,
    ...(key !== undefined && { key }),
  };
  const first = await day.counter.refunds.refund(order, leaves, () => undefined);
  if (!twice) return first.kind;
  const second = await day.counter.refunds.refund(order, leaves, () => undefined);
  if (second.refund.no !== first.refund.no)
    throw new Error(`P-05: pressed twice, refunded twice: ${first.refund.no} ${second.refund.no}`);
  return first.kind;
}

function refundableOf(day: Day, which: number): (Found & { readonly left: number }) | undefined {
  const good = which % 6 === 5 ? '' : "AND state IN ('PAID', 'CLEARED', 'PARTLY_REFUNDED')";
  return day.pick<Found & { readonly left: number }>(
    which,
    `SELECT ${found}, amount_fen - refunded_fen AS left FROM payment
     WHERE txn IN ('sale', 'completion', 'code-sale', 'stored-sale', 'completion-advice') ${good} ORDER BY id DESC`,
  );
}

/** Sold at another terminal: the host finds it. */
export async function refundElsewhere(
  day: Day,
  { which, percent }: Of<'refund-elsewhere'>,
  face: AbortSignal,
): Promise<string> {
  const leaves = leaving(face, patienceMs).signal;
  const { refunds } = day.counter;
  const rrn = `99999999999${which % 3}`;
  const date = '2026-11-20';
  const offer = await refunds.find({ by: 'reference', rrn, date }, leaves);
  const amount = fen(shareOf(offer.leftFen, percent));
  const outcome = await refunds.refund({ payment: offer.payment, amount, secret: secretOf00 }, leaves, () => undefined);
  return outcome.kind;
}

export async function close(day: Day, face: AbortSignal): Promise<string> {
  const leaves = leaving(face, patienceMs * 2).signal;
  return (await day.counter.closeBatch(leaves, () => undefined)).kind;
}

/** By 00. Pressed `twice` with one key, it is one settlement. */
export async function settle(day: Day, { percent, twice, ends }: Of<'settle'>, face: AbortSignal): Promise<string> {
  const leaves = leaving(face, patienceMs).signal;
  if (ends !== 'well') await day.system.host.fault({ kind: 'settle-fail', reason: 'BANK_REFUSED' });
  const supervisor = await day.system.supervisor();
  const offer = supervisor.settlementOffer();
  const amount = fen(Math.floor((offer.availableFen * percent) / 100));
  day.lastKey = `settle ${day.clock.now()}`;
  const first = await supervisor.settle(amount, offer, leaves, () => undefined, day.lastKey);
  if (twice) {
    const second = await supervisor.settle(amount, offer, leaves, () => undefined, day.lastKey);
    if (second.no !== first.no) throw new Error(`P-05: pressed twice, settled twice: ${first.no} ${second.no}`);
  }
  return first.state;
}

export async function report(day: Day, { which }: Of<'report'>): Promise<string> {
  const one = day.pick<Found>(which, `SELECT ${found} FROM payment WHERE txn <> 'preauth' ORDER BY id DESC`);
  await day.counter.risk.report(one?.no, 'SUSPICIOUS', 'idle');
  return 'told';
}

export async function handOver(day: Day): Promise<string> {
  const { shift } = await day.counter.handOver(true);
  await day.counter.logOn('01', '0000');
  return shift ? 'ended' : 'none';
}

export async function signOff(day: Day, face: AbortSignal): Promise<string> {
  await day.counter.signOff(face);
  await day.counter.signIn(face);
  return 'and on';
}
