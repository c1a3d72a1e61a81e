import { isDeepStrictEqual } from 'node:util';
import { send } from '../../sync/stream/send.ts';
import { audit } from '../base/audit.ts';
import type { Clock } from '../base/clock.ts';
import { at } from '../base/crash-points.ts';
import { type Database, inTransaction } from '../base/database.ts';
import { TerminalError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Fen } from '../base/money.ts';
import type { Random } from '../base/random.ts';
import { authorise } from '../users/roles.ts';
import type { User } from '../users/user.ts';
import { type Customer, type CustomerTyped, customerOf } from './customer.ts';
import type { Invoice } from './invoice.ts';
import { getInvoiceByKey, getLiveInvoice, insertInvoice } from './store.ts';

export interface IssueCommand {
  readonly user: User;
  /** `leftFen`: paid − refunded, as it stands at this moment; zero for what was not paid, or is not of this terminal. */
  readonly payment: { readonly no: string; readonly leftFen: Fen };
  readonly customer: CustomerTyped;
  /** The caller's number for this intent: pressed twice, asked for once. */
  readonly key?: string;
}

/**
 * Asks the host for an invoice of what is left of a payment (B-040, B-041): the row and the instruction, in one transaction; it posts nothing. The same key with
 * the same content gives the old answer. FORBIDDEN, INVOICE_TITLE_REQUIRED, TAX_NO_INVALID, CONTACT_REQUIRED, INVALID_CONTACT, BAD_REQUEST for what is too long,
 * TXN_NOT_PAID, ALREADY_INVOICED, IDEMPOTENCY_CONFLICT.
 */
export function issueInvoice(
  db: Database,
  world: { readonly clock: Clock; readonly random: Random },
  command: IssueCommand,
): Invoice {
  authorise(command.user, 'invoice');
  const customer = customerOf(command.customer);
  const earlier = command.key === undefined ? undefined : getInvoiceByKey(db, command.key);
  if (earlier) return sameContent(earlier, command, customer);
  const { no: payment, leftFen } = command.payment;
  if (leftFen <= 0) throw new TerminalError('TXN_NOT_PAID', { no: payment });
  const live = getLiveInvoice(db, payment);
  if (live) throw new TerminalError('ALREADY_INVOICED', { no: live.invoiceNo ?? live.no });
  const invoice: Invoice = {
    ...newInvoice(newId(world.clock, world.random), world.clock.now(), command.user),
    ...customer,
    kind: 'blue',
    payment,
    of: null,
    amountFen: leftFen,
    idempotencyKey: command.key ?? null,
  };
  inTransaction(db, (tx) => {
    insertInvoice(tx, invoice);
    const { no, requestedAt, operator, amountFen } = invoice;
    audit(tx, {
      at: requestedAt,
      by: operator,
      action: 'invoice',
      about: payment,
      outcome: 'ok',
      details: { no, amountFen, titleKind: customer.titleKind },
    });
    const facts = { payment, amountFen, ...customer };
    send(tx.db, { kind: 'issue-invoice', id: no, body: { no, at: requestedAt, by: operator, facts, journals: [] } });
    at('invoice.in-request');
  });
  at('invoice.after-request');
  return invoice;
}

function sameContent(earlier: Invoice, { payment, user, key }: IssueCommand, customer: Customer): Invoice {
  const { titleKind, title, taxNo, address, phone, email } = earlier;
  const asked: Customer = { titleKind, title, taxNo, address, phone, email };
  if (!isDeepStrictEqual(asked, customer) || earlier.payment !== payment.no || earlier.operator !== user.no)
    throw new TerminalError('IDEMPOTENCY_CONFLICT', { no: key ?? '' });
  return earlier;
}

/** As every invoice begins. */
export const newInvoice = (no: string, requestedAt: number, { no: operator }: Pick<User, 'no'>) =>
  ({
    no,
    state: 'REQUESTED',
    operator,
    idempotencyKey: null,
    requestedAt,
    endedAt: null,
    refused: false,
    reason: null,
    invoiceNo: null,
    url: null,
    prints: 0,
  }) as const;
