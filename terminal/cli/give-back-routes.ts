import type { Hono } from 'hono';
import { TerminalError } from '../base/errors.ts';
import { fen } from '../base/money.ts';
import { checked } from '../base/refuse.ts';
import type { Counter, PaymentDialog, SaleOutcome } from '../flows/counter.ts';
import { actRequest, keyParameter, listQuery, stanParameter } from './contract.ts';
import type { Acting } from './device-routes.ts';
import { findRefundRequest, refundRequest, reportRequest, voidRequest } from './give-back-contract.ts';

/** Refunds, voids and reports: what an operator may do about a payment without standing at the keypad. */
export function addGiveBackRoutes(app: Hono, counter: () => Counter, { read, act }: Acting): void {
  app.get('/refunds', (c) => c.json({ refunds: counter().refunds.list(checked(listQuery, c.req.query()).limit) }));
  app.get('/waiting', (c) => c.json({ transactions: counter().stored.waiting() }));
  app.get('/refund-of-key/:key', (c) => {
    const { key } = checked(keyParameter, c.req.param());
    return c.json({ refund: counter().refunds.byKey(key) ?? null });
  });

  app.post('/refunds/find', async (c) => {
    const body = await read(c, findRefundRequest);
    return act(c, body, async (desk, signal) => ({ offer: await desk.refunds.find(body.reference, signal) }));
  });
  app.post('/refunds', async (c) => {
    const { payment, amountFen, supervisor, idempotencyKey: key, ...who } = await read(c, refundRequest);
    const order = { payment, amount: fen(amountFen), key, ...(supervisor !== undefined && { secret: supervisor }) };
    return act(c, who, async (desk, signal, progress) => ({
      outcome: await desk.refunds.refund(order, signal, progress),
      idempotencyKey: key,
    }));
  });
  app.post('/refunds/:stan/reprint', async (c) => {
    const { stan } = checked(stanParameter, c.req.param());
    return act(c, await read(c, actRequest), async (desk, signal) => {
      await desk.refunds.reprint(stan, signal);
      return { reprinted: stan };
    });
  });
  app.post('/transactions/:stan/void', async (c) => {
    const { stan } = checked(stanParameter, c.req.param());
    const body = await read(c, voidRequest);
    return act(c, body, async (desk, signal, progress) => {
      // Whoever typed the number has seen the payment and said yes.
      const dialog: PaymentDialog = { signal, progress, confirm: async () => true };
      return { outcome: await voidOf(desk, stan, body.supervisor, dialog) };
    });
  });
  app.post('/transactions/:stan/report', async (c) => {
    const { stan } = checked(stanParameter, c.req.param());
    const body = await read(c, reportRequest);
    return act(c, body, async (desk) => {
      await desk.risk.report(found(desk, stan).payment, body.reason, 'command');
      return { reported: stan };
    });
  });
}

const found = (desk: Counter, stan: string) => {
  const txn = desk.transaction(stan);
  if (!txn) throw new TerminalError('NOT_FOUND', { what: 'transaction', no: stan });
  return txn;
};

/** A pre-authorisation and a completion have voids of their own. */
function voidOf(desk: Counter, stan: string, supervisor: string, dialog: PaymentDialog): Promise<SaleOutcome> {
  switch (found(desk, stan).type) {
    case 'preauth':
      return desk.preauthVoid(stan, supervisor, dialog);
    case 'completion':
      return desk.completionVoid(stan, supervisor, dialog);
    default:
      return desk.void(stan, supervisor, dialog);
  }
}
