import * as v from 'valibot';
import { differenceDecided } from '../protocol/bills.ts';
import { day, number, text } from '../protocol/common.ts';
import { message } from '../protocol/notices.ts';
import { plant } from './bill-plant.ts';
import { spoil } from './bill-tables.ts';
import { publishBill } from './bills.ts';
import type { TerminalRef } from './business.ts';
import { by, signed, terminal, words } from './command-fields.ts';
import { approveDecision, proposeDecision } from './decide-bill-difference.ts';
import type { Host } from './host.ts';
import { terminalsOf } from './merchant-records.ts';
import { nextReference } from './numbers.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';

/** What people at the host do about bills and differences, and what they tell the merchant. */

export const billCommand = v.variant('command', [
  /** Makes the bill of that day, a new version if there is one. `plant`: differences in the bill only; `spoil`: the file is bad. */
  v.strictObject({
    command: v.literal('publish-bill'),
    terminal,
    date: day,
    plant: v.optional(v.pipe(v.array(plant), v.maxLength(1_000)), []),
    spoil: v.optional(spoil),
    by: signed,
  }),
  /** The next bill is a bad file. */
  v.strictObject({ command: v.literal('spoil-bill'), how: spoil, by: signed }),
  v.strictObject({
    command: v.literal('difference-propose'),
    terminal,
    difference: number,
    decision: differenceDecided.entries.decision,
    reason: v.optional(text, ''),
    by,
  }),
  /** Of what was read: refused when something else is proposed by now. */
  v.strictObject({
    command: v.literal('difference-approve'),
    terminal,
    difference: number,
    decision: differenceDecided.entries.decision,
    proposedBy: by,
    by,
  }),
  /** 站内信 to everybody who uses the console of the merchant. */
  v.strictObject({
    command: v.literal('message'),
    zh: words,
    en: words,
    level: v.optional(message.entries.level, 'info'),
    by: signed,
  }),
]);
export type BillCommand = v.InferOutput<typeof billCommand>;

export type BillOutcome = 'done' | 'NOT_FOUND' | 'ILLEGAL_STATE' | 'INVALID_PARAMETER' | 'SELF_APPROVAL_FORBIDDEN';

/** In the caller's transaction. */
export async function carryOutBill(
  host: Host,
  trx: HostTrx,
  to: TerminalRef,
  order: BillCommand,
): Promise<BillOutcome> {
  switch (order.command) {
    case 'publish-bill':
      return publishBill(host, trx, to, order);
    case 'spoil-bill':
      host.faults.arm({ kind: 'spoil-bill', how: order.how }, 1);
      return 'done';
    case 'difference-propose':
      return proposeDecision(trx, to, order);
    case 'difference-approve':
      return approveDecision(host, trx, to, order);
    case 'message':
      await sendMessage(host, trx, to.merchant, order);
      return 'done';
  }
}

async function sendMessage(
  host: Host,
  trx: HostTrx,
  merchant: string,
  { zh, en, level }: Extract<BillCommand, { command: 'message' }>,
): Promise<void> {
  const no = await nextReference(trx, 'M');
  const body = { no, at: host.clock.now(), zh, en, level };
  for (const to of await terminalsOf(trx, merchant)) await sendDown(trx, to, { kind: 'message', id: no, body });
}
