import * as v from 'valibot';
import { checked } from '../base/refuse.ts';
import { testText } from '../flows/test-words.ts';
import { addCommand, type ConsoleApp } from './command.ts';
import type { Answers } from './contract.ts';
import type { ConsoleParts } from './parts.ts';
import { addReading } from './readings.ts';
import { pageOf, partOf, requireUser, wholeNumber } from './request.ts';

const word = v.optional(v.pipe(v.string(), v.regex(/^[\w:.-]{1,40}$/)));
const day = v.optional(v.pipe(v.string(), v.isoDate()));
const filter = v.object({
  from: day,
  to: day,
  type: word,
  state: word,
  operator: word,
  stan: v.optional(v.pipe(v.string(), v.regex(/^\d{6}$/))),
  minFen: v.optional(wholeNumber),
  maxFen: v.optional(wholeNumber),
});
const auditFilter = v.object({ by: word, before: v.optional(wholeNumber) });

/** What the book holds, and the terminal around it. `leave`: what ends when the server stops. */
export function addBookRoutes(app: ConsoleApp, parts: ConsoleParts, leave: Set<() => void>): void {
  const { look } = parts.desks;

  addReading(app, parts, '/overview', ({ by, signal }) => look.overview(by, signal));
  app.get('/todo', (c) => c.json({ items: look.todo(requireUser(c, parts)) } satisfies Answers['/todo']));
  addReading(app, parts, '/transactions', async ({ by, c, signal }) => {
    const { limit, before } = pageOf(c);
    const ask = { ...checked(filter, c.req.query()), limit, before };
    return { transactions: await look.transactions(by, ask, signal) };
  });
  app.get('/transactions/:payment', (c) =>
    c.json(look.transaction(requireUser(c, parts), partOf(c, 'payment')) satisfies Answers['/transactions/:payment']),
  );
  app.get('/batches', (c) => {
    const { limit, before } = pageOf(c);
    return c.json({ batches: look.batches(requireUser(c, parts), limit, before) } satisfies Answers['/batches']);
  });
  app.get('/batches/:no', (c) =>
    c.json({ batch: look.batch(requireUser(c, parts), partOf(c, 'no')) } satisfies Answers['/batches/:no']),
  );
  app.get('/parameters', (c) => c.json(look.parameters(requireUser(c, parts)) satisfies Answers['/parameters']));
  addReading(app, parts, '/audit', ({ by, c, signal }) =>
    look.audit(by, { ...checked(auditFilter, c.req.query()), limit: pageOf(c).limit }, signal),
  );
  app.get('/devices', (c) => c.json({ devices: look.devices(requireUser(c, parts)) } satisfies Answers['/devices']));
  app.get('/operators', (c) =>
    c.json({ operators: look.operators(requireUser(c, parts)) } satisfies Answers['/operators']),
  );

  addCommand(app, parts, '/batches/close', async ({ user }) => {
    const stop = new AbortController();
    const end = (): void => stop.abort();
    leave.add(end);
    try {
      await look.closeBatch(user, stop.signal, (no, step) => {
        const { done, of, ...known } = { done: undefined, of: undefined, ...step };
        parts.progress.tell({ of: 'batch-close', no, done, total: of, ...known });
        if (['closed', 'needs-human', 'continues'].includes(step.at)) leave.delete(end);
      });
    } catch (error) {
      leave.delete(end);
      throw error;
    }
    return undefined;
  });
  addCommand(app, parts, '/devices/:name/test', async ({ user, c }) => {
    const test = await look.testDevice(user, partOf(c, 'name'), c.req.raw.signal);
    return { zh: testText(test, 'zh'), en: testText(test, 'en') };
  });
}
