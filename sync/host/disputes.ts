import type { SettlementDisputed, TicketAnswered, TicketClosed } from '../protocol/settlement.ts';
import { HostReject, type TerminalRef } from './business.ts';
import { noEffects } from './effects.ts';
import { type Host, owner } from './host.ts';
import { mayDo } from './permissions.ts';
import type { RowPlan } from './row-plan.ts';
import { sendDown } from './send-down.ts';
import type { TicketTable } from './settlement-tables.ts';
import { findSettlement } from './settlements.ts';
import type { HostTrx } from './store.ts';

/** Dispute tickets (B-014): OPEN → ANSWERED → CLOSED. The terminal opens and closes, people at the host answer. */

/** `settlement-disputed`: only of a settlement of this terminal that was paid, and of a payment of this terminal. */
export async function planDispute(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  body: SettlementDisputed,
): Promise<RowPlan> {
  const { settlement, payment, text } = body.facts;
  const known = await findTicket(trx, from, body.no);
  if (known) {
    const same = known.settlement === settlement && known.payment === payment && known.text === text;
    if (!same) throw new HostReject('IDEMPOTENCY_CONFLICT');
    return { expected: noEffects, apply: async () => {} };
  }
  const paid = await findSettlement(trx, from, settlement);
  const isTheirs = paid !== undefined && (payment === null || (await isOurs(trx, from, payment)));
  if (!isTheirs || !(await mayDo(trx, from.merchant, body.by, 'dispute'))) throw new HostReject('FORBIDDEN');
  if (paid.state !== 'SUCCEEDED' && paid.state !== 'RETURNED') throw new HostReject('ILLEGAL_STATE');
  return {
    expected: noEffects,
    apply: async () => {
      await trx
        .insertInto('tickets')
        .values({
          ...owner(from),
          no: body.no,
          settlement,
          payment,
          text,
          by_actor: body.by,
          state: 'OPEN',
          answer: null,
          answered_by: null,
          at: host.clock.now(),
          answered_at: null,
          closed_at: null,
        })
        .execute();
    },
  };
}

/** A payment or refund of this terminal. */
async function isOurs(trx: HostTrx, from: TerminalRef, no: string): Promise<boolean> {
  const payment = await trx
    .selectFrom('approvals')
    .select('payment')
    .where((eb) => eb.and({ ...owner(from), payment: no }))
    .executeTakeFirst();
  if (payment) return true;
  const refund = await trx
    .selectFrom('refunds')
    .select('no')
    .where((eb) => eb.and({ ...owner(from), no }))
    .executeTakeFirst();
  return refund !== undefined;
}

async function findTicket(trx: HostTrx, from: TerminalRef, no: string): Promise<TicketTable | undefined> {
  return trx
    .selectFrom('tickets')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), no }))
    .executeTakeFirst();
}

/** A person's answer; once. */
export async function answerTicket(
  host: Host,
  trx: HostTrx,
  of: TerminalRef,
  given: { readonly ticket: string; readonly answer: string; readonly by: string },
): Promise<'done' | 'NOT_FOUND' | 'ILLEGAL_STATE'> {
  const ticket = await findTicket(trx, of, given.ticket);
  if (!ticket) return 'NOT_FOUND';
  if (ticket.state !== 'OPEN') return 'ILLEGAL_STATE';
  const { answer, by: answered_by } = given;
  await change(host, trx, ticket, { state: 'ANSWERED', answer, answered_by, answered_at: host.clock.now() });
  return 'done';
}

/** `ticket-closed`: whoever disputed is content with the answer. Closed again it stays closed. */
export async function planTicketClosed(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  body: TicketClosed,
): Promise<RowPlan> {
  const ticket = await findTicket(trx, from, body.facts.ticket);
  if (!ticket || !(await mayDo(trx, from.merchant, body.by, 'dispute'))) throw new HostReject('FORBIDDEN');
  if (ticket.state === 'OPEN') throw new HostReject('ILLEGAL_STATE');
  return {
    expected: noEffects,
    apply: async () => {
      if (ticket.state === 'ANSWERED') {
        await change(host, trx, ticket, { state: 'CLOSED', closed_at: host.clock.now() });
      }
    },
  };
}

async function change(host: Host, trx: HostTrx, ticket: TicketTable, set: Partial<TicketTable>): Promise<void> {
  const { no, state, answer, answered_by } = { ...ticket, ...set };
  await trx
    .updateTable('tickets')
    .set(set)
    .where((eb) => eb.and({ ...owner(ticket), no }))
    .execute();
  const body: TicketAnswered = {
    no,
    at: host.clock.now(),
    ticket: no,
    state,
    answer: answer ?? '',
    by: answered_by ?? '',
  };
  await sendDown(trx, ticket, { kind: 'ticket-answered', id: `${no}:${state}`, body });
}
