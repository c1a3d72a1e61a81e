import { findApproval, keepRate, writeApproval } from './approvals.ts';
import type { TerminalRef } from './business.ts';
import { chooseRate, feeFen } from './fee.ts';
import type { CodeOrderTable } from './following-tables.ts';
import { mayGiveBack, undo } from './give-back.ts';
import { type Host, owner } from './host.ts';
import { nextRrn } from './numbers.ts';
import { ratePolicy, readParameters } from './parameters.ts';
import type { HostTrx } from './store.ts';
import { voucherOf } from './wallets.ts';

/**
 * The life of a code sale's order: one a payment number, WAITING → SUCCESS | CLOSED, SUCCESS → REVOKED. The simulated customer pays at a time that is decided
 * when the order is opened; whoever looks at the order then finds it paid.
 */

export async function findOrder(trx: HostTrx, from: TerminalRef, payment: string): Promise<CodeOrderTable | undefined> {
  return trx
    .selectFrom('code_orders')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), payment }))
    .executeTakeFirst();
}

/** Ends an order and returns what became of it. */
export async function closeOrder(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  payment: string,
): Promise<CodeOrderTable['state']> {
  const found = await findOrder(trx, from, payment);
  if (!found) return 'CLOSED';
  const order = await look(host, trx, found);
  if (order.state === 'WAITING') return set(trx, order, 'CLOSED');
  if (order.state !== 'SUCCESS') return order.state;
  const approval = await findApproval(trx, from, payment);
  if (approval && !(await mayGiveBack(trx, from, approval))) return 'SUCCESS';
  if (approval) await undo(host, trx, from, approval);
  return set(trx, order, 'REVOKED');
}

/** The orders of a batch that is being compared: paid or closed, none waits on. */
export async function endOrdersOf(host: Host, trx: HostTrx, from: TerminalRef, batch: string): Promise<void> {
  const waiting = await trx
    .selectFrom('code_orders')
    .selectAll()
    .where((eb) => eb.and({ ...owner(from), batch, state: 'WAITING' }))
    .execute();
  for (const order of waiting) {
    const { state } = await look(host, trx, order);
    if (state === 'WAITING') await set(trx, order, 'CLOSED');
  }
}

/** A tester's customer, who pays now or goes away. False: the order does not wait. */
export async function customerDecides(
  host: Host,
  trx: HostTrx,
  from: TerminalRef,
  payment: string,
  pays: boolean,
): Promise<'done' | 'NOT_FOUND' | 'ILLEGAL_STATE'> {
  const order = await findOrder(trx, from, payment);
  if (!order) return 'NOT_FOUND';
  if ((await look(host, trx, order)).state !== 'WAITING') return 'ILLEGAL_STATE';
  if (pays) await look(host, trx, { ...order, pays_at: host.clock.now() });
  else await set(trx, order, 'CLOSED', '05');
  return 'done';
}

/** The order as it is now: paid when the customer's time has come, closed when its own is over. */
export async function look(host: Host, trx: HostTrx, order: CodeOrderTable): Promise<CodeOrderTable> {
  if (order.state !== 'WAITING') return order;
  const at = host.clock.now();
  const paid = order.pays_at !== null && order.pays_at <= at && order.pays_at < order.expires_at;
  if (!paid) return order.expires_at > at ? order : { ...order, state: await set(trx, order, 'CLOSED') };
  await bookPaid(host, trx, order);
  return { ...order, state: await set(trx, order, 'SUCCESS') };
}

async function bookPaid(host: Host, trx: HostTrx, order: CodeOrderTable): Promise<void> {
  const at = host.clock.now();
  const grossFen = order.amount_fen - order.discount_fen;
  const rate = chooseRate(ratePolicy(await readParameters(trx, order.merchant)), order.instrument, grossFen);
  await keepRate(trx, order.merchant, rate);
  const rrn = await nextRrn(trx, at);
  if (host.faults.take('forget-approval')) return;
  await writeApproval(trx, order, {
    payment: order.payment,
    txn: 'code-sale',
    original: null,
    batch: order.batch,
    stan: order.stan,
    asked_fen: order.amount_fen,
    amount_fen: grossFen,
    discount_fen: order.discount_fen,
    fee_fen: feeFen(grossFen, rate),
    rate_id: rate.id,
    card_group: 'codes',
    entry: order.instrument,
    card_masked: null,
    code: '00',
    rrn,
    auth_code: voucherOf(order.instrument, rrn),
    state: 'CLEARED',
    booked_by: 'request',
    at,
    cleared_at: at,
    valid_until: null,
  });
}

async function set(
  trx: HostTrx,
  order: CodeOrderTable,
  state: CodeOrderTable['state'],
  code = '00',
): Promise<CodeOrderTable['state']> {
  await trx
    .updateTable('code_orders')
    .set({ state, code })
    .where((eb) => eb.and({ ...owner(order), payment: order.payment }))
    .execute();
  return state;
}
