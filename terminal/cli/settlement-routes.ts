import type { Hono } from 'hono';
import { checked } from '../base/refuse.ts';
import type { CommandDesk } from '../flows/command-desk.ts';
import { supervisorNo, type User } from '../users/user.ts';
import { actRequest, listQuery, numberParameter } from './contract.ts';
import type { Acting } from './device-routes.ts';
import {
  accountRequest,
  type DetailAnswer,
  disputeRequest,
  type HomeAnswer,
  modeRequest,
  paperRequest,
  profileRequest,
  type SettlementShown,
  type TicketAnswer,
} from './settlement-contract.ts';

/** Who may read the socket of the terminal sees what 00 sees. */
export const reader: User = { no: supervisorNo, role: 'MO' };

/** Of every kind, beside the home. */
const shownApplications = 10;

interface Parts {
  readonly desk: () => Promise<CommandDesk>;
}

/** Settlement: home, mode, account, profile, details, disputes. */
export function addSettlementRoutes(app: Hono, { desk }: Parts, acting: Acting): void {
  app.get('/settlement-home', async (c) => {
    const { settlement } = await desk();
    const applications = settlement.applications(reader, shownApplications);
    return c.json({ ...settlement.home(reader), applications } satisfies HomeAnswer);
  });
  app.get('/settlements', async (c) => {
    const { limit } = checked(listQuery, c.req.query());
    const { settlement } = await desk();
    return c.json({ settlements: settlement.settlements(reader, limit) satisfies readonly DetailAnswer[] });
  });
  app.get('/settlements/:no', async (c) => {
    const { no } = checked(numberParameter, c.req.param());
    const { limit } = checked(listQuery, c.req.query());
    const { settlement } = await desk();
    const { payments } = await settlement.details(reader, no, limit + 1);
    return c.json({
      settlement: settlement.settlement(reader, no),
      tickets: settlement.tickets(reader).filter((ticket) => ticket.settlement === no),
      payments: payments.slice(0, limit),
      more: payments.length > limit,
    } satisfies SettlementShown);
  });
  app.get('/tickets', async (c) => {
    const { settlement } = await desk();
    return c.json({ tickets: settlement.tickets(reader) satisfies readonly TicketAnswer[] });
  });
  addApplications(app, acting);
  addDeeds(app, acting);
}

function addApplications(app: Hono, { read, ask }: Acting): void {
  app.post('/settlement/mode', async (c) => {
    const { idempotencyKey, mode, cycle, ...who } = await read(c, modeRequest);
    return ask(c, who, async ({ desk, by, signal }) => ({
      application: await desk.answered(desk.settlement.applyMode(by, { mode, cycle }, idempotencyKey), signal),
      idempotencyKey,
    }));
  });
  app.post('/settlement/account', async (c) => {
    const { operator, secret, idempotencyKey, ...account } = await read(c, accountRequest);
    return ask(c, { operator, secret }, async ({ desk, by, signal }) => ({
      application: await desk.answered(desk.settlement.applyAccount(by, account, idempotencyKey), signal),
      idempotencyKey,
    }));
  });
  app.post('/settlement/profile', async (c) => {
    const { operator, secret, idempotencyKey, ...change } = await read(c, profileRequest);
    return ask(c, { operator, secret }, async ({ desk, by, signal }) => ({
      application: await desk.answered(desk.settlement.applyProfile(by, change, idempotencyKey), signal),
      idempotencyKey,
    }));
  });
  app.post('/settlement/paper-statement', async (c) => {
    const { idempotencyKey, month, address, ...who } = await read(c, paperRequest);
    return ask(c, who, async ({ desk, by, signal }) => ({
      application: await desk.answered(desk.settlement.applyPaperStatement(by, month, address, idempotencyKey), signal),
      idempotencyKey,
    }));
  });
}

function addDeeds(app: Hono, { read, act, ask }: Acting): void {
  app.post('/settlements/:no/check', async (c) => {
    const { no } = checked(numberParameter, c.req.param());
    return ask(c, await read(c, actRequest), ({ desk, by }) => {
      desk.settlement.check(by, no);
      return { checked: no };
    });
  });
  app.post('/settlements/:no/stop', async (c) => {
    const { no } = checked(numberParameter, c.req.param());
    return ask(c, await read(c, actRequest), ({ desk, by }) => {
      desk.settlement.stop(by, no);
      return { stopping: no };
    });
  });
  app.post('/settlements/:no/dispute', async (c) => {
    const { no } = checked(numberParameter, c.req.param());
    const { payment, text, idempotencyKey, ...who } = await read(c, disputeRequest);
    return ask(c, who, ({ desk, by }) => ({
      ticket: desk.settlement.dispute(by, no, payment, text, idempotencyKey),
      idempotencyKey,
    }));
  });
  app.post('/settlements/:no/print', async (c) => {
    const { no } = checked(numberParameter, c.req.param());
    return act(c, await read(c, actRequest), async (counter, signal) => {
      await counter.reprint({ kind: 'settlement', no }, signal);
      return { printed: no };
    });
  });
  app.post('/tickets/:no/close', async (c) => {
    const { no } = checked(numberParameter, c.req.param());
    return ask(c, await read(c, actRequest), ({ desk, by }) => {
      desk.settlement.closeTicket(by, no);
      return { closed: no };
    });
  });
}
