import type { Hono } from 'hono';
import type * as v from 'valibot';
import { addDays } from '../base/clock.ts';
import { checked } from '../base/refuse.ts';
import type { CommandDesk } from '../flows/command-desk.ts';
import type { Counter } from '../flows/counter.ts';
import { type User, userOf } from '../users/user.ts';
import {
  dayParameter,
  daysQuery,
  differenceParameter,
  differencesQuery,
  examineRequest,
  type noticesAnswer,
  readRequest,
  reportRequest,
} from './book-contract.ts';
import { listQuery } from './contract.ts';
import type { Acting } from './device-routes.ts';
import { reader } from './settlement-routes.ts';

interface Parts {
  readonly counter: () => Counter;
  readonly desk: () => Promise<CommandDesk>;
}

/** Days of the list of statements when none are named. */
const usualDays = 31;

/** Reconciliation, statements, reports, notices. */
export function addBookRoutes(app: Hono, { counter, desk }: Parts, { read, ask }: Acting): void {
  app.get('/reconciliation', async (c) => {
    const { limit } = checked(listQuery, c.req.query());
    return c.json({ runs: (await desk()).reconciliation.runs(reader, limit) });
  });
  app.get('/differences', async (c) => {
    const { limit, open } = checked(differencesQuery, c.req.query());
    return c.json({ differences: (await desk()).reconciliation.differences(reader, open !== undefined, limit) });
  });
  app.get('/differences/:no', async (c) => {
    const { no } = checked(differenceParameter, c.req.param());
    return c.json((await desk()).reconciliation.byNo(reader, no));
  });
  app.post('/differences/:no/examine', async (c) => {
    const { no } = checked(differenceParameter, c.req.param());
    const { finding, text, ...who } = await read(c, examineRequest);
    return ask(c, who, ({ desk: { reconciliation }, by }) => {
      reconciliation.examine(by, no, finding, text);
      return { examined: no };
    });
  });

  app.get('/statements', async (c) => {
    const asked = checked(daysQuery, c.req.query());
    const { statements, today } = await desk();
    const to = asked.to ?? today();
    return c.json({ statements: statements.statements(reader, asked.from ?? addDays(to, 1 - usualDays), to) });
  });
  app.get('/statements/:day', async (c) => {
    const { day } = checked(dayParameter, c.req.param());
    const { limit } = checked(listQuery, c.req.query());
    return c.json((await desk()).statements.statement(reader, day, limit, 0));
  });

  const report = async ({ statements, today }: CommandDesk, by: User, days: v.InferOutput<typeof daysQuery>) => {
    const to = days.to ?? today();
    const made = await statements.report(by, days.from ?? to, to);
    return { of: by.role === 'C' ? by.no : undefined, ...made };
  };
  // B-037: without an operator what the one at the keypad may see.
  app.get('/report', async (c) => {
    const scope = counter().listScope();
    const by = (scope.of === 'shift' && userOf(scope.operator)) || reader;
    return c.json(await report(await desk(), by, checked(daysQuery, c.req.query())));
  });
  app.post('/report', async (c) => {
    const { from, to, ...who } = await read(c, reportRequest);
    return ask(c, who, ({ desk: own, by }) => report(own, by, { from, to }));
  });

  app.get('/notices', async (c) => {
    const { limit } = checked(listQuery, c.req.query());
    return c.json((await desk()).notices.list(reader, limit) satisfies v.InferOutput<typeof noticesAnswer>);
  });
  app.post('/notices/read', async (c) => {
    const { ids, ...who } = await read(c, readRequest);
    return ask(c, who, ({ desk: { notices }, by }) => {
      const unread = ids ?? notices.list(by, mostNotices).notices.flatMap(({ id, read: isRead }) => (isRead ? [] : id));
      notices.read(by, unread);
      return { read: unread.length };
    });
  });
}

const mostNotices = 1_000;
