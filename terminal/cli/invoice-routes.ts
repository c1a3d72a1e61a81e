import type { Hono } from 'hono';
import { TerminalError } from '../base/errors.ts';
import { checked } from '../base/refuse.ts';
import type { Counter } from '../flows/counter.ts';
import { actRequest, listQuery, numberParameter } from './contract.ts';
import type { Acting } from './device-routes.ts';
import { type InvoiceAnswer, invoiceRequest } from './invoice-contract.ts';

/** Customers' invoices: what an operator may do about them without standing at the keypad. */
export function addInvoiceRoutes(app: Hono, counter: () => Counter, { read, act }: Acting): void {
  app.get('/invoices', (c) => {
    const { limit } = checked(listQuery, c.req.query());
    return c.json({ invoices: counter().invoices.list(limit) satisfies readonly InvoiceAnswer[] });
  });
  app.get('/invoices/:no', (c) => {
    const { no } = checked(numberParameter, c.req.param());
    const found = counter().invoices.byNo(no);
    if (!found) throw new TerminalError('NOT_FOUND', { what: 'invoice', no });
    return c.json(found);
  });
  app.post('/invoices', async (c) => {
    const { operator, secret, stan, idempotencyKey: key, ...customer } = await read(c, invoiceRequest);
    return act(c, { operator, secret }, async ({ invoices }, signal, progress) => {
      const { payment } = await invoices.offer(stan);
      return { outcome: await invoices.issue({ payment, key, ...customer }, signal, progress), idempotencyKey: key };
    });
  });
  app.post('/invoices/:no/red', async (c) => {
    const { no } = checked(numberParameter, c.req.param());
    return act(c, await read(c, actRequest), async ({ invoices }, signal, progress) => ({
      outcome: await invoices.red(no, signal, progress),
    }));
  });
  app.post('/invoices/:no/reprint', async (c) => {
    const { no } = checked(numberParameter, c.req.param());
    return act(c, await read(c, actRequest), async ({ invoices }, signal) => {
      await invoices.reprint(no, signal);
      return { reprinted: no };
    });
  });
}
