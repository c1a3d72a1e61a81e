import type { Hono } from 'hono';
import type { AuditCheck, AuditRow } from '../base/audit.ts';
import { checked } from '../base/refuse.ts';
import type { Counter } from '../flows/counter.ts';
import type { Operator } from '../users/queries.ts';
import {
  actRequest,
  addOperatorRequest,
  auditQuery,
  initRequest,
  listQuery,
  newSecretRequest,
  operatorParameter,
  printShiftRequest,
} from './contract.ts';
import type { Acting } from './device-routes.ts';

/** Operators and what they did, for who may read the socket. */
export interface StaffReading {
  operators(): readonly Operator[];
  /** The newest first. */
  audit(limit: number, by?: string): Promise<readonly AuditRow[]>;
  auditCheck(): Promise<AuditCheck>;
  /** The first operators of a terminal that has none: 00 and 99. BAD_REQUEST, ILLEGAL_STATE (HAS_OPERATORS). */
  init(supervisor: string, administrator: string): Promise<void>;
}

interface Parts {
  readonly counter: () => Counter;
  readonly staff: () => StaffReading;
}

export function addStaffRoutes(app: Hono, { counter, staff }: Parts, { read, act, look }: Acting): void {
  app.get('/operators', (c) => c.json({ operators: staff().operators() }));
  app.get('/shifts', (c) => c.json({ shifts: counter().shifts(checked(listQuery, c.req.query()).limit) }));
  app.get('/audit', async (c) => {
    const { limit, operator } = checked(auditQuery, c.req.query());
    return c.json({ lines: await staff().audit(limit, operator) });
  });
  app.get('/audit/check', async (c) => c.json(await staff().auditCheck()));

  app.post('/init', async (c) => {
    const { supervisor, administrator } = await read(c, initRequest);
    return look(c, async () => {
      await staff().init(supervisor, administrator);
      return { operators: ['00', '99'] };
    });
  });
  app.post('/operators', async (c) => {
    const body = await read(c, addOperatorRequest);
    return act(c, body, async (desk) => {
      await desk.staff.add(body.no, body.newSecret);
      return { added: body.no };
    });
  });
  app.post('/operators/:no/remove', async (c) => {
    const { no } = checked(operatorParameter, c.req.param());
    const body = await read(c, actRequest);
    return act(c, body, async (desk) => {
      await desk.staff.remove(no, body.secret);
      return { removed: no };
    });
  });
  app.post('/operators/:no/unlock', async (c) => {
    const { no } = checked(operatorParameter, c.req.param());
    return act(c, await read(c, actRequest), async (desk) => {
      await desk.staff.unlock(no);
      return { unlocked: no };
    });
  });
  // One's own needs no log-on before it: a first secret would not let one in.
  app.post('/operators/:no/secret', async (c) => {
    const { no } = checked(operatorParameter, c.req.param());
    const body = await read(c, newSecretRequest);
    if (no !== body.operator) {
      return act(c, body, async (desk) => {
        await desk.staff.setSecret(no, body.newSecret);
        return { changed: no };
      });
    }
    return look(c, async () => {
      const desk = counter();
      await desk.logOn(no, body.secret, body.newSecret);
      desk.logOff();
      return { changed: no };
    });
  });
  app.post('/shifts/print', async (c) => {
    const body = await read(c, printShiftRequest);
    return act(c, body, async (desk, signal) => {
      await desk.printShift(body.shift, signal);
      return { printed: body.shift ?? null };
    });
  });
}
