import type { Hono } from 'hono';
import { TerminalError } from '../base/errors.ts';
import { checked } from '../base/refuse.ts';
import type { Counter } from '../flows/counter.ts';
import { type BatchViewAnswer, batchParameter, resumeRequest } from './batch-contract.ts';
import { listQuery, stanParameter } from './contract.ts';
import type { Acting } from './device-routes.ts';

/** Batches, and the ways out of what needs a person. */
export function addBatchRoutes(app: Hono, counter: () => Counter, { read, act }: Acting): void {
  app.get('/batches', (c) => {
    const { limit } = checked(listQuery, c.req.query());
    return c.json({ batches: counter().batches.list(limit) satisfies readonly BatchViewAnswer[] });
  });
  app.get('/batches/:no', (c) => {
    const { no } = checked(batchParameter, c.req.param());
    const batch = counter().batches.byNo(no);
    if (!batch) throw new TerminalError('NOT_FOUND', { what: 'batch', no });
    return c.json(batch);
  });
  app.post('/batch/resume', async (c) => {
    const { supervisor, ...who } = await read(c, resumeRequest);
    return act(c, who, async (desk) => ({ batch: await desk.batches.resume(supervisor) }));
  });
  app.post('/transactions/:stan/resume', async (c) => {
    const { stan } = checked(stanParameter, c.req.param());
    const { supervisor, ...who } = await read(c, resumeRequest);
    return act(c, who, async (desk, signal) => ({
      outcome: await desk.batches.resumeReversal(stan, signal, supervisor),
    }));
  });
}
