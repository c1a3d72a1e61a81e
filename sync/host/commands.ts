import * as v from 'valibot';
import { batchNo, count, number, text } from '../protocol/common.ts';
import type { TerminalRef } from './business.ts';
import { clearBatch } from './clear-batch.ts';
import { decideSettlement } from './decide-settlement.ts';
import { decideDifference } from './differences.ts';
import type { Host } from './host.ts';
import type { LinkFaults } from './link-faults.ts';
import { setParameter, verifyAccount } from './merchants.ts';
import { fitsParameter, isParameterName } from './parameters.ts';
import type { HostTrx } from './store.ts';

/** What people at the host do: bodies of `POST /command` and `POST /fault` on the control socket. */

const terminal = v.optional(v.pipe(v.string(), v.regex(/^\d{8}$/)));
const reason = v.pipe(v.string(), v.regex(/^[A-Z][A-Z_]{2,39}$/));
const times = v.optional(v.pipe(count, v.minValue(1), v.maxValue(1_000_000)), 1);
const of = v.optional(v.picklist(['sign-in', 'sale', 'reverse']), 'sale');
const ms = v.pipe(count, v.maxValue(3_600_000));

export const command = v.variant('command', [
  v.strictObject({
    command: v.literal('verify-account'),
    name: v.pipe(text, v.minLength(1)),
    number: v.pipe(v.string(), v.regex(/^\d{8,32}$/)),
    bank: v.pipe(text, v.minLength(1)),
  }),
  v.strictObject({
    command: v.literal('settle-decide'),
    terminal,
    no: number,
    outcome: v.picklist(['succeeded', 'failed', 'returned']),
    reason: v.optional(reason),
  }),
  v.strictObject({ command: v.literal('set-parameter'), name: text, value: v.unknown() }),
  v.strictObject({ command: v.literal('decide-mirror'), terminal, n: count, decision: v.picklist(['book', 'mirror']) }),
  v.strictObject({ command: v.literal('clear-batch'), terminal, batch: batchNo }),
]);
export type Command = v.InferOutput<typeof command>;

export const faultOrder = v.variant('kind', [
  v.strictObject({ kind: v.literal('settle-fail'), reason, times }),
  /** `no`: that settlement is returned now; `next`: the next accepted one, after its success. */
  v.strictObject({ kind: v.literal('settle-return'), terminal, no: v.optional(number, 'next'), times }),
  v.strictObject({ kind: v.literal('forget-approval'), times }),
  v.strictObject({ kind: v.literal('drop-answer'), of, times }),
  v.strictObject({ kind: v.literal('delay-answer'), of, ms, times }),
  v.strictObject({ kind: v.literal('silence'), ms }),
  v.strictObject({ kind: v.picklist(['duplicate-rows', 'drop-rows', 'drop-ack', 'drop-welcome']), times }),
  /** Everything to terminals so much later; 0: no more. */
  v.strictObject({ kind: v.literal('delay-link'), ms }),
]);
export type FaultOrder = v.InferOutput<typeof faultOrder>;

/** `done`, or why not; nothing was changed then. */
export type Outcome = 'done' | 'NOT_FOUND' | 'ILLEGAL_STATE' | 'INVALID_PARAMETER';

/** Carries out a command in the caller's transaction. `to` is the terminal that it names. */
export async function carryOut(host: Host, trx: HostTrx, to: TerminalRef, order: Command): Promise<Outcome> {
  const now = host.clock.now();
  switch (order.command) {
    case 'verify-account':
      await verifyAccount(trx, to.merchant, order, now);
      return 'done';
    case 'settle-decide': {
      const why = order.reason ?? (order.outcome === 'returned' ? 'RETURNED_BY_BANK' : 'BANK_REFUSED');
      const decided = await decideSettlement(host, trx, to, order.no, { outcome: order.outcome, reason: why });
      return decided === 'decided' ? 'done' : decided;
    }
    case 'set-parameter':
      if (!isParameterName(order.name) || !fitsParameter(order.name, order.value)) return 'INVALID_PARAMETER';
      await setParameter(trx, to.merchant, order, now);
      return 'done';
    case 'decide-mirror': {
      const { n, decision } = order;
      return (await decideDifference(trx, to, { n, decision, at: now })) ? 'done' : 'NOT_FOUND';
    }
    case 'clear-batch':
      return (await clearBatch(host, trx, to, order.batch)) ? 'done' : 'ILLEGAL_STATE';
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
    case 'settle-return': {
      if (order.no === 'next') {
        host.faults.arm(order, order.times);
        return 'done';
      }
      const returned = { outcome: 'returned', reason: 'RETURNED_BY_BANK' } as const;
      const decided = await decideSettlement(host, trx, to, order.no, returned);
      return decided === 'decided' ? 'done' : decided;
    }
    case 'settle-fail':
    case 'forget-approval':
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
