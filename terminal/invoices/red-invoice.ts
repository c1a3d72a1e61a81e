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
import { type Invoice, isStanding } from './invoice.ts';
import { newInvoice } from './issue-invoice.ts';
import { getInvoice, getRedUnderWay, insertInvoice } from './store.ts';

export interface RedCommand {
  readonly user: User;
  /** Of the invoice that is taken back. */
  readonly no: string;
  /** What is left of its payment at this moment. */
  readonly leftFen: Fen;
}

/**
 * Takes a whole invoice back after a refund or a void (红字发票); a new one may then be issued of what is left. Pressed again while it is under way, it is the
 * same. FORBIDDEN, NOT_FOUND, ILLEGAL_STATE: it does not stand, or nothing was given back.
 */
export function redInvoice(
  db: Database,
  world: { readonly clock: Clock; readonly random: Random },
  { user, no: of, leftFen }: RedCommand,
): Invoice {
  authorise(user, 'invoice');
  const blue = getInvoice(db, of);
  if (blue?.kind !== 'blue') throw new TerminalError('NOT_FOUND', { what: 'invoice', no: of });
  if (!isStanding(blue)) throw new TerminalError('ILLEGAL_STATE', { state: blue.state, event: 'red-invoice' });
  if (!isRedDue(blue, leftFen))
    throw new TerminalError('ILLEGAL_STATE', { state: 'NOT_REFUNDED', event: 'red-invoice' });
  const underWay = getRedUnderWay(db, of);
  if (underWay) return underWay;
  const { payment, amountFen, titleKind, title, taxNo, address, phone, email } = blue;
  const red: Invoice = {
    ...newInvoice(newId(world.clock, world.random), world.clock.now(), user),
    ...{ payment, amountFen, titleKind, title, taxNo, address, phone, email },
    kind: 'red',
    of,
  };
  inTransaction(db, (tx) => {
    insertInvoice(tx, red);
    const { no, requestedAt, operator } = red;
    const details = { no, amountFen, of };
    audit(tx, { at: requestedAt, by: operator, action: 'red-invoice', about: payment, outcome: 'ok', details });
    const facts = { payment, invoice: of, amountFen, reason: leftFen > 0 ? '部分退货' : '退货或撤销' };
    send(tx.db, { kind: 'red-invoice', id: no, body: { no, at: requestedAt, by: operator, facts, journals: [] } });
    at('invoice.in-request');
  });
  at('invoice.after-request');
  return red;
}

/** It says more than was paid in the end. */
export const isRedDue = ({ amountFen }: Pick<Invoice, 'amountFen'>, leftFen: Fen): boolean => leftFen < amountFen;
