import * as v from 'valibot';
import { differenceDecided } from '../protocol/bills.ts';
import { day, number, text } from '../protocol/common.ts';
import { message } from '../protocol/notices.ts';
import { plant } from './bill-plant.ts';
import { publishBill } from './bills.ts';
import type { TerminalRef } from './business.ts';
import { approveDecision, proposeDecision } from './decide-bill-difference.ts';
import type { Host } from './host.ts';
import { nextReference } from './numbers.ts';
import { sendDown } from './send-down.ts';
import type { HostTrx } from './store.ts';

/** What people at the host do about bills and differences, and what they tell the merchant. */

const terminal = v.optional(v.pipe(v.string(), v.regex(/^\d{8}$/)));
/** Who acts: at the desk whoever is logged in. */
const by = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,40}$/));
const words = v.pipe(text, v.trim(), v.minLength(1));

export const billCommand = v.variant('command', [
  /** Makes the bill of that day, a new version if there is one. `plant`: differences in the bill only. */
  v.strictObject({
    command: v.literal('publish-bill'),
    terminal,
    date: day,
    plant: v.optional(v.pipe(v.array(plant), v.maxLength(1_000)), []),
  }),
  /** The next bill is a bad file. */
  v.strictObject({ command: v.literal('spoil-bill'), how: v.picklist(['hash', 'rows', 'line', 'part']) }),
  v.strictObject({
    command: v.literal('difference-propose'),
    terminal,
    difference: number,
    decision: differenceDecided.entries.decision,
    reason: v.optional(text, ''),
    by,
  }),
  v.strictObject({ command: v.literal('difference-approve'), terminal, difference: number, by }),
  /** 站内信 to everybody who uses the console of the merchant. */
  v.strictObject({
    command: v.literal('message'),
    zh: words,
    en: words,
    level: v.optional(message.entries.level, 'info'),
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
  const terminals = await trx.selectFrom('terminals').select('terminal').where('merchant', '=', merchant).execute();
  const body = { no, at: host.clock.now(), zh, en, level };
  for (const { terminal: to } of terminals) {
    await sendDown(trx, { merchant, terminal: to }, { kind: 'message', id: no, body });
  }
}
