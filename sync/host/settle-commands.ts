import * as v from 'valibot';
import { count, day, fen, longText, number, text } from '../protocol/common.ts';
import { calendarRecord, cycle, userRecord } from '../protocol/merchant-data.ts';
import { settleMode } from '../protocol/settlement.ts';
import { verifyAccount } from './account-life.ts';
import { currentAccount } from './accounts.ts';
import { decideAccount, flawOf, openApplication } from './apply-account.ts';
import { changeMode } from './apply-mode.ts';
import { advancePaper } from './apply-paper.ts';
import type { TerminalRef } from './business.ts';
import { reason, signed, terminal, words } from './command-fields.ts';
import { emailAddress, mobileNumber } from './contacts.ts';
import { decideSettlement } from './decide-settlement.ts';
import { answerTicket } from './disputes.ts';
import type { Host } from './host.ts';
import { changedProfile, changeRecords, readProfile } from './merchant-records.ts';
import { setParameter, setPerson, upstream } from './merchants.ts';
import type { HostTrx } from './store.ts';

/** What people at the host do about settlements, accounts and the other records of the merchant. */

const identity = v.pipe(v.string(), v.regex(/^[0-9A-Z]{15,20}$/i));

export const settleCommand = v.variant('command', [
  /** Without an application, while none is ACTIVE: this is the account from now on; the one in error, when it has its number (B-052). `id`: of its holder (B-013). */
  v.strictObject({
    command: v.literal('verify-account'),
    name: v.pipe(text, v.minLength(1)),
    number: v.pipe(v.string(), v.regex(/^\d{8,32}$/)),
    bank: v.pipe(text, v.minLength(1)),
    id: v.optional(identity),
    by: signed,
  }),
  /** What becomes of an account that was applied for; the merchant reads the remark. */
  v.strictObject({
    command: v.literal('account-decide'),
    version: count,
    outcome: v.picklist(['active', 'rejected']),
    reason: v.optional(v.picklist(['ACCOUNT_INVALID', 'ACCOUNT_NAME_MISMATCH']), 'ACCOUNT_INVALID'),
    remark: v.optional(words),
    by: signed,
  }),
  v.strictObject({
    command: v.literal('settle-decide'),
    terminal,
    no: number,
    outcome: v.picklist(['succeeded', 'failed', 'returned']),
    reason: v.optional(reason),
    by: signed,
  }),
  /** The next step of a paper statement: printed, then mailed. */
  v.strictObject({ command: v.literal('paper-advance'), terminal, no: number, by: signed }),
  v.strictObject({ command: v.literal('ticket-answer'), terminal, ticket: number, answer: longText, by: words }),
  v.strictObject({ command: v.literal('set-calendar'), ...calendarRecord.entries, by: signed }),
  v.strictObject({ command: v.literal('set-mode'), mode: settleMode, cycle: v.optional(cycle), by: signed }),
  v.strictObject({ command: v.literal('set-user'), record: v.strictObject(userRecord.entries), by: signed }),
  /** What is not named stays. */
  v.strictObject({
    command: v.literal('set-profile'),
    email: v.optional(v.nullable(emailAddress)),
    mobile: v.optional(v.nullable(mobileNumber)),
    address: v.optional(v.nullable(words)),
    contact: v.optional(v.nullable(words)),
    idValidUntil: v.optional(v.nullable(day)),
    agreement: v.optional(v.nullable(words)),
    agreementInForce: v.optional(words),
    remindFromFen: v.optional(fen),
    advance: v.optional(v.boolean()),
    by: signed,
  }),
  /** Whose account it may be (B-013). */
  v.strictObject({
    command: v.literal('set-person'),
    role: v.picklist(['merchant', 'legal-person', 'settler']),
    name: words,
    id: v.optional(v.nullable(identity), null),
    by: signed,
  }),
]);
export type SettleCommand = v.InferOutput<typeof settleCommand>;

type SettleOutcome = 'done' | 'NOT_FOUND' | 'ILLEGAL_STATE' | 'INVALID_PARAMETER';

/** In the caller's transaction. */
export async function carryOutSettle(
  host: Host,
  trx: HostTrx,
  to: TerminalRef,
  order: SettleCommand,
): Promise<SettleOutcome> {
  const { merchant } = to;
  const { by = upstream } = order;
  const now = host.clock.now();
  switch (order.command) {
    case 'verify-account':
      // Then account-decide is the way.
      if (await openApplication(trx, merchant)) return 'ILLEGAL_STATE';
      if ((await currentAccount(trx, merchant))?.state === 'ACTIVE') return 'ILLEGAL_STATE';
      if ((await flawOf(trx, merchant, order, order.id ?? null)) !== null) return 'INVALID_PARAMETER';
      await verifyAccount(trx, merchant, order, { by, now });
      return 'done';
    case 'account-decide':
      return decideAccount(host, trx, merchant, order.version, {
        by,
        why: order.outcome === 'active' ? null : order.reason,
        remark: order.remark,
      });
    case 'settle-decide': {
      const why = order.reason ?? (order.outcome === 'returned' ? 'RETURNED_BY_BANK' : 'BANK_REFUSED');
      const decided = await decideSettlement(host, trx, to, order.no, { outcome: order.outcome, reason: why }, by);
      return decided === 'decided' ? 'done' : decided;
    }
    case 'paper-advance':
      return advancePaper(host, trx, to, order.no, by);
    case 'ticket-answer':
      return answerTicket(host, trx, to, order);
    case 'set-mode':
      return (await changeMode(trx, merchant, order, by, now)) === null ? 'done' : 'INVALID_PARAMETER';
    case 'set-calendar': {
      const { holidays, workdays } = order;
      await changeRecords(trx, merchant, [{ kind: 'calendar', record: { holidays, workdays } }], by, now);
      return 'done';
    }
    case 'set-user':
      await changeRecords(trx, merchant, [{ kind: 'user', record: order.record }], by, now);
      return 'done';
    case 'set-profile':
      await setProfile(trx, merchant, { ...order, by }, now);
      return 'done';
    case 'set-person':
      await setPerson(trx, merchant, order);
      return 'done';
  }
}

async function setProfile(
  trx: HostTrx,
  merchant: string,
  { command: _, by, advance, ...change }: Extract<SettleCommand, { command: 'set-profile' }> & { readonly by: string },
  now: number,
): Promise<void> {
  const record = changedProfile(await readProfile(trx, merchant), change);
  await changeRecords(trx, merchant, [{ kind: 'profile', record }], by, now);
  if (advance === undefined) return;
  // The parameter is what clears at once; it tells the profile.
  const value = advance ? 'real-time' : 'T+1';
  await setParameter(trx, merchant, { name: 'settle.cardCycle', value, by }, now);
}
