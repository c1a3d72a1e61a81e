import * as v from 'valibot';
import { batchNo, count, fen, number, text } from '../protocol/common.ts';
import { request } from '../protocol/requests.ts';
import { type BillOutcome, billCommand, carryOutBill } from './bill-commands.ts';
import type { TerminalRef } from './business.ts';
import { clearBatch } from './clear-batch.ts';
import { reason, signed, terminal } from './command-fields.ts';
import { decideBatch } from './compare-batch.ts';
import { decideRefund } from './decide-refund.ts';
import { decideSettlement, returnTransfer } from './decide-settlement.ts';
import { decideDifference } from './differences.ts';
import { chargeBack, freeze, unfreeze } from './freezes.ts';
import type { Host } from './host.ts';
import type { LinkFaults } from './link-faults.ts';
import { setParameter, upstream } from './merchants.ts';
import { customerDecides } from './order-life.ts';
import { fitsParameter, isParameterName } from './parameters.ts';
import { carryOutRow, rowCommand } from './rejected-rows.ts';
import { decideReversal } from './reverse.ts';
import { carryOutSettle, settleCommand } from './settle-commands.ts';
import type { HostTrx } from './store.ts';

/** What people at the host do: bodies of `POST /command` and `POST /fault` on the control socket. */

const times = v.optional(v.pipe(count, v.minValue(1), v.maxValue(1_000_000)), 1);
const kinds = v.picklist(request.options.map((option) => option.entries.kind.literal));
const of = v.optional(kinds, 'sale');
const code = v.pipe(v.string(), v.regex(/^[0-9A-Z]{2}$/));
const amountFen = v.optional(v.pipe(fen, v.minValue(1)));
const because = (word: string) => v.optional(reason, word);
const ms = v.pipe(count, v.maxValue(3_600_000));

export const command = v.variant('command', [
  v.strictObject({ command: v.literal('set-parameter'), name: text, value: v.unknown(), by: signed }),
  v.strictObject({
    command: v.literal('decide-mirror'),
    terminal,
    n: count,
    decision: v.picklist(['book', 'mirror']),
    by: signed,
  }),
  /** Without `except`; what is excepted clears when it is called again. */
  v.strictObject({
    command: v.literal('clear-batch'),
    terminal,
    batch: batchNo,
    except: v.optional(v.pipe(v.array(number), v.maxLength(1000)), []),
    by: signed,
  }),
  v.strictObject({
    command: v.literal('refund-decide'),
    terminal,
    no: number,
    outcome: v.picklist(['succeeded', 'failed']),
    reason: because('BANK_REFUSED'),
    by: signed,
  }),
  v.strictObject({
    command: v.literal('freeze'),
    terminal,
    payment: number,
    amountFen,
    reason: because('RISK_REVIEW'),
    by: signed,
  }),
  v.strictObject({
    command: v.literal('unfreeze'),
    terminal,
    no: number,
    reason: because('REVIEW_PASSED'),
    by: signed,
  }),
  v.strictObject({
    command: v.literal('charge-back'),
    terminal,
    payment: number,
    amountFen,
    reason: because('CARDHOLDER_DISPUTE'),
    by: signed,
  }),
  /** What becomes of a batch whose compare ended in error: it is compared. */
  v.strictObject({ command: v.literal('decide-batch'), terminal, batch: batchNo, by: signed }),
  /** What becomes of a reversal that the host would not end: the approval is given back whatever followed upon it, so the terminal may end it. */
  v.strictObject({ command: v.literal('decide-reversal'), terminal, payment: number, by: signed }),
  /** The customer of a code that waits pays now, or goes away. */
  v.strictObject({ command: v.literal('customer'), terminal, payment: number, pays: v.boolean(), by: signed }),
  billCommand,
  settleCommand,
  rowCommand,
]);
export type Command = v.InferOutput<typeof command>;

export const faultOrder = v.variant('kind', [
  v.strictObject({ kind: v.literal('settle-fail'), reason, times }),
  /** `no`: that settlement is returned now; `transferRef`: all that was paid with that transfer; `next`: the next accepted one, after its success. */
  v.strictObject({
    kind: v.literal('settle-return'),
    terminal,
    no: v.optional(number, 'next'),
    transferRef: v.optional(text),
    times,
  }),
  v.strictObject({ kind: v.picklist(['forget-approval', 'verdict-error']), times }),
  v.strictObject({ kind: v.picklist(['refund-fail', 'refund-refuse', 'invoice-fail']), reason, times }),
  v.strictObject({ kind: v.literal('forward-refuse'), code, times }),
  v.strictObject({ kind: v.literal('wallet-silent'), times }),
  v.strictObject({ kind: v.literal('decline'), of, code, times }),
  v.strictObject({ kind: v.literal('drop-answer'), of, times }),
  v.strictObject({ kind: v.literal('delay-answer'), of, ms, times }),
  v.strictObject({ kind: v.literal('silence'), ms }),
  v.strictObject({ kind: v.picklist(['duplicate-rows', 'drop-rows', 'drop-ack', 'drop-welcome']), times }),
  /** Everything to terminals so much later; 0: no more. */
  v.strictObject({ kind: v.literal('delay-link'), ms }),
]);
export type FaultOrder = v.InferOutput<typeof faultOrder>;

/** `done`, or why not; nothing was changed then. */
export type Outcome = BillOutcome;

/** Carries out a command in the caller's transaction. `to` is the terminal that it names. */
export async function carryOut(host: Host, trx: HostTrx, to: TerminalRef, order: Command): Promise<Outcome> {
  const now = host.clock.now();
  const { by = upstream } = order;
  switch (order.command) {
    case 'set-parameter':
      if (!isParameterName(order.name) || !fitsParameter(order.name, order.value)) return 'INVALID_PARAMETER';
      await setParameter(trx, to.merchant, { name: order.name, value: order.value, by }, now);
      return 'done';
    case 'decide-mirror': {
      const { n, decision } = order;
      return (await decideDifference(trx, to, { n, decision, by, at: now })) ? 'done' : 'NOT_FOUND';
    }
    case 'clear-batch':
      return (await clearBatch(host, trx, to, order.batch, order.except)) ? 'done' : 'ILLEGAL_STATE';
    case 'refund-decide':
      return decideRefund(host, trx, to, order.no, order, by);
    case 'freeze':
      return freeze(host, trx, to, order);
    case 'unfreeze':
      return unfreeze(host, trx, to, order);
    case 'charge-back':
      return chargeBack(host, trx, to, order);
    case 'decide-batch':
      return decideBatch(host, trx, to, order.batch);
    case 'decide-reversal':
      return decideReversal(host, trx, to, order.payment);
    case 'customer':
      return customerDecides(host, trx, to, order.payment, order.pays);
    case 'publish-bill':
    case 'spoil-bill':
    case 'difference-propose':
    case 'difference-approve':
    case 'message':
      return carryOutBill(host, trx, to, order);
    case 'row-seen':
    case 'row-again':
      return carryOutRow(host, trx, to, order, by);
    case 'verify-account':
    case 'account-decide':
    case 'settle-decide':
    case 'paper-advance':
    case 'ticket-answer':
    case 'set-calendar':
    case 'set-mode':
    case 'set-user':
    case 'set-profile':
    case 'set-person':
      return carryOutSettle(host, trx, to, order);
  }
}

/** Arms a fault. A `settle-return` of a certain settlement happens at once, in the caller's transaction. */
export async function armFault(
  host: Host,
  trx: HostTrx,
  to: TerminalRef,
  order: FaultOrder,
  link: LinkFaults,
): Promise<Outcome> {
  switch (order.kind) {
    case 'silence':
      host.faults.silence(host.clock.now() + order.ms);
      return 'done';
    case 'settle-return':
      return returnSettlement(host, trx, to, order);
    case 'settle-fail':
    case 'forget-approval':
    case 'verdict-error':
    case 'refund-fail':
    case 'refund-refuse':
    case 'invoice-fail':
    case 'forward-refuse':
    case 'wallet-silent':
    case 'decline':
    case 'drop-answer':
    case 'delay-answer':
      host.faults.arm(order, order.times);
      return 'done';
    case 'duplicate-rows':
      link.duplicateDowns += order.times;
      return 'done';
    case 'drop-rows':
      link.dropDowns += order.times;
      return 'done';
    case 'drop-ack':
      link.dropUpAcks += order.times;
      return 'done';
    case 'drop-welcome':
      link.dropWelcomes += order.times;
      return 'done';
    case 'delay-link':
      link.delayMs = order.ms;
      return 'done';
  }
}

async function returnSettlement(
  host: Host,
  trx: HostTrx,
  to: TerminalRef,
  order: Extract<FaultOrder, { kind: 'settle-return' }>,
): Promise<Outcome> {
  const { no, transferRef, times } = order;
  const reason = 'RETURNED_BY_BANK';
  if (no === 'next' && transferRef === undefined) {
    host.faults.arm({ kind: 'settle-return' }, times);
    return 'done';
  }
  const decided =
    transferRef === undefined
      ? await decideSettlement(host, trx, to, no, { outcome: 'returned', reason }, upstream)
      : await returnTransfer(host, trx, to.merchant, transferRef, { reason, by: upstream });
  return decided === 'decided' ? 'done' : decided;
}
